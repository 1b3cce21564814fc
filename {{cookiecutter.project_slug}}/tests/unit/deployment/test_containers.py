"""Container files say what the project says: its Python, its variables, its sources."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
DOCKER = ROOT / "deployment" / "docker"
DOCKERFILES = sorted(DOCKER.glob("*.Dockerfile"))
COMPOSE_FILES = sorted(DOCKER.glob("compose*.yaml"))

each_dockerfile = pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.name)
each_compose_file = pytest.mark.parametrize("file", COMPOSE_FILES, ids=lambda file: file.name)


def lines_of(dockerfile: Path) -> list[str]:
    """Instructions, one a line."""
    text = re.sub(r"\\\n", " ", dockerfile.read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def services_of(compose: Path) -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(compose.read_text(encoding="utf-8"))["services"]
    return services


def documented() -> str:
    pages = sorted((ROOT / "docs" / "reference").glob("environment*.md"))
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@each_dockerfile
def test_an_image_has_the_projects_python(file: Path) -> None:
    version = (ROOT / ".python-version").read_text(encoding="utf-8").strip()

    stated = [line for line in lines_of(file) if line.startswith("ARG PYTHON_VERSION=")]
    pythons = [line for line in lines_of(file) if line.startswith("FROM python:")]

    assert set(stated) <= {f"ARG PYTHON_VERSION={version}"}
    assert all(line.startswith("FROM python:${PYTHON_VERSION}") for line in pythons)


@each_dockerfile
def test_an_image_ends_as_a_user_without_rights(file: Path) -> None:
    users = [line.split()[1] for line in lines_of(file) if line.startswith("USER ")]

    assert users
    assert users[-1].isdecimal()
    assert users[-1] != "0"


@each_dockerfile
def test_everything_that_is_copied_from_the_project_is_let_in(file: Path) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = [line.split()[1:-1] for line in lines_of(file) if line.startswith("COPY ")]
    sources = [name for names in copies if not names[0].startswith("--") for name in names]

    shut_out = [name for name in sources if f"!{name.partition('/')[0]}" not in ignored]

    assert shut_out == []
    # The lock is made by the first `uv sync`; everything else comes with the project.
    assert [name for name in sources if name != "uv.lock" and not (ROOT / name).exists()] == []


def test_nothing_is_let_into_an_image_that_may_hold_secrets_or_data() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert "*" in ignored
    assert {"!data", "!outputs", "!.env", "!mlflow.db", "!mlartifacts"}.isdisjoint(ignored)


@each_compose_file
def test_what_compose_sets_is_documented(file: Path) -> None:
    environments = [service.get("environment", {}) for service in services_of(file).values()]

    text = documented()

    assert [name for names in environments for name in names if f"| `{name}` |" not in text] == []


@each_compose_file
def test_compose_builds_from_files_that_exist(file: Path) -> None:
    for service in services_of(file).values():
        if build := service.get("build"):
            context = (file.parent / build["context"]).resolve()

            assert context == ROOT
            assert (context / build["dockerfile"]).is_file()


@each_compose_file
def test_ports_are_reached_from_this_machine_alone(file: Path) -> None:
    ports = [port for service in services_of(file).values() for port in service.get("ports", [])]

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
