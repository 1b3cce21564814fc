"""An uploaded table, scored by the running service in requests that it takes."""

from collections.abc import Callable, Sequence

from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.schemas.errors import DataError, InvalidRequest
from {{ cookiecutter.package_name }}.schemas.serving import Answer, Row

_FIRST_ROWS = 500
"""Rows of a request, to begin with; halved where the service finds that too much."""


def score_rows(
    client: ServiceClient, rows: Sequence[Row], progress: Callable[[float], None]
) -> list[Answer]:
    """Answers for all rows, in their order. `progress` hears the share that is done.

    Raises what `ServiceClient.predict` raises. Rows of InvalidRequest count from the request's
    first; rows that were checked by `read_upload` are not refused.
    """
    answers: list[Answer] = []
    done, size = 0, _FIRST_ROWS
    while done < len(rows):
        try:
            answer = client.predict(list(rows[done : done + size]))
        except DataError as error:
            if size == 1 or _names_a_row(error):
                raise
            size = max(size // 2, 1)
            continue
        answers.append(answer)
        done += len(answer.values)
        progress(min(done / len(rows), 1.0))
    return answers


def _names_a_row(error: DataError) -> bool:
    """Whether a value was refused, and not the size of the request."""
    return isinstance(error, InvalidRequest) and any(e.row is not None for e in error.errors)
