import json
import subprocess
import tempfile
from pathlib import Path, PureWindowsPath

import pytest
from hydra import compose, initialize_config_dir

from {{ cookiecutter.package_name }}.data.table import Table
from {{ cookiecutter.package_name }}.integrations import restoring
from {{ cookiecutter.package_name }}.integrations.lineage import Lineage
from {{ cookiecutter.package_name }}.integrations.restoring import data_back
from {{ cookiecutter.package_name }}.schemas.errors import DataError, RestoreError

# What `sha256sum` says of the five bytes.
FILE = {"path": "train.parquet", "rows": 1, "sha256": ""}
SHA256 = "1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014"
MANIFEST = {"digest": "abc", "version": "1", "files": {"train": {**FILE, "sha256": SHA256}}}


@pytest.fixture
def lineage():
    """A version whose data an origin can bring back."""
    return Lineage("3", {"data_name": "homes", "data_digest": "abc"}, {})


@pytest.fixture
def brought(monkeypatch, tmp_path):
    """An origin that brings these bytes."""
    folder = tmp_path / "copy" / "data" / "processed" / "homes"

    def bring(content):
        def bring_back(project, copy, tags):
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_text(json.dumps(MANIFEST))
            (folder / "train.parquet").write_bytes(content)
            return "from the cellar"

        monkeypatch.setattr(restoring, "brought_back", bring_back)

    return bring


def test_what_an_origin_brings_is_checked_and_nothing_is_prepared(lineage, brought, tmp_path):
    brought(b"test1")

    assert data_back(tmp_path, tmp_path / "copy", lineage) == "from the cellar"


def test_a_file_that_is_not_the_manifests_is_refused(lineage, brought, tmp_path):
    brought(b"test2")

    with pytest.raises(DataError, match=r"train\.parquet' is not the file that its manifest"):
        data_back(tmp_path, tmp_path / "copy", lineage)


def test_a_manifest_of_other_data_is_refused(lineage, brought, tmp_path):
    brought(b"test1")
    other = Lineage("3", {"data_name": "homes", "data_digest": "def"}, {"version": "1"})

    with pytest.raises(DataError, match="have digest def, but what its commit makes of the same"):
        data_back(tmp_path, tmp_path / "copy", other)


def test_a_version_without_options_says_what_is_left(lineage, monkeypatch, tmp_path):
    monkeypatch.setattr(restoring, "brought_back", lambda *_: None)

    with pytest.raises(RestoreError, match="Nothing says how the data of version 3 were prepared"):
        data_back(tmp_path, tmp_path / "copy", lineage)


@pytest.fixture
def prepared(monkeypatch, tmp_path):
    """No origin knows the data, and `prepare` would make them; what was in its folder then."""
    (tmp_path / "copy" / "raw").mkdir(parents=True)
    (tmp_path / "copy" / "raw" / ".gitkeep").touch()
    found = []

    def prepare(copy, options):
        found.extend(sorted(path.name for path in (copy / "raw").iterdir()))
        return subprocess.CompletedProcess([], 3, "", "error: That column is no more.\n")

    monkeypatch.setattr(restoring, "brought_back", lambda *_: None)
    monkeypatch.setattr(restoring, "_prepare", prepare)
    return found


def asked(folder):
    """A version whose data were all files of this folder."""
    with Table(str(folder)).open() as rows:
        told = {"version": rows.version, "options": {"path": "raw"}}
    return Lineage("3", {"data_name": "homes", "data_digest": "abc"}, told)


def test_files_that_git_does_not_keep_are_brought_to_a_folder_that_it_does(prepared, tmp_path):
    (tmp_path / "raw").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "raw" / name).write_text("age,price\n1,2\n")

    with pytest.raises(DataError, match=r"cannot be prepared again: That column is no more\.$"):
        data_back(tmp_path, tmp_path / "copy", asked(tmp_path / "raw"))

    assert prepared == [".gitkeep", "a.csv", "b.csv"]


def test_files_that_the_commit_has_are_taken_from_there(prepared, tmp_path):
    (tmp_path / "copy" / "raw" / "a.csv").write_text("age,price\n1,2\n")
    then = asked(tmp_path / "copy" / "raw")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text("age,price\n3,4\n")

    with pytest.raises(DataError, match="That column is no more"):
        data_back(tmp_path, tmp_path / "copy", then)

    assert (tmp_path / "copy" / "raw" / "a.csv").read_text() == "age,price\n1,2\n"


@pytest.fixture
def found(monkeypatch, tmp_path):
    """What Hydra reads where `prepare` would, from a temporary folder with such a name."""
    (tmp_path / "config" / "data").mkdir(parents=True)
    (tmp_path / "config" / "prepare.yaml").write_text("defaults: [data: other, _self_]\n")
    (tmp_path / "config" / "data" / "other.yaml").write_text("name: other\n")
    (tmp_path / "Ada's small 100%25 files").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "Ada's small 100%25 files"))
    read = {}

    def run(command, **_):
        with initialize_config_dir(str(tmp_path / "config"), version_base="1.3"):
            read.update(compose("prepare", command[-2:]).data)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(restoring.subprocess, "run", run)
    return read


def test_prepare_finds_the_options_as_they_were(found, tmp_path):
    options = {
        "name": "1e3",
        "path": "über 😀.csv",
        "key": None,
        "share": 1e-07,
        "contract": {"0x1f": [True, 5, 0.5, "yes", "2024-01-01", "~", ""]},
    }

    restoring._prepare(tmp_path, options)

    assert found == options


def test_a_folder_is_searched_for_by_its_plain_path():
    assert restoring._searched(Path("/some/a b")) == "hydra.searchpath=['file:///some/a b']"
    windows = PureWindowsPath(r"C:\Users\Ada\Temp")
    assert restoring._searched(windows) == "hydra.searchpath=['file://C:/Users/Ada/Temp']"


@pytest.mark.parametrize("missing", ["data_name", "data_digest"])
def test_a_version_that_does_not_name_its_data_is_refused(lineage, brought, tmp_path, missing):
    brought(b"test1")
    tags = {key: value for key, value in lineage.tags.items() if key != missing}

    with pytest.raises(RestoreError, match=f"Version 3 has no tag `{missing}`"):
        data_back(tmp_path, tmp_path / "copy", Lineage("3", tags, {}))

    assert not (tmp_path / "copy").exists()
