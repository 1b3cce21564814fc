"""The work of this repository, one session each; `python3 dev.py nox --list` shows them."""

import os
import shutil
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "tests", "render"]

OWN_PYTHON = ("dev.py", "noxfile.py", "benchmarks", "hooks", "tests", "tools")
GROUPS = nox.project.load_toml("pyproject.toml")
# Projects whose own suites are run: the default, and one that strains every width.
SUITES: dict[str, dict[str, str]] = {
    "default": {},
    "long-names": {
        "project_name": "Überaus Lange Namen & <Sonderzeichen> im Projekt",
        "project_slug": "a-project-with-a-name-that-is-as-long-as-one-may-b",
        "package_name": "package_with_a_name_of_thirty_",
        "description": 'Quotes " and \\ backslashes, emoji 🐍 and עברית.',
        "author_name": 'Ada "Countess" Lovelace \\ Байрон',
        "license": "Proprietary",
    },
}
# nox points uv at the session's environment; the generated project has its own. Bytecode is
# kept even where it is not wanted: the suite starts PyTorch in dozens of processes.
OWN_ENVIRONMENT = {
    **dict.fromkeys(("UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "VIRTUAL_ENV")),
    "PYTHONDONTWRITEBYTECODE": "",
}
# What the generated project tells its engineers to run, and what it promises of its coverage.
PROJECT_CHECKS = (("just", "check"), ("coverage", "report", "--fail-under=90"))

# Each takes a project whose pipeline has run.
BENCHMARKS = ("commands", "training", "service")


def install(session: nox.Session, group: str) -> None:
    """Installs a dependency group of pyproject.toml into the session's environment."""
    session.install(*nox.project.dependency_groups(GROUPS, group))


@nox.session
def lint(session: nox.Session) -> None:
    """Style and types of the template's own Python (hooks, tests, tools)."""
    install(session, "lint")
    own = [name for name in OWN_PYTHON if Path(name).exists()]
    session.run("ruff", "check", *own)
    session.run("ruff", "format", "--check", *own)
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Answers, hooks, hygiene and the rendering of the default project; under a minute."""
    install(session, "tests")
    session.run("pytest", "-m", "not render", *session.posargs)


@nox.session
def render(session: nox.Session) -> None:
    """Bakes every pair of licence, Python and torch build; `-- --all` bakes the full product."""
    install(session, "tests")
    session.run("pytest", "-m", "render", *session.posargs)


@nox.session
@nox.parametrize("answers", [nox.param(name, id=name) for name in SUITES])
def suites(session: nox.Session, answers: str) -> None:
    """Bakes a project and runs its own checks in its own environment, by its own commands."""
    install(session, "bake")
    project = bake(session, session.cache_dir / "suites" / answers, SUITES[answers])
    environment = {**OWN_ENVIRONMENT, "MLFLOW_SERVER": mlflow_server(session)}
    with session.chdir(project):
        session.run("uv", "sync", "--quiet", external=True, env=environment)
        for check in PROJECT_CHECKS:
            session.run("uv", "run", "--no-sync", *check, external=True, env=environment)
        session.run("uv", "build", "--quiet", "--wheel", external=True, env=environment)
    check_wheel(session, project)


def check_wheel(session: nox.Session, project: Path) -> None:
    """The wheel has both packages, data files included: an image that serves installs it."""
    (wheel,) = (project / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    wanted = {f"{package}/evaluation/report.html", f"{package}_api/app.py"}
    if missing := wanted - set(names):
        session.error(f"{wheel.name} lacks {', '.join(sorted(missing))}.")


def mlflow_server(session: nox.Session) -> str:
    """The `mlflow` command of a full MLflow; a project's own environment has only the client."""
    folder = (session.cache_dir / "mlflow-server").absolute()
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    if not scripts.exists():
        session.run("uv", "venv", "--quiet", str(folder), external=True)
    into = ("--quiet", "--python", str(scripts / "python"))
    session.run("uv", "pip", "install", *into, "mlflow>=3.13,<4", external=True)
    return str(scripts / "mlflow")


def bake(session: nox.Session, output: Path, answers: dict[str, str]) -> Path:
    """The folder of a new project made from these answers by the ordinary command line."""
    shutil.rmtree(output, ignore_errors=True)
    given = [f"{question}={answer}" for question, answer in answers.items()]
    options = ["--no-input", "--default-config", "--output-dir", str(output)]
    template = str(Path.cwd())
    session.run("cookiecutter", *options, template, *given)
    return next(output.iterdir())


@nox.session
def demo(session: nox.Session) -> None:
    """A project from nothing to a served prediction; `-- FOLDER` says where."""
    install(session, "bake")
    session.run("python", "tools/demo.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measures what the documentation claims; `-- training service` chooses among benchmarks/."""
    install(session, "bake")
    project = session.cache_dir / "measured"
    shutil.rmtree(project, ignore_errors=True)
    session.run("python", "tools/demo.py", str(project))  # itself the time to the first prediction
    for name in session.posargs or BENCHMARKS:
        session.run("python", f"benchmarks/{name}.py", str(project))
