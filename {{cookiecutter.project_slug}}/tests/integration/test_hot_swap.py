"""A real service on a real registry, asked without a pause while its alias moves."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import pytest
from mlflow import MlflowClient
from pauseless_clients import ROW, Asking, answered_by, shifted
from running_service import running_service

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}_api.keys import digest_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

KEY = {"X-API-Key": "let me in"}


@pytest.fixture
def settings(project) -> dict[str, str]:
    """Variables of a service that follows `dev` and knows one operator."""
    operators = project / "operators"
    operators.write_text(f"ops {digest_of(KEY['X-API-Key'])}\n")
    return {"MLFLOW_MODEL_ALIAS": "dev", "OPERATOR_KEYS_FILE": str(operators)}


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

    assert asking.judged(expected) == ([], [])
    assert asking.versions() == ({"1", "2"}, "1", "1")
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
    return httpx.post(f"{url}/v1/reload", headers=KEY, timeout=60, trust_env=False)


def damage(project, registry: MlflowClient, version: str) -> None:
    """Change a version's file where the registry keeps it, and where the service does."""
    source = registry.get_model_version_download_uri(PROJECT, version)
    Path(url2pathname(urlsplit(source).path), "model.onnx").write_bytes(b"damaged")
    (project / ".cache" / "models" / PROJECT / version / "model.onnx").unlink()
