"""A template of two files, a project made from it, and a `cruft` that can be told to fail.

The quick tests have a `cruft` of their own, for failures that the real one only seldom shows.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOL = ROOT / "tools" / "template"
INNER = "{" * 2 + "cookiecutter.project_slug" + "}" * 2
MANIFEST = {"use_jam": ["jam.txt"], "store=disk": [], "store=tape|disk and use_jam": []}
ENVIRONMENT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull} | {
    f"GIT_{who}_{what}": f"{what.lower()}@example.com"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
# `create` gives the template's files as they were at a commit; `update` moves the recorded commit.
# What else it does, or does not, FAKE says.
FAKE_CRUFT = f"""
import json, os, pathlib, subprocess, sys
verb, options = sys.argv[1], sys.argv[2:]
commit = options[options.index("--checkout") + 1]
if os.environ.get("FAKE") == verb:
    sys.exit("error: the dog ate it.")
if verb == "create":
    into = pathlib.Path(options[options.index("--output-dir") + 1], "toast")
    into.mkdir()
    git = ["git", "--git-dir", options[0], "--work-tree", into, "checkout", commit, "--", "."]
    subprocess.run(git, check=True, capture_output=True)
    for path in (into / "{INNER}").iterdir():
        path.rename(into / path.name)
    (into / "cookiecutter.json").unlink()
else:
    source = options[options.index("--template-path") + 1]
    commit = subprocess.check_output(["git", "rev-parse", commit], cwd=source, text=True).strip()
    record = json.loads(pathlib.Path(".cruft.json").read_text())
    pathlib.Path(".cruft.json").write_text(json.dumps(dict(record, commit=commit)))
    if os.environ.get("FAKE") == "rejects":
        pathlib.Path("bread.txt.rej").write_text("@@ -1 +1 @@")
    elif os.environ.get("FAKE") != "nothing":
        pathlib.Path("bread.txt").write_text("brown\\n")
"""
FAKE_UV = """
import os, sys
print(*sys.argv[1:])
sys.exit("1 failed" if os.environ.get("FAKE") == "uv" else 0)
"""


class Folder:
    """A git repository and what is done in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        return subprocess.check_output(["git", *arguments], cwd=self.path, text=True).strip()

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_bytes(text.encode())

    def commit(self, tag: str = "") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "change")
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def tool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "tools/template", *arguments],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )

    def refusal(self, *arguments: str) -> str:
        done = self.tool(*arguments)
        assert done.returncode == 1, done.stdout
        assert done.stderr.startswith("error: ")
        return done.stderr.removeprefix("error: ")


@pytest.fixture(autouse=True)
def own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):  # set where a git hook runs this
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def template(tmp_path: Path) -> Folder:
    """v0.9.0 and v0.10.0, which has other bread, and two commits of which none is a release."""
    made = Folder(tmp_path / "template")
    for bread, jam, tag in (("white", "red", "v0.9.0"), ("brown", "red", "v0.10.0")):
        questions = {"project_slug": "toast", "use_jam": False, "store": ["tape", "disk"]}
        made.write("cookiecutter.json", json.dumps({**questions, "__features": MANIFEST}))
        made.write(f"{INNER}/bread.txt", f"{bread}\n")
        made.write(f"{INNER}/jam.txt", f"{jam}\n")
        made.commit(tag)
    made.write("README.md", "Not of a project.\n")
    made.commit()
    made.git("tag", "v1.0.0-rc1")
    return made


@pytest.fixture
def project(tmp_path: Path, template: Folder) -> Folder:
    """Made from v0.9.0, with one commit and this tool."""
    made = Folder(tmp_path / "toast")
    answers = {"project_slug": "toast", "use_jam": False, "store": "disk"}
    record = {
        "template": str(template.path),
        "commit": template.git("rev-parse", "v0.9.0"),
        "checkout": "v0.9.0",
        "context": {"cookiecutter": {**answers, "__features": MANIFEST}},
        "directory": None,
    }
    made.write(".cruft.json", json.dumps(record))
    made.write("bread.txt", "white\n")
    made.write(".gitignore", "__pycache__/\n*.rej\n")
    shutil.copytree(TOOL, made.path / "tools" / "template")
    made.commit()
    return made


@pytest.fixture
def fake_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts it on the path, and a `uv` as well; its argument says what goes wrong."""

    def told(what: str) -> None:
        folder = tmp_path / "programs"
        folder.mkdir()
        for name, code in (("cruft", FAKE_CRUFT), ("uv", FAKE_UV)):
            script = folder / name
            script.write_text(f"#!{sys.executable}\n{code}")
            script.chmod(0o755)
            (folder / f"{name}.cmd").write_text(f'@"{sys.executable}" "{script}" %*\n')
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
        monkeypatch.setenv("FAKE", what)

    return told


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a module of the tool, for this test only."""
    monkeypatch.syspath_prepend(TOOL)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        del sys.modules[name]
