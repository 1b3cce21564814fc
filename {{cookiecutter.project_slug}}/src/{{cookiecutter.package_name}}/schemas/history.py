"""What became of versions: each move as a record, and what follows from all of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from pydantic import Field

from {{ cookiecutter.package_name }}.schemas.dataset import Record

TAG_PREFIX = "move."


class RuleRecord(Record):
    """One rule of a gate as it was decided: the two numbers and whether it held."""

    rule: str
    measured: str
    sign: str
    limit: float
    passed: bool


class Move(Record):
    """One time that an alias came to name a version.

    `former` is the version that it named before; `by` is a person, `run` the address of the CI
    run where one did it. `gate` is empty for a rollback, which measures nothing.
    """

    id: str
    verb: Literal["promote", "rollback"]
    version: str
    source: str
    to: Literal["staging", "prod"]
    at: datetime
    by: str
    run: str = ""
    reason: str = ""
    former: str | None = None
    approved_by: str = ""
    gate: tuple[RuleRecord, ...] = Field(default=())

    @property
    def tag(self) -> str:
        """Name of the version tag that keeps this record; names sort by time."""
        return f"{TAG_PREFIX}{self.at:%Y%m%dT%H%M%S.%fZ}.{self.to}"


class Approval(Record):
    """A person's yes to one version: `sha256` is of the very file that was looked at."""

    version: str
    sha256: str
    by: str
    at: datetime
    reason: str = ""


def predecessor(moves: Iterable[Move], present: str | None) -> str | None:
    """The version that `rollback` brings back: what served before the `present` prod.

    A promotion puts a version on top of those before it, a rollback takes versions off until
    the one that came back is on top: two rollbacks in a row go two versions back.
    """
    stack: list[str] = []
    for move in sorted(moves, key=lambda one: one.at):
        if move.to != "prod":
            continue
        _catch_up(stack, move.former)
        if move.verb == "rollback" and move.version in stack:
            del stack[stack.index(move.version) + 1 :]
        else:
            stack.append(move.version)
    _catch_up(stack, present)
    return stack[-2] if len(stack) > 1 else None


def _catch_up(stack: list[str], held: str | None) -> None:
    """Put a version on top to which somebody moved the alias by other means."""
    if held is not None and (not stack or stack[-1] != held):
        stack.append(held)
