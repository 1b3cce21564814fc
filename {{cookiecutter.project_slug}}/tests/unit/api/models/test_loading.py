import pytest

from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ModelNotFound,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ServedVersion
from {{ cookiecutter.package_name }}_api.models.kept import Kept
from {{ cookiecutter.package_name }}_api.models.loading import load_model, load_shared, newer_model
from {{ cookiecutter.package_name }}_api.settings import Settings


def test_a_file_is_served_without_a_registry(tiny_model):
    served = load_model(Settings(model_path=tiny_model))

    assert served.version.version == "local"
    assert served.version.alias is None


@pytest.mark.usefixtures("project")
def test_a_registered_version_is_served_from_where_it_was_fetched_to(tiny_model, monkeypatch):
    version = ServedVersion(
        name="{{ cookiecutter.package_name }}",
        version="3",
        alias="prod",
        run_id="r1",
    )
    monkeypatch.setattr(
        "{{ cookiecutter.package_name }}.integrations.model_store.fetch_in_child",
        lambda *_, **__: FetchedModel(tiny_model, version),
    )

    served = load_model(Settings())

    assert served.version == version
    assert served.predictor.info.data_name == "customers"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelNotFound, match=r"nowhere\.onnx"):
        load_model(Settings(model_path=tmp_path / "nowhere.onnx"))


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"not a graph")

    with pytest.raises(ArtifactMismatch, match="cannot be read as an ONNX model"):
        load_model(Settings(model_path=path))


def test_a_graph_that_cannot_answer_its_own_columns_is_refused(tiny_model, mixed_schema):
    import onnx

    model = onnx.load(tiny_model)
    del model.metadata_props[:]
    narrow = mixed_schema.model_copy(update={"columns": mixed_schema.columns[:1]})
    info = load_model(Settings(model_path=tiny_model)).predictor.info
    wrong = info.model_copy(update={"data_schema": narrow})
    onnx.helper.set_model_props(model, {METADATA_KEY: wrong.model_dump_json()})
    onnx.save(model, tiny_model)

    with pytest.raises(ArtifactMismatch, match="cannot answer a row of its own columns"):
        load_model(Settings(model_path=tiny_model))


def test_a_start_on_a_sqlite_store_that_nobody_wrote_to_asks_nobody(registry, project):
    store = project / "mlflow.db"
    store.write_bytes(b"one")
    load_model(Settings())

    again = load_model(Settings())
    asked = registry.asked
    store.write_bytes(b"two, longer")
    registry.named = 2
    after_a_write = load_model(Settings())

    assert (again.version.version, again.origin, asked) == ("1", "registry", 1)
    assert (after_a_write.version.version, registry.asked) == ("2", 2)


def test_a_start_on_such_a_store_whose_file_was_changed_here_asks(registry, project, tiny_model):
    (project / "mlflow.db").write_bytes(b"one")
    kept = load_model(Settings())
    other = project / "other.onnx"
    other.write_bytes(tiny_model.read_bytes())
    tiny_model.write_bytes(b"damaged")
    registry._file = other

    served = load_model(Settings())

    assert (served.version, served.sha256, registry.asked) == (kept.version, kept.sha256, 2)


def test_a_start_may_take_the_kept_copy_and_says_that_it_has_not_asked_yet(registry, caplog):
    settings = Settings(mlflow_tracking_uri="http://registry", start_with_kept_copy=True)
    load_model(settings)
    registry.named = 2

    served = load_model(settings)

    assert (served.version.version, served.origin, registry.asked) == ("1", "kept copy", 1)
    assert served.trouble == "the registry is being asked"
    assert "serving the kept copy" in caplog.text


def test_without_a_kept_copy_such_a_start_asks_as_any_other(registry):
    settings = Settings(mlflow_tracking_uri="http://registry", start_with_kept_copy=True)
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable):
        load_model(settings)


def test_a_process_that_joins_says_that_the_kept_copy_is_served_until_the_registry_spoke(registry):
    settings = Settings(mlflow_tracking_uri="http://registry")
    load_model(settings)
    registry.named = TrackingUnavailable("away")
    parent = load_model(settings)
    told = (parent.trouble, parent.loaded_at.timestamp())

    joined = load_shared(settings, *told)
    registry.named = 1
    load_model(settings)
    later = load_shared(settings, *told)

    assert (joined.origin, joined.trouble) == ("kept copy", "away")
    assert (later.origin, later.trouble) == ("registry", None)


def test_a_file_replaced_while_it_is_loaded_is_not_what_the_note_names(registry, monkeypatch):
    settings = Settings(mlflow_tracking_uri="http://registry")
    load_model(settings)
    note = Kept.of(settings).read()

    def replaced(_):
        note.path.write_bytes(b"another version")
        return 1

    monkeypatch.setattr(f"{load_model.__module__}.Predictor.open", replaced)
    monkeypatch.setattr(f"{load_model.__module__}.inline_rows", lambda _: 1)
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable):
        load_model(settings)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_registry_whose_file_is_gone_is_one_that_is_away(registry, project, at_once, caplog):
    settings = Settings(start_with_kept_copy=at_once)
    (project / "mlflow.db").write_bytes(b"one")
    load_model(settings)
    (project / "mlflow.db").unlink()

    served = load_model(settings)

    assert (served.version.version, served.origin, registry.asked) == ("1", "kept copy", 1)
    with pytest.raises(
        TrackingUnavailable, match=r"mlflow\.db' cannot be used \(its file is gone\)"
    ):
        newer_model(settings, served, True)
    assert not (project / "mlflow.db").exists()
    assert at_once or "its file is gone" in served.trouble


def test_a_start_says_that_it_asks_before_it_waits(registry, caplog):
    caplog.set_level("INFO")
    said = []
    registry.when_asked = lambda: said.extend(
        (record.message, record.model, record.reference) for record in caplog.records[-1:]
    )

    load_model(Settings())

    assert said == [("asking the registry", "{{ cookiecutter.package_name }}", "prod")]


@pytest.mark.parametrize("hurry", [False, True])
def test_only_an_operator_is_not_asked_to_wait_for_others(registry, hurry):
    settings = Settings(mlflow_tracking_uri="http://registry")
    served = load_model(settings)

    newer_model(settings, served, True, hurry=hurry)

    assert registry.gentle == [False, not hurry]
