import pytest

from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ModelNotFound,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ServedVersion
from {{ cookiecutter.package_name }}_api.kept import Kept
from {{ cookiecutter.package_name }}_api.loading import load_model, load_shared
from {{ cookiecutter.package_name }}_api.settings import Settings


def test_a_file_is_served_without_a_registry(tiny_model):
    served = load_model(Settings(model_path=tiny_model))

    assert served.version.version == "local"
    assert served.version.alias is None


def test_a_registered_version_is_served_from_where_it_was_fetched_to(tiny_model, monkeypatch):
    version = ServedVersion(
        name="{{ cookiecutter.package_name }}",
        version="3",
        alias="prod",
        run_id="r1",
    )
    monkeypatch.setattr(
        "{{ cookiecutter.package_name }}.integrations.model_store.fetch_in_child",
        lambda *_: FetchedModel(tiny_model, version),
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

    monkeypatch.setattr("{{ cookiecutter.package_name }}_api.loading.Predictor.open", replaced)
    monkeypatch.setattr("{{ cookiecutter.package_name }}_api.loading.rows_inline", lambda _: 1)
    registry.named = TrackingUnavailable("away")

    with pytest.raises(TrackingUnavailable):
        load_model(settings)
