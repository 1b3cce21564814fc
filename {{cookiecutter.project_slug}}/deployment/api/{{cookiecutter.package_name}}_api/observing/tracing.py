"""The place of a request in a trace that may span many services (W3C Trace Context)."""

import random
import re
from typing import NamedTuple

# Of our own: a seed that somebody sets is not for ids.
_RANDOM = random.Random()  # noqa: S311
_HEADER = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NO_TRACE = b"0" * 32
_NO_SPAN = b"0" * 16


class Trace(NamedTuple):
    """`trace_id` is of the whole, 32 hex digits; `span_id` of this request, 16.

    `parent_id` is the span of whoever asked, None where the trace begins here; `flags` came from
    there, too: the lowest bit says that the trace is recorded.
    """

    trace_id: str
    span_id: str
    parent_id: str | None = None
    flags: int = 0

    def response(self) -> bytes:
        """The header `traceresponse`: by it a client finds what the request left behind."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}".encode()


def begun(header: bytes | None, fresh: str) -> Trace:
    """The trace that a `traceparent` names, or a new one; `fresh` is 48 random hex digits.

    A header that breaks the rules counts as none, as the rules say.
    """
    span_id = fresh[32:]
    if header is not None and (found := _HEADER.fullmatch(header)) is not None:
        version, trace_id, parent_id, flags, more = found.groups()
        # Version 00 ends here; a later one may go on.
        known = version != b"ff" and (version != b"00" or more is None)
        if known and trace_id != _NO_TRACE and parent_id != _NO_SPAN:
            return Trace(trace_id.decode(), span_id, parent_id.decode(), int(flags, 16))
    return Trace(fresh[:32], span_id)


def fresh_hex() -> str:
    """48 random hex digits: an id of a trace, or of a request, and one of a span.

    Nobody is kept out by what he cannot guess of them: they need not be secret.
    """
    return f"{_RANDOM.getrandbits(192):048x}"
