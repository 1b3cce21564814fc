"""From a version that `dvc repro` registered back to its code and data."""

import json
import shutil

import pytest
import yaml

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

DATA = "data/processed/digits"


@pytest.fixture(scope="module")
def tags(repository) -> dict[str, str]:
    """What the registry says of the version that `dvc repro` made."""
    store = connect(f"sqlite:///{repository / 'mlflow.db'}")
    return dict(store.get_model_version_by_alias(PROJECT, "dev").tags)


@pytest.fixture
def registered(repository, clone) -> None:
    """The clone's MLflow store knows the version, as a shared server would."""
    shutil.copy(repository / "mlflow.db", clone)
    shutil.copytree(repository / "mlartifacts", clone / "mlartifacts")


def test_the_version_names_its_commit_and_its_data(repository, git, tags):
    manifest = json.loads((repository / DATA / "manifest.json").read_text())

    assert tags["git_sha"] == git(repository, "rev-parse", "HEAD~1").strip()
    assert tags["git_dirty"] == "false", "the lock that DVC writes is no change of the code"
    assert f"md5: {tags['dvc_md5']}\n" in (repository / "dvc.lock").read_text()
    assert tags["data_digest"] == manifest["digest"]
    assert tags["data_rows"] == "1797"


def test_code_and_data_come_back_from_the_cache(repository, restore, dvc, git, tmp_path):
    done = restore(repository, "--version", "1", "--into", str(tmp_path / "old"))

    assert done.returncode == 0, done.stderr
    assert "as they were, from DVC's cache" in done.stdout
    for name in ("manifest.json", "train.parquet"):
        made = tmp_path / "old" / DATA / name
        assert made.read_bytes() == (repository / DATA / name).read_bytes()
    assert git(tmp_path / "old", "rev-parse", "HEAD") == git(repository, "rev-parse", "HEAD~1")
    changed = json.loads(dvc(tmp_path / "old", "status", "--json", "prepare"))
    assert changed == {}
    git(repository, "worktree", "remove", "--force", str(tmp_path / "old"))


def test_a_fresh_clone_has_them_from_the_remote_whatever_dvc_lock_names_now(
    clone, restore, registered, tmp_path
):
    """The lock of other data: what counts is the name that the version has."""
    lock = yaml.safe_load((clone / "dvc.lock").read_text())
    (made,) = lock["stages"]["prepare"]["outs"]
    made["md5"] = f"{'0' * 32}.dir"
    (clone / "dvc.lock").write_text(yaml.safe_dump(lock))

    done = restore(clone, "--alias", "dev")

    assert done.returncode == 0, done.stderr
    assert "as they were, from DVC's remote" in done.stdout
    assert (tmp_path / "clone-v1" / DATA / "train.parquet").is_file()


def test_data_that_dvc_has_nowhere_are_one_sentence_and_nothing_is_left(
    clone, restore, registered, git, tags, tmp_path
):
    shutil.rmtree(tmp_path / "storage")

    done = restore(clone, "--version", "1")

    assert done.returncode == 3
    (sentence,) = done.stderr.strip().splitlines()
    assert tags["dvc_md5"] in sentence
    assert "run `just dvc push` where they were made" in sentence
    assert not (tmp_path / "clone-v1").exists()
    assert len(git(clone, "worktree", "list").splitlines()) == 1
