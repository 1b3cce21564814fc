"""What stays in a generated project though only a pruned file used it.

A module is used where it is imported or named in full, not where a text has a word like its name.
"""

import ast
import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from dependencies import settings
from renderer import File

Imports = Mapping[File, frozenset[str]]

# A folder with such a file imports whatever lies in it.
FINDS_BY_PLACE = re.compile(r"iter_modules\(|import_module\(\w+\.stem\)")
# What Alembic runs, because of where it lies.
FOUND_BY_ALEMBIC = re.compile(r"(?m)^from alembic import (?:context|op)$")
# Where texts that are no Python name a module: Hydra, logging, `python -m`, an ASGI server.
NAMING = re.compile(
    r"(?:_target_|class|\(\)|factory): *[\"']?(?P<value>\w+(?:\.\w+)+)"
    r"|(?<!\S)[\"']?-m[\"']?,? +[\"']?(?P<run>\w+(?:\.\w+)*)"
    r"|\b(?P<app>\w+(?:\.\w+)+):[A-Za-z_]\w*"
)
COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+(?::\w+)?")
# Beside these, a file that is no Python is there because another one reads it.
READ_BY_NAME = ("deployment", "tests", "tools")


def unused(files: Sequence[File], names: Mapping[str, str], imports: Imports) -> Iterator[str]:
    """Yields the Python files that no other file uses.

    `names` has the dotted name of each module of a package by its path. What only tests use is
    used by nothing, unless it is theirs.
    """
    roots = [PurePosixPath(root) for root in python_path(files)]
    pages = [file for file in files if file.path.endswith(".md")]
    finding = {PurePosixPath(f.path).parent for f in imports if FINDS_BY_PLACE.search(f.text)}
    users = {file: prefixes(imports.get(file, frozenset()) | named_by(file)) for file in files}
    for file in imports:
        path = PurePosixPath(file.path)
        theirs = is_test(file)
        if path.name.startswith(("__", "test_")) or path.parent in finding:
            continue
        if FOUND_BY_ALEMBIC.search(file.text):
            continue
        if path.name == "conftest.py":
            if not any(is_below(other, path.parent) for other in files):
                yield f"{file.path} serves no test"
            continue
        name = names.get(file.path) or name_below(path, roots)
        others = [f for f in files if f is not file and (theirs or not is_test(f))]
        if any(name in users[other] for other in others):
            continue
        # A script goes by the name of its file; in a package only for those that lie beside it.
        beside = [f for f in others if PurePosixPath(f.path).parent == path.parent]
        near = beside if file.path in names else others
        shown = any(f"from {name} import" in page.text for page in pages)
        if not shown and not any(has(other, path.name) for other in near):
            yield f"{file.path} is used by nothing"


def unmentioned(files: Sequence[File], packages: Collection[PurePosixPath]) -> Iterator[str]:
    """Yields the data files beside code whose name no other file has."""
    folders = (*packages, *map(PurePosixPath, READ_BY_NAME))
    for file in files:
        path = PurePosixPath(file.path)
        if path.suffix == ".py" or not any(path.is_relative_to(folder) for folder in folders):
            continue
        if not any(has(other, path.name) for other in files if other is not file):
            yield f"{file.path} is mentioned by nothing"


def is_test(file: File) -> bool:
    """Whether a file is for tests alone."""
    return file.path.startswith("tests/")


def is_below(file: File, folder: PurePosixPath) -> bool:
    """Whether a file is a test in this folder or below it."""
    path = PurePosixPath(file.path)
    return path.name.startswith("test_") and path.is_relative_to(folder)


def python_path(files: Sequence[File]) -> list[str]:
    """The folders that pytest imports from."""
    tools = settings(files)["tool"]
    found: list[str] = tools.get("pytest", {}).get("ini_options", {}).get("pythonpath", [])
    return found


def name_below(path: PurePosixPath, roots: Collection[PurePosixPath]) -> str:
    """What a file outside the packages is imported as; a script by those that lie beside it."""
    root = next((root for root in roots if path.is_relative_to(root)), path.parent)
    return ".".join(path.relative_to(root).with_suffix("").parts)


def prefixes(names: Collection[str]) -> frozenset[str]:
    """The names, and the modules and packages that lead to them."""
    parts = [name.split(".") for name in names]
    return frozenset(".".join(p[:end]) for p in parts for end in range(1, len(p) + 1))


@functools.cache
def named_by(file: File) -> frozenset[str]:
    """The modules that a file names in full without an import."""
    if file.path == "pyproject.toml":
        project = settings([file])["project"]
        groups = [project.get("scripts", {}), *project.get("entry-points", {}).values()]
        return frozenset(target.partition(":")[0] for group in groups for target in group.values())
    if file.path.endswith(".py"):
        return named_in_python(file.text)
    if file.path.endswith(".md"):
        return frozenset()
    found = NAMING.finditer(COMMENT.sub("", file.text))
    return frozenset(name for match in found for name in match.groups() if name)


def named_in_python(text: str) -> frozenset[str]:
    """Dotted names that are whole strings, and every string that pytest or importlib is given."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # told by the one who parses every file
        return frozenset()
    dotted = {text.partition(":")[0] for text in strings(nodes) if DOTTED.fullmatch(text)}
    given = [
        node
        for node in nodes
        if (isinstance(node, ast.Assign) and "pytest_plugins" in map(ast.unparse, node.targets))
        or (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"))
    ]
    return frozenset(dotted.union(*(strings(ast.walk(node)) for node in given)))


def strings(nodes: Collection[ast.AST] | Iterator[ast.AST]) -> set[str]:
    """The texts among the nodes."""
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def has(file: File, name: str) -> bool:
    """Whether a file has this name of another in its text."""
    return name in file.text and bool(re.search(rf"(?<![\w-]){re.escape(name)}(?!\w)", file.text))
