"""Manifests are filled in whole, or not at all."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def program() -> ModuleType:
    """`fill.py`, which is a script and no part of a package."""
    spec = importlib.util.spec_from_file_location("fill", ROOT / "deployment" / "cloud" / "fill.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two manifests and their values."""
    folder = tmp_path / "some_cloud"
    folder.mkdir()
    (folder / "values.yaml").write_text('ACCOUNT: 012345\nZONE: ""\n', encoding="utf-8")
    task = {"image": "${ACCOUNT}/api:${TAG}", "port": 8000, "zones": ["${ZONE}"], "on": True}
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    (folder / "service.yaml").write_text("name: api # ${TAG}\ntag: ${TAG}\n", encoding="utf-8")
    return folder


def test_every_place_is_filled_and_what_is_no_text_stays(program, folder, tmp_path) -> None:
    written = program.fill(folder, {"TAG": "3", "ZONE": "north"}, tmp_path / "out")

    service, task = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in written)

    assert task == {"image": "012345/api:3", "port": 8000, "zones": ["north"], "on": True}
    assert service == {"name": "api", "tag": "3"}
    assert json.loads((tmp_path / "out" / "task.json").read_text(encoding="utf-8")) == task


def test_all_missing_values_are_named_and_nothing_is_written(program, folder, tmp_path) -> None:
    with pytest.raises(program.NotFilled, match=r"some_cloud/values.yaml has no value for TAG, ZO"):
        program.fill(folder, {}, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_name_that_no_manifest_has_is_refused(program, folder, tmp_path) -> None:
    with pytest.raises(program.NotFilled, match="TGA: expected ACCOUNT, TAG, ZONE"):
        program.fill(folder, {"TGA": "3", "ZONE": "north"}, tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say which folder"),
        (["no_cloud", "A=1"], "holds no manifest"),
        (["no_cloud", "A"], "'A': expected NAME=value."),
    ],
)
def test_a_wrong_command_line_ends_in_a_sentence(program, arguments, sentence, capsys) -> None:
    assert program.main(arguments) == 2

    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert sentence in printed.err
    assert printed.out == ""


def test_values_that_are_no_text_are_refused(program, folder, tmp_path) -> None:
    (folder / "values.yaml").write_text("ZONE: [a, b]\n", encoding="utf-8")

    with pytest.raises(program.NotFilled, match="not a list of lines"):
        program.fill(folder, {"TAG": "3"}, tmp_path / "out")
