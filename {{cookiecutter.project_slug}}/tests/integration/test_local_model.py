import pytest

from {{ cookiecutter.package_name }}.integrations import local_model
from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.local_model import (
    LocalModel,
    open_model,
)
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.schemas.errors import (
    InvalidRequest,
    ModelNotFound,
    ServiceError,
    TrackingUnavailable,
)

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

NAME = "{{ cookiecutter.package_name }}"
ROWS = [[61.0, "Bergen", 3.0], [30.0, "Bergen", 3.0]]


@pytest.fixture
def writer(store, registered) -> RegistryWriter:
    """Moves the aliases of a registry with two versions, the first of them in prod."""
    registered(2)
    aliases = RegistryWriter(Registry(NAME, store))
    aliases.set_alias("prod", "1")
    return aliases


@pytest.mark.slow
def test_the_registered_version_answers_in_this_process(store, writer) -> None:
    model = LocalModel(NAME, "prod", store)

    answer = model.predict(ROWS)

    assert (answer.values, answer.version) == (("yes", "no"), "1")
    assert answer.classes == ("no", "yes")
    assert answer.milliseconds > 0
    assert model.model().label == f"{NAME}, version 1 (prod)"
    with pytest.raises(InvalidRequest, match="old"):
        model.predict([["old", "Bergen", 3.0]])
    with pytest.raises(ServiceError, match="`uv run serve`"):
        model.counters()


@pytest.mark.slow
def test_an_alias_that_moves_is_followed_and_a_registry_that_goes_away_is_not_missed(
    store, writer, monkeypatch
) -> None:
    model = LocalModel(NAME, "prod", store, look_seconds=0)
    assert model.predict(ROWS).version == "1"
    writer.set_alias("prod", "2")
    assert model.predict(ROWS).version == "2"

    def away(*_: object) -> None:
        raise TrackingUnavailable("gone")

    monkeypatch.setattr(local_model, "fetch", away)

    assert model.predict(ROWS).version == "2"


def test_without_a_model_it_says_what_to_run(project) -> None:
    with pytest.raises(ModelNotFound, match="run `uv run pipeline` first"):
        LocalModel(NAME, "prod", None).model()


def test_a_service_is_asked_where_one_is_named(tmp_path) -> None:
    key = tmp_path / "key"
    key.write_text("secret\n")
    service = open_model(DashboardSettings(api_url="http://service:1", api_key_file=key))
    try:
        assert isinstance(service, ServiceClient)
        assert service._client.headers["authorization"] == "Bearer secret"
    finally:
        service.close()
    assert isinstance(open_model(DashboardSettings()), LocalModel)
