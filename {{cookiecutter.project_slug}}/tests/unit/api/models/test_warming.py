import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}_api.models import warming
from {{ cookiecutter.package_name }}_api.models.warming import inline_rows


class Timed:
    """A model that takes so many seconds for a run and for each row, by a clock of its own."""

    def __init__(self, run: float, row: float) -> None:
        self._run, self._row = run, row
        self.now = 0.0

    def run(self, outputs, feeds):
        rows = len(feeds["numeric"])
        self.now += self._run + self._row * rows
        return [np.full((rows, 2), 0.5, np.float32)]


@pytest.mark.parametrize(
    ("run", "row", "least", "most"),
    [
        (0.00001, 0.000001, 1900, 2100),  # a small model
        (0.0005, 0.0005, 2, 3),
        (0.0, 0.003, 0, 0),  # one row is too long already
        (0.001, 0.0, 1000, 10**6),  # the batch costs nothing
    ],
)
def test_as_many_rows_are_answered_inline_as_take_two_milliseconds(
    fake_predictor, monkeypatch, run, row, least, most
):
    model = Timed(run, row)
    monkeypatch.setattr(warming, "thread_time", lambda: model.now)

    assert least <= inline_rows(Predictor(model, fake_predictor.info)) <= most
