"""The work of this repository, one session each; `python3 dev.py nox --list` shows them."""

import shutil
import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / "tools"))

import combinations
import sessions

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "tests", "render"]

OWN_PYTHON = ("dev.py", "noxfile.py", "benchmarks", "hooks", "tests", "tools")
GROUPS = nox.project.load_toml("pyproject.toml")
SUITES = combinations.suites(combinations.load_questions())
REQUIRED = "required"  # the tag of what `dev.py test` runs: what must pass before a change lands
# Answers that strain every width and every quotation.
LONG_NAMES = {
    "project_name": "Überaus Lange Namen & <Sonderzeichen> im Projekt",
    "project_slug": "a-project-with-a-name-that-is-as-long-as-one-may-b",
    "package_name": "package_with_a_name_of_thirty_",
    "description": 'Quotes " and \\ backslashes, emoji 🐍 and עברית.',
    "author_name": 'Ada "Countess" Lovelace \\ Байрон',
    "license": "Proprietary",
}
EVERYTHING: list[Path] = []  # that environment, once this process has looked after it
PRESETS = sorted(path.stem for path in Path("presets").glob("*.yaml"))
# A preset's session runs all that its suite would, in a clone and by its own lock.
REPEATED = set(combinations.PRESET_SUITES.values())
# A worker that is done takes tests of the others: else all slow ones might be left to one of them.
SHARED_OUT = ("-n", "auto", "--dist", "worksteal")
# What the generated project tells its engineers to run, and what it promises of its coverage.
FAST_TESTS = ("pytest", "--quiet", *SHARED_OUT, "-m", "not slow or e2e")
STATIC_CHECKS = (("just", "lint"), ("just", "typecheck"))
# The preset with every component runs the slow tests of all of them; the others would repeat them.
# The fast ones alone have to cover the code: slow tests would be slower yet if they were counted.
WITH_SLOW_TESTS = "full"
ALL_TESTS = (
    ("just", "test", "--quiet", *SHARED_OUT, "-m", "'not slow'"),
    ("coverage", "report", "--fail-under=90"),
    ("pytest", "--quiet", *SHARED_OUT, "-m", "slow"),
)
# Only this preset has the pages of Streamlit: they are looked at in a browser here.
WITH_STREAMLIT = "standard"
BROWSER_TESTS = ("pytest", "--quiet", *SHARED_OUT, "tests/integration/dashboards")
PRESET_TESTS = {WITH_SLOW_TESTS: ALL_TESTS, WITH_STREAMLIT: (FAST_TESTS, BROWSER_TESTS)}

BENCHMARKS = ("commands", "training", "service", "data", "dvc", "render", "serving")
SHORTER = {"serving": ("--rounds", "1", "--seconds", "2")}  # without peers and faults, too
WITHOUT_PROJECT = ("render",)  # the others take a project whose pipeline has run


def install(session: nox.Session, group: str) -> None:
    """Installs a dependency group of pyproject.toml into the session's environment."""
    session.install(*nox.project.dependency_groups(GROUPS, group))


@nox.session(tags=[REQUIRED])
def lint(session: nox.Session) -> None:
    """Style and types of the template's own Python (hooks, tests, tools)."""
    install(session, "lint")
    own = [name for name in OWN_PYTHON if Path(name).exists()]
    session.run("ruff", "check", *own)
    session.run("ruff", "format", "--check", *own)
    session.run("mypy")


@nox.session(tags=[REQUIRED])
def tests(session: nox.Session) -> None:
    """Answers, hooks, hygiene and the rendering of the default project; under a minute."""
    install(session, "tests")
    session.run("pytest", *SHARED_OUT, "-m", "not (render or ci)", *session.posargs)


@nox.session(tags=[REQUIRED])
def render(session: nox.Session) -> None:
    """Renders and checks every combination of components; `-- --all` the product of everything."""
    install(session, "tests")
    session.run("pytest", *SHARED_OUT, "-m", "render", *session.posargs)


@nox.session(tags=[REQUIRED])
def ci(session: nox.Session) -> None:
    """Executes the CI files of generated projects, against a real MLflow server."""
    install(session, "tests")
    session.run("pytest", "-m", "ci", *session.posargs, env=with_mlflow(session))


