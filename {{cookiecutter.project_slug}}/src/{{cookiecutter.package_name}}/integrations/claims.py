"""One move at a time, among processes that share nothing but the registry.

The registry has no compare-and-swap: the last writer of a tag or an alias wins. So whoever wants
to move takes a ticket as in Lamport's bakery: it says in a tag of its own that it is choosing,
reads the others' tickets, takes a higher one, and reads again. The lowest ticket moves; the others
do not queue, they refuse. Reads and writes that happen one after another are all that this needs.

A claim ends with its process. One that was killed is known as dead at once on the same machine;
from elsewhere it counts until `LEASE` is over, and its owner stops long before that: both
count from the first word.
"""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.registry_writer import RegistryWriter
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import MoveRefused, TrackingUnavailable
from {{ cookiecutter.package_name }}.utils.processes import identity, is_gone

TAG_PREFIX = "moving."
LEASE = timedelta(minutes=5)
"""Clocks of machines that promote may differ by a minute, no more."""

_WORK_SECONDS = 150.0
"""From a claim's beginning to its owner's last call, which may take a minute itself."""

_CHOOSING_SECONDS = 15.0
_PAUSE = 0.2


class Claim(Record):
    """What one process says of itself. `ticket` is 0 while it looks for its number."""

    token: str
    ticket: int
    what: str
    by: str
    process: str
    at: datetime

    @property
    def tag(self) -> str:
        """Name of the tag that keeps it."""
        return f"{TAG_PREFIX}{self.token}"

    @property
    def ended(self) -> bool:
        """Whether the process is gone, or has had its time."""
        return is_gone(self.process) or datetime.now(UTC) - self.at > LEASE

    def precedes(self, other: "Claim") -> bool:
        """Whether this one moves first."""
        return (self.ticket, self.token) < (other.ticket, other.token)


class Turn:
    """The right to move, for a while: it counts from `begun`, a time of `time.monotonic`."""

    def __init__(self, writer: RegistryWriter, snapshot: Snapshot, begun: float) -> None:
        self.writer = writer
        self.snapshot = snapshot
        self._until = begun + _WORK_SECONDS

    def read(self) -> Snapshot:
        """Read the registry anew."""
        self.snapshot = self.writer.snapshot()
        return self.snapshot

    def check(self) -> None:
        """Ask before every change: TrackingUnavailable where the time is over."""
        if time.monotonic() > self._until:
            raise TrackingUnavailable(
                f"The registry was too slow: the move was stopped after {_WORK_SECONDS:.0f} s, "
                "before another process may take it for dead; run the same command again."
            )


@contextmanager
def turn(writer: RegistryWriter, what: str, by: str) -> Iterator[Turn]:
    """Be the only one that moves an alias; MoveRefused where somebody else is at it.

    `Turn.snapshot` is the registry as it was once nobody else could move.
    """
    begun = time.monotonic()
    claim = Claim(
        token=secrets.token_hex(4),
        ticket=0,
        what=what,
        by=by,
        process=identity(),
        at=datetime.now(UTC),
    )
    try:
        mine = Turn(writer, _admitted(writer, claim), begun)
        mine.check()
        yield mine
    finally:
        # Where the registry is away the claim ends with this process.
        with suppress(TrackingUnavailable):
            writer.untag_model(claim.tag)


def _admitted(writer: RegistryWriter, claim: Claim) -> Snapshot:
    writer.tag_model(claim.tag, claim.model_dump_json())
    others = claims(writer.model_tags())
    number = 1 + max((one.ticket for one in others), default=0)
    chosen = claim.model_copy(update={"ticket": number})
    writer.tag_model(claim.tag, chosen.model_dump_json())
    patience = time.monotonic() + _CHOOSING_SECONDS
    while living := _living(writer, chosen):
        for one in living:
            if one.ticket and one.precedes(chosen):
                raise MoveRefused(_busy(one))
        if all(one.ticket for one in living):
            break  # they come later, and will refuse
        if time.monotonic() > patience:
            raise MoveRefused(_busy(next(one for one in living if not one.ticket)))
        time.sleep(_PAUSE)
    return writer.snapshot()


def _living(writer: RegistryWriter, own: Claim) -> list[Claim]:
    """The claims of others; those of processes that ended are removed."""
    others = [one for one in claims(writer.model_tags()) if one.token != own.token]
    for one in others:
        if one.ended:
            writer.untag_model(one.tag)
    return [one for one in others if not one.ended]


def claims(tags: Mapping[str, str]) -> list[Claim]:
    """The claims among a registered model's tags; what cannot be read is nobody's."""
    found = []
    for key, value in tags.items():
        if key.startswith(TAG_PREFIX):
            with suppress(ValidationError):
                found.append(Claim.model_validate_json(value))
    return found


def _busy(other: Claim) -> str:
    until = other.at + LEASE
    return (
        f"{other.by} is moving an alias now ({other.what}, since {other.at:%H:%M:%S} UTC): "
        f"look at `promote --history`, then run this again; if that process was killed on another "
        f"machine, its claim ends at {until:%H:%M:%S} UTC."
    )
