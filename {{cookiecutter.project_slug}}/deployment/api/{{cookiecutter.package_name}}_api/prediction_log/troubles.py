"""What is wrong with the log now: told once by the service's log, and as long as it lasts."""

import logging
from datetime import UTC, datetime
from typing import NamedTuple

from {{ cookiecutter.package_name }}_api.prediction_log.counters import Counters

_log = logging.getLogger(__name__)


class Troubles:
    """A reason for each thing that does not work; any thread may note or settle one."""

    def __init__(self) -> None:
        self._reasons: dict[str, tuple[str, datetime]] = {}

    def note(self, what: str, reason: str) -> None:
        """Say why `what` does not work; logged where it did a moment ago."""
        former = self._reasons.get(what)
        since = datetime.now(UTC) if former is None else former[1]
        self._reasons[what] = (reason, since)
        if former is None:
            _log.error(f"prediction log: {what}", extra={"reason": reason})

    def settle(self, what: str) -> None:
        """Say that `what` works."""
        if self._reasons.pop(what, None) is not None:
            _log.info(f"prediction log: {what}: over")

    def told(self) -> str:
        """'ok', or everything that is wrong."""
        reasons = list(self._reasons.items())
        return (
            "; ".join(
                f"{what} since {since.isoformat(timespec='seconds')}: {reason}"
                for what, (reason, since) in reasons
            )
            or "ok"
        )


class Signs(NamedTuple):
    """What the parts of the log tell of themselves."""

    counters: Counters
    troubles: Troubles
