"""A service that is told to stop, while it starts and while it answers."""

import json
import os
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM for one process")

ENDLESS_START = """
import sys, time
from {{ cookiecutter.package_name }}.cli.serve import main
from {{ cookiecutter.package_name }}_api.models import loading

def load_model(settings):
    print("loading", flush=True)
    time.sleep(60)

loading.load_model = load_model
sys.exit(main(["--port", "0"]))
"""


def test_sigterm_while_the_model_is_looked_for_ends_it_at_once_with_one_line():
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS_START],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout.readline() == "loading\n"
        child.send_signal(signal.SIGTERM)
        told = child.communicate(timeout=60)[1]

    assert (child.returncode, told) == (143, "stopped by SIGTERM\n")


@pytest.mark.slow
def test_a_stop_of_several_processes_is_told_when_it_begins_and_when_it_has_ended(tiny_model):
    command = [sys.executable, "-m", "{{ cookiecutter.package_name }}.cli.serve", "--port", "0"]
    variables = {"LOG_FORMAT": "json", "WEB_CONCURRENCY": "2", "MODEL_PATH": str(tiny_model)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | variables
    ) as child:
        for line in child.stderr:
            if "url" in json.loads(line):
                break
        child.send_signal(signal.SIGTERM)
        rest = [json.loads(line) for line in child.communicate(timeout=60)[1].splitlines()]

    last = [line for line in rest if line["message"] in ("stopping", "stopped")]
    assert child.returncode == -signal.SIGTERM
    assert [line["message"] for line in last] == ["stopping", "stopped"]
    assert (last[0]["processes"], last[0]["seconds"]) == (2, 10)
