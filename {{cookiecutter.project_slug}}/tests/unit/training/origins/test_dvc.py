import subprocess
from configparser import ConfigParser

import pytest
import yaml

from {{ cookiecutter.package_name }}.schemas.errors import DataNotFound
from {{ cookiecutter.package_name }}.training.origins import dvc, tags_of
from {{ cookiecutter.package_name }}.training.origins.dvc import bring_back, tags

# `dvc add` of this very folder says so.
MD5 = "058ca3ace0dc600866163d814025300b.dir"
LOCK = """\
schema: '2.0'
stages:
  evaluate:
    cmd: evaluate
  prepare:
    cmd: prepare
    outs:
      - {path: data/processed/houses, hash: md5, md5: %s}
"""


@pytest.fixture
def houses(tmp_path):
    """A prepared data set that `dvc.lock` names."""
    folder = tmp_path / "data" / "processed" / "houses"
    (folder / "more").mkdir(parents=True)
    (folder / "train.parquet").write_bytes(b"rows")
    (folder / "more" / "straße.csv").write_bytes(b"1,2\n")
    (tmp_path / "dvc.lock").write_text(LOCK % MD5)
    return folder


def test_data_that_dvc_knows_are_named_by_their_md5(houses, tmp_path):
    assert tags(tmp_path, "houses") == {"dvc_md5": MD5}


def test_data_that_changed_since_have_no_name(houses, tmp_path):
    (houses / "train.parquet").write_bytes(b"other rows")

    assert tags(tmp_path, "houses") == {}


def test_a_data_set_that_no_stage_makes_has_no_name(houses, tmp_path):
    houses.rename(houses.with_name("flats"))

    assert tags(tmp_path, "flats") == {}


def test_before_the_first_run_nothing_is_known(tmp_path):
    assert tags(tmp_path, "houses") == {}


def test_training_hears_of_it(houses, tmp_path):
    assert tags_of(tmp_path, "houses")["dvc_md5"] == MD5


CONFIG = """\
[core]
    remote = storage
['remote "storage"']
    url = ../../storage
"""
TAGS = {"data_name": "houses", "dvc_md5": MD5}


@pytest.fixture
def copy(tmp_path, houses):
    """A checkout of the project, from before it had a lock."""
    for folder in (tmp_path, tmp_path / "copy"):
        (folder / ".dvc").mkdir(parents=True)
        (folder / ".dvc" / "config").write_text(CONFIG)
    return tmp_path / "copy"


@pytest.fixture
def said(monkeypatch):
    """What DVC was called with; `codes` are its next exit codes."""

    class Said(list):
        codes = (0,)

    said = Said()

    def run(command, **_):
        said.append(command[2:])
        code = said.codes[len(said) - 1]
        words = "WARNING: no\nERROR: some files are missing\nHint: ask\n"
        return subprocess.CompletedProcess(command, code, "", words)

    monkeypatch.setattr(dvc.subprocess, "run", run)
    return said


def test_data_come_from_the_projects_own_cache(copy, said, tmp_path):
    assert bring_back(tmp_path, copy, TAGS) == "from DVC's cache"

    assert said == [["checkout", "data/processed/houses"]]
    local = ConfigParser()
    local.read(copy / ".dvc" / "config.local")
    assert local["cache"]["dir"] == str(tmp_path / ".dvc" / "cache")
    assert local["'remote \"storage\"'"]["url"] == str(tmp_path.parent / "storage")


def test_what_the_cache_lacks_comes_from_the_remote(copy, said, tmp_path):
    said.codes = (1, 0)

    assert bring_back(tmp_path, copy, TAGS) == "from DVC's remote"
    assert said[1] == ["pull", "data/processed/houses"]


def test_what_is_nowhere_is_told_with_its_name_and_dvcs_reason(copy, said, tmp_path):
    said.codes = (1, 1)

    with pytest.raises(DataNotFound, match=f"MD5 {MD5} .*some files are missing"):
        bring_back(tmp_path, copy, TAGS)


def test_the_lock_of_the_copy_names_the_versions_data(copy, said, tmp_path):
    (copy / "dvc.lock").write_text(LOCK % "0f.dir")

    bring_back(tmp_path, copy, TAGS)

    (out,) = yaml.safe_load((copy / "dvc.lock").read_text())["stages"]["prepare"]["outs"]
    assert out == {"path": "data/processed/houses", "hash": "md5", "md5": MD5}


def test_a_lock_that_names_them_already_stays_byte_for_byte(copy, said, tmp_path):
    (copy / "dvc.lock").write_text(f"# kept\n{LOCK % MD5}")

    bring_back(tmp_path, copy, TAGS)

    assert (copy / "dvc.lock").read_text().startswith("# kept\n")


@pytest.mark.parametrize(
    "tags", [{}, {"dvc_md5": MD5}, {"data_name": "houses"}, {**TAGS, "data_name": "flats"}]
)
def test_data_that_no_stage_made_are_somebody_elses(copy, said, tmp_path, tags):
    assert bring_back(tmp_path, copy, tags) is None
    assert said == []
