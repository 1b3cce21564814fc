"""A model answers before it is let near a request, and its speed says who waits for it where."""

from collections.abc import Callable
from time import thread_time

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.examples import example_row

INLINE_SECONDS = 0.002
"""What the other requests can wait for one: batches that take longer are done in a thread."""

_ROWS = 32
_TRIES = 3


def inline_rows(predictor: Predictor) -> int:
    """How many rows like the model's example are answered, checks included, in `INLINE_SECONDS`.

    What cannot be answered raises whatever the model raises.
    """
    row = example_row(predictor.info.data_schema)

    def answer(rows: int) -> None:
        predictor.predict(predictor.rows.read([row] * rows, rows))

    answer(1)  # the first run also makes what later ones find there
    one, many = _least(lambda: answer(1)), _least(lambda: answer(_ROWS))
    each = max((many - one) / (_ROWS - 1), 1e-7)
    return max(0, int((INLINE_SECONDS - one) / each) + 1) if one < INLINE_SECONDS else 0


def _least(work: Callable[[], None]) -> float:
    """Seconds of this thread's own work: beside a busy service it also waits, for Python's lock."""
    seconds = []
    for _ in range(_TRIES):
        began = thread_time()
        work()
        seconds.append(thread_time() - began)
    return min(seconds)
