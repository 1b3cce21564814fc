"""What the prediction log counts, for Prometheus."""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge

Reason = Literal["full", "columns", "refused", "damaged", "stopped", "defect"]
_REASONS: tuple[Reason, ...] = ("full", "columns", "refused", "damaged", "stopped", "defect")


class Counters:
    """Counters of one process in the service's registry; several processes' are added up."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, words: str, labels: tuple[str, ...] = ()) -> Counter:
            return Counter(f"prediction_log_{name}", words, labels, registry=registry)

        def gauge(name: str, words: str, mode: str) -> Gauge:
            return Gauge(
                f"prediction_log_{name}",
                words,
                registry=registry,
                multiprocess_mode=mode,  # type: ignore[arg-type]
            )

        self.rows = counter("rows_total", "Rows of answered requests that were stored")
        self.labels = counter("labels_total", "True labels that were stored")
        self.requests = counter("requests_total", "Answered requests that were stored")
        self.spilled = counter(
            "spilled_total", "Requests and labels put on the disk until the store takes them"
        )
        self._dropped = counter(
            "dropped_total", "Requests and labels that are not kept", ("reason",)
        )
        self.waiting = gauge("waiting", "Requests and labels in memory", "livesum")
        self.spill_bytes = gauge("spill_bytes", "Bytes on the disk that wait", "livesum")
        self.up = gauge("store_up", "1 while the store takes what is written", "livemin")
        self.last_write = gauge(
            "last_write_timestamp_seconds", "When something was last stored", "livemax"
        )
        for reason in _REASONS:
            self._dropped.labels(reason)

    def dropped(self, reason: Reason, entries: int = 1) -> None:
        """Add what is not kept."""
        self._dropped.labels(reason).inc(entries)
