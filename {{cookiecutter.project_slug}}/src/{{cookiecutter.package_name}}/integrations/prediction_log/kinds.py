"""Kinds of stores, each a module of `stores/`, found by the scheme of a URL."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import NamedTuple, Protocol

from {{ cookiecutter.package_name }}.integrations.prediction_log import stores
from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import scheme_of, shown
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest


class Piece(NamedTuple):
    """A few requests, and the newest label of each of their rows, by request id and row."""

    requests: Sequence[LoggedRequest]
    labels: Mapping[tuple[str, int], LoggedLabel]


class Totals(NamedTuple):
    """What a whole log has."""

    rows: int
    """That were answered."""
    strays: int
    """Labels that belong to none of them."""


class Reader(Protocol):
    """Reads a store piece by piece; memory does not grow with what it holds."""

    def pieces(
        self, asked: Selection, *, newest_first: bool = False, inputs: bool = True
    ) -> Iterator[Piece]:
        """The requests in the order of time; without `inputs`, theirs are empty.

        Raises StoreUnavailable.
        """
        ...

    def totals(self) -> Totals | None:
        """Counts, None where they would cost as much as reading all. Raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@cache
def _kinds() -> Mapping[str, ModuleType]:
    return {scheme: module for module in stores.found() for scheme in module.SCHEMES}


def kind_of(url: str) -> ModuleType:
    """The module for a URL; ConfigError, which lists the known schemes, where there is none."""
    scheme, known = scheme_of(url), _kinds()
    if scheme in known:
        return known[scheme]
    expected = ", ".join(f"{name}://" for name in sorted(known))
    near = difflib.get_close_matches(scheme, known, 1)
    meant = f" (did you mean {near[0]}://?)" if near else ""
    raise ConfigError(
        f"The prediction log's URL is '{shown(url)}'{meant}: expected one that begins with one of "
        f"{expected}."
    )
