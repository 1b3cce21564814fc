"""What can be wrong with a rendered file, by its name and by its text.

Most files come out alike whatever is answered, so each distinct text is judged once.
"""

import ast
import functools
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import yaml

# Braces of other languages are no leftovers, each in the files that speak them.
OTHERS_BRACES = (
    (r"\.github/.*", r"\$\{\{(?:(?!cookiecutter).)*?\}\}"),  # GitHub Actions
    (r"(.*/)?justfile|.*\.just", r"\{\{\w+\}\}"),
    (r".*/templates/.*", r"\{\{(?:(?!cookiecutter).)*?\}\}"),  # Helm
    (r".*grafana/.*\.json", r"\{\{\w+\}\}"),  # names of labels in legends
    (r".*", r"\{\{-?\s*[.$].*?\}\}"),  # Go's, as in Prometheus' rules, begin with . or $
)
HELM = re.compile(r".*/templates/.*")  # becomes YAML only when Helm has filled it in
OPENING = re.compile(r"\{\{|\{%|(?<!\$)\{#")
CLOSING = re.compile(r"\}\}|%\}|#\}")
NESTING = (".json", ".py")  # here two closing braces may end two dictionaries
WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_PATH = 180


@functools.cache
def faults_of_text(path: str, text: str) -> tuple[str, ...]:
    """Leftover template syntax, and what the file's own parser says."""
    suffix = PurePosixPath(path).suffix
    own = without_others_braces(path, text)
    faults = [
        f"{path}: template syntax left: {line.strip()}"
        for line in own.splitlines()
        if OPENING.search(line) or (suffix not in NESTING and CLOSING.search(line))
    ]
    parse = None if HELM.fullmatch(path) else PARSERS.get(suffix)
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


def without_others_braces(path: str, text: str) -> str:
    """The text, in which every brace that is left is one of this template's."""
    for paths, braces in OTHERS_BRACES:
        if re.fullmatch(paths, path):
            text = re.sub(braces, "", text, flags=re.DOTALL)
    return text


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
