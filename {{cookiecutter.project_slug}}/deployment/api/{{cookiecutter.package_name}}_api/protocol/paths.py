"""Which paths are the protocol's, and what they count as."""

import re

PREFIX = "/v2"
OPEN = frozenset({"/v2/health/live", "/v2/health/ready"})
"""For machines that watch: from any host, without a key."""

INFER = "/v2/models/{name}/infer"
INFER_OF_VERSION = "/v2/models/{name}/versions/{version}/infer"

_INFER = re.compile(r"/v2/models/[^/]+(/versions/[^/]+)?/infer")


def speaks(path: str) -> bool:
    """Whether whoever asks for this path expects the protocol's answers, refusals among them."""
    return path == PREFIX or path.startswith(PREFIX + "/")


def counted_as(path: str) -> str | None:
    """The route of a request for predictions: never a client's own words; None for others."""
    found = _INFER.fullmatch(path)
    if found is None:
        return None
    return INFER_OF_VERSION if found[1] else INFER
