"""Refusals as problem JSON (RFC 9457), whatever refused."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import Scope

from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest, ProjectError
from {{ cookiecutter.package_name }}_api.examples import EXAMPLE_ID
from {{ cookiecutter.package_name }}_api.keys import WHERE
from {{ cookiecutter.package_name }}_api.protocol import paths
from {{ cookiecutter.package_name }}_api.protocol.refusals import refusal

MEDIA_TYPE = "application/problem+json"
_ONE_VALUE = "1 value does not fit the model."


class FieldProblem(BaseModel):
    """One refused value."""

    row: int | None = Field(description="Row of the request, from 0; null: the whole request")
    field: str | None = Field(description="Column; null: the whole row")
    message: str = Field(description="What was expected, and what came")


class Problem(BaseModel):
    """Why a request was refused."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="A sentence that says why")
    request_id: str | None
    errors: list[FieldProblem] | None = Field(
        None, description=f"The refused values, up to {MAX_ERRORS}"
    )


def problem(
    scope: Scope,
    status: int,
    detail: str,
    errors: Sequence[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that refuses the request of this scope."""
    if paths.speaks(scope["path"]):
        return refusal(status, detail, errors, headers)
    content = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=scope.get("state", {}).get("request_id"),
        errors=None
        if errors is None
        else [FieldProblem(row=e.row, field=e.field, message=e.message) for e in errors],
    )
    # The standard library's JSON is pure ASCII: it can say even what no UTF-8 text can hold.
    body = json.dumps(content.model_dump(exclude_none=errors is None))
    return Response(body, status, headers, MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    refusal = refusal_of(request.scope, error)
    assert refusal is not None, "`install` names no other class"  # noqa: S101
    return refusal


def refusal_of(scope: Scope, error: Exception) -> Response | None:
    """The answer to a request that this error refuses; None: it is a defect."""
    if isinstance(error, InvalidRequest):
        return problem(scope, 422, _summary(error), error.errors)
    if isinstance(error, ProjectError):
        later = {"Retry-After": "1"} if error.http_status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        return problem(scope, error.http_status, str(error), headers=later)
    if not isinstance(error, StarletteHTTPException):
        return None
    detail = _more_than(error, scope)
    return problem(scope, error.status_code, detail, headers=error.headers)


def _summary(error: InvalidRequest) -> str:
    """What is wrong with the request as a whole, or how many values of it are."""
    for refused in error.errors:
        if refused.row is None and refused.field is None:
            return f"{refused.message[:1].upper()}{refused.message[1:]}."
    count = len(error.errors)
    if count >= MAX_ERRORS:  # nobody looked for more
        return f"At least {count} values do not fit the model; the first {count} are named."
    return f"{count} values do not fit the model." if count > 1 else _ONE_VALUE


def _more_than(error: StarletteHTTPException, scope: Scope) -> str:
    """The framework's bare phrase, where it is one, as a sentence."""
    if error.status_code == HTTPStatus.NOT_FOUND and error.detail == HTTPStatus.NOT_FOUND.phrase:
        near = scope["path"].rstrip("/")
        there = near != scope["path"] and near in scope["app"].state.paths
        hint = f"did you mean {near}? " if there else ""
        return f"There is nothing at this path; {hint}/docs lists what there is."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        return f"This path takes {allowed}, not {scope['method'][:20]}."
    return str(error.detail)


def install(app: FastAPI) -> None:
    """Let every refusal of this application be problem JSON."""
    for kind in (ProjectError, StarletteHTTPException, HTTPException):
        app.add_exception_handler(kind, _refused)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """These refusals as an operation's `responses`."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": reference, "example": _example(status)}},
        }
        for status in statuses
    }


_DETAILS = {
    400: "The body is not JSON: unexpected end of data: line 1 column 1 (char 0).",
    401: f"Expected a client's key, {WHERE}.",
    422: _ONE_VALUE,
}


def _example(status: int) -> dict[str, object]:
    phrase = HTTPStatus(status).phrase
    detail = _DETAILS.get(status, "A sentence says why.")
    example = Problem(title=phrase, status=status, detail=detail, request_id=EXAMPLE_ID)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        message = "expected a number or null, got 'old'"
        example.errors = [FieldProblem(row=0, field="age", message=message)]
    return example.model_dump(exclude_none=True)


def schemas() -> dict[str, object]:
    """The components of an OpenAPI document that `documented` refers to."""
    _, whole = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    components: dict[str, object] = whole["$defs"]
    return components
