"""Refusals as the protocol has them: a status, and one sentence under `error`.

The id of the request is in the header `X-Request-ID`, as in every answer of this service.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import Response

from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS
from {{ cookiecutter.package_name }}.schemas.errors import FieldError


def refusal(
    status: int,
    detail: str,
    errors: Sequence[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that refuses a request; values that do not fit are a bad request here."""
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    # The standard library's JSON is pure ASCII: it can say even what no UTF-8 text can hold.
    body = json.dumps({"error": _first(errors) if errors else detail})
    return Response(body, status, headers, "application/json")


def _first(errors: Sequence[FieldError]) -> str:
    least = "at least " if len(errors) >= MAX_ERRORS else ""  # nobody looked for more
    more = f" (and {least}{len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}."
