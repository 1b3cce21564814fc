"""A real service for the pages to ask, and the pages themselves."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from logged import request

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations import run_list, run_papers, version_list
from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}.schemas.history import Move, RuleRecord
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings

DASHBOARDS = Path(__file__).resolve().parents[3] / "deployment" / "dashboards"


@contextmanager
def listening(predictor: Predictor) -> Iterator[str]:
    """The service over this predictor as version 7, on a free port; yields its address."""
    version = ServedVersion(
        name="{{ cookiecutter.package_name }}",
        version="7",
        alias="prod",
    )
    served = Served(predictor, version, datetime(2030, 1, 2, tzinfo=UTC))
    app = create_app(Settings(), load=lambda _: served)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def table_service(fake_predictor, monkeypatch) -> Iterator[str]:
    """A model of a table: above 50 years is "yes"."""
    with listening(fake_predictor) as url:
        monkeypatch.setenv("API_URL", url)
        yield url


@pytest.fixture
def picture_service(fake_runtime, describe_model, monkeypatch) -> Iterator[str]:
    """A model of pictures, 4 x 4 pixels from 0 to 100: a light first pixel is "light"."""
    columns = tuple(
        Column(name=f"pixel_{n}", kind="number", minimum=0, maximum=100) for n in range(16)
    )
    schema = DataSchema(
        columns=columns,
        target=Target(name="shade", task="classification", classes=("dark", "light")),
        image_shape=(1, 4, 4),
    )
    with listening(Predictor(fake_runtime, describe_model(schema))) as url:
        monkeypatch.setenv("API_URL", url)
        yield url


@pytest.fixture
def no_service(monkeypatch) -> Iterator[None]:
    """An address at which nobody listens, nor can."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("API_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        yield


@pytest.fixture
def two_models_logged(tmp_path, monkeypatch) -> None:
    """A prediction log of the last hours: version 1 knows pets, version 2 says "no"."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    monkeypatch.setenv("PREDICTION_LOG_URL", url)
    pets = request(1, "cat", "dog", at=time.time() - 7200)
    with closing(open_store(url)) as store:
        store.open()
        store.write([pets, request(2, "no", at=time.time() - 60, version="2")], [])


@pytest.fixture
def no_versions(monkeypatch) -> None:
    """A registry in which nothing was registered."""

    def nothing(name: str, uri: str | None) -> None:
        raise ModelNotFound(f"There is no registered model '{name}': run `uv run pipeline` first.")

    monkeypatch.setattr(version_list, "list_versions", nothing)


@pytest.fixture
def two_versions(monkeypatch) -> None:
    """A registry with a version in production, and a better one."""
    rules = (
        RuleRecord(rule="accuracy", measured="0.9000", sign=">=", limit=0.8, passed=True),
        RuleRecord(rule="parity", measured="0.2", sign="<=", limit=0.1, passed=False),
    )
    made = datetime(2030, 1, 1, tzinfo=UTC)
    move = Move(
        id="m1",
        verb="promote",
        version="1",
        source="staging",
        to="prod",
        at=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
        by="ada",
        reason="first of all",
        gate=rules,
    )
    old = version_list.ListedVersion(
        1, ("prod",), made, "baseline", "digits", "d1", "c1", "r1", {"test/accuracy": 0.9}, (move,)
    )
    new = version_list.ListedVersion(
        2, ("dev",), made, "mlp", "digits", "d1", "c2", "r2", {"test/accuracy": 0.95}, ()
    )
    new = replace(new, data_rows="1797")
    monkeypatch.setattr(version_list, "list_versions", lambda name, uri: [new, old])


@pytest.fixture
def two_runs(monkeypatch) -> None:
    """Runs of these versions: one that learnt in epochs, and one that did not."""
    began = datetime(2030, 1, 1, tzinfo=UTC)
    where = "http://mlflow:5000/#/experiments/1/runs/"

    def run(number: int, name: str) -> run_list.ListedRun:
        told, measured = {"model.name": name}, {"val/accuracy": 0.9}
        tags = {"model_name": name}
        link = f"{where}r{number}"
        return run_list.ListedRun(
            f"r{number}", f"{name}-digits", "finished", began, 3.0, tags, told, measured, link
        )

    def curves(runs, uri) -> run_list.Charts:
        return {"loss": {name: [(1, 0.5), (2, 0.25)] for name in runs}} if "r2" in str(runs) else {}

    def papers(run_id: str, uri) -> run_papers.Papers:
        svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
        figures = {"Confusion matrix": svg} if run_id == "r2" else {}
        return run_papers.Papers(f"# Card of {run_id}", figures)

    listed = [run(2, "mlp"), run(1, "baseline")]
    monkeypatch.setattr(run_list, "list_runs", lambda name, uri: listed)
    monkeypatch.setattr(run_list, "learning_curves", curves)
    monkeypatch.setattr(run_papers, "fetch_papers", papers)


@pytest.fixture
def pages_of(monkeypatch) -> Iterator[Callable[[str], Path]]:
    """Makes the pages of a choice importable; gives their folder."""

    def forget() -> None:
        for name in list(sys.modules):
            if name.startswith("{{ cookiecutter.package_name }}_dashboard"):
                del sys.modules[name]

    def use(choice: str) -> Path:
        folder = DASHBOARDS / choice
        monkeypatch.syspath_prepend(folder)
        return folder / "{{ cookiecutter.package_name }}_dashboard"

    forget()
    yield use
    forget()


@pytest.fixture
def light_picture() -> bytes:
    """A PNG with a light spot in the upper left, on dark ground."""
    import io

    from PIL import Image

    spot = np.zeros((16, 16), dtype=np.uint8)
    spot[:6, :6] = 255
    stream = io.BytesIO()
    Image.fromarray(spot).save(stream, "PNG")
    return stream.getvalue()
