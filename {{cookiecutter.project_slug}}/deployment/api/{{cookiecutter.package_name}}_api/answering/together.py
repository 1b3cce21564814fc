"""Rows of several requests, run by a model as one batch."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.model import Predictions
from {{ cookiecutter.package_name }}_api.models.loading import Served

Waiter = asyncio.Future[Predictions]


@dataclass
class Together:
    """Rows of several requests to one version, and who waits for each."""

    served: Served
    parts: list[tuple[Features, Waiter]] = field(default_factory=list)
    rows: int = 0
    timer: asyncio.Handle | None = None

    def add(self, features: Features, waiter: Waiter) -> None:
        """Run these rows with the others."""
        self.parts.append((features, waiter))
        self.rows += len(features)

    def fits(self, served: Served, features: Features, most_rows: int) -> bool:
        """Whether these rows can join: they are for the same version, and not too many."""
        return self.served is served and self.rows + len(features) <= most_rows

    def waiting(self) -> tuple[list[Features], list[Waiter]]:
        """What is to be run, and for whom; without those who have left."""
        staying = [(part, waiter) for part, waiter in self.parts if not waiter.done()]
        return [part for part, _ in staying], [waiter for _, waiter in staying]


def predicted(served: Served, parts: list[Features]) -> list[Predictions | Exception]:
    """What the model says of each part, or why it fails for that one."""
    if len(parts) == 1:
        return [_alone(served, parts[0])]
    try:
        whole = served.predictor.predict(joined(parts))
    except Exception:  # whatever a model raises: alone, each part shows whether it is to blame
        return [_alone(served, part) for part in parts]
    answers: list[Predictions | Exception] = []
    start = 0
    for part in parts:
        end = start + len(part)
        answers.append(whole[start:end])
        start = end
    return answers


def hand_out(waiters: Sequence[Waiter], answers: Sequence[Predictions | Exception]) -> None:
    """Give each its own; who has left by now gets nothing."""
    for waiter, answer in zip(waiters, answers, strict=True):
        if waiter.done():
            continue
        if isinstance(answer, Exception):
            waiter.set_exception(answer)
        else:
            waiter.set_result(answer)


def _alone(served: Served, part: Features) -> Predictions | Exception:
    try:
        return served.predictor.predict(part)
    except Exception as error:
        return error


def joined(parts: list[Features]) -> Features:
    """The rows of several requests, one after the other."""
    numeric = np.concatenate([part.numeric for part in parts])
    if not parts[0].categorical.shape[1]:
        return Features(numeric, np.empty((len(numeric), 0), dtype=object))
    return Features(numeric, np.concatenate([part.categorical for part in parts]))
