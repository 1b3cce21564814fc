"""An uploaded table, scored in requests that the model takes."""

from collections.abc import Callable, Sequence

from {{ cookiecutter.package_name }}.schemas.errors import DataError, InvalidRequest, ServiceError
from {{ cookiecutter.package_name }}.schemas.serving import Answer, Answering, Row
from {{ cookiecutter.package_name }}.utils.words import counted

_FIRST_ROWS = 500
"""Rows of a request, to begin with; halved where the service finds that too much."""


def score_rows(
    client: Answering, rows: Sequence[Row], progress: Callable[[float], None]
) -> list[Answer]:
    """Answers for all rows, in their order. `progress` hears the share that is done.

    Raises what `predict` raises, and ServiceError where another model takes over
    before the last row, or rows are left unanswered. Rows of InvalidRequest count from the
    request's first; rows that were checked by `read_upload` are not refused.
    """
    answers: list[Answer] = []
    done, size = 0, _FIRST_ROWS
    while done < len(rows):
        try:
            asked = list(rows[done : done + size])
            answer = client.predict(asked)
        except DataError as error:
            if size == 1 or _names_a_row(error):
                raise
            size = max(size // 2, 1)
            continue
        answers.append(answer)
        _check(answer, answers[0], len(asked))
        done += len(asked)
        progress(done / len(rows))
    return answers


def _check(answer: Answer, first: Answer, asked: int) -> None:
    """ServiceError for an answer that does not fit its request, or the model of the first one."""
    if len(answer.values) != asked:
        raise ServiceError(
            f"The service gave {counted(len(answer.values), 'answer')} to "
            f"{counted(asked, 'row')}: see that nothing between here and the service alters its "
            "answers, then score the table again."
        )
    if answer.version != first.version:
        raise ServiceError(
            f"Version {answer.version} of the model took over from version {first.version} while "
            "the table was scored: score it again."
        )
    if answer.classes != first.classes:
        raise ServiceError(
            f"The classes of version {answer.version} of the model changed from "
            f"{_words(first.classes)} to {_words(answer.classes)} while the table was scored: "
            "score it again."
        )


def _words(classes: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in classes) or "none"


def _names_a_row(error: DataError) -> bool:
    """Whether a value was refused, and not the size of the request."""
    return isinstance(error, InvalidRequest) and any(e.row is not None for e in error.errors)
