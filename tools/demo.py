"""The main job, shown: from no project at all to a prediction answered over HTTP."""

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from live_service import DemoFailed, LiveService, free_port

TEMPLATE = Path(__file__).resolve().parent.parent
PARTS = 5
# Whoever starts this script has an environment of its own; the project gets another. And where
# bytecode may not be kept, each of its commands would compile PyTorch anew.
NOT_THE_PROJECTS = (
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "VIRTUAL_ENV",
    "PYTHONDONTWRITEBYTECODE",
)
TIMES: dict[str, float] = {}  # seconds by title, as the parts end
EXAMPLE_ROW = """
import json, sys
from pathlib import Path
import pyarrow.parquet as parquet
folder = Path("data/processed/digits")
target = json.loads((folder / "manifest.json").read_text())["data_schema"]["target"]["name"]
row = parquet.read_table(folder / "test.parquet").slice(0, 1).to_pylist()[0]
label = row.pop(target)
json.dump({"label": label, "inputs": [list(row.values())]}, sys.stdout)
"""


def main(arguments: list[str]) -> int:
    """The exit code: 0 when a prediction was answered, 1 on failure, 130 on Ctrl-C."""
    options = parsed(arguments)
    for name in NOT_THE_PROJECTS:
        os.environ.pop(name, None)
    try:
        show(Path(options.folder).resolve(), options.torch_build)
    except DemoFailed as problem:
        print(f"\nerror: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; what was made so far stays, and the same command goes on with it.")
        return 130
    return 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("folder", nargs="?", default="demo-project", help="where the project goes")
    parser.add_argument("--torch-build", help="an answer to the template's question, e.g. cpu")
    return parser.parse_args(arguments)


def show(project: Path, torch_build: str | None) -> None:
    """Runs the five parts; raises DemoFailed with one sentence where one of them fails."""
    with part(1, "Make the project"):
        make_project(project, torch_build)
    with part(2, "Install what it needs (uv sync)"):
        step(project, "uv", "sync")
    with part(3, "Prepare, train, evaluate, register, promote (uv run pipeline)"):
        step(project, "uv", "run", "pipeline")
    with part(4, "Start the service (uv run serve)"):
        service = LiveService.start(project, free_port())
    try:
        with part(5, "Ask it for a prediction"):
            ask(service)
    finally:
        service.stop()
    print_times()
    print_where_to_look(project)


@contextmanager
def part(number: int, title: str) -> Iterator[None]:
    """A heading before and the time after."""
    print(f"\n[{number}/{PARTS}] {title}", flush=True)
    started = time.perf_counter()
    yield
    TIMES[title] = time.perf_counter() - started
    print(f"      done in {TIMES[title]:.1f} s", flush=True)


def make_project(project: Path, torch_build: str | None) -> None:
    """Bakes the default project, or goes on with the one that an earlier demo made there."""
    if project.exists() and (not project.is_dir() or any(project.iterdir())):
        if not is_ours(project):
            raise DemoFailed(f"{project} already holds something else; name another folder.")
        print(f"      {project} is there already; delete it for a fresh start.")
        return
    answers = {"project_name": project.name.replace("-", " ").title(), "project_slug": project.name}
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if python in ("3.11", "3.12", "3.13"):  # else uv fetches the default one
        answers["python_version"] = python
    if torch_build:
        answers["torch_build"] = torch_build
    if project.exists():
        project.rmdir()  # empty: cookiecutter wants to make it
    bake(project.parent, answers)


def bake(parent: Path, answers: dict[str, str]) -> None:
    """Runs cookiecutter; shows what its hook does and notes, or raises what it complains of."""
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    given = [f"{question}={answer}" for question, answer in answers.items()]
    with subprocess.Popen(
        [*command, "--output-dir", str(parent), str(TEMPLATE), *given],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as baking:
        assert baking.stdout is not None
        said = []
        for line in map(str.rstrip, baking.stdout):
            said.append(line)
            if line.startswith("note: ") or line.endswith(" ..."):
                print(f"      {line}", flush=True)
    if baking.returncode:
        complaints = [line.removeprefix("error: ") for line in said if line.startswith("error: ")]
        raise DemoFailed(" ".join(complaints) or (said or ["cookiecutter failed."])[-1])


def is_ours(project: Path) -> bool:
    """Whether this folder was made by an earlier demo."""
    try:
        document = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    return bool(document.get("project", {}).get("name") == project.name)


def step(folder: Path, *command: str) -> None:
    """Runs a command whose output the user should see."""
    print(f"      $ {' '.join(command)}", flush=True)
    try:
        code = subprocess.run(command, cwd=folder, check=False).returncode
    except OSError as problem:
        raise DemoFailed(f"{command[0]} could not be started: {problem}.") from problem
    if code:
        raise DemoFailed(f"`{' '.join(command)}` ended with exit code {code}; see above.")


def ask(service: LiveService) -> None:
    """Sends one row of the test split and prints question, answer and truth."""
    row = service.example(EXAMPLE_ROW)
    print(f"      POST {service.url}/v1/predict with the first row of the test split")
    answer = service.post("/v1/predict", {"inputs": row["inputs"]})
    print(f"      answer: {answer}")
    print(f"      the true label of that row: {row['label']}")


def print_times() -> None:
    """What each part took; together, the time from nothing to the first prediction."""
    print(f"\nFrom nothing to the first prediction: {sum(TIMES.values()):.1f} s")
    for title, seconds in TIMES.items():
        print(f"  {seconds:6.1f} s  {title}")


def print_where_to_look(project: Path) -> None:
    """Where everything is, and what to type next."""
    reports = sorted(project.glob("reports/**/*.html")) or sorted(project.glob("reports/**/*.md"))
    reports = [path for path in reports if path.name != "README.md"]
    print(f"\nThe project:  {project}")
    for report in reports[-1:]:
        print(f"The report:   {report}")
    print("The service:  uv run serve, then http://127.0.0.1:8000/docs")
    print(f"\nNext:  cd {project}")
    for name in os.environ.get("ML_TEMPLATE_PASSED_ON", "").split():
        word = "set" if os.name == "nt" else "export"
        print(f"       {word} {name}={os.environ[name]}   # pip's setting; uv does not read those")
    print("       uv run serve                  # the same service, for you")
    print("       uv run train model=cnn        # another model")
    print("       uv run pipeline data=table data.path=FILE.csv data.target=COLUMN   # your data")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
