"""The state of one running service."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request

from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api.answered import Answered, Listener
from {{ cookiecutter.package_name }}_api.answering.batching import Batching
from {{ cookiecutter.package_name }}_api.answering.bodies import Bounds
from {{ cookiecutter.package_name }}_api.answering.crew import Crew
from {{ cookiecutter.package_name }}_api.answering.room import Room
from {{ cookiecutter.package_name }}_api.answering.turns import Turns
from {{ cookiecutter.package_name }}_api.answering.waiting import Waiting
from {{ cookiecutter.package_name }}_api.keys import KeyFile
from {{ cookiecutter.package_name }}_api.models.loading import BEING_ASKED, Served
from {{ cookiecutter.package_name }}_api.observing.access import AccessLog
from {{ cookiecutter.package_name }}_api.observing.metrics import Metrics
from {{ cookiecutter.package_name }}_api.observing.spans import wanted_spans
from {{ cookiecutter.package_name }}_api.prediction_log.log import PredictionLog
from {{ cookiecutter.package_name }}_api.settings import Settings

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}_api.models.following import Follower


@dataclass(frozen=True)
class Trouble:
    """Why the service may not be on the version that the registry names."""

    reason: str
    since: datetime
    tries: int = 1


def _keys(path: Path | None) -> KeyFile | None:
    return None if path is None else KeyFile(path.expanduser())


def _batching(settings: Settings, crew: Crew) -> Batching | None:
    if not settings.micro_batch_milliseconds:
        return None
    seconds, most = settings.micro_batch_milliseconds / 1000, settings.micro_batch_rows
    return Batching(crew, seconds, most, settings.request_timeout_seconds)


class Service:
    """Settings, keys, counters, threads and the model that answers; none until one was loaded.

    A request asks for `served` once and keeps what it got: the version may be another one for
    the request that comes next.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.access = AccessLog()
        self.room = Room(settings.max_concurrent_requests, self.metrics.requests)
        self.bounds = Bounds(settings.max_body_bytes, settings.request_timeout_seconds, self.room)
        self.crew = Crew()
        self.batching = _batching(settings, self.crew)
        self.turns = Turns()
        self.waiting = Waiting(self._look_around)
        self.trouble: Trouble | None = None
        self.follower: Follower | None = None
        self.spans = wanted_spans()
        self.listeners: list[Listener] = [self.metrics.model]
        self.prediction_log = PredictionLog.of(
            settings, self.metrics.registry, lambda: self.waiting.seconds
        )
        if self.prediction_log is not None:
            self.listeners.append(self.prediction_log.keep)
        self.clients = _keys(settings.api_keys_file)
        self.operators = _keys(settings.operator_keys_file)
        self._served: Served | None = None

    @property
    def served(self) -> Served:
        """The model that answers; ModelNotFound before there is one."""
        if self._served is None:
            raise ModelNotFound("No model is loaded yet; ask again when /health/ready says so.")
        return self._served

    def serve(self, served: Served) -> None:
        """Let this model answer from the next request on."""
        self.metrics.show_model(served)
        self._served = served
        if served.trouble is not None:
            tries = 0 if served.trouble == BEING_ASKED else 1
            self.note_trouble(Trouble(served.trouble, datetime.now(UTC), tries))

    async def check(self) -> dict[str, str]:
        """The server that runs the model, where one does; a ModelError where it cannot now."""
        server = self.served.server
        if server is None:
            return {}
        await server.check()
        return {server.name: "ok"}

    async def catch_up(self, gone: Served) -> Served:
        """What answers instead of a version that its server has no more."""
        if self.follower is not None:
            await self.follower.catch_up(gone)
        return self.served

    def tell(self, answered: Answered) -> None:
        """Let everybody who listens know of an answered request."""
        for listener in self.listeners:
            listener(answered)

    def _look_around(self, seconds: float) -> None:
        """Done every moment by the event loop, `seconds` late."""
        if self.prediction_log is not None:
            self.prediction_log.flush()
        # Last: files that several processes share are on a disk, which may be full.
        self.metrics.requests.show_waiting(seconds, self.crew.taken)
        self.metrics.flush()

    def note_trouble(self, trouble: Trouble) -> None:
        """The registry, or the version that it names, cannot be used now."""
        self.trouble = trouble
        self.metrics.show_trouble(True)

    def settle(self) -> None:
        """The registry names what is served, or the next model is ready to be."""
        if self._served is not None and self._served.trouble is not None:
            self._served = replace(self._served, origin="registry", trouble=None)
        if self.trouble is not None:
            self.trouble = None
            self.metrics.show_trouble(False)


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
