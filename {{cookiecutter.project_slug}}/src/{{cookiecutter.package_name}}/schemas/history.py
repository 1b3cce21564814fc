"""What became of versions: each move as a record, and what follows from all of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from {{ cookiecutter.package_name }}.schemas.dataset import Record

TAG_PREFIX = "move."


class _Kept(Record):
    """A record in the registry: what a newer release adds to it is no error to this one."""

    model_config = ConfigDict(extra="ignore")


class RuleRecord(_Kept):
    """One rule of a gate as it was decided: the two numbers and whether it held."""

    rule: str
    measured: str
    sign: str
    limit: float
    passed: bool


class Move(_Kept):
    """One time that an alias came to name a version.

    `former` is the version that it named before; `by` is a person, `run` the address of the CI
    run where one did it. `gate` is empty for a rollback, which measures nothing. `not_compared`
    says why a promotion was decided without a look at the `prod` of that time.
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
    not_compared: str = ""

    @property
    def tag(self) -> str:
        """Name of the version tag that keeps this record; names sort by time."""
        return f"{TAG_PREFIX}{self.at:%Y%m%dT%H%M%S.%fZ}.{self.to}"


class Intent(Move):
    """A move that is about to happen, with the other tags that its version gets."""

    tags: Mapping[str, str] = Field(default={})

    @property
    def move(self) -> Move:
        """The record that stays."""
        return Move(**self.model_dump(exclude={"tags"}))


class Approval(_Kept):
    """A person's yes to one version: `sha256` is of the very file that was looked at."""

    version: str
    sha256: str
    by: str
    at: datetime
    reason: str = ""


def predecessor(
    moves: Iterable[Move], present: str | None, existing: Collection[str]
) -> str | None:
    """The version that `rollback` brings back: what served before the `present` prod.

    A promotion puts a version on top of those before it, a rollback takes versions off until
    the one that came back is on top: two rollbacks in a row go two versions back. Versions that
    do not exist any more are skipped. Where `prod` names nothing it is what served last.
    """
    stack: list[str] = []
    for move in sorted(moves, key=lambda one: one.at):
        if move.to == "prod":
            _serve(stack, move.former)
            _serve(stack, move.version)
    _serve(stack, present)
    before = stack if present is None else stack[:-1]
    return next((number for number in reversed(before) if number in existing), None)


def forgotten(moves: Iterable[Move], existing: Collection[str]) -> list[str]:
    """Versions that an alias named and that do not exist any more, by number."""
    return sorted({move.former for move in moves if move.former} - set(existing), key=int)


def _serve(stack: list[str], version: str | None) -> None:
    """Let a version be on top, also one that came there without a record.

    Somebody moved the alias by other means, or the record was lost with a deleted version.
    """
    if version in stack:
        del stack[stack.index(version) + 1 :]
    elif version is not None:
        stack.append(version)
