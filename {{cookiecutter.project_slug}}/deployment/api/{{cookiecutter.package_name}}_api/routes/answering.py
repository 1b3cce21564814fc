"""From the rows of a request to the model's answer, and to whoever hears of it."""

import asyncio
import math
from collections.abc import Sequence
from time import perf_counter, time
from typing import Any

import numpy as np
from fastapi import Request

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.answered import Answered, Told
from {{ cookiecutter.package_name }}_api.answering.batching import Batching
from {{ cookiecutter.package_name }}_api.answering.crew import busy
from {{ cookiecutter.package_name }}_api.answering.turns import Turns
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.service import Service, service_of

_MOST_TOLD = 20


async def answer(request: Request, served: Served, features: Features) -> Predictions:
    """What the model says of these rows; told to all who listen.

    A small batch is answered inline, a larger one by a thread. HTTPException 503 where too many
    large ones wait already, or where it is not answered in time.
    """
    service = service_of(request)
    if served.server is not None:
        predictions = await asked(service, served, features)
    elif (small := small_batches(service, served, features)) is not None:
        predictions = await small.predict(served, features)
    else:
        seconds = service.settings.request_timeout_seconds
        predictions = await service.crew.do(lambda: served.predictor.predict(features), seconds)
    tell(service, request.scope["state"], served, features, predictions)
    return predictions


async def asked(service: Service, served: Served, features: Features) -> Predictions:
    """What the server that runs the model says of these rows.

    HTTPException 503 where it does not say it in time; VersionGone.
    """
    seconds = service.settings.request_timeout_seconds
    try:
        async with asyncio.timeout(seconds):
            return await served.predictor.ask(features)
    except TimeoutError:
        raise busy(f"The batch was not answered within {seconds:g} s.") from None


def small_batches(service: Service, served: Served, features: Features) -> Batching | Turns | None:
    """What runs these rows together with others; None: they are for a thread of their own."""
    batching = service.batching
    if batching is not None and len(features) < batching.most_rows:
        return batching
    # Inline: a small batch is answered sooner than a thread could take the work over.
    return service.turns if len(features) <= served.inline_rows else None


def tell(
    service: Service,
    state: dict[str, Any],
    served: Served,
    features: Features,
    predictions: Predictions,
) -> None:
    """Let all who listen know of an answered request; InvalidRequest where it has no answer."""
    check_finite(predictions)
    tell_all(service, [state], [len(features)], Answered(served, features, predictions, [], time()))


def tell_all(
    service: Service, states: Sequence[dict[str, Any]], rows: Sequence[int], answered: Answered
) -> None:
    """The same for several that were answered at once, each with so many rows."""
    now, served = perf_counter(), answered.served
    for state, count in zip(states, rows, strict=True):
        told = Told(state["request_id"], count, now - state["began"])
        state["answered"] = served, told
        answered.requests.append(told)
    service.tell(answered)


def check_finite(predictions: Predictions) -> None:
    """InvalidRequest where a row has no answer.

    Rows far from all that was trained on may be too much for 32 bits within the model.

    JSON has no word for what comes of it: such rows are named, and none is answered.
    """
    scores = predictions.probabilities
    numbers = np.asarray(predictions.values if scores is None else scores, np.float32)
    # One number that is not finite makes this one so, too, and it is had for a microsecond.
    if math.isfinite(np.vdot(numbers, numbers)):
        return
    finite = np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=1)
    rows = np.flatnonzero(~finite)[:_MOST_TOLD].tolist()
    message = "expected values for which the model's answer is a finite number"
    if rows:
        raise InvalidRequest([FieldError(row, None, message) for row in rows])
