"""A model answers before it is let near a request, and its speed says who waits for it where."""

from collections.abc import Callable
from time import thread_time
from typing import NamedTuple

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.examples import example_row

INLINE_SECONDS = 0.002
"""What the other requests can wait for one: batches that take longer are done in a thread."""

ALONE_SECONDS = 0.0001
"""What a row may take to be answered where it is read, and not together with those that wait."""

_ROWS = 32
_TRIES = 3


class Speed(NamedTuple):
    """How many rows are answered within `INLINE_SECONDS`, and whether one is in `ALONE_SECONDS`."""

    inline_rows: int
    alone: bool


def speed_of(predictor: Predictor) -> Speed:
    """What the model takes for rows like its example, their checks included.

    What cannot be answered raises whatever the model raises.
    """
    row = example_row(predictor.info.data_schema)

    def answer(rows: int) -> None:
        predictor.predict(predictor.rows.read([row] * rows, rows))

    answer(1)  # the first run also makes what later ones find there
    one, many = _least(lambda: answer(1)), _least(lambda: answer(_ROWS))
    each = max((many - one) / (_ROWS - 1), 1e-7)
    rows = max(0, int((INLINE_SECONDS - one) / each) + 1) if one < INLINE_SECONDS else 0
    return Speed(rows, one < ALONE_SECONDS)


def _least(work: Callable[[], None]) -> float:
    """Seconds of this thread's own work: beside a busy service it also waits, for Python's lock."""
    seconds = []
    for _ in range(_TRIES):
        began = thread_time()
        work()
        seconds.append(thread_time() - began)
    return min(seconds)
