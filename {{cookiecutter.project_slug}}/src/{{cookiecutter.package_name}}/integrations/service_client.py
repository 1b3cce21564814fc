"""A client of the running service. Every way to fail is one sentence that says what to do."""

from http import HTTPStatus
from time import perf_counter
from typing import Any

import httpx
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.stores import without_password
from {{ cookiecutter.package_name }}.schemas.errors import (
    DataError,
    FieldError,
    InvalidRequest,
    ModelNotFound,
    ServiceError,
)
from {{ cookiecutter.package_name }}.schemas.serving import Answer, Row, ServedModel

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 30.0


class ServiceClient:
    """Asks one service; safe to share between threads. `transport` is for tests.

    `key` is shown to the service, and to nobody else.
    """

    def __init__(
        self, url: str, transport: httpx.BaseTransport | None = None, key: str | None = None
    ) -> None:
        self.url = without_password(url.rstrip("/"))  # it stands in sentences
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        patience = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        # A proxy of the environment is for the world outside, not for the service next door.
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers=headers,
            timeout=patience,
            transport=transport,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections that are kept open between questions."""
        self._client.close()

    def model(self) -> ServedModel:
        """The model that answers now; ModelNotFound or ServiceError."""
        body = self._json(self._ask("GET", "/v1/model"))
        try:
            return ServedModel.model_validate(body)
        except ValidationError as error:
            raise self._stranger("/v1/model") from error

    def predict(self, rows: list[Row]) -> Answer:
        """Predictions for these rows.

        Raises InvalidRequest with an entry a refused value, DataError where the request is too
        large, ModelNotFound or ServiceError.
        """
        started = perf_counter()
        response = self._ask("POST", "/v1/predict", json={"inputs": rows})
        milliseconds = (perf_counter() - started) * 1000
        try:
            return Answer.from_json(self._json(response), milliseconds)
        except (KeyError, TypeError) as error:
            raise self._stranger("/v1/predict") from error

    def counters(self) -> str:
        """The page of `/metrics`, in Prometheus' text format; ServiceError."""
        return self._ask("GET", "/metrics").text

    def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceError(
                f"The service at '{self.url}' does not answer ({_reason(error)}): start it with "
                "`uv run serve`, or correct API_URL."
            ) from error
        if response.is_error:
            self._refused(response, path)
        return response

    def _refused(self, response: httpx.Response, path: str) -> None:
        problem = self._json(response)
        detail = str(problem.get("detail") or response.reason_phrase)
        if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and problem.get("errors"):
            raise InvalidRequest(
                [FieldError(one["row"], one["field"], one["message"]) for one in problem["errors"]]
            )
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise DataError(detail)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise ModelNotFound(detail)
        if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise ServiceError(
                f"The service at '{self.url}' asks for a key: name a file that holds one with "
                "API_KEY_FILE, then start the dashboard again."
            )
        if response.status_code == HTTPStatus.NOT_FOUND:
            raise self._stranger(path)
        request_id = response.headers.get("X-Request-ID", "none")
        raise ServiceError(
            f"The service at '{self.url}' answered {response.status_code}: {detail} "
            f"(request id {request_id})"
        )

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body = response.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise self._stranger(response.request.url.path)
        return body

    def _stranger(self, path: str) -> ServiceError:
        return ServiceError(
            f"What answers at '{self.url}{path}' is not this project's service, or another "
            "release of it: correct API_URL."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {_CONNECT_SECONDS:g} s"
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {_ANSWER_SECONDS:g} s"
    if "refused" in str(error).lower():
        return "connection refused"
    return " ".join(str(error).split())[:200] or type(error).__name__
