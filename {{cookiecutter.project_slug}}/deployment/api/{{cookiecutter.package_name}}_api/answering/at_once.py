"""Requests that are there as a whole, answered where they were read from their connections.

A task, its turns of the event loop and the messages between server and application cost more than
a small model's run. What several connections brought in one turn of the loop is one run. What is
not plain is left to the application, which knows every refusal.
"""

import asyncio
import logging
from collections.abc import Callable
from time import perf_counter, time
from typing import NamedTuple

from fastapi import HTTPException
from starlette.types import Scope

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest, ProjectError
from {{ cookiecutter.package_name }}_api.answered import Answered
from {{ cookiecutter.package_name }}_api.answering.bodies import LARGE_BYTES
from {{ cookiecutter.package_name }}_api.answering.reading import JSON, reader_for
from {{ cookiecutter.package_name }}_api.answering.together import joined
from {{ cookiecutter.package_name }}_api.guards.guarding import Guards, Refusal
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing.defects import unsaid
from {{ cookiecutter.package_name }}_api.observing.requests import Observer
from {{ cookiecutter.package_name }}_api.problems import MEDIA_TYPE, problem
from {{ cookiecutter.package_name }}_api.routes.answering import check_finite, tell_all
from {{ cookiecutter.package_name }}_api.routes.predict import replies, router
from {{ cookiecutter.package_name }}_api.service import Service

_log = logging.getLogger(__name__)

_MOST_ALONE = 31
"""Requests that are answered by themselves before the next look whether several come."""


class Whole(NamedTuple):
    """An answer: its status, lines of headers, each with its CR LF, and the body."""

    status: int
    headers: bytes
    body: bytes


Answer = Callable[[Whole | None], None]
"""Sends an answer; None: the application has to answer, or to refuse the request."""


class _Asked(NamedTuple):
    scope: Scope
    features: Features
    answer: Answer


class AtOnce:
    """Answers plain requests for predictions of a model whose run takes a moment."""

    def __init__(self, service: Service, guards: Guards, observer: Observer) -> None:
        self._service, self._guards, self._observer = service, guards, observer
        self._routes = {getattr(route, "path", ""): route for route in router.routes}
        settings = service.settings
        self._most_bytes = min(LARGE_BYTES, settings.max_body_bytes)
        self._most_rows = settings.max_batch_rows
        self._asked: list[_Asked] = []
        self._rows = 0
        self._served: Served | None = None
        self._alone = self._to_be_alone = 0
        self._turn: float | None = None
        """When the first request of this turn came, by `perf_counter`."""
        self._several = False

    def takes(self, scope: Scope, body: bytes, free: float, answer: Answer) -> bool:
        """Whether this is answered here: `answer` is called now, or in the loop's next turn.

        Its connection has been free for it since `free`, by `perf_counter`.
        """
        route = self._routes.get(scope["path"])
        if route is None or scope["method"] != "POST" or len(body) > self._most_bytes:
            return False
        scope["route"] = route
        try:
            return self._takes(scope, body, free, answer)
        except (HTTPException, ProjectError):  # the application refuses it, in words
            return False
        except Exception as error:  # the application may meet the same defect, and answers for it
            _log.error("not answered at once", exc_info=unsaid(error, _log))
            return False

    def _takes(self, scope: Scope, body: bytes, free: float, answer: Answer) -> bool:
        service, headers = self._service, dict(scope["headers"])
        served = service.served
        if not served.inline_rows or served.server is not None or service.batching is not None:
            return False
        if b"content-encoding" in headers:
            return False
        now = perf_counter()
        self._observer.begin(scope, now)
        # It was not sent before its connection was free; nor before the turn that went before.
        turn = 0.0 if self._turn is None else now - self._turn
        waited = min(service.waiting.seconds + turn, now - free)
        if (refusal := self._guards.refusal(scope, waited)) is not None:
            # Under too many requests these are most answers: they should cost the least.
            answer(self._refused(scope, refusal))
            return True
        scope["state"]["admitted"] = True
        predictor = served.predictor
        features = reader_for(headers, predictor)(predictor, body, self._most_rows)
        if len(features) > served.inline_rows:
            return False
        if served is not self._served or self._rows + len(features) > served.inline_rows:
            self.run()
        self._asked.append(_Asked(scope, features, answer))
        self._served, self._rows = served, self._rows + len(features)
        if self._turn is not None:
            self._several = True
        elif self._alone:
            # Lately each came by itself: the end of the turn would be waited for in vain.
            self._alone -= 1
            self.run()
        else:
            self._turn, self._several = now, False
            asyncio.get_running_loop().call_soon(self._end_turn)
        return True

    def _end_turn(self) -> None:
        self._turn = None
        self._to_be_alone = 0 if self._several else min(2 * self._to_be_alone + 1, _MOST_ALONE)
        self._alone = self._to_be_alone
        self.run()

    def run(self) -> None:
        """Answer all that came so far, without waiting for the turn's end."""
        asked, self._asked, self._rows = self._asked, [], 0
        if not asked or self._served is None:
            return
        bodies: list[bytes] | list[None]
        try:
            bodies = self._bodies(asked, self._served)
        except InvalidRequest:  # which of them has no answer, the application finds out
            bodies = [None] * len(asked)
        except Exception as error:  # and so whose fault this is
            _log.error("not answered at once", exc_info=unsaid(error, _log))
            bodies = [None] * len(asked)
        for each, body in zip(asked, bodies, strict=True):
            try:
                each.answer(None if body is None else self._ended(each.scope, body))
            except Exception as error:  # the others are answered all the same
                _log.error("defect", exc_info=unsaid(error, _log))

    def _bodies(self, asked: list[_Asked], served: Served) -> list[bytes]:
        features = asked[0].features if len(asked) == 1 else joined([a.features for a in asked])
        predictions = served.predictor.predict(features)
        check_finite(predictions)
        states = [each.scope["state"] for each in asked]
        rows = [len(each.features) for each in asked]
        ids = [state["request_id"] for state in states]
        bodies = replies.bodies(served, predictions, list(zip(ids, rows, strict=True)))
        try:
            answered = Answered(served, features, predictions, [], time())
            tell_all(self._service, states, rows, answered)
        except Exception as error:  # the application would answer and tell of them once more
            _log.error("defect", exc_info=unsaid(error, _log))
        return bodies

    def _ended(self, scope: Scope, body: bytes) -> Whole:
        self._end(scope, 200)
        return Whole(200, self._observer.lines(scope, JSON), body)

    def _end(self, scope: Scope, status: int) -> None:
        try:
            self._observer.end(scope, status, perf_counter() - scope["state"]["began"])
        except Exception as error:  # it is answered all the same, and never twice
            _log.error("defect", exc_info=unsaid(error, _log))

    def _refused(self, scope: Scope, refusal: Refusal) -> Whole:
        status, detail, more = refusal
        body = bytes(problem(scope, status, detail).body)
        self._end(scope, status)
        lines = "".join([f"{name.lower()}: {value}\r\n" for name, value in more.items()])
        return Whole(status, lines.encode() + self._observer.lines(scope, MEDIA_TYPE), body)
