"""A disk that takes no more."""

import sys

import httpx
import pytest
from mlflow import MlflowClient
from pauseless_clients import Asking, answered_by, shifted
from running_service import running_service

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}_api.keys import digest_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's files"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

KEY = {"X-API-Key": "let me in"}


def test_a_version_that_the_disk_cannot_take_leaves_the_present_one(
    store, project, register, run_folder
):
    import resource  # Windows has none

    operators = project / "operators"
    operators.write_text(f"ops {digest_of(KEY['X-API-Key'])}\n")
    expected = {"1": shifted(run_folder, 1.0)}
    register(store)
    settings = {"MLFLOW_MODEL_ALIAS": "dev", "OPERATOR_KEYS_FILE": str(operators)}
    with (
        running_service(**settings, MODEL_POLL_SECONDS="0") as service,
        Asking(service.url, clients=1) as asking,
    ):
        expected["2"] = shifted(run_folder, 2.0)
        register(store)
        named = MlflowClient(store, store).get_model_version_by_alias(PROJECT, "dev")
        assert int(named.version) == 2
        everything = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (1, everything[1]))
        refused = reload(service.url)
        checks = httpx.get(f"{service.url}/health/ready", trust_env=False)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, everything)
        assert reload(service.url).json()["swapped"] is True
        answered_by(service.url, "2")

    print(refused.text, checks.text)
    assert (refused.status_code, checks.status_code) == (503, 200)
    assert checks.json()["checks"]["registry"].startswith("since ")
    assert asking.judged(expected) == ([], [])


def reload(url: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/reload", headers=KEY, timeout=60, trust_env=False)
