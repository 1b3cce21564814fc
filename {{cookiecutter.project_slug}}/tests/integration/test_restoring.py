"""What a version was made of is written down with it, and leads back to code and data."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli import restore
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = [
    pytest.mark.slow,
    # MLflow's own use of SQLAlchemy; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
]

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = "{{ cookiecutter.package_name }}.cli"
TABLE = "data/raw/homes.csv"
PREPARED = "data/processed/homes"
ROWS = "\n".join(f"{20 + i % 60},{'Oslo' if i % 3 else 'Bergen'},{i * 7 % 90}.5" for i in range(90))
SAID = ["data=table", "data.name=homes", f"data.path={TABLE}", "data.target=price"]


def _run(folder: Path, *command: str) -> str:
    left_out = ("COV", "GIT_", "MLFLOW_", "UV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    paths = os.pathsep.join(str(folder / name) for name in ("src", "deployment/api"))
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "PROJECT_ROOT": str(folder), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A clean commit of this project's code, a table that git ignores, and a version of it."""
    root = tmp_path_factory.mktemp("restoring") / "homes"
    for name in ("config", "src", "deployment/api"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitignore", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    (root / "data" / "raw").mkdir(parents=True)
    (root / TABLE).write_text(f"age,city,price\n{ROWS}\n")
    name = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    _run(root, "git", "init", "--quiet")
    _run(root, "git", "add", "--all")
    _run(root, "git", *name, "commit", "--quiet", "--message", "Begin")
    _run(root, sys.executable, "-P", "-m", f"{COMMANDS}.prepare", *SAID)
    _run(root, sys.executable, "-P", "-m", f"{COMMANDS}.train", *SAID, "model=baseline")
    return root


@pytest.fixture
def copy(trained, tmp_path, monkeypatch) -> Path:
    """A copy of that project, which a test may change; commands run there."""
    root = Path(shutil.copytree(trained, tmp_path / "homes"))
    for name in [name for name in os.environ if name.startswith(("MLFLOW_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setenv("PROJECT_ROOT", str(root))
    monkeypatch.chdir(root / "config" / "data")  # any working directory will do
    return root


@pytest.fixture
def fails(copy, capsys) -> Callable[..., str]:
    """Runs `restore`, which must fail, and leave neither a folder nor a worktree; its sentence."""

    def run(*arguments: str, code: int) -> str:
        before = set(copy.parent.iterdir())
        assert restore.main(arguments) == code
        assert set(copy.parent.iterdir()) == before
        assert len(_run(copy, "git", "worktree", "list").splitlines()) == 1
        error = capsys.readouterr().err.strip()
        assert "\n" not in error
        return error

    return run


def _tag(copy: Path, key: str, value: str) -> None:
    connect(f"sqlite:///{copy / 'mlflow.db'}").set_model_version_tag(PROJECT, "1", key, value)


def test_run_and_version_tell_the_data_and_the_code(copy):
    client = connect(f"sqlite:///{copy / 'mlflow.db'}")
    version = client.get_model_version(PROJECT, "1")
    run = client.get_run(version.run_id)
    manifest = json.loads((copy / PREPARED / "manifest.json").read_text())

    expected = {
        "data_name": "homes",
        "data_digest": manifest["digest"],
        "data_rows": "90",
        "data_source": TABLE,
        "data_version": f"sha256:{sha256_of(copy / TABLE)}",
        "git_sha": _run(copy, "git", "rev-parse", "HEAD"),
        "git_dirty": "false",
        "arguments": f"{' '.join(SAID)} model=baseline",
    }
    for tags in (run.data.tags, version.tags):
        assert {key: tags.get(key) for key in expected} == expected


def test_the_manifest_with_schema_and_options_stays_with_the_version(copy, monkeypatch):
    from {{ cookiecutter.package_name }}.integrations.lineage import lineage_of

    lineage = lineage_of(Registry(PROJECT), "1")

    manifest = json.loads((copy / PREPARED / "manifest.json").read_text())
    assert lineage.dataset == manifest
    assert [column["name"] for column in manifest["data_schema"]["columns"]] == ["age", "city"]
    assert lineage.options["source"]["path"] == TABLE
    assert (lineage.commit, lineage.is_dirty) == (_run(copy, "git", "rev-parse", "HEAD"), False)


def test_code_and_data_come_back_beside_the_project(copy, capsys):
    shutil.rmtree(copy / "data" / "processed")  # what is here now does not matter

    assert restore.main(["--version", "1"]) == 0

    made, told = copy.with_name("homes-v1"), capsys.readouterr().out
    assert _run(made, "git", "rev-parse", "HEAD") == _run(copy, "git", "rev-parse", "HEAD")
    assert _run(made, "git", "status", "--porcelain") == ""
    assert (made / TABLE).read_bytes() == (copy / TABLE).read_bytes()
    digest = Registry(PROJECT).version("1").tags["data_digest"]
    assert json.loads((made / PREPARED / "manifest.json").read_text())["digest"] == digest
    assert "as they were, prepared again" in told
    assert told.endswith(f"train {' '.join(SAID)} model=baseline\n")


def test_the_checkouts_own_code_prepares_the_data(copy, capsys):
    """What was changed here since the training has no say there."""
    code = copy / "src" / "{{ cookiecutter.package_name }}" / "data" / "prepare.py"
    code.write_text("raise SystemExit('broken')\n")

    assert restore.main(["--alias", "dev", "--into", str(copy.parent / "old")]) == 0
    assert (copy.parent / "old" / PREPARED / "train.parquet").is_file()


def test_a_changed_source_is_told_with_both_digests(copy, fails):
    former = sha256_of(copy / TABLE)
    (copy / TABLE).write_text((copy / TABLE).read_text() + "30,Oslo,4.5\n")

    sentence = fails("--version", "1", code=3)

    assert f"'{TABLE}', which was sha256:{former} then" in sentence
    assert f"sha256:{sha256_of(copy / TABLE)} now" in sentence


def test_a_source_that_is_gone_is_told(copy, fails):
    (copy / TABLE).unlink()

    assert f"were read from '{TABLE}', which is gone" in fails("--version", "1", code=3)


def test_without_its_data_the_code_alone_comes_back(copy, capsys):
    (copy / TABLE).unlink()

    assert restore.main(["--version", "1", "--code-only"]) == 0

    assert (copy.with_name("homes-v1") / "src").is_dir()
    assert not (copy.with_name("homes-v1") / "data" / "processed").exists()
    assert "data " not in capsys.readouterr().out


def test_changes_that_no_commit_has_are_warned_of(copy, capsys):
    _tag(copy, "git_dirty", "true")

    assert restore.main(["--version", "1", "--code-only"]) == 0

    told = capsys.readouterr().out
    assert f"commit {_run(copy, 'git', 'rev-parse', 'HEAD')[:12]}, the nearest there is" in told
    assert "warning: version 1 was trained from files that differed from this commit" in told


def test_a_commit_that_is_not_here_has_a_way_to_it(copy, fails):
    _tag(copy, "git_sha", "f" * 40)

    sentence = fails("--version", "1", code=8)

    assert "commit ffffffffffff, which this clone does not have: run `git fetch --all`" in sentence


def test_data_that_come_out_otherwise_are_refused(copy, fails):
    _tag(copy, "data_digest", "0" * 64)

    sentence = fails("--version", "1", code=3)

    assert "have digest 000000000000, but what its commit makes of the same source" in sentence


def test_a_version_or_alias_that_is_not_there_is_named(fails):
    assert "has no version 7; the newest is version 1" in fails("--version", "7", code=4)
    assert "has the alias 'prod'" in fails("--alias", "prod", code=4)


def test_a_folder_that_is_there_stays_as_it_is(copy, fails):
    (copy.parent / "homes-v1").mkdir()

    assert "exists already: name another folder with --into" in fails("--version", "1", code=2)
