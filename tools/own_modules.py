"""Whether the modules of a generated project fit together: nothing may import what was pruned."""

import ast
import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from dependencies import wheel_packages
from leftovers import unmentioned, unused
from renderer import File


def faults_of_modules(files: Sequence[File]) -> Iterator[str]:
    """Yields imports of own modules that are not there, and what stays though nothing uses it."""
    packages = {PurePosixPath(package) for package in wheel_packages(files)}
    modules = {name: file for file in files if (name := module_of(file.path, packages))}
    names = {file.path: name for name, file in modules.items()}
    wanted = {f: wanted_by(f.text, names.get(f.path, "")) for f in files if is_python(f)}
    own = {package.name for package in packages}
    for file, imported in wanted.items():
        for name in sorted(imported):
            if name.partition(".")[0] in own and not is_there(name, modules):
                yield f"{file.path} imports {name}, which is not there"
    yield from unused(files, names, wanted)
    yield from unmentioned(files, packages)


def is_python(file: File) -> bool:
    """Whether a file is a module or a script."""
    return file.path.endswith(".py")


def module_of(path: str, packages: Collection[PurePosixPath]) -> str:
    """The dotted name of a module in one of the packages; empty for other files."""
    file = PurePosixPath(path)
    for package in packages:
        if file.suffix == ".py" and file.is_relative_to(package):
            return ".".join(file.relative_to(package.parent).with_suffix("").parts)
    return ""


@functools.cache
def wanted_by(text: str, name: str = "") -> frozenset[str]:
    """Every dotted name that a file imports, the imported attributes included.

    `name` is the file's own, which relative imports start from.
    """
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # told by the one who parses every file
        return frozenset()
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_somewhere = {
        ".".join(filter(None, (*above(name, node.level), node.module, alias.name)))
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return frozenset(plain | from_somewhere)


def above(name: str, level: int) -> list[str]:
    """The parts of the package that so many dots mean; none for an import that is absolute."""
    return name.split(".")[:-level] if level else []


def is_there(wanted: str, modules: Mapping[str, File]) -> bool:
    """Whether a name is a module or package of the project, or something that one of them has."""
    if wanted in modules or f"{wanted}.__init__" in modules:
        return True
    parent, _, attribute = wanted.rpartition(".")
    holder = modules.get(parent) or modules.get(f"{parent}.__init__")
    return holder is not None and (attribute == "*" or attribute in words(holder.text))


@functools.cache
def words(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(re.findall(r"\w+", text))
