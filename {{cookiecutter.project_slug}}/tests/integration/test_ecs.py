"""The recipes for ECS, run by `just` with AWS's own command line against moto's server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SERVICE = json.loads((ROOT / "deployment/cloud/ecs/service.json").read_text(encoding="utf-8"))
CLUSTER = "testing"
TOOL = ("uv", "tool", "run", "--from")
MOTO = (*TOOL, "moto[server]==5.2.5", "moto_server")
AWS = (*TOOL, "awscli==1.46.3", "aws")
IMAGE = "012345678901.dkr.ecr.eu-north-1.amazonaws.com/api"

Aws = Callable[..., Any]


@pytest.fixture
def endpoint(monkeypatch) -> Iterator[str]:
    """The address of a fresh AWS that costs nothing; what is run talks to it, and to no other."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    with running([*MOTO, "-H", "127.0.0.1", "-p", str(port)]):
        wait_for(f"{url}/moto-api/")
        yield url


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as child:
        try:
            yield
        finally:
            child.terminate()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture
def aws(endpoint: str) -> Aws:
    """`aws("ecs", "list-clusters")`: the answer to a command."""

    def call(*arguments: str) -> Any:
        done = subprocess.run(
            [*AWS, *arguments, "--output", "json"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


@pytest.fixture
def just(tmp_path: Path, aws: Aws, monkeypatch) -> Callable[..., str]:
    """`just("deploy", image, version)` in a project whose network and cluster exist."""
    for part in ("deployment/cloud", "tools/just"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "deployment" / "cloud" / "ecs"
    (folder / "values.yaml").write_text(yaml.safe_dump(network_of(aws)), encoding="utf-8")
    # Here no task ever starts; a service that wants none is stable at once.
    service = SERVICE | {"desiredCount": 0}
    (folder / "service.json").write_text(json.dumps(service), encoding="utf-8")
    aws("ecs", "create-cluster", "--cluster-name", CLUSTER)
    monkeypatch.setenv("ECS_CLUSTER", CLUSTER)
    monkeypatch.setenv("AWS_CLI", " ".join(AWS))
    # `uv run` in the recipe takes this very environment, as it is.
    monkeypatch.setenv("UV_NO_SYNC", "1")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", sys.prefix)

    def call(*arguments: str) -> str:
        recipes = tmp_path / "tools" / "just" / "ecs.just"
        done = subprocess.run(
            ["just", "--justfile", recipes, "--working-directory", tmp_path, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return call


def network_of(aws: Aws) -> dict[str, str]:
    """The values of a project, after making what they name."""
    vpc = aws("ec2", "create-vpc", "--cidr-block", "10.0.0.0/16")["Vpc"]["VpcId"]
    values = {}
    for number, zone in enumerate("ab", start=1):
        block = ("--cidr-block", f"10.0.{number}.0/24", "--availability-zone", f"eu-north-1{zone}")
        made = aws("ec2", "create-subnet", "--vpc-id", vpc, *block)
        values[f"SUBNET_{number}"] = made["Subnet"]["SubnetId"]
    group = ("--group-name", "api", "--description", "the service", "--vpc-id", vpc)
    values["SECURITY_GROUP"] = aws("ec2", "create-security-group", *group)["GroupId"]
    target = ("--name", "api", "--protocol", "HTTP", "--port", "8000", "--vpc-id", vpc)
    made = aws("elbv2", "create-target-group", *target, "--target-type", "ip")
    values["TARGET_GROUP_ARN"] = made["TargetGroups"][0]["TargetGroupArn"]
    return values | {
        "EXECUTION_ROLE_ARN": "arn:aws:iam::012345678901:role/api",
        "MLFLOW_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:eu-north-1:012345678901:secret:token",
        "MLFLOW_TRACKING_URI": "https://mlflow.example.com",
    }


def test_a_service_is_made_and_then_serves_another_version(aws: Aws, just) -> None:
    just("create-service", f"{IMAGE}:1", "3")
    first = served(aws)
    just("deploy", f"{IMAGE}:2", "4")
    second = served(aws)

    assert first == (f"{IMAGE}:1", "3")
    assert second == (f"{IMAGE}:2", "4")


def served(aws: Aws) -> tuple[str, str]:
    """Image and model version of the task that the service is told to run."""
    name = SERVICE["serviceName"]
    found = aws("ecs", "describe-services", "--cluster", CLUSTER, "--services", name)
    revision = found["services"][0]["taskDefinition"]
    task = aws("ecs", "describe-task-definition", "--task-definition", revision)["taskDefinition"]
    container = task["containerDefinitions"][0]
    values = {pair["name"]: pair["value"] for pair in container["environment"]}
    return container["image"], values["MLFLOW_MODEL_VERSION"]
