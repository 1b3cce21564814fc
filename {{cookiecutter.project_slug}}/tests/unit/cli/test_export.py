import json

import onnx
import pytest
import yaml
from golden_rows import write_golden

from {{ cookiecutter.package_name }}.cli.export import main
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ConfigError,
    GateRefused,
    ModelNotFound,
)
from {{ cookiecutter.package_name }}.schemas.model import METADATA_KEY
from {{ cookiecutter.package_name }}.utils.files import sha256_of


@pytest.fixture
def model(project, tiny_model, describe_model, mixed_schema):
    """A model file of this project with golden rows beside it, outside of the project."""
    from {{ cookiecutter.package_name }} import PROJECT

    graph = onnx.load(tiny_model)
    info = describe_model(mixed_schema).model_copy(update={"project": PROJECT})
    onnx.helper.set_model_props(graph, {METADATA_KEY: info.model_dump_json()})
    folder = project / "trained"
    folder.mkdir()
    onnx.save_model(graph, folder / "model.onnx")
    write_golden(folder)
    return folder / "model.onnx"


def export(model, folder):
    return main(["--model-file", str(model), "--to", str(folder)])


def test_a_model_file_becomes_a_folder_that_is_verified(model, tmp_path, capsys):
    code = export(model, tmp_path / "out")

    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    described = json.loads((tmp_path / "out" / "model.json").read_text())
    checked = json.loads((tmp_path / "out" / "verification.json").read_text())
    said = capsys.readouterr().out
    assert code == 0
    assert files == ["golden.json", "model.json", "model.onnx", "verification.json"]
    assert described["sha256"] == sha256_of(model)
    assert described["inputs"] == {
        "numeric": ["float32", [-1, 2]],
        "categorical": ["string", [-1, 1]],
    }
    assert {"graph", "process"} <= set(checked["checks"])
    assert [limit["rule"] for limit in checked["limits"]][1:] == [
        "parity row by row",
        "p50 of one row, ms",
    ]
    assert "parity on 4 golden rows" in said


def test_the_same_model_gives_the_same_bytes(model, tmp_path):
    for name in ("one", "two"):
        assert export(model, tmp_path / name) == 0

    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two


def test_a_graph_that_answers_otherwise_than_the_trained_model_is_not_exported(
    model, tmp_path, capsys
):
    write_golden(model.parent, error=0.01)

    code = export(model, tmp_path / "out")

    assert code == GateRefused.exit_code
    assert "parity on 4 golden rows 0.0100 is not <= 0.0001" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_model_that_is_too_slow_is_not_exported(model, project, tmp_path, capsys):
    gate = project / "config" / "gate.yaml"
    content = yaml.safe_load(gate.read_text())
    content["promotion"]["latency_ms"] = 1e-9
    gate.write_text(yaml.safe_dump(content))

    assert export(model, tmp_path / "out") == GateRefused.exit_code
    assert "p50 of one row, ms" in capsys.readouterr().err


def cut(path):
    path.write_bytes(path.read_bytes()[:-200])


def without_golden_rows(path):
    (path.parent / "golden.json").unlink()


def other_golden_rows(path):
    file = path.parent / "golden.json"
    content = json.loads(file.read_text())
    content["inputs"] = [row[:-1] for row in content["inputs"]]
    file.write_text(json.dumps(content))


def no_golden_rows(path):
    (path.parent / "golden.json").write_text("[1]")


def fixed_batch(path):
    graph = onnx.load(path)
    graph.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save_model(graph, path)


def invalid(path):
    graph = onnx.load(path)
    graph.graph.node[0].op_type = "Imputation"
    onnx.save_model(graph, path)


def of_another_project(path):
    graph = onnx.load(path)
    text = graph.metadata_props[0].value.replace('"project":"', '"project":"not_')
    graph.metadata_props[0].value = text
    onnx.save_model(graph, path)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (cut, "cannot be read as an ONNX model"),
        (without_golden_rows, "train it again"),
        (other_golden_rows, "golden rows are not of this model"),
        (no_golden_rows, "is not a file of golden rows"),
        (fixed_batch, "where its description asks for"),
        (invalid, "cannot be read as an ONNX model"),
        (of_another_project, "is a model of project 'not_"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_leaves_the_former_export(
    model, tmp_path, capsys, spoil, sentence
):
    former = tmp_path / "out" / "verification.json"
    former.parent.mkdir()
    former.write_text("{}")
    spoil(model)

    code = export(model, former.parent)

    said = capsys.readouterr().err
    assert code == ArtifactMismatch.exit_code
    assert sentence in said
    assert said.count("\n") == 1
    assert [path.read_text() for path in former.parent.iterdir()] == ["{}"]


def test_a_folder_of_somebodys_files_is_left_alone(model, project, capsys):
    assert export(model, project / "config") == ConfigError.exit_code
    assert "holds something else" in capsys.readouterr().err
    assert export(model, project / "pyproject.toml") == ConfigError.exit_code
    assert (project / "config" / "gate.yaml").is_file()


def test_a_file_that_is_not_there_is_named(project, tmp_path, capsys):
    code = export(tmp_path / "nothing.onnx", tmp_path / "out")

    assert code == ModelNotFound.exit_code
    assert "nothing.onnx" in capsys.readouterr().err
