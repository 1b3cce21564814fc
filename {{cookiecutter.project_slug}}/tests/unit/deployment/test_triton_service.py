"""The overlay that puts the service in front of Triton sets what the code reads."""

from pathlib import Path

import yaml

from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.integrations.triton_settings import read_settings
from {{ cookiecutter.package_name }}.integrations.triton_wire import Address

FOLDER = Path(__file__).resolve().parents[3] / "deployment" / "triton"


def read(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))["services"]


def test_the_service_is_told_of_the_server_beside_it(monkeypatch):
    service = read("compose.service.yaml")["api"]
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, value)
    server = read("compose.yaml")["triton"]

    address = Address.of(read_settings().url)

    assert backends.chosen() == "triton"
    assert address.grpc
    assert address.place == "triton:8001"
    assert any(ports.endswith(":8001") for ports in server["ports"])
    assert service["depends_on"] == {"triton": {"condition": "service_healthy"}}
    assert "healthcheck" in server


def test_its_image_has_the_client():
    assert read("compose.service.yaml")["api"]["build"]["args"] == {"EXTRA": "triton"}
