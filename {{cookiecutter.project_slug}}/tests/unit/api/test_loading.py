import pytest

from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ModelNotFound
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ServedVersion
from {{ cookiecutter.package_name }}_api.loading import load_model
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
