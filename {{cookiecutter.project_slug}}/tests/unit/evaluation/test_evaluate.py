import numpy as np
import pytest

from {{ cookiecutter.package_name }}.evaluation import evaluate as room
from {{ cookiecutter.package_name }}.evaluation.evaluate import evaluate
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError


class RowCounter:
    """Answers zero to everything, and remembers how much it was asked at once."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def run(self, outputs, feeds):
        self.asked.append(len(feeds["numeric"]))
        return [np.zeros(self.asked[-1], dtype=np.float32)]


@pytest.fixture
def homes(prepared, describe_model):
    """The `homes` data, and the description of a model that was trained on it."""
    return prepared.mixed, describe_model(prepared.mixed.data_schema)


def test_the_test_split_is_scored_in_chunks(homes, monkeypatch):
    manifest, info = homes
    runtime = RowCounter()
    monkeypatch.setattr(room, "CHUNK_ROWS", 8)

    result = evaluate(Predictor(runtime, info), manifest)

    assert runtime.asked == [8, 8, 4]
    assert (result.split, result.rows) == ("test", 20)
    assert result.digest == manifest.files["test"].sha256
    assert result.metrics["mae"] == pytest.approx(result.truth.mean())


def test_data_with_other_columns_is_refused_by_name(homes):
    manifest, info = homes
    schema = info.data_schema
    wider = schema.model_copy(
        update={"columns": (*schema.columns, Column(name="garden", kind="number"))}
    )

    with pytest.raises(DataError, match=r"trained on any more:\n  1 column gone: 'garden'\nPre"):
        evaluate(Predictor(RowCounter(), info.model_copy(update={"data_schema": wider})), manifest)


def test_data_with_another_target_is_refused(homes):
    manifest, info = homes
    other = info.data_schema.model_copy(update={"target": Target(name="rent", task="regression")})

    with pytest.raises(DataError, match="the target was 'rent' and is 'price' now"):
        evaluate(Predictor(RowCounter(), info.model_copy(update={"data_schema": other})), manifest)
