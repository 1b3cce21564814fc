"""Renders the template for thousands of combinations of answers.

A text is rendered once for each distinct tuple of the answers that it asks for. What comes out is
what cookiecutter writes, byte for byte, before the hooks; a test compares the two.
"""

import functools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import jinja2
from binaryornot.check import is_binary
from cookiecutter.find import find_template
from cookiecutter.prompt import render_variable
from cookiecutter.utils import create_env_with_context

T = TypeVar("T")
Given = Mapping[str, Any]
SHIPPED_TO_NOBODY = "__pycache__"


@dataclass(frozen=True, eq=False)
class File:
    """A rendered file. Those of one template that are alike are one object."""

    path: str
    data: bytes

    @functools.cached_property
    def text(self) -> str:
        """Empty for a file that is no text."""
        return "" if b"\0" in self.data else self.data.decode("utf-8")


class Witness(Mapping[str, Any]):
    """Answers that write down which of them were asked for, in order."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._asked: dict[str, Any] = {}

    def __getitem__(self, question: str) -> Any:
        self._asked[question] = self._given[question]
        return self._given[question]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def testimony(self) -> Iterator[tuple[str, Any]]:
        """Yields every question that was asked for, with its answer."""
        yield from self._asked.items()


@dataclass
class Step(Generic[T]):
    """One question of a decision, and where each answer leads; or the end, with its result."""

    question: str | None = None
    ways: "dict[Any, Step[T]]" = field(default_factory=dict)
    result: T | None = None


class Remembering(Generic[T]):
    """Calls `make` anew only for answers that differ in what `make` asked for.

    What is asked first never depends on an answer, what is asked next only on the answers so far:
    calls form a decision tree, whose leaves are the results.
    """

    def __init__(self, make: Callable[[Witness], T]) -> None:
        self._make = make
        self._first: Step[T] | None = None

    def __call__(self, given: Given) -> T:
        """The result for these answers; raises what `make` raises."""
        step = self._first
        while step is not None and step.question is not None:
            step = step.ways.get(key(given[step.question]))
        return self._learn(given) if step is None else step.result  # type: ignore[return-value]

    def _learn(self, given: Given) -> T:
        witness = Witness(given)
        result = self._make(witness)
        step = self._first = self._first or Step()
        for question, answer in witness.testimony():
            step.question = question
            step = step.ways.setdefault(key(answer), Step())
        step.result = result
        return result


def key(answer: Any) -> Any:
    """The answer, or a text that stands for a dictionary or list."""
    return json.dumps(answer) if isinstance(answer, dict | list) else answer


class Template:
    """A cookiecutter template whose files are read once."""

    def __init__(self, root: Path) -> None:
        self.questions: dict[str, Any] = json.loads((root / "cookiecutter.json").read_text("utf-8"))
        self._environment = create_env_with_context({"cookiecutter": self.questions})
        folder = Path(find_template(root, self._environment))
        self._known: dict[tuple[str, bytes], File] = {}
        self._environment.loader = jinja2.FunctionLoader(functools.partial(load, folder, root))
        self._defaults = {
            question: Remembering(functools.partial(self._default, raw))
            for question, raw in self.questions.items()
            if not question.startswith("_") or question.startswith("__")
        }
        self._files = [self._source(folder, path) for path in sources(folder)]

    def answers(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Every answer that hooks and files see; what is not given is as if Enter were typed."""
        complete: dict[str, Any] = {}
        for question, default in self._defaults.items():
            if question not in given:
                complete[question] = default(complete)
            elif isinstance(self.questions[question], bool):
                complete[question] = given[question] == "yes"
            else:
                complete[question] = given[question]
        return complete

    def files(self, answers: Given) -> list[File]:
        """What these answers make of each file, before anything is pruned."""
        return [render(answers) for render in self._files]

    def _default(self, raw: Any, given: Given) -> Any:
        rendered = render_variable(self._environment, raw, given)
        return rendered[0] if isinstance(raw, list) else rendered

    def _source(self, folder: Path, path: Path) -> Remembering[File]:
        name = path.relative_to(folder).as_posix()
        name_of = self._environment.from_string(name)
        if is_binary(str(path)):
            data = path.read_bytes()
            return Remembering(lambda given: self._file(name_of, given, data))
        newline = newline_of(path)
        text_of = self._environment.get_template(name)

        def render(given: Witness) -> File:
            text = text_of.render(cookiecutter=given).replace("\n", newline)
            return self._file(name_of, given, text.encode("utf-8"))

        return Remembering(render)

    def _file(self, name: jinja2.Template, given: Witness, data: bytes) -> File:
        file = File(name.render(cookiecutter=given), data)
        return self._known.setdefault((file.path, data), file)


def load(folder: Path, root: Path, name: str) -> str | None:
    """The text of a file, or of one that is included; without a place, so that copies are alike."""
    paths = (folder / name, root / "templates" / name)
    return next((path.read_text("utf-8") for path in paths if path.is_file()), None)


def sources(folder: Path) -> Iterator[Path]:
    """Every file that cookiecutter renders, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and SHIPPED_TO_NOBODY not in path.parts:
            yield path


def newline_of(path: Path) -> str:
    """How the first line ends, which is how cookiecutter ends them all."""
    with path.open(encoding="utf-8") as file:
        file.readline()
        found = file.newlines
    return (found[0] if isinstance(found, tuple) else found) or os.linesep


def pruned(files: Iterable[File], unwanted: Iterable[str]) -> list[File]:
    """The files that lie neither at nor below an unwanted path."""
    paths = tuple(unwanted)
    folders = tuple(f"{path}/" for path in paths)
    return [file for file in files if file.path not in paths and not file.path.startswith(folders)]
