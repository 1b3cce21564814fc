"""Fixtures that several rooms' tests share."""

import logging
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import (
    Column,
    DataSchema,
    Target,
)
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo
from {{ cookiecutter.package_name }}.utils.paths import project_root

# In `tests/fixtures/`, which pytest puts on the path.
pytest_plugins = ["prepared_data", "promoting", "tiny_models"]

# Examples are the same in every run, and a slow machine is no failure.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A runner that was started in the background ignores Ctrl-C, and so would its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nothing_kept() -> Iterator[None]:
    """Services of tests keep no predictions, but where a test names a database for them."""
    former = os.environ.get("PREDICTION_LOG_URL")
    os.environ["PREDICTION_LOG_URL"] = "none"
    yield
    os.environ.pop("PREDICTION_LOG_URL")
    if former is not None:
        os.environ["PREDICTION_LOG_URL"] = former


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Puts the root logger back, which commands configure for their whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = True


@pytest.fixture(scope="session")
def mixed_schema() -> DataSchema:
    """Two numbers with a category between them; the answer is "no" or "yes"."""
    return DataSchema(
        columns=(
            Column(name="age", kind="number", minimum=18, maximum=90),
            Column(name="city", kind="category", categories=("Bergen", "Oslo")),
            Column(name="income", kind="number", minimum=0.5, maximum=9.0),
        ),
        target=Target(name="bought", task="classification", classes=("no", "yes")),
    )


@pytest.fixture(scope="session")
def describe_model() -> Callable[[DataSchema], ModelInfo]:
    """Makes the description of a model with a given schema."""

    def describe(schema: DataSchema) -> ModelInfo:
        return ModelInfo(
            project="{{ cookiecutter.package_name }}",
            model_name="baseline",
            data_name="customers",
            data_digest="0123456789abcdef",
            data_schema=schema,
            metrics={"val/accuracy": 0.9},
            git_sha="abc123",
        )

    return describe


class FakeRuntime:
    """Answers from the first number of each row: above 50 is the last class; keeps its feeds."""

    def __init__(self) -> None:
        self.feeds: list[dict[str, np.ndarray]] = []

    def run(self, outputs, feeds):
        self.feeds.append(feeds)
        first = np.nan_to_num(feeds["numeric"][:, 0])
        if outputs == ["value"]:
            with np.errstate(over="ignore"):  # as a graph would
                return [first * 2]
        likely = np.where(first > 50, np.float32(0.75), np.float32(0.25))
        return [np.stack([1 - likely, likely], axis=1)]


@pytest.fixture
def fake_runtime() -> FakeRuntime:
    """A model without a model."""
    return FakeRuntime()


@pytest.fixture
def fake_predictor(fake_runtime, mixed_schema, describe_model) -> Predictor:
    """A predictor over `fake_runtime` with the columns of `mixed_schema`."""
    return Predictor(fake_runtime, describe_model(mixed_schema))


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """The root of a project with this one's configuration and nothing else; also the cwd."""
    root, real = tmp_path / "project", project_root()
    shutil.copytree(real / "config", root / "config")
    shutil.copy(real / "pyproject.toml", root)
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PROJECT_ROOT", str(root))
    monkeypatch.chdir(root)
    return root
