"""The state of one running service."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request

from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}_api.access import AccessLog
from {{ cookiecutter.package_name }}_api.crew import Crew
from {{ cookiecutter.package_name }}_api.keys import KeyFile
from {{ cookiecutter.package_name }}_api.loading import Served
from {{ cookiecutter.package_name }}_api.metrics import Metrics
from {{ cookiecutter.package_name }}_api.settings import Settings
from {{ cookiecutter.package_name }}_api.waiting import Waiting

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}_api.following import Follower


@dataclass(frozen=True)
class Trouble:
    """Why the service may not be on the version that the registry names."""

    reason: str
    since: datetime
    tries: int = 1


def _keys(path: Path | None) -> KeyFile | None:
    return None if path is None else KeyFile(path.expanduser())


class Service:
    """Settings, keys, counters, threads and the model that answers; none until one was loaded.

    A request asks for `served` once and keeps what it got: the version may be another one for
    the request that comes next.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.access = AccessLog()
        self.crew = Crew()
        self.waiting = Waiting()
        self.trouble: Trouble | None = None
        self.follower: Follower | None = None
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
            self.note_trouble(Trouble(served.trouble, datetime.now(UTC)))

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
