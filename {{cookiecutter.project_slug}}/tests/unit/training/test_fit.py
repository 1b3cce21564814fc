from functools import partial

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from onnx import TensorProto, helper
from sklearn.linear_model import LogisticRegression, Ridge

from {{ cookiecutter.package_name }}.data.columns import from_table
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import DataFile
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, DataError
from {{ cookiecutter.package_name }}.training.fit import TOLERANCE, fit
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OPSET, OUTPUT, Fitted
from {{ cookiecutter.package_name }}.training.sklearn_fitter import SklearnFitter
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import processed_dir


class FakeFitter:
    """Learns nothing: scores are the mean over the encoded columns; keeps what it was given."""

    def __init__(self, error=0.0):
        self._error = error
        self.data = None

    def fit(self, data, context):
        self.data = data
        width = data.train.inputs.shape[1]
        weights = helper.make_tensor("w", TensorProto.FLOAT, [width, 1], [1 / width] * width)
        graph = helper.make_graph(
            [helper.make_node("MatMul", [INPUT, "w"], [OUTPUT])],
            "mean",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", width])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", 1])],
            [weights],
        )
        core = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        return Fitted(core, lambda inputs: inputs.mean(axis=1, keepdims=True) + self._error)


@pytest.fixture
def baseline():
    return SklearnFitter(
        name="baseline", classifier=LogisticRegression(max_iter=500), regressor=Ridge(0.01)
    )


def test_a_net_learns_images_and_its_file_answers_alone(
    prepared, mlp_fitter, context, describe_model
):
    info = describe_model(prepared.images.data_schema)

    trained = fit(mlp_fitter(), prepared.images, context(epochs=8), info)

    served = Predictor.open(trained.path)
    labels = np.array(["a", "b", "c"])[trained.validation.target]
    assert (trained.predictions.values == labels).mean() > 0.9
    assert served.info == info
    again = served.predict(trained.validation.features)
    assert again.values.tolist() == trained.predictions.values.tolist()
    assert len(trained.history) == 8
    assert trained.checkpoint == trained.path.parent / "checkpoints" / "best.ckpt"


def test_a_net_learns_values_in_the_targets_own_unit(prepared, mlp_fitter, context, describe_model):
    info = describe_model(prepared.mixed.data_schema)

    quick = mlp_fitter(scheduler=None, optimizer=partial(torch.optim.AdamW, lr=0.1))

    trained = fit(quick, prepared.mixed, context(epochs=12), info)

    errors = trained.predictions.values - trained.validation.target
    assert np.abs(errors).mean() < trained.validation.target.std() / 2
    assert trained.predictions.probabilities is None


@pytest.mark.parametrize("kind", ["images", "mixed"])
def test_an_estimator_of_another_library_ends_as_the_same_file(
    prepared, baseline, context, describe_model, kind
):
    manifest = getattr(prepared, kind)
    info = describe_model(manifest.data_schema)

    trained = fit(baseline, manifest, context(), info)

    table = pq.read_table(f"data/processed/{manifest.name}/test.parquet")
    answers = Predictor.open(trained.path).predict(from_table(table, manifest.data_schema))
    target = table.column(manifest.data_schema.target.name).to_numpy()
    if kind == "images":
        assert (answers.values == target).mean() > 0.9
    else:
        np.testing.assert_allclose(answers.values, target, rtol=0.05)
    assert trained.checkpoint is None


def test_a_fast_dev_run_ends_as_a_file_too(prepared, mlp_fitter, baseline, context, describe_model):
    for fitter in (mlp_fitter(), baseline):
        info = describe_model(prepared.mixed.data_schema)

        trained = fit(fitter, prepared.mixed, context(fast_dev_run=True), info)

        assert len(trained.predictions.values) == 20


def test_a_fitter_sees_encoded_columns_and_standardised_targets(prepared, context, describe_model):
    fitter = FakeFitter()

    fit(fitter, prepared.mixed, context(), describe_model(prepared.mixed.data_schema))

    data = fitter.data
    assert data.train.inputs.shape == (80, 4)
    assert data.val.inputs.shape == (20, 4)
    assert not np.isnan(data.train.inputs).any()
    assert data.train.targets.mean() == pytest.approx(0, abs=1e-5)
    assert data.train.targets.std() == pytest.approx(1, abs=1e-5)
    assert abs(data.val.targets.mean()) > 1e-5
    assert (data.task, data.outputs, data.image_shape) == ("regression", 1, None)


@pytest.mark.parametrize("error", [TOLERANCE * 3, float("nan")])
def test_a_graph_that_is_not_the_trained_model_is_refused(prepared, context, describe_model, error):
    info = describe_model(prepared.mixed.data_schema)

    with pytest.raises(ArtifactMismatch, match="differs from the trained model by"):
        fit(FakeFitter(error), prepared.mixed, context(), info)


def test_a_graph_within_the_tolerance_is_the_trained_model(prepared, context, describe_model):
    info = describe_model(prepared.mixed.data_schema)

    assert fit(FakeFitter(TOLERANCE / 3), prepared.mixed, context(), info).path.is_file()


def moved(manifest, offset):
    """The data set with its target moved up; digests are made right again."""
    files = {}
    for split, file in manifest.files.items():
        path = processed_dir(manifest.name) / file.path
        table = pq.read_table(path)
        target = pa.array(table.column("price").to_numpy() + offset)
        pq.write_table(table.set_column(3, "price", target), path)
        files[split] = DataFile(path=file.path, rows=file.rows, sha256=sha256_of(path))
    return manifest.model_copy(update={"files": files})


def test_a_target_far_from_zero_is_no_mismatch(prepared, context, describe_model):
    manifest = moved(prepared.mixed, 1e9)  # float32 tells values apart by 64 there

    trained = fit(FakeFitter(), manifest, context(), describe_model(manifest.data_schema))

    assert trained.predictions.values.mean() == pytest.approx(1e9, rel=1e-4)


def test_data_that_changed_after_they_were_prepared_are_refused(prepared, context, describe_model):
    file = prepared.mixed.files["train"]
    path = processed_dir("homes") / file.path
    path.write_bytes(path.read_bytes() + b"!")

    with pytest.raises(DataError, match="not the file that its manifest describes"):
        fit(FakeFitter(), prepared.mixed, context(), describe_model(prepared.mixed.data_schema))


def test_the_written_graph_is_valid_and_has_one_operator_set(prepared, context, describe_model):
    info = describe_model(prepared.mixed.data_schema)

    trained = fit(FakeFitter(), prepared.mixed, context(), info)

    written = onnx.load(trained.path)
    onnx.checker.check_model(written, full_check=True)
    versions = {item.domain: item.version for item in written.opset_import}
    assert versions == {"": OPSET, "ai.onnx.ml": 3}
