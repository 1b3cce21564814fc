"""The manifests for ECS agree with each other, with the image and with the service."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deployment" / "cloud" / "ecs"


def read(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return tree


@pytest.fixture(scope="module")
def task() -> dict[str, Any]:
    return read("task-definition.json")


@pytest.fixture(scope="module")
def container(task) -> dict[str, Any]:
    (only,) = task["containerDefinitions"]
    return dict(only)


def test_the_service_runs_this_task_and_balances_its_port(task, container) -> None:
    service = read("service.json")
    (balancer,) = service["loadBalancers"]

    assert service["taskDefinition"] == task["family"]
    assert balancer["containerName"] == container["name"]
    assert balancer["containerPort"] == container["portMappings"][0]["containerPort"]


def test_the_port_is_the_images(container) -> None:
    dockerfile = (ROOT / "deployment" / "docker" / "api.Dockerfile").read_text(encoding="utf-8")
    port = container["portMappings"][0]["containerPort"]
    asked = container["healthCheck"]["command"][-1]

    assert f"EXPOSE {port}\n" in dockerfile
    assert f":{port}/health/ready" in asked


def test_the_health_check_fails_where_nothing_answers(container) -> None:
    kind, _, *arguments = container["healthCheck"]["command"]
    # Port 9 of this machine: "discard", where nothing listens.
    nowhere = [re.sub(r":\d+/", ":9/", argument) for argument in arguments]

    done = subprocess.run(
        [sys.executable, *nowhere], capture_output=True, text=True, check=False, env=os.environ
    )

    assert kind == "CMD"
    assert done.returncode == 1
    assert "URLError" in done.stderr


def test_every_variable_is_documented(container) -> None:
    page = (ROOT / "docs" / "reference" / "environment.md").read_text(encoding="utf-8")
    names = [pair["name"] for pair in (*container["environment"], *container["secrets"])]

    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_secret_is_named_and_not_written(container) -> None:
    assert [pair["name"] for pair in container["secrets"]] == ["MLFLOW_TRACKING_TOKEN"]
    assert not any("TOKEN" in pair["name"] for pair in container["environment"])


def test_processor_and_memory_are_a_pair_that_fargate_has(task) -> None:
    # From AWS's list: MiB that half a processor, a whole one and two may have.
    allowed = {
        "512": range(1024, 4097, 1024),
        "1024": range(2048, 8193, 1024),
        "2048": range(4096, 16385, 1024),
    }

    assert int(task["memory"]) in allowed[task["cpu"]]
