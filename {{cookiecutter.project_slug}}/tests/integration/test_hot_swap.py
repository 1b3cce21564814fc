"""A real service on a real registry, asked without a pause while its alias moves."""

import threading
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import numpy as np
import onnx
import pytest
from mlflow import MlflowClient
from running_service import running_service

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}_api.keys import digest_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

KEY = {"X-API-Key": "let me in"}
ROW = {"inputs": [{"age": 50, "city": "Bergen", "income": 1.0}]}


@pytest.fixture
def settings(project) -> dict[str, str]:
    """Variables of a service that follows `dev` and knows one operator."""
    operators = project / "operators"
    operators.write_text(f"ops {digest_of(KEY['X-API-Key'])}\n")
    return {"MLFLOW_MODEL_ALIAS": "dev", "OPERATOR_KEYS_FILE": str(operators)}


def shifted(folder, shift: float) -> float:
    """Make the run's model answer otherwise, and say what it answers to `ROW` from then on."""
    path = folder / "model.onnx"
    model = onnx.load(path)
    (bias,) = [one for one in model.graph.initializer if one.name == "bias"]
    bias.CopyFrom(onnx.numpy_helper.from_array(np.array([0, -50 + shift], np.float32), "bias"))
    path.write_bytes(model.SerializeToString())
    return float(1 / (1 + np.exp(-shift)))


class Asking:
    """Clients that ask one service without a pause and keep every answer."""

    def __init__(self, url: str, clients: int = 2) -> None:
        self.answers: list[tuple[str, float, float]] = []
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(url,)) for _ in range(clients)]

    def _ask(self, url: str) -> None:
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
            while not self._stop.is_set():
                began = time.perf_counter()
                try:
                    answer = client.post("/v1/predict", json=ROW)
                    answer.raise_for_status()
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    return
                whole, took = answer.json(), time.perf_counter() - began
                found = whole["probabilities"][0][1]
                self.answers.append((whole["model"]["version"], found, took))
                time.sleep(0.01)  # leaves the machine to the service and to the registry

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def answered_by(url: str, version: str, seconds: float = 20.0) -> None:
    """Wait until this version answers."""
    patience = time.monotonic() + seconds
    while httpx.get(f"{url}/health", trust_env=False).json()["model"]["version"] != version:
        assert time.monotonic() < patience, f"version {version} never answered"
        time.sleep(0.05)


def test_a_service_follows_its_registry_under_load_and_outlives_it(
    store, project, register, run_folder, settings
):
    expected = {"1": shifted(run_folder, 1.0)}
    register(store)
    registry = MlflowClient(store, store)
    with (
        running_service(**settings, MODEL_POLL_SECONDS="1") as service,
        Asking(service.url) as asking,
    ):
        url = service.url
        expected["2"] = shifted(run_folder, 2.0)
        register(store)  # `dev` goes with it
        answered_by(url, "2")
        registry.set_registered_model_alias(PROJECT, "dev", "1")
        # A rollback, and by an operator's word.
        rolled_back = reload(url)
        damage(project, registry, "2")
        registry.set_registered_model_alias(PROJECT, "dev", "2")
        refused = reload(url)
        ready = httpx.get(f"{url}/health/ready", trust_env=False)

    versions = [version for version, _, _ in asking.answers]
    wrong = [one for one in asking.answers if abs(one[1] - expected[one[0]]) > 1e-5]
    assert (asking.failures, wrong) == ([], [])
    assert (set(versions), versions[0], versions[-1]) == ({"1", "2"}, "1", "1")
    assert (rolled_back.status_code, rolled_back.json()["model"]["version"]) == (200, "1")
    assert (refused.status_code, ready.status_code) == (503, 200)
    assert "was changed" in refused.json()["detail"]
    assert "was changed" in ready.json()["checks"]["registry"]
    assert "no update" in service.messages()

    (project / "mlflow.db").write_bytes(b"no database any more")
    with running_service(**settings) as service:
        url = service.url
        described = httpx.get(f"{url}/v1/model", trust_env=False).json()
        answer = httpx.post(f"{url}/v1/predict", json=ROW, trust_env=False).json()

    assert (described["version"], described["origin"]) == ("1", "kept copy")
    assert "not a database" in described["trouble"]
    assert answer["probabilities"][0][1] == pytest.approx(expected["1"])
    assert "serving the kept copy" in service.messages()


def reload(url: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/reload", headers=KEY, timeout=30, trust_env=False)


def damage(project, registry: MlflowClient, version: str) -> None:
    """Change a version's file where the registry keeps it, and where the service does."""
    source = registry.get_model_version_download_uri(PROJECT, version)
    Path(url2pathname(urlsplit(source).path), "model.onnx").write_bytes(b"damaged")
    (project / ".cache" / "models" / PROJECT / version / "model.onnx").unlink()
