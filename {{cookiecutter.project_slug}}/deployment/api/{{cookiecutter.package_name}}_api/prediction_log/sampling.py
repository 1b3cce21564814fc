"""Which requests are kept where not all are: the same ones whoever asks, at any time."""

from hashlib import blake2b

_BYTES = 8
_MOST = float(256**_BYTES)


def in_sample(request_id: str, share: float) -> bool:
    """Whether a request of this id is kept, where this share (0 to 1) of all requests is."""
    if share >= 1:
        return True
    digest = blake2b(request_id.encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") < share * _MOST
