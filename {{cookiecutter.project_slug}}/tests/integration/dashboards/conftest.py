"""A model of digits, its service, and the pages of each dashboard that is here, in Chromium."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import (
    HOW,
    PAGES,
    PATIENCE_MS,
    await_answer,
    browser,
    chromium,
    free_port,
    process,
    stop,
)

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.utils.paths import project_root

DASHBOARDS = project_root() / "deployment" / "dashboards"
CHOICES = sorted(path.name for path in DASHBOARDS.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """A real browser."""
    if chromium() is None:
        pytest.skip(f"a real browser is needed to look at pages: {HOW}")
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    """The root of a project in which a model of digits is registered twice."""
    root = tmp_path_factory.mktemp("pages") / "project"
    root.mkdir()
    for name in ("config", "pyproject.toml"):
        (root / name).symlink_to(project_root() / name)
    for verb, *overrides in (("prepare",), ("train", "model=baseline")):
        module = f"{{ cookiecutter.package_name }}.cli.{verb}"
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, "data=digits", *overrides],
            env=environment(root),
            cwd=root,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    again = f"""
from {{ cookiecutter.package_name }}.integrations.registry import Registry
registry = Registry({PROJECT!r})
first = registry.client.get_model_version({PROJECT!r}, "1")
registry.client.create_model_version(
    {PROJECT!r}, first.source, first.run_id, tags=first.tags, model_id=first.model_id
)
"""
    subprocess.run([sys.executable, "-c", again], env=environment(root), cwd=root, check=True)
    return root


def environment(root: Path, **more: str) -> dict[str, str]:
    """This process's, without what leads elsewhere, or tells that tests are run."""
    other = ("MLFLOW_", "PREDICTION_LOG_", "PYTEST_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(other)}
    return {**kept, "PROJECT_ROOT": str(root), **more}


@dataclass
class Stage:
    """A dashboard at `here` that asks the service at `api`, each a process of its own."""

    root: Path
    folder: Path
    here: str
    api: str
    log: Path
    service: ExitStack = field(default_factory=ExitStack)

    def start_service(self) -> None:
        """Start it, and wait until it has its model."""
        port = self.api.rpartition(":")[2]
        given = environment(self.root, MODEL_POLL_SECONDS="0.5")
        running = self.service.enter_context(
            process("serve", "--port", port, log=self.log, environment=given)
        )
        await_answer(f"{self.api}/health/ready", running, self.log)

    def stop_service(self) -> None:
        """End it, and wait until it has ended."""
        self.service.close()

    def move_alias(self, version: str) -> None:
        """Let prod name this version, as `promote` does in the end."""
        store = f"sqlite:///{self.root / 'mlflow.db'}"
        RegistryWriter(Registry(PROJECT, store)).set_alias("prod", version)

    @contextmanager
    def another(self, **more: str) -> Iterator[str]:
        """Address of another dashboard of the same kind, with other settings."""
        with pages(self.root, self.folder, self.log, **more) as here:
            yield here


@contextmanager
def pages(root: Path, folder: Path, log: Path, **more: str) -> Iterator[str]:
    """Address of a dashboard that runs until the block ends."""
    port = free_port()
    given = environment(root, PYTHONPATH=str(folder), DASHBOARD_PORT=str(port), **more)
    with process("dashboard", log=log, environment=given) as running:
        await_answer(f"http://127.0.0.1:{port}", running, log)
        yield f"http://127.0.0.1:{port}"
        stop(running)


@pytest.fixture(scope="module", params=CHOICES)
def stage(request, chrome, digits: Path, tmp_path_factory) -> Iterator[Stage]:
    """The pages of one dashboard, and the service that they ask."""
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed: `uv sync` installs what was chosen")
    log = tmp_path_factory.mktemp(request.param) / "log"
    api, folder = f"http://127.0.0.1:{free_port()}", DASHBOARDS / request.param
    with pages(digits, folder, log, API_URL=api) as here:
        made = Stage(digits, folder, here, api, log)
        made.move_alias("1")
        with made.service:
            made.start_service()
            yield made


@pytest.fixture
def visit(stage, chrome) -> Iterator[Callable[..., Any]]:
    """Opens pages; afterwards there were no errors, and nobody but this machine was asked."""
    contexts, troubles, asked = [], [], set()

    def open_page(name: str = "Predict", here: str = "", **options: Any) -> Any:
        options = {"viewport": {"width": 1000, "height": 900}, **options}
        context = chrome.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if _is_error(said) else None)
        page.on("response", lambda answer: troubles.append(answer.url) if _failed(answer) else None)
        page.on("request", lambda request: asked.add(_host(request.url)))
        page.goto(f"{here or stage.here}/{PAGES[name]}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert asked - {"127.0.0.1", ""} == set()


def _is_error(said: Any) -> bool:
    # What failed to load is in the answers.
    return said.type == "error" and "Failed to load resource" not in said.text


def _failed(answer: Any) -> bool:
    # A wrong password is 401. Some pages ask at which of two addresses their server is.
    return answer.status >= 400 and answer.status != 401 and "/_stcore/" not in answer.url


def _host(url: str) -> str:
    found = re.match(r"(?:https?|wss?)://([^/:]+)", url)
    return found[1] if found else ""
