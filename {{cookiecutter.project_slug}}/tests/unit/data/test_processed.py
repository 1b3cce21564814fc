import json
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.data.prepare import prepare
from {{ cookiecutter.package_name }}.data.processed import folder_of, load_manifest, load_split
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound
from {{ cookiecutter.package_name }}.utils.paths import processed_dir

pytestmark = pytest.mark.usefixtures("project")


@pytest.fixture
def prepared(source_of, plan_with, project, monkeypatch):
    monkeypatch.chdir(project)
    return prepare(source_of(), plan_with(), lambda _: None)


def test_data_that_are_not_prepared_say_what_to_run(project, monkeypatch):
    monkeypatch.chdir(project)

    with pytest.raises(DataNotFound) as raised:
        load_manifest("houses")

    assert str(raised.value) == (
        "The data set 'houses' is not prepared (there is no "
        "'data/processed/houses/manifest.json'): run `prepare` with the same data options first."
    )


@pytest.mark.parametrize("name", ["", "..", "../other", "a/b", "a\\b", "C:x", ".hidden"])
def test_a_name_is_the_name_of_a_folder(name):
    with pytest.raises(ConfigError, match="expected a plain folder name, such as 'houses'"):
        folder_of(name)


@pytest.mark.parametrize("content", ["", "{", '{"name": "rows"}'])
def test_a_damaged_manifest_is_a_sentence(prepared, content):
    (processed_dir("rows") / "manifest.json").write_text(content)

    with pytest.raises(DataError) as raised:
        load_manifest("rows")

    assert str(raised.value) == (
        "'data/processed/rows/manifest.json' is damaged: run `prepare` again."
    )


def test_a_manifest_edited_by_hand_is_not_trusted(prepared):
    path = processed_dir("rows") / "manifest.json"
    content = json.loads(path.read_text())
    content["data_schema"]["target"]["classes"].reverse()
    path.write_text(json.dumps(content))

    with pytest.raises(DataError, match="was changed after `prepare` wrote it"):
        load_manifest("rows")


def test_a_file_with_another_digest_is_not_trusted(prepared):
    path = processed_dir("rows") / "val.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert len(load_split(prepared, "train")) > 0
    with pytest.raises(DataError) as raised:
        load_split(prepared, "val")

    assert str(raised.value) == (
        "'data/processed/rows/val.parquet' is not the file that its manifest describes (SHA-256 "
        "differs): run `prepare` again."
    )


def test_a_file_that_is_gone_is_a_sentence(prepared):
    (processed_dir("rows") / "test.parquet").unlink()

    with pytest.raises(DataNotFound) as raised:
        load_split(prepared, "test")

    assert (
        str(raised.value) == "'data/processed/rows/test.parquet' is missing: run `prepare` again."
    )


def test_reading_a_split_imports_no_pandas(prepared):
    code = (
        "import sys\n"
        "from {{ cookiecutter.package_name }}.data.processed import load_manifest, load_split\n"
        "split = load_split(load_manifest('rows'), 'train');"
        "print(len(split), 'pandas' in sys.modules)"
    )

    child = [sys.executable, "-c", code]
    done = subprocess.run(child, capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.split() == [str(prepared.files["train"].rows), "False"]
