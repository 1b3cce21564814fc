"""What a new project's own `tools/bootstrap` does with real DVC and real uv, and without them."""

import configparser
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bootstrapping import MESSAGE, notes
from repositories import git

TOOLS = Path(sys.executable).parent


def with_dvc(patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PATH", os.pathsep.join([str(TOOLS), os.environ["PATH"]]))


def remotes(project: Any) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser()
    parser.read_string(project.text(".dvc/config").replace("\t", "").replace("    ", ""))
    return {name: dict(parser[name]) for name in parser.sections()}


def test_dvc_is_set_up_after_git_and_is_part_of_the_first_commit(
    bake: Callable[..., Any], bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_dvc(monkeypatch)
    project = bake(git=False, project_slug="churn", use_dvc=True)

    done = bootstrap(project, "git", "dvc", "commit")

    assert (done.returncode, notes(done)) == (0, ["Setting up DVC ..."])
    assert remotes(project)["core"] == {"remote": "storage", "analytics": "false"}
    assert remotes(project)["'remote \"storage\"'"] == {"url": "../../churn-dvc"}
    assert {".dvc/config", ".dvcignore"} <= set(git(project.folder, "ls-files").splitlines())
    assert git(project.folder, "status", "--porcelain") == ""
    assert notes(bootstrap(project, "git", "dvc", "commit")) == []


def test_the_remote_of_dvc_is_in_the_bucket_that_was_named(
    bake: Callable[..., Any], bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_dvc(monkeypatch)
    s3 = {"s3_bucket": "lake", "s3_prefix": "ml", "s3_endpoint_url": "http://s3.example.com:9000"}
    project = bake(git=False, project_slug="churn", use_dvc=True, dataset_storage="s3", **s3)

    bootstrap(project, "git", "dvc")

    assert remotes(project)["'remote \"storage\"'"] == {
        "url": "s3://lake/ml/churn-dvc",
        "endpointurl": "http://s3.example.com:9000",
        "region": "us-east-1",
    }


def failing_once(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Puts a `dvc` first on the path whose first `remote modify` fails; else it is the real one."""
    real, failed = shutil.which("dvc"), folder / "failed"
    folder.mkdir()
    script = folder / "fake_dvc.py"
    script.write_text(
        "import pathlib, subprocess, sys\n"
        f"failed = pathlib.Path({str(failed)!r})\n"
        "if sys.argv[1:3] == ['remote', 'modify'] and not failed.exists():\n"
        "    failed.touch()\n"
        "    sys.exit('ERROR: the disk is full.')\n"
        f"sys.exit(subprocess.call([{real!r}, *sys.argv[1:]]))\n"
    )
    if os.name == "nt":
        (folder / "dvc.cmd").write_text(f'@"{sys.executable}" "{script}" %*\n')
    else:
        (folder / "dvc").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        (folder / "dvc").chmod(0o755)
    patch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_a_setup_of_dvc_that_failed_half_way_is_completed_and_then_left_alone(
    bake: Callable[..., Any],
    bootstrap: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_dvc(monkeypatch)
    failing_once(tmp_path / "bin", monkeypatch)
    s3 = {"s3_bucket": "lake", "s3_prefix": "ml", "s3_endpoint_url": "http://s3.example.com:9000"}
    project = bake(git=False, project_slug="churn", use_dvc=True, dataset_storage="s3", **s3)
    remote = "'remote \"storage\"'"

    first = bootstrap(project, "git", "dvc")
    assert first.returncode == 3
    assert "note: dvc was left out: ERROR: the disk is full." in notes(first)[-1]
    assert remotes(project)[remote] == {"url": "s3://lake/ml/churn-dvc"}

    second = bootstrap(project, "git", "dvc")
    assert (second.returncode, notes(second)) == (0, ["Setting up DVC ..."])
    assert remotes(project)[remote] == {
        "url": "s3://lake/ml/churn-dvc",
        "endpointurl": "http://s3.example.com:9000",
        "region": "us-east-1",
    }

    config = project.folder / ".dvc" / "config"
    own = "[core]\n    analytics = false\n    remote = storage\n"
    config.write_text(f"{own}['remote \"storage\"']\n    url = /mnt/elsewhere\n")
    before = config.read_bytes()
    third = bootstrap(project, "git", "dvc")
    assert (third.returncode, notes(third)) == (0, [])
    assert config.read_bytes() == before

    config.write_text(f"{own}['remote \"storage\"']\n    url = ../../churn-dvc\n")
    fourth = bootstrap(project, "git", "dvc")
    assert notes(fourth) == [
        "note: dvc was left out: the remote 'storage' is ../../churn-dvc, but pyproject.toml says "
        "s3://lake/ml/churn-dvc. Later: uv run just dvc remote modify storage url "
        "s3://lake/ml/churn-dvc, or change pyproject.toml"
    ]


def test_a_configuration_of_dvc_that_cannot_be_read_is_left_to_a_person(
    bake: Callable[..., Any], bootstrap: Callable[..., Any]
) -> None:
    project = bake(git=False, use_dvc=True)
    (project.folder / ".dvc").mkdir()
    (project.folder / ".dvc" / "config").write_text("<<<<<<< HEAD\n")

    (note,) = notes(bootstrap(project, "git", "dvc"))

    assert note.startswith("note: dvc was left out: .dvc/config cannot be read (File contains no ")
    assert note.endswith(". Later: correct it, then python tools/bootstrap")


def test_dvc_that_comes_later_is_not_committed_behind_ones_back(
    bake: Callable[..., Any], bootstrap: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_dvc(monkeypatch)
    project = bake(project_slug="churn", use_dvc=True)

    done = bootstrap(project, "git", "dvc", "commit")

    assert notes(done)[-1] == "Commit what is new: git add --all && git commit"
    assert git(project.folder, "log", "--format=%s") == MESSAGE


def test_dvc_waits_for_a_repository_of_the_projects_own(
    bake: Callable[..., Any], bootstrap: Callable[..., Any]
) -> None:
    project = bake(git=False, use_dvc=True)

    assert notes(bootstrap(project, "dvc")) == [
        "note: dvc was left out: DVC needs a git repository of the project's own. Later: "
        "python tools/bootstrap, or `dvc init --subdir` inside a larger repository"
    ]


def without(program: str, patch: pytest.MonkeyPatch, folder: Path) -> None:
    """A PATH on which there is git and nothing else."""
    folder.mkdir()
    found = shutil.which("git")
    assert found is not None
    (folder / Path(found).name).symlink_to(found)
    patch.setenv("PATH", str(folder))
    assert shutil.which(program) is None


def test_without_dvc_and_uv_both_are_left_for_later(
    bake: Callable[..., Any],
    bootstrap: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = bake(git=False, use_dvc=True)
    without("uv", monkeypatch, tmp_path / "bin")

    done = bootstrap(project, "git", "dvc", "lock", "commit")

    later = "Later: pip install uv, then python tools/bootstrap"
    assert notes(done) == [
        f"note: dvc was left out: neither dvc nor uv is installed. {later}",
        f"note: lock was left out: uv is not installed. {later}",
    ]
    assert git(project.folder, "log", "--format=%s") == MESSAGE


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not on the PATH")
def test_the_lock_is_made_and_committed(fresh_project: Any, bootstrap: Callable[..., Any]) -> None:
    done = bootstrap(fresh_project, "git", "lock", "commit")

    assert notes(done) == ["Locking dependencies (uv lock) ..."]
    locked = tomllib.loads(fresh_project.text("uv.lock"))["package"]
    assert {"torch", "fastapi"} <= {package["name"] for package in locked}
    assert "uv.lock" in git(fresh_project.folder, "ls-files").splitlines()


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not on the PATH")
def test_where_no_index_answers_the_project_is_made_without_a_lock(
    fresh_project: Any,
    bootstrap: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)

    done = bootstrap(fresh_project, "git", "lock", "commit")

    assert done.returncode == 3
    (note,) = [line for line in notes(done) if line.startswith("note: ")]
    assert note.startswith("note: lock was left out: ")
    assert "127.0.0.1:9/simple" in note
    assert not (fresh_project.folder / "uv.lock").exists()
    assert git(fresh_project.folder, "log", "--format=%s") == MESSAGE
