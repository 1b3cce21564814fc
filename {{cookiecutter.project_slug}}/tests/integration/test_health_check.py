"""What the image's HEALTHCHECK runs says whether a real service can predict."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deployment" / "docker" / "api.Dockerfile"


@pytest.fixture
def healthy():
    """`healthy(port)`: whether the image's own command ends well for a service at this port."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    found = re.search(r"HEALTHCHECK .*?CMD (\[.*?\])\n", text, re.DOTALL)
    assert found is not None
    program, *arguments = json.loads(found[1])
    assert program == "python"

    def check(port: int) -> bool:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | {"API_PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode == 0

    return check


def test_the_image_is_healthy_while_its_service_can_predict(healthy, tiny_model: Path) -> None:
    command = [sys.executable, "-m", "{{ cookiecutter.package_name }}.cli.serve"]
    environment = os.environ | {
        "MODEL_PATH": str(tiny_model),
        "API_PORT": "0",
        "LOG_FORMAT": "json",
    }
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as service:
        try:
            port = int(url_of(service).rpartition(":")[2])
            during = healthy(port)
        finally:
            service.terminate()

    assert during
    assert not healthy(port)


def url_of(service: "subprocess.Popen[str]") -> str:
    """The address that the service logs when it is ready."""
    assert service.stderr is not None
    for line in service.stderr:
        if url := json.loads(line).get("url"):
            urllib.request.urlopen(f"{url}/health/ready").close()
            return str(url)
    pytest.fail("the service ended before it was ready")


def test_the_image_is_not_healthy_while_nothing_answers(healthy) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))

        assert not healthy(free.getsockname()[1])
