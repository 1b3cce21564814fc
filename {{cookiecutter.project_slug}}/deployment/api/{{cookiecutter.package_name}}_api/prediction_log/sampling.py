"""Which requests are kept where not all are: the same ones whoever asks, at any time."""

from dataclasses import replace
from hashlib import blake2b

import numpy as np

from {{ cookiecutter.package_name }}_api.answered import Answered

_BYTES = 8
_MOST = float(256**_BYTES)


def in_sample(request_id: str, share: float) -> bool:
    """Whether a request of this id is kept, where this share (0 to 1) of all requests is."""
    if share >= 1:
        return True
    digest = blake2b(request_id.encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") < share * _MOST


def sampled(answered: Answered, share: float) -> Answered | None:
    """Those of these requests that are kept; None where none is."""
    chosen = [in_sample(told.request_id, share) for told in answered.requests]
    if all(chosen):
        return answered
    if not any(chosen):
        return None
    requests = [told for told, keep in zip(answered.requests, chosen, strict=True) if keep]
    rows = np.repeat(chosen, [told.rows for told in answered.requests]).nonzero()[0]
    features, predictions = answered.features[rows], answered.predictions[rows]
    return replace(answered, features=features, predictions=predictions, requests=requests)
