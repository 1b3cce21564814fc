"""A span for each request, sent to a collector where OpenTelemetry's standard variables ask for it.

Made after the answer went out, sent by a thread: a collector that is away slows nobody.
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.answered import Told
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing.tracing import Trace

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}_api.observing.recorder import Recorder

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_HTTP = "http/protobuf"
_LIBRARIES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


class Spans:
    """Keeps a span of each request that it is told of, from `start` to `stop`."""

    def __init__(self) -> None:
        self._recorder: Recorder | None = None

    def start(self) -> None:
        """Load the libraries and begin to send."""
        from {{ cookiecutter.package_name }}_api.observing.recorder import Recorder

        self._recorder = Recorder()

    def stop(self) -> None:
        """Send what is left, for a few seconds at most."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.stop()

    def note(
        self,
        trace: Trace,
        request: tuple[str, str],
        status: int,
        seconds: float,
        answered: tuple[Served, Told] | None,
    ) -> None:
        """Keep a request that ended now; `request` is its method and its route."""
        if self._recorder is None:
            return
        method, route = request
        attributes: dict[str, str | int] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "url.scheme": "http",
        }
        if answered is not None:
            served, told = answered
            attributes |= {
                "request.id": told.request_id,
                "model.name": served.version.name,
                "model.version": served.version.version,
                "model.rows": told.rows,
            }
        self._recorder.record(trace, f"{method} {route}", seconds, attributes, failed=status >= 500)


def wanted_spans(environment: Mapping[str, str] = os.environ) -> Spans | None:
    """What the standard variables ask for; None where they ask for nothing.

    ConfigError for an exporter or a protocol that there is not, and where the libraries are
    missing.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    default = "otlp" if any(name in given for name in _ENDPOINTS) else "none"
    exporter = given.get("OTEL_TRACES_EXPORTER", default)
    if exporter == "none":
        return None
    _expect("OTEL_TRACES_EXPORTER", exporter, "otlp", "otlp or none")
    for name in _PROTOCOLS:
        if name in given:
            _expect(name, given[name], _HTTP, _HTTP)
            break
    if not all(map(_installed, _LIBRARIES)):
        raise ConfigError(
            "Traces are asked for (OTEL_…), but OpenTelemetry is not installed: run "
            "`uv sync --extra tracing`, or install the package with its extra `tracing`."
        )
    return Spans()


def _expect(name: str, value: str, known: str, expected: str) -> None:
    if value != known:
        raise ConfigError(f"{name} is '{value}': expected {expected}.")


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package that it would lie in
        return False
