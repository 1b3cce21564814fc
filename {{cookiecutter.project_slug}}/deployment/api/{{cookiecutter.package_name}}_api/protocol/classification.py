"""The likeliest classes of each row instead of all probabilities: an extension of the protocol."""

import numpy as np
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}_api.protocol.envelopes import Json, bad
from {{ cookiecutter.package_name }}_api.protocol.tensors import PROBABILITIES

PARAMETER = "classification"


def classes_wanted(parameters: Json, output: str) -> int:
    """How many classes of each row are wanted of this output; 0: its own elements are."""
    found = parameters.get(PARAMETER)
    if found is None:
        return 0
    if output != PROBABILITIES:
        raise bad(f"'{PARAMETER}' of '{output}': only '{PROBABILITIES}' are of classes.")
    if type(found) is not int or found < 1:
        raise bad(f"Expected 1 or more as '{PARAMETER}' of '{output}', got {shown(found)}.")
    return found


def likeliest_classes(
    probabilities: NDArray[np.float32], classes: tuple[str, ...], most: int
) -> NDArray[np.object_]:
    """`probability:place:label` of up to `most` classes a row, the likeliest first."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :most]
    scores = np.take_along_axis(probabilities, best, axis=1)
    texts = [
        [f"{score:.6f}:{place}:{classes[place]}" for score, place in zip(*row, strict=True)]
        for row in zip(scores.tolist(), best.tolist(), strict=True)
    ]
    return np.array(texts, dtype=object)
