"""Whether the modules of a generated project fit together.

Nothing may import what was pruned, and no module may stay behind that only a pruned one used.
"""

import ast
import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from dependencies import wheel_packages
from renderer import File

# What may name a module beside Python: settings that name a class, scripts, recipes.
NAMING = (".py", ".toml", ".yaml", ".yml", ".just", "justfile", ".html")
FINDS_BY_PLACE = "iter_modules"  # a folder with this word imports whatever lies in it


def faults_of_modules(files: Sequence[File]) -> Iterator[str]:
    """Yields imports of own modules that are not there, and modules that nothing names."""
    packages = {PurePosixPath(package) for package in wheel_packages(files)}
    modules = {name: file for file in files if (name := module_of(file.path, packages))}
    own = {package.name for package in packages}
    for file in files:
        if file.path.endswith(".py"):
            for wanted in sorted(wanted_by(file.text)):
                if wanted.partition(".")[0] in own and not is_there(wanted, modules):
                    yield f"{file.path} imports {wanted}, which is not there"
    yield from unused(modules, files)


def module_of(path: str, packages: Collection[PurePosixPath]) -> str:
    """The dotted name of a module in one of the packages; empty for other files."""
    file = PurePosixPath(path)
    for package in packages:
        if file.suffix == ".py" and file.is_relative_to(package):
            return ".".join(file.relative_to(package.parent).with_suffix("").parts)
    return ""


@functools.cache
def wanted_by(text: str) -> frozenset[str]:
    """Every dotted name that a file imports, the imported attributes included."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # told by the one who parses every file
        return frozenset()
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_somewhere = {
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }
    return frozenset(plain | from_somewhere)


def is_there(wanted: str, modules: Mapping[str, File]) -> bool:
    """Whether a name is a module or package of the project, or something that one of them has."""
    if wanted in modules or f"{wanted}.__init__" in modules:
        return True
    parent, _, attribute = wanted.rpartition(".")
    holder = modules.get(parent) or modules.get(f"{parent}.__init__")
    return holder is not None and attribute in words(holder.text)


def unused(modules: Mapping[str, File], files: Sequence[File]) -> Iterator[str]:
    """Yields the modules that no other file names but tests, nor a page shows how to import."""
    naming = [f for f in files if f.path.endswith(NAMING) and not f.path.startswith("tests/")]
    finding = {PurePosixPath(f.path).parent for f in naming if FINDS_BY_PLACE in words(f.text)}
    pages = [file.text for file in files if file.path.endswith(".md")]
    for name, file in modules.items():
        stem = name.rpartition(".")[2]
        by_place = stem.startswith("__") or PurePosixPath(file.path).parent in finding
        named = any(stem in words(f.text) for f in naming if f is not file)
        if not (by_place or named or any(f"from {name} import" in page for page in pages)):
            yield f"{file.path} is used by nothing"


@functools.cache
def words(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(re.findall(r"\w+", text))
