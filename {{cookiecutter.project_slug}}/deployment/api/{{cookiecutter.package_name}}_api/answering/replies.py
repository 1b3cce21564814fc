"""The body of an answer."""

from collections.abc import Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.models.loading import Served


class Replies:
    """Writes answers; what is the same in every answer of one version is written once."""

    def __init__(self) -> None:
        self._same: tuple[Served, bytes] | None = None

    def body(self, served: Served, predictions: Predictions, request_id: str) -> bytes:
        """A `PredictionResponse` as JSON."""
        answers = {
            "predictions": predictions.values.tolist(),
            "probabilities": predictions.probabilities,
        }
        own = orjson.dumps(answers, option=orjson.OPT_SERIALIZE_NUMPY)
        return b"%b,%b%b}" % (own[:-1], self._constant(served), orjson.dumps(request_id))

    def bodies(
        self, served: Served, predictions: Predictions, requests: Sequence[tuple[str, int]]
    ) -> list[bytes]:
        """The same for several requests, by their ids and numbers of rows, answered in one run."""
        scores = predictions.probabilities
        if len(requests) == len(predictions.values) > 1 and scores is not None:
            return self._of_one_row(served, predictions.values.tolist(), scores, requests)
        bodies, start = [], 0
        for request_id, rows in requests:
            bodies.append(self.body(served, predictions[start : start + rows], request_id))
            start += rows
        return bodies

    def _of_one_row(
        self,
        served: Served,
        labels: list[str],
        scores: NDArray[np.float32],
        requests: Sequence[tuple[str, int]],
    ) -> list[bytes]:
        # The JSON of numbers holds no text, so that these signs are only found between rows.
        rows = orjson.dumps(scores, option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")
        same = self._constant(served)
        return [
            b'{"predictions":[%b],"probabilities":[[%b]],%b%b}'
            % (orjson.dumps(label), row, same, orjson.dumps(request_id))
            for label, row, (request_id, _) in zip(labels, rows, requests, strict=True)
        ]

    def _constant(self, served: Served) -> bytes:
        same = self._same  # one look: another thread may write the next one now
        if same is None or same[0] is not served:
            same = self._same = served, _constant(served)
        return same[1]


def _constant(served: Served) -> bytes:
    version = served.version
    parts = {
        "classes": served.predictor.info.data_schema.target.classes or None,
        "model": {"name": version.name, "version": version.version, "alias": version.alias},
    }
    return orjson.dumps(parts)[1:-1] + b',"request_id":'
