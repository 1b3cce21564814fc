"""`bake(**answers)` makes a project as cookiecutter would; `BakedProject` is what comes out."""

import functools
import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
import pytest
from cookiecutter.main import cookiecutter

pytest_plugins = ["repositories", "released", "bootstrapping"]  # from tests/helpers

TEMPLATE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class BakedProject:
    """A generated project in its folder."""

    folder: Path

    def files(self) -> set[str]:
        """Paths with forward slashes, without git's own."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {path.as_posix() for path in found if path.parts[0] != ".git"}

    def texts(self) -> set[str]:
        """Paths of all files but pictures."""
        return {path for path in self.files() if b"\0" not in self.data(path)}

    def data(self, path: str) -> bytes:
        """The file as it is."""
        return (self.folder / path).read_bytes()

    def text(self, path: str) -> str:
        """The file as UTF-8, newlines as they are."""
        return self.data(path).decode("utf-8")

    def run(self, *command: str) -> str:
        """What the command printed; raises CalledProcessError with the output on failure."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
        return done.stdout


Bake = Callable[..., BakedProject]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="render the product of all choices")


@pytest.fixture(scope="session")
def questions() -> dict[str, Any]:
    """cookiecutter.json as it stands."""
    document: dict[str, Any] = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
    return document


@pytest.fixture(scope="session")
def template() -> Path:
    """The root of this repository."""
    return TEMPLATE


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A git identity of its own, whatever the machine's settings and the caller's repository."""
    settings = tmp_path_factory.mktemp("git") / "gitconfig"
    settings.write_text("[user]\n\tname = Test\n\temail = test@example.com\n")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "ML_TEMPLATE_SKIP"):
            patch.delenv(name, raising=False)
        patch.setenv("GIT_CONFIG_GLOBAL", str(settings))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("COOKIECUTTER_CONFIG", str(settings.parent / "none.yaml"))
        (settings.parent / "none.yaml").write_text(
            f"cookiecutters_dir: {settings.parent}\nreplay_dir: {settings.parent}\n"
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compiling the template's files is nine tenths of a bake; each text is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", memoised(jinja2.Environment.compile))
        yield


def memoised(compile_: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    @functools.wraps(compile_)
    def compile_once(environment: jinja2.Environment, *arguments: Any, **named: Any) -> Any:
        key = (environment.trim_blocks, arguments, tuple(sorted(named.items())))
        if key not in known:
            known[key] = compile_(environment, *arguments, **named)
        return known[key]

    return compile_once


@pytest.fixture(scope="session")
def bake_into() -> Callable[..., BakedProject]:
    """`bake_into(folder, git=True, **answers)`: for those who need to say where."""

    def into(folder: Path, *, git: bool = True, **answers: Any) -> BakedProject:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ML_TEMPLATE_SKIP", "dvc lock" if git else "all")
            made = cookiecutter(
                str(TEMPLATE), no_input=True, output_dir=str(folder), extra_context=answers
            )
        return BakedProject(Path(made))

    return into


@pytest.fixture
def bake(tmp_path: Path, bake_into: Callable[..., BakedProject]) -> Bake:
    """`bake(**answers)` into a fresh folder, with hooks."""
    return functools.partial(bake_into, tmp_path)


@pytest.fixture(scope="session")
def default_project(
    tmp_path_factory: pytest.TempPathFactory, bake_into: Callable[..., BakedProject]
) -> BakedProject:
    """The project that Enter at every question gives; not to be changed by a test."""
    return bake_into(tmp_path_factory.mktemp("default"))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pre_gen() -> ModuleType:
    """The hook as it lies in the repository, not rendered."""
    return load(TEMPLATE / "hooks" / "pre_gen_project.py")


@pytest.fixture(scope="session")
def post_gen() -> ModuleType:
    """The hook as it lies in the repository, not rendered."""
    return load(TEMPLATE / "hooks" / "post_gen_project.py")


@pytest.fixture(scope="session")
def dev() -> ModuleType:
    """The entry script."""
    return load(TEMPLATE / "dev.py")


@pytest.fixture(scope="session")
def demo() -> ModuleType:
    """The demo script."""
    return load(TEMPLATE / "tools" / "demo.py")


@pytest.fixture(scope="session")
def upgrade() -> ModuleType:
    """The script that upgrades projects of earlier releases."""
    return load(TEMPLATE / "tools" / "upgrade.py")


@pytest.fixture(scope="session")
def rendered() -> ModuleType:
    """The judgements about rendered files."""
    return load(TEMPLATE / "tools" / "rendered.py")


@pytest.fixture
def bake_copy() -> Callable[[dict[str, Any], Path], BakedProject]:
    """Bakes a copy of the template whose cookiecutter.json was changed."""

    def changed(changes: dict[str, Any], folder: Path) -> BakedProject:
        copy = folder / "template"
        for part in ("hooks", "templates", "{{cookiecutter.project_slug}}"):
            shutil.copytree(TEMPLATE / part, copy / part)
        document = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
        (copy / "cookiecutter.json").write_text(json.dumps({**document, **changes}), "utf-8")
        made = cookiecutter(str(copy), no_input=True, output_dir=str(folder))
        return BakedProject(Path(made))

    return changed
