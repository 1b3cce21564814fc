import shutil
import subprocess

import pytest

from {{ cookiecutter.package_name }}.training import provenance
from {{ cookiecutter.package_name }}.training.provenance import Provenance, of_project
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def git(tmp_path, monkeypatch):
    """Runs git in an empty folder, heedless of this machine's own configuration."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]

    def run(*arguments):
        done = subprocess.run(
            ["git", "-C", tmp_path, *who, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def committed(git, tmp_path):
    """The id of the one commit."""
    git("init", "--quiet")
    (tmp_path / "code.py").write_text("x = 1\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    return git("rev-parse", "HEAD")


def test_a_clean_checkout_is_its_commit(committed, tmp_path):
    origin = of_project(tmp_path)

    assert (origin.git_sha, origin.git_dirty) == (committed, False)
    assert origin.note is None


@pytest.mark.parametrize("name", ["code.py", "new.py"])
def test_a_changed_or_new_file_makes_it_dirty(committed, tmp_path, name):
    (tmp_path / name).write_text("x = 2\n")

    origin = of_project(tmp_path)

    assert (origin.git_sha, origin.git_dirty) == (committed, True)
    assert origin.note == (
        f"'{name}' differs from commit {committed[:7]}: this version cannot be restored exactly"
    )


def test_of_many_changed_files_the_first_are_named(committed, tmp_path):
    for name in ("a name.py", "é.py", "later.py", "new.py"):
        (tmp_path / name).touch()
    (tmp_path / "code.py").unlink()

    note = of_project(tmp_path).note

    named = "'a name.py', 'code.py', 'later.py' and 2 more"
    assert note.startswith(f"{named} differ from commit {committed[:7]}:")


@pytest.mark.parametrize(
    ("count", "named"), [(2, "'0' and '1' differ"), (3, "'0', '1' and '2' differ")]
)
def test_a_few_changed_files_are_all_named(count, named):
    changed = tuple(str(number) for number in range(count))
    origin = Provenance(
        git_sha="abc", git_dirty=True, lock_sha256=None, template_version=None, changed=changed
    )

    assert origin.note is not None
    assert origin.note.startswith(f"{named} from commit abc:")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\nb", r"'a\nb'"), ("\x1b[31m", r"'\x1b[31m'"), (".", "the whole project")],
)
def test_a_name_cannot_write_another_line(name, shown):
    origin = Provenance(
        git_sha="abc", git_dirty=True, lock_sha256=None, template_version=None, changed=(name,)
    )

    assert origin.note is not None
    assert origin.note.startswith(f"{shown} differs from commit abc:")


def test_new_files_count_where_git_is_told_not_to_show_them(committed, git, tmp_path):
    git("config", "status.showUntrackedFiles", "no")
    (tmp_path / "new.py").touch()

    assert of_project(tmp_path).changed == ("new.py",)


def test_where_git_cannot_say_what_changed_it_is_unknown(committed, tmp_path):
    (tmp_path / ".git" / "index").write_text("no index")

    origin = of_project(tmp_path)

    assert (origin.git_sha, origin.git_dirty, origin.note) == (committed, None, None)


def test_files_are_named_as_the_project_has_them(committed, git, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "code.py").touch()
    git("add", ".")
    git("mv", "code.py", "project/moved.py")

    origin = of_project(project)

    assert origin.changed == ("code.py", "moved.py")
    assert "changed" not in origin.tags()


def test_what_a_neighbour_in_the_repository_changes_is_not_this_project(committed, tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "new.py").write_text("x = 2\n")

    assert of_project(tmp_path / "project").git_dirty is False


def test_a_file_that_an_origin_writes_before_training_is_no_change(
    committed, tmp_path, monkeypatch
):
    (tmp_path / "some.lock").write_text("digest: 1\n")

    monkeypatch.setattr(provenance, "written_by_origins", lambda: ("some.lock",))
    assert of_project(tmp_path).git_dirty is False

    (tmp_path / "code.py").write_text("x = 2\n")
    assert of_project(tmp_path).git_dirty is True


def test_a_repository_without_a_commit_is_unknown(git, tmp_path):
    git("init", "--quiet")

    origin = of_project(tmp_path)

    assert (origin.git_sha, origin.git_dirty) == (None, None)


@pytest.mark.usefixtures("git")
def test_a_folder_that_is_no_repository_is_unknown(tmp_path):
    origin = of_project(tmp_path)

    assert origin == Provenance(
        git_sha=None, git_dirty=None, lock_sha256=None, template_version=None
    )
    assert origin.tags() == {}


def test_without_git_the_commit_is_unknown(committed, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert of_project(tmp_path).git_sha is None


def test_the_lock_and_the_templates_version_are_known_by_their_files(git, tmp_path):
    git("init", "--quiet")
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "pyproject.toml").write_text('[tool.template]\nversion = "1.2.0"\n')

    origin = of_project(tmp_path)

    assert origin.lock_sha256 == sha256_of(tmp_path / "uv.lock")
    assert origin.template_version == "1.2.0"


@pytest.mark.usefixtures("git")
def test_a_project_of_no_template_has_no_version_of_one(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")

    assert of_project(tmp_path).template_version is None


def test_tags_are_what_is_known_as_text():
    origin = Provenance(git_sha="abc", git_dirty=True, lock_sha256=None, template_version="1")

    assert origin.tags() == {"git_sha": "abc", "git_dirty": "true", "template_version": "1"}
