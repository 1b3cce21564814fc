import errno
import shutil
from pathlib import Path

import onnx
import pytest
from google.protobuf import text_format
from triton_graphs import HOUSES, house_prices, passing_on, version
from tritonclient.grpc.model_config_pb2 import ModelConfig

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_places.folder import LOCK
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError

OPTIONS = ServingOptions("customers")


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Bytes and time of change of every file."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != LOCK]
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in files
    }


def served(folder: Path) -> list[int]:
    text = (folder / "config.pbtxt").read_text(encoding="utf-8")
    return list(text_format.Parse(text, ModelConfig()).version_policy.specific.versions)


@pytest.fixture
def repository(tmp_path) -> Path:
    return tmp_path / "triton" / "repository"


@pytest.fixture
def other_model(tiny_model, tmp_path) -> Path:
    """The tiny model with another number in it."""
    graph = onnx.load(tiny_model)
    graph.doc_string = "trained again"
    path = tmp_path / "other.onnx"
    onnx.save_model(graph, path)
    return path


def test_a_version_becomes_a_folder_of_its_number(tiny_model, repository):
    exported = export(tiny_model, version(3), repository, OPTIONS)

    folder = repository / "customers"
    assert exported.model == "customers"
    assert exported.written == ("3/labels.txt", "3/model.onnx", "config.pbtxt")
    assert sorted(tree(repository)) == [f"customers/{name}" for name in sorted(exported.written)]
    assert (folder / "3" / "model.onnx").read_bytes() == tiny_model.read_bytes()
    assert (folder / "3" / "labels.txt").read_text() == "no\nyes\n"
    assert served(folder) == [3]


def test_a_regression_has_no_labels_file(tmp_path, repository, describe_model):
    model = house_prices(tmp_path / "model.onnx", describe_model(HOUSES))

    exported = export(model, version(1), repository, OPTIONS)

    assert exported.written == ("1/model.onnx", "config.pbtxt")


def test_the_same_export_again_touches_nothing(tiny_model, repository):
    export(tiny_model, version(3), repository, OPTIONS)
    before = tree(repository)

    exported = export(tiny_model, version(3), repository, OPTIONS)

    assert exported.written == ()
    assert tree(repository) == before


def test_another_version_leaves_the_former_where_it_is(tiny_model, other_model, repository):
    export(tiny_model, version(3), repository, OPTIONS)
    before = tree(repository / "customers" / "3")

    exported = export(other_model, version(4), repository, OPTIONS)

    assert tree(repository / "customers" / "3") == before
    assert exported.written == ("4/labels.txt", "4/model.onnx", "config.pbtxt")
    assert served(repository / "customers") == [4]


def test_going_back_to_a_version_writes_the_configuration_alone(
    tiny_model, other_model, repository
):
    export(tiny_model, version(3), repository, OPTIONS)
    export(other_model, version(4), repository, OPTIONS)

    exported = export(tiny_model, version(3), repository, OPTIONS)

    assert exported.written == ("config.pbtxt",)
    assert served(repository / "customers") == [3]


def test_other_bytes_under_the_same_number_take_the_place_of_the_former(
    tiny_model, other_model, repository
):
    export(tiny_model, version(3), repository, OPTIONS)

    exported = export(other_model, version(3), repository, OPTIONS)

    assert exported.written == ("3/model.onnx",)
    model = repository / "customers" / "3" / "model.onnx"
    assert model.read_bytes() == other_model.read_bytes()


def test_the_configuration_changes_only_when_the_version_is_whole(
    tiny_model, other_model, repository, monkeypatch
):
    export(tiny_model, version(3), repository, OPTIONS)
    replace, seen = Path.replace, []

    def watched(path: Path, target: Path) -> Path:
        seen.append(sorted(file.name for file in (repository / "customers" / "4").iterdir()))
        seen.append([folder.name for folder in repository.iterdir() if folder.is_dir()])
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)

    export(other_model, version(4), repository, OPTIONS)

    # Triton takes any other folder there for a model.
    assert seen == [["labels.txt", "model.onnx"], ["customers"]]


@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_damaged_model_changes_nothing(tiny_model, repository, tmp_path, content):
    export(tiny_model, version(3), repository, OPTIONS)
    before, damaged = tree(repository.parent), tmp_path / "damaged.onnx"
    damaged.write_bytes(content)

    with pytest.raises(ArtifactMismatch, match="cannot be read as an ONNX model"):
        export(damaged, version(4), repository, OPTIONS)

    assert tree(repository.parent) == before
    assert [path.name for path in repository.parent.iterdir()] == ["repository"]


def test_a_message_about_a_model_names_the_file_that_was_given(
    tmp_path, repository, mixed_schema, describe_model
):
    model = passing_on(tmp_path / "model.onnx", describe_model(mixed_schema), [1, 2])

    with pytest.raises(ArtifactMismatch) as refused:
        export(model, version(3), repository, OPTIONS)

    assert f"'{model}'" in str(refused.value)


def test_a_repository_that_is_a_mounted_disk_is_a_sentence(tiny_model, repository, monkeypatch):
    def refused(path: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(path))

    monkeypatch.setattr(Path, "rename", refused)

    with pytest.raises(ConfigError, match="name a folder inside of it as the repository"):
        export(tiny_model, version(3), repository, OPTIONS)

    assert tree(repository.parent) == {}


def test_a_file_where_the_repository_should_be_is_a_sentence(tiny_model, tmp_path):
    shutil.copy(tiny_model, tmp_path / "repository")

    with pytest.raises(ConfigError, match=r"'.*repository' cannot be written: .*File exists"):
        export(tiny_model, version(3), tmp_path / "repository", OPTIONS)
