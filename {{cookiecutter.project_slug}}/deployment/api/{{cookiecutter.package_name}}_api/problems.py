"""Refusals as problem JSON (RFC 9457), whatever refused."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import Scope

from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest, ProjectError

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One refused value."""

    row: int | None = Field(description="Row of the request, from 0; null: the whole request")
    field: str | None = Field(description="Column; null: the whole row")
    message: str = Field(description="What was expected, and what came")


class Problem(BaseModel):
    """Why a request was refused."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["1 value does not fit the model."])
    request_id: str | None
    errors: list[FieldProblem] | None = Field(
        None, description="Every refused value, up to a limit"
    )


def problem(
    scope: Scope,
    status: int,
    detail: str,
    errors: Sequence[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that refuses the request of this scope."""
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
    if isinstance(error, InvalidRequest):
        count = len(error.errors)
        counted = f"{count} values do" if count > 1 else "1 value does"
        return problem(request.scope, 422, f"{counted} not fit the model.", error.errors)
    if isinstance(error, ProjectError):
        return problem(request.scope, error.http_status, str(error))
    assert isinstance(error, StarletteHTTPException), "`install` names no other class"  # noqa: S101
    detail = _more_than(error, request)
    return problem(request.scope, error.status_code, detail, headers=error.headers)


def _more_than(error: StarletteHTTPException, request: Request) -> str:
    """The framework's bare phrase, where it is one, as a sentence."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return "There is nothing at this path; /docs lists what there is."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        return f"This path takes {allowed}, not {request.method[:20]}."
    return str(error.detail)


def install(app: FastAPI) -> None:
    """Let every refusal of this application be problem JSON."""
    for kind in (ProjectError, StarletteHTTPException, HTTPException):
        app.add_exception_handler(kind, _refused)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """These refusals as an operation's `responses`."""
    reference = {"$ref": "#/components/schemas/Problem"}
    content = {
        MEDIA_TYPE: {"schema": reference},
    }
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def schemas() -> dict[str, object]:
    """The components of an OpenAPI document that `documented` refers to."""
    _, whole = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    components: dict[str, object] = whole["$defs"]
    return components