def with_mlflow(session: nox.Session) -> dict[str, str | None]:
    """The variables of whoever tests projects: where a server is, and what mypy found last."""
    return {
        **sessions.OWN_ENVIRONMENT,
        "MLFLOW_SERVER": sessions.mlflow_server(session),
        "MYPY_CACHE_DIR": str(session.cache_dir.absolute() / "mypy"),
    }


@nox.session
@nox.parametrize(
    "name",
    [nox.param(name, id=name, tags=[REQUIRED][name in REPEATED :]) for name in SUITES],
)
def suites(session: nox.Session, name: str) -> None:
    """Bakes a combination of components and runs its lint, types, tests and first prediction.

    `-- --all` runs the unit tests of rooms that no component reaches, too: they are the same files
    in every combination, and the presets, with every component and with none, run them anyway.
    """
    run_suite(session, name, SUITES[name], whole="--all" in session.posargs)


@nox.session(name="long-names")
def long_names(session: nox.Session) -> None:
    """The suite of a project with every component and the longest names that are allowed."""
    whole = sessions.together_everything(SUITES)[0]
    run_suite(session, "long-names", {**LONG_NAMES, **SUITES[whole]}, whole=True)


def run_suite(session: nox.Session, name: str, answers: dict[str, str], *, whole: bool) -> None:
    """One environment that has everything serves all suites; presets have their own."""
    install(session, "bake")
    project = sessions.bake(session, session.cache_dir / "suites" / name, answers, skip="dvc lock")
    python = everything(session)
    sessions.install(session, python, "--no-deps", "--editable", str(project))
    environment = {
        **with_mlflow(session),
        "UV_PROJECT_ENVIRONMENT": str(python.parent.parent),
        # A recipe's own `uv run` would change versions in it while tests import them.
        "UV_NO_SYNC": "1",
    }
    repeated = [] if whole else combinations.repeated_tests(project / "tests" / "unit")
    left_out = [f"--ignore=tests/unit/{path}" for path in repeated]
    with session.chdir(project):
        sessions.check(session, STATIC_CHECKS, [(*FAST_TESTS, *left_out)], environment)


def everything(session: nox.Session) -> Path:
    """The Python of the environment for every suite; made anew when dependencies change."""
    if not EVERYTHING:
        projects = [
            sessions.bake(session, session.cache_dir / "whole" / name, SUITES[name], skip="all")
            for name in sessions.together_everything(SUITES)
        ]
        folder = session.cache_dir / "everything"
        EVERYTHING.append(sessions.environment_for(session, folder, projects))
    return EVERYTHING[0]


@nox.session(tags=[REQUIRED])
@nox.parametrize("preset", [nox.param(name, id=name) for name in PRESETS])
def presets(session: nox.Session, preset: str) -> None:
    """Clones a preset's first commit, installs its own lock, and runs all of its checks."""
    install(session, "bake")
    folder = session.cache_dir / "presets" / preset
    options = ("--config-file", f"presets/{preset}.yaml")
    made = sessions.bake(session, folder, {}, *options, skip="")
    project = folder / "clone"
    session.run("git", "clone", "--quiet", str(made), str(project), external=True)
    environment = {**sessions.OWN_ENVIRONMENT, "MLFLOW_SERVER": sessions.mlflow_server(session)}
    with session.chdir(project):
        session.run("uv", "sync", "--quiet", "--locked", external=True, env=environment)
        tests = PRESET_TESTS.get(preset, (FAST_TESTS,))
        sessions.check(session, STATIC_CHECKS, tests, environment)
        session.run("uv", "build", "--quiet", "--wheel", external=True, env=environment)
    sessions.check_wheel(session, project)


@nox.session(tags=[REQUIRED])
def upgrade(session: nox.Session) -> None:
    """Takes a project of every earlier release and every preset to this template, and tests it."""
    install(session, "tests")
    session.run("python", "tools/upgrade.py", *session.posargs)


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
    session.install("cookiecutter-data-science")  # a peer of benchmarks/render.py
    for name in session.posargs or BENCHMARKS:
        taken = [] if name in WITHOUT_PROJECT else [str(project)]
        session.run("python", f"benchmarks/{name}.py", *taken, *SHORTER.get(name, ()))
