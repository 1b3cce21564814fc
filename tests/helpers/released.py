"""A template with two releases, and projects of both: real git and real cruft.

v0.1.0 is the template as it stands. v0.2.0 changes, adds and deletes files, asks one more question,
and has one more component.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.main import cookiecutter
from repositories import Repository

INNER = "{{cookiecutter.project_slug}}"
CHANGED, DELETED, ADDED = "CONTRIBUTING.md", "reports/README.md", "docs/planted.md"
FIRST_LINE, NEW_LINE = "# How a change gets in\n", "# How a change is made\n"
GIVEN_UP = "docs/adr"
MANIFEST = ["config/planted.yaml", "tools/planted"]
CODE = ("src", "tests", "deployment/api")
OPTIONS = {"overwrite_if_exists", "skip_if_file_exists"}
CRUFT = """
import hashlib, marshal, pathlib, sys
import jinja2
from cruft._cli import app

compile_ = jinja2.Environment.compile

def remembered(environment, source, name=None, filename=None, **named):
    key = hashlib.sha256(repr((environment.trim_blocks, source, name, named)).encode()).hexdigest()
    file = pathlib.Path(FOLDER, key)
    if not file.exists():
        file.write_bytes(marshal.dumps(compile_(environment, source, name, filename, **named)))
    return marshal.loads(file.read_bytes())

jinja2.Environment.compile = remembered
sys.exit(app())
"""


def copied(template: Path, folder: Path) -> Repository:
    """The template without history, tagged v0.1.0.

    Most of the project's code is left out: it is rendered like the other files, only slower.
    """
    folder.mkdir(parents=True)
    for part in ("hooks", "templates", INNER):
        shutil.copytree(template / part, folder / part)
    shutil.copy(template / "cookiecutter.json", folder)
    features = json.loads((folder / "cookiecutter.json").read_text("utf-8"))["__features"]
    owned = [
        path.replace("{{ ", "{{").replace(" }}", "}}") for f in features.values() for path in f
    ]
    for file in [file for code in CODE for file in (folder / INNER / code).glob("*/**/*")]:
        path = file.relative_to(folder / INNER).as_posix()
        if file.is_file() and not any(f"{path}/".startswith(f"{own}/") for own in owned):
            file.unlink()
    repository = Repository(folder)
    repository.write(f"{INNER}/src/{{{{cookiecutter.package_name}}}}/__init__.py", "")
    repository.write("README.md", "Of the template, not of a project.\n")
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("v0.1.0")
    return repository


def plant(repository: Repository) -> None:
    """One of each kind of change."""
    changed = repository.text(f"{INNER}/{CHANGED}").replace(FIRST_LINE, NEW_LINE)
    repository.write(f"{INNER}/{CHANGED}", changed)
    repository.git("rm", "--quiet", f"{INNER}/{DELETED}")
    repository.write(f"{INNER}/{ADDED}", "# The team {{ cookiecutter.team }}\n")
    for path in ("config/planted.yaml", "tools/planted/one.txt", "tools/planted/two.txt"):
        repository.write(f"{INNER}/{path}", "planted: true\n")
    repository.write(f"{INNER}/{GIVEN_UP}/planted.md", "# For a folder that users delete\n")
    document = json.loads(repository.text("cookiecutter.json"))
    document["team"] = "of {{ cookiecutter.organization }}"
    document["use_planted"] = False
    document["__features"]["use_planted"] = MANIFEST
    repository.write("cookiecutter.json", json.dumps(document, ensure_ascii=False))
    repository.commit("v0.2.0")


def baked(releases: Repository, tag: str, folder: Path, **answers: Any) -> Repository:
    """A project made by plain cookiecutter from a tag of the template's URL."""
    given = {key: answers.pop(key) for key in OPTIONS & answers.keys()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ML_TEMPLATE_SKIP", "dvc lock")
        made = cookiecutter(
            releases.folder.as_uri(),
            checkout=tag,
            no_input=True,
            output_dir=str(folder),
            extra_context={"project_slug": "churn", **answers},
            **given,
        )
    return Repository(Path(made))


def edited(project: Repository) -> None:
    """Changes as a user makes them: in a file of the template, in an own one, and a deletion."""
    project.write(CHANGED, project.text(CHANGED) + "\nAsk Ada first.\n")
    project.write("src/churn/ours.py", "OURS = 42\n")
    project.git("rm", "-r", "--quiet", GIVEN_UP)
    project.commit()


@pytest.fixture(scope="session")
def releases(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The template with both tags; not to be changed by a test."""
    repository = copied(template, tmp_path_factory.mktemp("releases") / "template.git")
    plant(repository)
    return repository


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with real cruft, which remembers compiled templates from process to process."""
    folder = tmp_path_factory.mktemp("programs")
    script = folder / "cruft"
    script.write_text(f"#!{sys.executable}\n{CRUFT.replace('FOLDER', repr(str(folder)))}", "utf-8")
    script.chmod(0o755)
    (folder / "cruft.cmd").write_text(f'@"{sys.executable}" "{script}" %*\n', "utf-8")
    return folder


@pytest.fixture
def surroundings_of_a_user(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network is needed; `cruft` is on the path."""
    monkeypatch.setenv("ML_TEMPLATE_SKIP", "dvc lock")
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)


@pytest.fixture(scope="session")
def originals(
    releases: Repository, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Repository]:
    """A project of each tag as it was made; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("originals")
    return {tag: baked(releases, tag, folder / tag) for tag in ("v0.1.0", "v0.2.0")}


@pytest.fixture
def project(originals: dict[str, Repository], tmp_path: Path) -> Repository:
    """A project of v0.1.0 with one commit."""
    copy = shutil.copytree(originals["v0.1.0"].folder, tmp_path / "churn", symlinks=True)
    return Repository(copy)


@pytest.fixture
def newer(originals: dict[str, Repository], tmp_path: Path) -> Repository:
    """A project of v0.2.0 with one commit."""
    copy = shutil.copytree(originals["v0.2.0"].folder, tmp_path / "newer", symlinks=True)
    return Repository(copy)
