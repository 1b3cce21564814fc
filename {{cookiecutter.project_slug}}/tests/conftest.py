"""Fixtures that several rooms' tests share."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data.processed import digest_of
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataFile, DataSchema, Manifest, Target
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY, ModelInfo
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import processed_dir, project_root


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Puts the root logger back, which commands configure for their whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture(scope="session")
def mixed_schema() -> DataSchema:
    """Two numbers with a category between them; the answer is "no" or "yes"."""
    return DataSchema(
        columns=(
            Column(name="age", kind="number", minimum=18, maximum=90),
            Column(name="city", kind="category", categories=("Bergen", "Oslo")),
            Column(name="income", kind="number", minimum=0.5, maximum=9.0),
        ),
        target=Target(name="bought", task="classification", classes=("no", "yes")),
    )


@pytest.fixture(scope="session")
def describe_model() -> Callable[[DataSchema], ModelInfo]:
    """Makes the description of a model with a given schema."""

    def describe(schema: DataSchema) -> ModelInfo:
        return ModelInfo(
            project="{{ cookiecutter.package_name }}",
            model_name="baseline",
            data_name="customers",
            data_digest="0123456789abcdef",
            data_schema=schema,
            metrics={"val/accuracy": 0.9},
            git_sha="abc123",
        )

    return describe


class FakeRuntime:
    """Answers from the first number of each row: above 50 is the last class; keeps its feeds."""

    def __init__(self) -> None:
        self.feeds: list[dict[str, np.ndarray]] = []

    def run(self, outputs, feeds):
        self.feeds.append(feeds)
        first = np.nan_to_num(feeds["numeric"][:, 0])
        if outputs == ["value"]:
            return [first * 2]
        likely = np.where(first > 50, np.float32(0.75), np.float32(0.25))
        return [np.stack([1 - likely, likely], axis=1)]


@pytest.fixture
def fake_runtime() -> FakeRuntime:
    """A model without a model."""
    return FakeRuntime()


@pytest.fixture
def fake_predictor(fake_runtime, mixed_schema, describe_model) -> Predictor:
    """A predictor over `fake_runtime` with the columns of `mixed_schema`."""
    return Predictor(fake_runtime, describe_model(mixed_schema))


@pytest.fixture
def tiny_model(tmp_path: Path, mixed_schema, describe_model) -> Path:
    """A real `model.onnx` of `mixed_schema`: age above 50, or Oslo, means "yes"."""
    onnx = pytest.importorskip("onnx", reason="models are written with the train extra")
    helper, kinds = onnx.helper, onnx.TensorProto
    weights = np.array([[0, 1], [0, 0], [0, 0], [0, 100]], dtype=np.float32)
    ml = "ai.onnx.ml"
    nodes = [
        helper.make_node(
            "Imputer",
            ["numeric"],
            ["known"],
            domain=ml,
            imputed_value_floats=[40.0, 2.0],
            replaced_value_float=float("nan"),
        ),
        helper.make_node(
            "OneHotEncoder",
            ["categorical"],
            ["hot"],
            domain=ml,
            cats_strings=["Bergen", "Oslo"],
            zeros=1,
        ),
        helper.make_node("Reshape", ["hot", "flat"], ["cities"]),
        helper.make_node("Concat", ["known", "cities"], ["all"], axis=1),
        helper.make_node("Gemm", ["all", "weights", "bias"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["scores"], ["best"], axis=1, keepdims=0),
        helper.make_node(
            "LabelEncoder",
            ["best"],
            ["label"],
            domain=ml,
            keys_int64s=[0, 1],
            values_strings=["no", "yes"],
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("numeric", kinds.FLOAT, ["batch", 2]),
            helper.make_tensor_value_info("categorical", kinds.STRING, ["batch", 1]),
        ],
        [
            helper.make_tensor_value_info("label", kinds.STRING, ["batch"]),
            helper.make_tensor_value_info("probabilities", kinds.FLOAT, ["batch", 2]),
        ],
        [
            onnx.numpy_helper.from_array(weights, "weights"),
            onnx.numpy_helper.from_array(np.array([0, -50], dtype=np.float32), "bias"),
            onnx.numpy_helper.from_array(np.array([-1, 2], dtype=np.int64), "flat"),
        ],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(ml, 3)],
        ir_version=9,
    )
    info = describe_model(mixed_schema)
    helper.set_model_props(model, {METADATA_KEY: info.model_dump_json()})
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """The root of a project with this one's configuration and nothing else; also the cwd."""
    root, real = tmp_path / "project", project_root()
    shutil.copytree(real / "config", root / "config")
    shutil.copy(real / "pyproject.toml", root)
    for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PROJECT_ROOT", str(root))
    monkeypatch.chdir(root)
    return root


@dataclass(frozen=True)
class PreparedData:
    """Prepared data sets that a model can learn in a second."""

    images: Manifest
    """`shapes`: 4 x 4 pixels, the brightest row is the class a, b or c."""
    mixed: Manifest
    """`homes`: a price by a number that may be missing and by a category."""


def _prepared(name: str, schema: DataSchema, table: pa.Table) -> Manifest:
    folder, files = processed_dir(name), {}
    folder.mkdir(parents=True)
    for split, start, rows in (("train", 0, 80), ("val", 80, 20), ("test", 100, 20)):
        path = folder / f"{split}.parquet"
        pq.write_table(table.slice(start, rows), path)
        files[split] = DataFile(path=path.name, rows=rows, sha256=sha256_of(path))
    manifest = Manifest(
        name=name,
        source="made up",
        version="1",
        rows=120,
        data_schema=schema,
        files=files,
        digest=digest_of(schema, files),
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json())
    return manifest


def _images(draws: np.random.Generator) -> Manifest:
    labels = draws.integers(0, 3, 120)
    pixels = draws.uniform(0, 4, (120, 4, 4))
    pixels[np.arange(120), labels] += 10
    names = [f"pixel_{row}_{column}" for row in range(4) for column in range(4)]
    schema = DataSchema(
        columns=tuple(Column(name=n, kind="number", minimum=0, maximum=14) for n in names),
        target=Target(name="shape", task="classification", classes=("a", "b", "c")),
        image_shape=(1, 4, 4),
    )
    columns = dict(zip(names, pixels.reshape(120, 16).T, strict=True))
    return _prepared("shapes", schema, pa.table({**columns, "shape": np.array([*"abc"])[labels]}))


def _mixed(draws: np.random.Generator) -> Manifest:
    area, age = draws.uniform(20, 200, 120), draws.uniform(0, 90, 120)
    city = np.array(["Bergen", "Oslo"])[draws.integers(0, 2, 120)]
    price = 5000 + 30 * area + 2000 * (city == "Oslo")
    age[::7] = np.nan
    schema = DataSchema(
        columns=(
            Column(name="area", kind="number", minimum=20, maximum=200),
            Column(name="city", kind="category", categories=("Bergen", "Oslo")),
            Column(name="age", kind="number", minimum=0, maximum=90),
        ),
        target=Target(name="price", task="regression"),
    )
    columns = {"area": area, "city": city, "age": age, "price": price}
    return _prepared("homes", schema, pa.table(columns))


@pytest.fixture
def prepared(project: Path) -> PreparedData:
    """Both prepared data sets, below `project`; 80 rows to train on, 20 to choose, 20 to test."""
    draws = np.random.default_rng(3)
    return PreparedData(_images(draws), _mixed(draws))
