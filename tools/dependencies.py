"""Whether a generated project declares what it imports, and imports what it declares."""

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from linters import write
from renderer import File

# Distributions whose modules have another name than they have themselves. deptry asks the
# environment that it runs in, where a project's libraries are not installed.
MODULES = {
    "hydra-core": "hydra",
    "mlflow-skinny": "mlflow",
    "opentelemetry-exporter-otlp-proto-http": "opentelemetry",
    "opentelemetry-sdk": "opentelemetry",
    "pillow": "PIL",
    "protobuf": "google",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "vl-convert-python": "vl_convert",
}
# Declared without an import of the project's own, each with its reason.
UNIMPORTED = {
    "fastapi-offline": "the service reads its files of Swagger UI, and imports nothing",
    "psycopg": "SQLAlchemy speaks to PostgreSQL with it",
}
# Modules that are there without a distribution, each with its reason.
PROVIDED = {
    "triton_python_backend_utils": "Triton gives it to the models that its Python backend runs",
}
COMPLAINT = re.compile(r"^(?P<place>\S+): (?P<what>DEP\d+ .+)$", re.MULTILINE)


def is_source(file: File) -> bool:
    """Whether a file may import something."""
    return file.path.endswith((".py", ".ipynb"))


def settings(files: Collection[File]) -> dict[str, Any]:
    """The pyproject.toml among the files."""
    (pyproject,) = (file for file in files if file.path == "pyproject.toml")
    return parsed(pyproject)


@functools.cache
def parsed(pyproject: File) -> dict[str, Any]:
    """The document, read once."""
    return tomllib.loads(pyproject.text)


def wheel_packages(files: Collection[File]) -> list[str]:
    """The folders of the packages that the project ships."""
    packages: list[str] = settings(files)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return packages


def signature(files: Collection[File]) -> tuple[Any, ...]:
    """What the verdict depends on: two projects with equal signatures have equal faults."""
    document = settings(files)
    keys = ("name", "dependencies", "optional-dependencies")
    declared = [document["project"].get(key) for key in keys]
    sources = [file for file in files if is_source(file)]
    imports = {
        (file.path.partition("/")[0], name)
        for file in sources
        for name in imported(file.path, file.text)
    }
    modules = {PurePosixPath(file.path).stem for file in sources} & {name for _, name in imports}
    groups = document.get("dependency-groups")
    return (repr(declared), repr(groups), frozenset(imports), frozenset(modules))


@functools.cache
def imported(path: str, text: str) -> frozenset[str]:
    """The first part of each module that a file imports.

    The whole text stands for the imports of a notebook, and of a file that is not yet Python.
    """
    try:
        tree = list(ast.walk(ast.parse(text if path.endswith(".py") else "no Python")))
    except SyntaxError:  # told by the one who parses every file
        return frozenset([text])
    plain = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    origins = {node.module for node in tree if isinstance(node, ast.ImportFrom) and not node.level}
    return frozenset(name.partition(".")[0] for name in (*plain, *filter(None, origins)))


JUDGED: dict[Any, list[str]] = {}  # by signature


def faults_of_dependencies(files: Sequence[File], folder: Path) -> list[str]:
    """What is wrong with the dependencies of a project; judged once for each signature.

    It is written to `folder`, which is new.
    """
    known = signature(files)
    if known not in JUDGED:
        write(files, folder)
        told = faults_of_all(files, folder) | faults_of_shipped(files, folder)
        JUDGED[known] = [f"dependencies: {place}: {what}" for what, place in told.items()]
    return JUDGED[known]


def faults_of_shipped(files: Sequence[File], folder: Path) -> dict[str, str]:
    """What is shipped needs no more than is declared, and all of it but the extras."""
    packages = [PurePosixPath(package) for package in wheel_packages(files)]
    extras = settings(files)["project"].get("optional-dependencies", {}).values()
    unused = {*UNIMPORTED, *(re.split(r"[^\w.-]", line)[0] for extra in extras for line in extra)}
    return deptry(
        folder,
        sorted({str(package.parent) for package in packages}),
        [package.name for package in packages],
        *("--per-rule-ignores", f"DEP002={'|'.join(sorted(unused))}"),
    )


def faults_of_all(files: Sequence[File], folder: Path) -> dict[str, str]:
    """With tests, notebooks and tools, which may need the groups for development, all is used."""
    sources = [PurePosixPath(file.path) for file in files if is_source(file)]
    own = [PurePosixPath(package).name for package in wheel_packages(files)]
    return deptry(
        folder,
        sorted({path.parts[0] for path in sources}),
        [*own, *(path.stem for path in sources if path.parts[0] != "src")],
        *("--ignore", "DEP004", "--per-rule-ignores", f"DEP002={'|'.join(UNIMPORTED)}"),
    )


def deptry(
    folder: Path, places: Sequence[str], own: Collection[str], *options: str
) -> dict[str, str]:
    """The complaints of deptry about these parts of a project, each with one place.

    Raises RuntimeError where deptry itself failed.
    """
    names = ",".join(f"{package}={module}" for package, module in MODULES.items())
    options = (*options, "--exclude", r"\.venv", "--package-module-name-map", names)
    first_party = [
        option for name in sorted({*own, *PROVIDED}) for option in ("--known-first-party", name)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "deptry", *places, "--no-ansi", *options, *first_party],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    complaints = {found["what"]: found["place"] for found in COMPLAINT.finditer(done.stdout)}
    if done.returncode and not complaints:
        raise RuntimeError(f"deptry failed: {done.stdout}")
    return complaints
