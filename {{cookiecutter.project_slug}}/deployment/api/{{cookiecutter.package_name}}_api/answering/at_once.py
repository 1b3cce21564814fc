"""A request that is there as a whole, answered where it was read from its connection.

A task, its turns of the event loop and the messages between server and application cost more than
a small model's run. What is not plain is left to the application, which knows every refusal.
"""

import logging
from time import perf_counter
from typing import NamedTuple

from fastapi import HTTPException
from starlette.types import Scope

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_api.answering.bodies import LARGE_BYTES
from {{ cookiecutter.package_name }}_api.answering.reading import JSON, reader_for
from {{ cookiecutter.package_name }}_api.guards.guarding import Guards
from {{ cookiecutter.package_name }}_api.observing.requests import Observer
from {{ cookiecutter.package_name }}_api.routes.answering import tell
from {{ cookiecutter.package_name }}_api.routes.predict import replies, router
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)


class Whole(NamedTuple):
    """An answer of status 200: lines of headers, each with its CR LF, and the body."""

    headers: bytes
    body: bytes


class AtOnce:
    """Answers plain requests for predictions of a model whose run takes hardly any time."""

    def __init__(self, service: Service, guards: Guards, observer: Observer) -> None:
        self._service, self._guards, self._observer = service, guards, observer
        self._routes = {getattr(route, "path", ""): route for route in router.routes}
        settings = service.settings
        self._most_bytes = min(LARGE_BYTES, settings.max_body_bytes)
        self._most_rows = settings.max_batch_rows

    def __call__(self, scope: Scope, body: bytes) -> Whole | None:
        """The answer to a request; None: the application has to answer, or to refuse it."""
        route = self._routes.get(scope["path"])
        if route is None or scope["method"] != "POST" or len(body) > self._most_bytes:
            return None
        scope["route"] = route
        try:
            return self._answer(scope, body)
        except (HTTPException, ProjectError):  # the application refuses it, in words
            return None
        except Exception:  # the application meets the same defect, and answers for it
            _log.debug("not answered at once", exc_info=True)
            return None

    def _answer(self, scope: Scope, body: bytes) -> Whole | None:
        service, headers = self._service, dict(scope["headers"])
        served = service.served
        if not served.alone or service.batching is not None or b"content-encoding" in headers:
            return None
        began = perf_counter()
        self._observer.begin(scope, began)
        if self._guards.refusal(scope) is not None:
            return None
        state = scope["state"]
        state["admitted"] = True
        predictor = served.predictor
        features = reader_for(headers, predictor)(predictor, body, self._most_rows)
        if len(features) > served.inline_rows:
            return None
        predictions = predictor.predict(features)
        content = replies.body(served, predictions, state["request_id"])
        tell(service, state, served, features, predictions)
        self._observer.end(scope, 200, perf_counter() - began)
        return Whole(self._observer.lines(scope, JSON), content)
