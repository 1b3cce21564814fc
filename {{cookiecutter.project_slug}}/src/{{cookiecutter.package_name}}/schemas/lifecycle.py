"""The states of a registered version, and every way from one to another.

    registered   no alias names it: a newer one took its place before it served
    dev          the newest training
    staging      on trial
    prod         what the service answers with
    archived     served once; comes back by `rollback` alone

A version is in one state. An alias names one version, so `archived` names the last that served,
and a tag marks the others. Nothing here knows where versions are kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["registered", "dev", "staging", "prod", "archived"]
Verb = Literal["train", "promote", "rollback", "displaced"]
Target = Literal["staging", "prod"]

STATES: tuple[State, ...] = ("registered", "dev", "staging", "prod", "archived")
ALIASES: tuple[State, ...] = ("prod", "staging", "archived", "dev")
"""States that an alias names; where several name one version, the first of these counts."""


@dataclass(frozen=True)
class Edge:
    """One allowed way. `displaced` happens to a version whose place another one takes."""

    source: State | None
    verb: Verb
    target: State


EDGES = (
    Edge(None, "train", "dev"),
    Edge("dev", "promote", "staging"),
    Edge("registered", "promote", "staging"),
    Edge("staging", "promote", "prod"),
    Edge("archived", "rollback", "prod"),
    Edge("dev", "displaced", "registered"),
    Edge("staging", "displaced", "registered"),
    Edge("prod", "displaced", "archived"),
)

_WHY_NOT: dict[tuple[Verb, Target], dict[State, str]] = {
    ("promote", "staging"): {
        "staging": "it is in staging already",
        "prod": "it is in prod: what serves does not go back on trial",
        "archived": "it served before: `rollback --to-version {version}` brings it back to prod",
    },
    ("promote", "prod"): {
        "registered": "it was not on trial: run `promote --to staging --version {version}` first",
        "dev": "it was not on trial: run `promote --to staging --version {version}` first",
        "prod": "it is in prod already",
        "archived": "it served before: `rollback --to-version {version}` brings it back to prod",
    },
    ("rollback", "prod"): {
        "registered": "it never served: run `promote --to staging --version {version}` first",
        "dev": "it never served: run `promote --to staging --version {version}` first",
        "staging": "it never served: run `promote --to prod --version {version}`",
        "prod": "it is in prod already",
    },
}


def state_of(aliases: Iterable[str], lifecycle: str | None) -> State:
    """A version's state by the aliases that name it now and the tag that was set last.

    The aliases decide: tags follow them a moment later. A tag of `prod` on a version that
    neither `prod` nor `staging` names tells that it served, whoever gave it `dev`.
    """
    held = set(aliases)
    if lifecycle in ("prod", "archived"):
        held.add("archived")
    return next((alias for alias in ALIASES if alias in held), "registered")


def allowed(verb: Verb, source: State | None, target: State) -> bool:
    """Whether the edge exists."""
    return Edge(source, verb, target) in EDGES


def why_not(verb: Verb, source: State, target: Target, version: str) -> str | None:
    """The end of a sentence that says why a version cannot go there; None where it can."""
    if allowed(verb, source, target):
        return None
    return _WHY_NOT[verb, target][source].format(version=version)


def displaced_to(state: Target) -> State:
    """Where the version goes whose place in this state is taken."""
    return next(edge.target for edge in EDGES if edge.verb == "displaced" and edge.source == state)


def aliases_after(
    aliases: Mapping[str, str], version: str, target: Target, former: str | None
) -> dict[str, str | None]:
    """What each alias must name after the move, where that changes; None: nothing.

    `former` is the version that `target` named before. Every alias names one version, and every
    version has at most one alias. Asked again after half of it was done, it gives the rest.
    """
    wanted: dict[str, str | None] = {
        alias: None for alias, held in aliases.items() if held == version and alias in ALIASES
    }
    if former not in (None, version) and displaced_to(target) == "archived":
        # Registries of former releases have versions that several aliases name.
        wanted |= {alias: None for alias in ("dev", "staging") if aliases.get(alias) == former}
        wanted["archived"] = former
    wanted[target] = version
    return {alias: held for alias, held in wanted.items() if aliases.get(alias) != held}
