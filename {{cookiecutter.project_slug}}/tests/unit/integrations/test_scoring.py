from dataclasses import replace

import pytest

from {{ cookiecutter.package_name }}.integrations.scoring import score_rows
from {{ cookiecutter.package_name }}.schemas.errors import (
    DataError,
    FieldError,
    InvalidRequest,
    ServiceError,
)
from {{ cookiecutter.package_name }}.schemas.serving import Answer


class Service:
    """Answers each row with its first value; takes at most so many rows."""

    def __init__(self, most: int = 1000, error: Exception | None = None) -> None:
        self.most, self.error, self.sizes = most, error, []

    def predict(self, rows):
        self.sizes.append(len(rows))
        if self.error:
            raise self.error
        if len(rows) > self.most:
            raise InvalidRequest([FieldError(None, None, f"expected 1 to {self.most} rows")])
        return Answer(tuple(row[0] for row in rows), (), (), "1", 1.0)


def scored(service: Service, rows: int) -> tuple[list, list[float]]:
    heard: list[float] = []
    answers = score_rows(service, [[float(number)] for number in range(rows)], heard.append)
    return [value for answer in answers for value in answer.values], heard


def test_rows_keep_their_order_across_requests() -> None:
    values, heard = scored(service := Service(), 1200)

    assert values == [float(number) for number in range(1200)]
    assert service.sizes == [500, 500, 200]
    assert heard == [pytest.approx(500 / 1200), pytest.approx(1000 / 1200), 1.0]


def test_requests_shrink_to_what_the_service_takes() -> None:
    values, _ = scored(service := Service(most=60), 130)

    assert values == [float(number) for number in range(130)]
    assert max(size for size in service.sizes if size <= 60) == 31


def test_a_row_that_is_too_long_alone_is_an_error() -> None:
    with pytest.raises(DataError, match="too long"):
        scored(service := Service(error=DataError("too long")), 600)

    assert service.sizes == [500, 250, 125, 62, 31, 15, 7, 3, 1]


def test_a_refused_value_is_not_asked_again() -> None:
    refusal = InvalidRequest([FieldError(3, "age", "expected a number")])

    with pytest.raises(InvalidRequest):
        scored(service := Service(error=refusal), 4)

    assert service.sizes == [4]


def test_a_service_that_goes_away_is_told() -> None:
    with pytest.raises(ServiceError):
        scored(Service(error=ServiceError("away")), 4)


class Restarted(Service):
    """Gives other answers from the second request on."""

    def __init__(self, **changes) -> None:
        super().__init__()
        self.changes = changes

    def predict(self, rows):
        answer = replace(super().predict(rows), classes=("no", "yes"))
        return replace(answer, **self.changes) if len(self.sizes) > 1 else answer


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"version": "2", "classes": ("yes", "no")},
            "Version 2 of the model took over from version 1 while the table was scored: score "
            "it again.",
        ),
        (
            {"classes": ("yes", "no")},
            "The classes of version 1 of the model changed from 'no', 'yes' to 'yes', 'no' while "
            "the table was scored: score it again.",
        ),
        ({"values": ()}, "The service gave 0 answers to 500 rows: "),
        ({"values": (1.0,) * 501}, "The service gave 501 answers to 500 rows: "),
    ],
)
def test_answers_of_another_model_or_to_other_rows_are_refused(changes, sentence) -> None:
    with pytest.raises(ServiceError) as caught:
        scored(service := Restarted(**changes), 1500)

    assert str(caught.value).startswith(sentence)
    assert service.sizes == [500, 500]
