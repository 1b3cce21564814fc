"""`.cruft.json` of a project made by plain cookiecutter: the same that cruft itself would write."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cookiecutter.main import cookiecutter
from repositories import git


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Path:
    """A template of a few files, with this template's questions and hooks, in git."""
    folder = tmp_path / "small-template"
    shutil.copytree(template / "hooks", folder / "hooks")
    document = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    document["__features"] = {}
    (folder / "cookiecutter.json").write_text(json.dumps(document), "utf-8")
    source = template / "{{cookiecutter.project_slug}}"
    copied = folder / source.name
    shutil.copytree(source / "tools" / "bootstrap", copied / "tools" / "bootstrap")
    (copied / "pyproject.toml").write_text('[tool.template]\nname = "t"\nversion = "1"\n')
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(folder))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "template")
    return folder


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Bakes, and reads the origin that was recorded; None where there is none."""
    monkeypatch.setenv("ML_TEMPLATE_SKIP", "dvc lock")

    def made(source: Path | str, **options: Any) -> Any:
        answers = {"project_slug": "churn", "description": 'say "hi" \\ 🐍'}
        folder = Path(
            cookiecutter(
                str(source),
                no_input=True,
                output_dir=str(tmp_path / "out"),
                extra_context=answers,
                **options,
            )
        )
        origin = folder / ".cruft.json"
        return json.loads(origin.read_text("utf-8")) if origin.exists() else None

    return made


def test_the_template_its_commit_and_every_answer_are_recorded(
    repository: Path, make: Callable[..., Any]
) -> None:
    origin = make(repository)

    answers = origin["context"]["cookiecutter"]
    assert origin["template"] == repository.as_posix()
    assert origin["commit"] == git(repository, "rev-parse", "HEAD") == answers["_commit"]
    assert (origin["checkout"], origin["directory"]) == (None, None)
    assert answers["description"] == 'say "hi" \\ 🐍'
    assert not {"_repo_dir", "_output_dir", "_checkout"} & set(answers)


def test_it_is_what_cruft_writes(
    repository: Path, make: Callable[..., Any], tmp_path: Path
) -> None:
    from cruft import create

    ours = make(repository)
    folder = create(
        str(repository),
        output_dir=tmp_path / "by-cruft",
        extra_context={"project_slug": "churn", "description": 'say "hi" \\ 🐍'},
    )

    assert ours == json.loads((folder / ".cruft.json").read_text("utf-8"))


def test_it_is_part_of_the_first_commit(
    repository: Path, make: Callable[..., Any], tmp_path: Path
) -> None:
    make(repository)

    assert ".cruft.json" in git(tmp_path / "out" / "churn", "ls-files").splitlines()


def test_a_clone_is_recorded_by_the_address_of_its_remote(
    repository: Path, make: Callable[..., Any], tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", str(repository), "clone")

    assert make(tmp_path / "clone")["template"] == repository.as_posix()


def test_a_checkout_is_recorded_by_name(repository: Path, make: Callable[..., Any]) -> None:
    git(repository, "tag", "v0.1.0")
    address = repository.rename(repository.with_suffix(".git"))  # so that it counts as a remote

    origin = make(f"file://{address.as_posix()}", checkout="v0.1.0")

    assert origin["checkout"] == "v0.1.0"
    assert origin["template"] == f"file://{address.as_posix()}"


def test_a_folder_of_a_larger_repository_is_recorded(
    repository: Path, make: Callable[..., Any], tmp_path: Path
) -> None:
    outer = tmp_path / "outer"
    shutil.copytree(repository, outer / "ml", ignore=shutil.ignore_patterns(".git"))
    git(outer, "init", "--quiet")
    git(outer, "add", "--all")
    git(outer, "commit", "--quiet", "--message", "all templates")

    origin = make(outer, directory="ml")

    assert (origin["template"], origin["directory"]) == (outer.as_posix(), "ml")


@pytest.mark.parametrize(
    ("remote", "recorded"),
    [
        ("https://ada:secret@example.com/t.git", "https://example.com/t.git"),
        ("https://token@example.com/t.git", "https://example.com/t.git"),
        ("ssh://git@example.com/t.git", "ssh://git@example.com/t.git"),
        ("git@example.com:t.git", "git@example.com:t.git"),
    ],
)
def test_a_password_in_the_remote_stays_out_of_the_project(
    repository: Path, post_gen: ModuleType, tmp_path: Path, remote: str, recorded: str
) -> None:
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    clone = tmp_path / "clone"
    git(clone, "remote", "set-url", "origin", remote)

    assert post_gen.url_of(clone, git(clone, "rev-parse", "HEAD"), "later") == recorded


def test_uncommitted_changes_of_the_template_are_a_note(
    repository: Path, make: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "new.txt").write_text("")

    assert make(repository) is None
    assert (
        "note: .cruft.json was left out: the template has changes that are not committed. "
        "Later: cruft link <URL of the template>"
    ) in capfd.readouterr().out


def test_a_commit_that_was_not_pushed_is_a_note(
    repository: Path,
    make: Callable[..., Any],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    git(tmp_path / "clone", "commit", "--quiet", "--allow-empty", "--message", "mine alone")

    assert make(tmp_path / "clone") is None
    assert "the template's remote does not have commit" in capfd.readouterr().out


def test_a_template_that_is_no_repository_is_a_note(
    repository: Path, make: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(repository / ".git")

    assert make(repository) is None
    assert "of the template git says: fatal: not a git repository" in capfd.readouterr().out


def test_an_origin_that_is_there_is_kept_and_told(
    repository: Path, make: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    first = make(repository)
    assert make(repository, overwrite_if_exists=True) == first
    assert ".cruft.json" not in capfd.readouterr().out

    git(repository, "commit", "--quiet", "--allow-empty", "--message", "newer")

    assert make(repository, overwrite_if_exists=True) == first
    said = capfd.readouterr().out
    assert "note: .cruft.json was left out: the one that is there says otherwise. Later: " in said


def test_a_neighbour_of_the_same_name_is_not_taken_for_the_template(
    repository: Path, make: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "out" / repository.name
    other.mkdir(parents=True)
    (other / "cookiecutter.json").write_text("{}")
    monkeypatch.chdir(tmp_path)

    assert make(repository.name)["template"] == repository.as_posix()


def test_a_template_named_by_a_relative_path_is_found(
    repository: Path, make: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert make(repository.name)["template"] == repository.as_posix()
