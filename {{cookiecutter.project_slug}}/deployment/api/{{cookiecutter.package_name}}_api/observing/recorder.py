"""OpenTelemetry's own library, told what the service knows of each request."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}_api.observing.tracing import Trace

_log = logging.getLogger(__name__)

STOP_SECONDS = 3.0
"""How long a stop waits for a collector to take the last spans."""


class Recorder:
    """Makes a span of each request; a thread of the library's sends them in batches.

    Its queue is bounded (`OTEL_BSP_MAX_QUEUE_SIZE`): what a collector does not take is lost.
    """

    def __init__(self) -> None:
        self._ids = _Given()
        self._provider = TracerProvider(
            id_generator=self._ids, resource=_resource(), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(_Quiet(OTLPSpanExporter())))
        self._tracer = self._provider.get_tracer(__name__)

    def record(
        self,
        trace: Trace,
        name: str,
        seconds: float,
        attributes: Mapping[str, str | int],
        *,
        failed: bool,
    ) -> None:
        """Keep the span of a request that ended now and took so long."""
        end, context = time.time_ns(), None
        self._ids.trace_id, self._ids.span_id = int(trace.trace_id, 16), int(trace.span_id, 16)
        if trace.parent_id is not None:
            flags, parent_id = TraceFlags(trace.flags), int(trace.parent_id, 16)
            parent = SpanContext(self._ids.trace_id, parent_id, is_remote=True, trace_flags=flags)
            context = set_span_in_context(NonRecordingSpan(parent))
        span = self._tracer.start_span(
            name,
            context,
            SpanKind.SERVER,
            attributes,
            start_time=end - int(seconds * 1e9),
        )
        if failed:
            span.set_status(StatusCode.ERROR)
        span.end(end)

    def stop(self) -> None:
        """Send what is left; what a collector does not take in `STOP_SECONDS` is lost."""
        last = threading.Thread(target=self._provider.shutdown, name="last-spans", daemon=True)
        last.start()
        last.join(STOP_SECONDS)


class _Given(IdGenerator):
    """The ids that the request has already: its log lines and its answer name them."""

    trace_id = 0
    span_id = 0

    def generate_trace_id(self) -> int:
        return self.trace_id

    def generate_span_id(self) -> int:
        return self.span_id


class _Quiet(SpanExporter):
    """An exporter whose failures are told once, and once when they are over."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._failing = False
        # The library tells each of them, each time.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        failing = result is not SpanExportResult.SUCCESS
        if failing and not self._failing:
            _log.warning("the collector takes no spans", extra={"lost": len(spans)})
        elif self._failing and not failing:
            _log.info("the collector takes spans again")
        self._failing = failing
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _resource() -> Resource:
    """What the variables say of this service; its name is the project's where they do not."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: {{ cookiecutter.package_name }}.PROJECT}))
    return resource
