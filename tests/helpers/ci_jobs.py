"""Events of CI, and the jobs that they start; the parts that every provider's reading needs.

A small and strict reading: a key, an expression or a filter that is not known raises
NotUnderstood, so that nothing is skipped in silence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_BRANCH = "main"
SECRETS = {f"MLFLOW_TRACKING_{name}": "x" for name in ("URI", "USERNAME", "PASSWORD", "TOKEN")}
COMPARISON = re.compile(r"(\S+) (==|!=) (['\"])(.*)\3")


class NotUnderstood(Exception):
    """A construct of a pipeline file that these helpers do not know."""


@dataclass(frozen=True)
class Event:
    """Why CI starts. `secrets` are what is stored with the provider, by name."""

    kind: str  # pull_request, push, tag, manual or cron
    name: str = ""  # of the branch or of the tag; by hand and on schedule it is that of a branch
    inputs: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    workflow: str = ""  # what a person chose to start


@dataclass(frozen=True)
class Step:
    """Shell lines, and the environment that the file gives them."""

    script: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Job:
    """What runs on a machine of its own, in a clone of its own."""

    name: str
    shell: tuple[str, ...]
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()


def understood(tree: Mapping[Any, Any], keys: set[str]) -> None:
    """Raises NotUnderstood for any other key."""
    if others := tree.keys() - keys:
        raise NotUnderstood(f"keys {sorted(map(str, others))}")


def holds(condition: str, known: Mapping[str, str]) -> bool:
    """Whether a comparison of a name with a text holds; a name that was not given is empty."""
    comparison = COMPARISON.fullmatch(condition)
    if comparison is None:
        raise NotUnderstood(f"condition: {condition}")
    name, operator, _, text = comparison.groups()
    return (known.get(name, "") == text) == (operator == "==")


def matches(pattern: str, name: str) -> bool:
    """The part of globbing that the files use: a star at the end."""
    if "*" in pattern.removesuffix("*"):
        raise NotUnderstood(f"pattern: {pattern}")
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def in_order(jobs: list[Job]) -> list[Job]:
    """The jobs, each after those that it needs."""
    ordered: list[Job] = []
    while jobs:
        done = {job.name for job in ordered}
        ready = [job for job in jobs if done.issuperset(job.needs)]
        if not ready:
            raise NotUnderstood(f"{jobs[0].name} needs {jobs[0].needs}, which do not run")
        ordered += ready
        jobs = [job for job in jobs if job not in ready]
    return ordered
