import errno
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from {{ cookiecutter.package_name }}.cli.serve import main
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api.settings import Settings

pytestmark = pytest.mark.usefixtures("logging_restored")

COMMAND = [sys.executable, "-m", "{{ cookiecutter.package_name }}.cli.serve"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)


@contextmanager
def serving(*arguments, **environment):
    """A running service and the lines that it printed until it was ready."""
    child = subprocess.Popen(
        [*COMMAND, "--port", "0", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def printed_until_ready(child):
    lines = []
    for line in child.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Ctrl-C"):
            return lines
    pytest.fail(f"ended before it was ready: {child.stderr.read()}")


def test_a_model_file_is_served_and_the_printed_command_is_answered(tiny_model):
    with serving("--model-file", tiny_model) as child:
        first, *_, command, _ = printed_until_ready(child)
        words = shlex.split(command)
        headers, body = dict([words[4].split(": ")]), words[6]

        answer = httpx.post(words[2], content=body, headers=headers).json()
        missing = httpx.post(words[2], json={"inputs": [[None, "Atlantis", 1]]}).json()

    url = re.search(r"http://127\.0\.0\.1:\d+$", first).group()
    assert first == f"Serving {{ cookiecutter.package_name }}, version local, at {url}"
    assert words[2] == f"{url}/v1/predict"
    assert answer["predictions"] == ["yes"]
    assert missing["predictions"] == ["no"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_it_with_one_line(tiny_model):
    with serving("--model-file", tiny_model) as child:
        printed_until_ready(child)

        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=60) == 130
        last = child.stderr.read().splitlines()[-1]

    assert last == "stopped by Ctrl-C"


def test_json_logs_are_all_that_is_written(tiny_model):
    with serving(LOG_FORMAT="json", MODEL_PATH=str(tiny_model)) as child:
        lines = [json.loads(child.stderr.readline()) for _ in range(2)]
        url = lines[1]["url"]
        httpx.get(f"{url}/v1/model", headers={"X-Request-ID": "mine"})
        access = json.loads(child.stderr.readline())
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=60)
        rest = child.stdout.read()
        last = [json.loads(line)["message"] for line in child.stderr]

    assert [line["message"] for line in lines] == ["model loaded", "serving"]
    assert last == ["stopping", "stopped"]
    assert (access["message"], access["status"]) == ("GET /v1/model", 200)
    assert access["request_id"] == "mine"
    assert rest == ""


def test_a_port_in_use_is_one_sentence_before_the_model_is_looked_for(capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        code = main(["--port", str(port), "--model-file", "nowhere.onnx"])

    assert code == 7
    assert capsys.readouterr().err == (
        f"error: Port {port} of '127.0.0.1' is in use: stop what uses it, or give another --port.\n"
    )


def test_a_port_that_is_taken_while_the_model_loads_is_one_sentence(
    capsys, monkeypatch, tiny_model
):
    from {{ cookiecutter.package_name }}_api.models import loading

    with socket.socket() as reserved, socket.socket() as other:
        for one in (reserved, other):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind(("127.0.0.1", 0))
        other.bind(reserved.getsockname())
        port = other.getsockname()[1]
        load = loading.load_model
        monkeypatch.setattr(loading, "load_model", lambda s: (other.listen(), load(s))[1])

        code = main(["--port", str(port), "--model-file", str(tiny_model)])

    assert code == 7
    assert f"Port {port} of '127.0.0.1' is in use" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_one_sentence(capsys, host):
    code = main(["--host", host, "--port", "0", "--model-file", "nowhere.onnx"])

    (line,) = capsys.readouterr().err.splitlines()
    assert code == 7
    assert line.startswith(f"error: '{host}' is not an address of this machine: ")


def test_a_port_that_needs_a_privilege_is_one_sentence(capsys, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)

    assert main(["--port", "80"]) == 7
    assert "Port 80 needs a privilege" in capsys.readouterr().err


def test_a_missing_model_file_is_one_sentence(capsys, tmp_path):
    code = main(["--port", "0", "--model-file", str(tmp_path / "no.onnx")])

    assert code == 4
    assert capsys.readouterr().err == f"error: There is no model file at '{tmp_path}/no.onnx'.\n"


@pytest.mark.parametrize("processes", ["1", "2"])
def test_keys_that_cannot_be_read_are_one_sentence(
    capsys, monkeypatch, tiny_model, tmp_path, processes
):
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    monkeypatch.setenv("API_KEYS_FILE", str(tmp_path / "no.keys"))

    code = main(["--port", "0", "--model-file", str(tiny_model)])

    (line,) = capsys.readouterr().err.splitlines()
    assert code == 2
    assert line.startswith(f"error: The keys in '{tmp_path}/no.keys' cannot be read: ")


def test_a_column_for_the_log_that_the_model_lacks_is_one_sentence(
    capsys, monkeypatch, tiny_model, tmp_path
):
    monkeypatch.setenv("PREDICTION_LOG_URL", f"sqlite:///{tmp_path}/kept.db")
    monkeypatch.setenv("PREDICTION_LOG_DROP_COLUMNS", "age,citi")

    assert main(["--port", "0", "--model-file", str(tiny_model)]) == 2

    assert "PREDICTION_LOG_DROP_COLUMNS names 'citi'" in capsys.readouterr().err
    assert not (tmp_path / "kept.db").exists()


def test_a_wrong_variable_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("MAX_BODY_BYTES", "many")

    assert main([]) == 2
    assert capsys.readouterr().err.startswith("error: MAX_BODY_BYTES is 'many': expected")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--port", "65536"], "'65536' is not a port: expected 0 to 65535"),
        (["--port", "http"], "'http' is not a port"),
        (["--version", "latest"], "'latest' is not a version: expected 1, 2, 3"),
        (["--alias", "dev", "--version", "2"], "not allowed with argument"),
    ],
)
def test_wrong_arguments_are_told(capsys, arguments, expected):
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert expected in capsys.readouterr().err


def test_a_model_that_is_asked_for_wins_over_those_of_the_environment(capsys, monkeypatch):
    asked = []

    def fetch(*reference, **_):
        asked.append(reference)
        raise ModelNotFound("There is none.")

    monkeypatch.setattr(
        "{{ cookiecutter.package_name }}.integrations.model_store.fetch_in_child",
        fetch,
    )
    monkeypatch.setenv("MODEL_PATH", "model.onnx")
    monkeypatch.setenv("MLFLOW_MODEL_VERSION", "7")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")

    codes = [main(["--port", "0", *words]) for words in (["--alias", "dev"], ["--version", "3"])]

    assert codes == [4, 4]
    assert asked == [
        ("{{ cookiecutter.package_name }}", "dev", "http://127.0.0.1:1"),
        ("{{ cookiecutter.package_name }}", "3", "http://127.0.0.1:1"),
    ]
    told = capsys.readouterr().err.splitlines()
    answers = [line for line in told if "asking the registry" not in line]
    assert answers == ["error: There is none."] * 2
    assert len(told) == 4


def test_help_costs_no_heavy_import():
    program = (
        "import sys; from {{ cookiecutter.package_name }}.cli.serve import main\n"
        "try: main(['--help'])\n"
        "finally: print(*sys.modules)"
    )

    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert "--model-file" in child.stdout
    assert {"pydantic", "fastapi", "uvicorn", "numpy"}.isdisjoint(child.stdout.split())
