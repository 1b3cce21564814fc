import pytest

from {{ cookiecutter.package_name }}.training.origins import tags_of
from {{ cookiecutter.package_name }}.training.origins.dvc import tags

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
