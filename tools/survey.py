"""Walks through combinations of answers and collects what is wrong with their projects.

What a check depends on comes out alike for most combinations, and is judged once.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

import linters
import mentions
from combinations import Answers, is_on, label
from dependencies import faults_of_dependencies, is_source, signature, wheel_packages
from manifest import faults_of_arithmetic, faults_of_manifest
from own_modules import faults_of_modules
from python_trees import faults_of_python, hidden, unseen
from rendered import faults_of_names, faults_of_text
from renderer import File, Template, pruned

UnwantedPaths = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[str]]


class Survey:
    """The faults of the combinations that were visited, each with the first that has it."""

    def __init__(self, template: Template, unwanted_paths: UnwantedPaths) -> None:
        self.faults: dict[str, str] = {}
        self.visited = 0
        self._template = template
        self._unwanted_paths = unwanted_paths
        self._words = mentions.words(template.questions["__features"])
        self._known: dict[File, dict[mentions.Word, str]] = {}
        self._sets: set[Any] = set()
        self._new: dict[str, list[File]] = {}
        self._python: dict[str, list[File]] = {}
        self._trees: set[tuple[File, ...]] = set()
        self._python_seen: set[tuple[File, Any]] = set()
        self._imports: dict[Any, tuple[str, tuple[File, ...]]] = {}
        self._ignoring: dict[Any, tuple[str, list[File]]] = {}

    def visit(self, given: Answers) -> None:
        """Checks what can be checked at once, and keeps the rest for `judge`."""
        self.visited += 1
        name = label(given)
        answers = self._template.answers(given)
        everything = self._template.files(answers)
        files = pruned(everything, self._unwanted_paths(answers["__features"], answers))
        self._note(name, self._faults_of_set(given, answers["__features"], everything, files))
        new = [file for file in files if file not in self._known]
        for file in new:
            self._known[file] = mentions.mentions(self._words, file.path, file.text)
            self._note(name, faults_of_text(file.path, file.text))
        self._note(name, self._strangers(given, files))
        self._keep(name, files, new)

    def judge(self, folder: Path) -> dict[str, str]:
        """All faults, those of outside tools included; these write below `folder`."""
        self._note("", linters.faults_of_files(self._new, folder / "files"))
        self._note("", faults_of_python(self._python, folder / "python"))
        self._judge_ignored(folder / "ignored")
        self._judge_imports(folder / "imports")
        return self.faults

    def _judge_ignored(self, folder: Path) -> None:
        for number, (name, files) in enumerate(self._ignoring.values()):
            paths = hidden(files, folder / str(number))
            self._note(name, (f"{path} is hidden by .gitignore" for path in paths))

    def _judge_imports(self, folder: Path) -> None:
        def judge(of: tuple[str, tuple[File, ...]]) -> tuple[str, list[str]]:
            name, files = of
            return name, faults_of_dependencies(files, folder / name)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, faults in pool.map(judge, self._imports.values()):
                self._note(name, faults)

    def _faults_of_set(
        self,
        given: Answers,
        features: Mapping[str, list[str]],
        everything: Collection[File],
        files: Collection[File],
    ) -> Iterator[str]:
        """Faults of the paths alone; nothing for a set of paths that was judged before."""
        off = tuple(feature for feature in features if not is_on(feature, given))
        paths = frozenset(file.path for file in files)
        if (off, paths) not in self._sets:
            self._sets.add((off, paths))
            all_paths = frozenset(file.path for file in everything)
            yield from faults_of_manifest(features, all_paths)
            yield from faults_of_arithmetic(features, off, all_paths, paths)
            yield from faults_of_names(sorted(paths))

    def _strangers(self, given: Answers, files: Iterable[File]) -> Iterator[str]:
        """Yields each mention of a component that is off."""
        explained = {word for word in self._words if word.is_explained(given)}
        for file in files:
            if self._known[file] and not self._known[file].keys() <= explained:
                for word, where in self._known[file].items():
                    if word not in explained:
                        owners = " or ".join(word.features)
                        yield f"{file.path} names {owners}, which is off, {where}"

    def _keep(self, name: str, files: list[File], new: list[File]) -> None:
        if new:
            settings = [file for file in files if linters.SETTINGS.fullmatch(file.path)]
            self._new[name] = [*new, *settings]
        python = tuple(f for f in files if is_source(f) or f.path == "pyproject.toml")
        if python not in self._trees:
            self._trees.add(python)
            if tree := unseen(python, self._python_seen):
                self._python[name] = tree
            self._imports.setdefault(signature(python), (name, python))
            self._note(name, self._faults_of_modules(files))
        ignoring = frozenset(f for f in files if PurePosixPath(f.path).name == ".gitignore")
        paths = frozenset(file.path for file in files)
        self._ignoring.setdefault((ignoring, paths), (name, files))

    def _faults_of_modules(self, files: list[File]) -> Iterator[str]:
        """Nothing for the same Python files and the same packages as before."""
        known = (frozenset(f for f in files if is_source(f)), tuple(wheel_packages(files)))
        if known not in self._sets:
            self._sets.add(known)
            yield from faults_of_modules(files)

    def _note(self, name: str, faults: Iterable[str]) -> None:
        for fault in faults:
            self.faults.setdefault(fault, name)
