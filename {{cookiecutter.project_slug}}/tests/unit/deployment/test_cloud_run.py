"""The manifest for Cloud Run agrees with the image and with the service."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
SERVICE = ROOT / "deployment" / "cloud" / "cloud_run" / "service.yaml"
# Stands in for Google's command line, which no package index has; prints what it is given.
GCLOUD = '#!/bin/sh\necho "$@"\ncat "$4"\n'


@pytest.fixture(scope="module")
def container() -> dict[str, Any]:
    service = yaml.safe_load(SERVICE.read_text(encoding="utf-8"))
    (only,) = service["spec"]["template"]["spec"]["containers"]
    return dict(only)


def test_probes_ask_paths_that_the_service_has(container) -> None:
    paths = create_app(Settings()).openapi()["paths"]

    assert container["startupProbe"]["httpGet"]["path"] == "/health/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert {"/health/ready", "/health/live"} <= paths.keys()


def test_the_port_is_the_images_everywhere(container) -> None:
    dockerfile = (ROOT / "deployment" / "docker" / "api.Dockerfile").read_text(encoding="utf-8")
    probes = [container[name]["httpGet"]["port"] for name in ("startupProbe", "livenessProbe")]

    ports = {container["ports"][0]["containerPort"], *probes}

    assert [f"EXPOSE {port}" in dockerfile for port in ports] == [True]


def test_every_variable_is_documented(container) -> None:
    page = (ROOT / "docs" / "reference" / "environment.md").read_text(encoding="utf-8")

    assert [pair["name"] for pair in container["env"] if f"`{pair['name']}`" not in page] == []


def test_the_secret_is_named_and_not_written(container) -> None:
    tokens = [pair for pair in container["env"] if "TOKEN" in pair["name"]]

    assert tokens
    assert all("value" not in pair and "secretKeyRef" in pair["valueFrom"] for pair in tokens)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for gcloud is a shell script")
def test_deploy_sends_the_manifest_with_image_and_version(tmp_path, monkeypatch) -> None:
    for part in ("deployment/cloud", "tools/just"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    values = tmp_path / "deployment" / "cloud" / "cloud_run" / "values.yaml"
    values.write_text(values.read_text("utf-8").replace('""', "filled-in"), encoding="utf-8")
    (tmp_path / "gcloud").write_text(GCLOUD, encoding="utf-8")
    (tmp_path / "gcloud").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    # `uv run` in the recipe takes this very environment, as it is.
    monkeypatch.setenv("UV_NO_SYNC", "1")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", sys.prefix)
    recipes = tmp_path / "tools" / "just" / "cloud_run.just"

    done = subprocess.run(
        ["just", "--justfile", recipes, "--working-directory", tmp_path, "deploy", "api:2", "4"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    path, command, manifest = done.stdout.split("\n", maxsplit=2)
    sent = yaml.safe_load(manifest)["spec"]["template"]["spec"]
    environment = {pair["name"]: pair.get("value") for pair in sent["containers"][0]["env"]}
    assert path.endswith("service.yaml")
    assert command == "run services replace outputs/cloud/cloud_run/service.yaml"
    assert sent["containers"][0]["image"] == "api:2"
    assert environment["MLFLOW_MODEL_VERSION"] == "4"
    assert "${" not in manifest
