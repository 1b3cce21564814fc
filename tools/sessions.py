"""What several sessions of the noxfile need: baked projects and the environments they run in."""

import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import combinations
import nox

SCRIPTS = "Scripts" if os.name == "nt" else "bin"
# nox points uv at the session's environment; the generated project has its own. Bytecode is
# kept even where it is not wanted: the suite starts PyTorch in dozens of processes.
OWN_ENVIRONMENT: dict[str, str | None] = {
    **dict.fromkeys(("UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "VIRTUAL_ENV")),
    "PYTHONDONTWRITEBYTECODE": "",
}


def bake(
    session: nox.Session, output: Path, answers: Mapping[str, str], *options: str, skip: str
) -> Path:
    """The folder of a new project, made from these answers by the ordinary command line.

    `skip` names the steps of the project's bootstrap that are left out.
    """
    shutil.rmtree(output, ignore_errors=True)
    given = [f"{question}={answer}" for question, answer in answers.items()]
    common = ["--no-input", *(options or ["--default-config"]), "--output-dir", str(output)]
    # A machine that only tests has nobody's name, and the first commit needs one.
    people = ("GIT_AUTHOR", "GIT_COMMITTER")
    identity = {f"{who}_NAME": "Template" for who in people}
    identity |= {f"{who}_EMAIL": "template@example.com" for who in people}
    environment = {"ML_TEMPLATE_SKIP": skip, **identity}
    session.run("cookiecutter", *common, str(Path.cwd()), *given, env=environment)
    return next(path for path in output.iterdir() if path.is_dir())


def new_environment(session: nox.Session, folder: Path) -> Path:
    """The Python of an environment that is made once and kept."""
    folder = folder.absolute()
    python = folder / SCRIPTS / ("python.exe" if os.name == "nt" else "python")
    if not python.exists():
        wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
        session.run("uv", "venv", "--quiet", "--python", wanted, str(folder), external=True)
    return python


def together_everything(suites: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The names of few suites in which each choice that brings something occurs."""
    brings = {
        name: {item for item in answers.items() if item[1] not in combinations.OFF}
        for name, answers in suites.items()
    }
    missing, chosen = set().union(*brings.values()), []
    while missing:
        chosen.append(max(brings, key=lambda name: len(brings[name] & missing)))
        missing -= brings[chosen[-1]]
    return chosen


def environment_for(session: nox.Session, folder: Path, projects: Sequence[Path]) -> Path:
    """The Python of an environment with the dependencies of all these projects.

    A stamp says for which pyproject.toml files it was made; without it, or with another, the
    environment is made anew: half an installation is none.
    """
    documents = [project / "pyproject.toml" for project in projects]
    wanted = hashlib.sha256(b"".join(document.read_bytes() for document in documents)).hexdigest()
    stamp = folder / "stamp"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
    python = new_environment(session, folder)
    if not stamp.is_file():
        for project, document in zip(projects, documents, strict=True):
            install(session, python, "--editable", str(project), "--group", f"{document}:dev")
        stamp.write_text(wanted)
    return python


def install(session: nox.Session, python: Path, *requirements: str) -> None:
    """Adds to that environment."""
    into = ("--quiet", "--python", str(python))
    session.run("uv", "pip", "install", *into, *requirements, external=True)


def check(
    session: nox.Session,
    beside: Sequence[Sequence[str]],
    tests: Sequence[Sequence[str]],
    environment: Mapping[str, str | None],
) -> None:
    """Run commands of the project in the present folder; all have to succeed.

    Those `beside` the tests need one processor, which tests leave to them now and then; they show
    what they say only if they fail.
    """

    def run(command: Sequence[str], *, silent: bool) -> None:
        whole = ("uv", "run", "--no-sync", *command)
        session.run(*whole, external=True, silent=silent, env=environment)

    with ThreadPoolExecutor(len(beside)) as pool:
        running = [pool.submit(run, command, silent=True) for command in beside]
        for command in tests:
            run(command, silent=False)
    for each in running:
        each.result()


def mlflow_server(session: nox.Session) -> str:
    """The `mlflow` command of a full MLflow; a project's own environment has only the client."""
    python = new_environment(session, session.cache_dir / "mlflow-server")
    install(session, python, "mlflow>=3.13,<4")
    return str(python.with_name("mlflow"))


def check_wheel(session: nox.Session, project: Path) -> None:
    """The wheel has both packages, data files included: an image that serves installs it."""
    (wheel,) = (project / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    wanted = {f"{package}/evaluation/report.html", f"{package}_api/app.py"}
    if missing := wanted - set(names):
        session.error(f"{wheel.name} lacks {', '.join(sorted(missing))}.")
