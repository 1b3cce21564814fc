"""Stretches of time and moments, as people type them."""

import argparse
import re
import time
from datetime import UTC, datetime

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_AGE = re.compile(r"(\d{1,6})([smhdw])")


def age(text: str) -> float:
    """Seconds of `30m`, `12h`, `90d` or `2w`; ArgumentTypeError for anything else."""
    if not (found := _AGE.fullmatch(text)):
        raise argparse.ArgumentTypeError(f"'{text}' is no stretch of time: expected 12h, 90d or 2w")
    return float(found[1]) * _UNITS[found[2]]


def moment(text: str) -> float:
    """Seconds since 1970, of `1d` (ago) or `2030-01-02T03:04` (UTC, unless it says otherwise)."""
    if _AGE.fullmatch(text):
        return time.time() - age(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no moment: expected 1d (ago), 2030-01-02 or 2030-01-02T03:04"
        ) from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
