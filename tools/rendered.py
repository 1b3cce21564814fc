"""What can be wrong with a rendered file, by its name and by its text.

Most files come out alike whatever is answered, so each distinct text is judged once.
"""

import ast
import functools
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from pathlib import PurePosixPath
from typing import Any

import yaml

# Braces of other languages are no leftovers: GitHub's `${{ ... }}`, just's `{{argument}}`.
OTHERS_BRACES = {
    ".yml": re.compile(r"\$\{\{.*?\}\}", re.DOTALL),
    "justfile": re.compile(r"\{\{\w+\}\}"),
}
OPENING = re.compile(r"\{\{|\{%|(?<!\$)\{#")
CLOSING = re.compile(r"\}\}|%\}|#\}")
NESTING = (".json", ".py")  # here two closing braces may end two dictionaries
WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_PATH = 180

Answers = dict[str, str]


@functools.cache
def faults_of_text(path: str, text: str) -> tuple[str, ...]:
    """Leftover template syntax, and what the file's own parser says."""
    suffix = PurePosixPath(path).suffix
    others = OTHERS_BRACES.get(suffix or PurePosixPath(path).name)
    own = others.sub("", text) if others else text
    faults = [
        f"{path}: template syntax left: {line.strip()}"
        for line in own.splitlines()
        if OPENING.search(line) or (suffix not in NESTING and CLOSING.search(line))
    ]
    parse = PARSERS.get(suffix)
    if parse is not None:
        try:
            parse(text)
        except (ValueError, SyntaxError, yaml.YAMLError) as problem:
            faults.append(f"{path}: does not parse: {problem}")
    if text and not text.endswith("\n"):
        faults.append(f"{path}: does not end with a newline")
    return tuple(faults)


def faults_of_names(paths: Sequence[str]) -> Iterator[str]:
    """File names that Windows or macOS refuse, or take for one another."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        for name in path.split("/"):
            if re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', name) or WINDOWS_DEVICE.fullmatch(name):
                yield f"{path}: Windows refuses {name!r}"
        if len(path) > LONGEST_PATH:
            yield f"{path}: longer than {LONGEST_PATH} characters"
        if seen.setdefault(path.lower(), path) != path:
            yield f"{path}: differs from {seen[path.lower()]} only in case"


def choices(questions: dict[str, Any]) -> dict[str, list[str]]:
    """The questions that offer a list, or yes and no: a new one joins by itself."""
    return {
        question: default if isinstance(default, list) else ["yes", "no"]
        for question, default in questions.items()
        if not question.startswith("_") and isinstance(default, list | bool)
    }


def full_product(axes: dict[str, list[str]]) -> list[Answers]:
    """Every combination of every choice."""
    return [dict(zip(axes, row, strict=True)) for row in product(*axes.values())]


def all_pairs(axes: dict[str, list[str]]) -> list[Answers]:
    """Few combinations in which any two choices of different questions meet at least once."""
    rows, chosen = full_product(axes), []
    missing = {pair for row in rows for pair in pairs(row)}
    while missing:
        best = max(rows, key=lambda row: len(missing & pairs(row)))
        chosen.append(best)
        missing -= pairs(best)
    return chosen


def pairs(row: Answers) -> set[Any]:
    """Every two answers of a combination."""
    return set(combinations(sorted(row.items()), 2))


def parse_yaml(text: str) -> None:
    """Reads every document."""
    list(yaml.safe_load_all(text))


PARSERS: dict[str, Callable[[str], Any]] = {
    ".ipynb": json.loads,
    ".json": json.loads,
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".yaml": parse_yaml,
    ".yml": parse_yaml,
}
