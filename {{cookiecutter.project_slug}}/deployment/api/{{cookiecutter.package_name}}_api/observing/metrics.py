"""What the service counts, for Prometheus."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing.model_metrics import ModelMetrics
from {{ cookiecutter.package_name }}_api.observing.request_metrics import RequestMetrics
from {{ cookiecutter.package_name }}_api.observing.shared_metrics import FOLDER, shared_page


class Metrics:
    """One service's counters, in a registry of their own. No label takes a client's words.

    `requests` and `model` keep what they are told until `flush`, or a look at the page.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        # They would be a second series for each, which nobody reads.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._shared = os.environ.get(FOLDER)
        if self._shared is None:
            ProcessCollector(registry=self._registry)
        self.requests = RequestMetrics(self._registry)
        self.model = ModelMetrics(self._registry, shared=self._shared is not None)
        self._served = Gauge(
            "served_model_info",
            "1 for the model version that answers",
            ["name", "version", "alias", "data_digest", "git_sha", "template_version", "sha256"],
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._shown: Gauge | None = None
        self._loaded = Gauge(
            "model_loaded_timestamp_seconds",
            "When the version that answers was loaded, in seconds since 1970",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._updates = Counter(
            "model_updates_total",
            "Changes of the model that answers: swapped, or failed",
            ["result"],
            registry=self._registry,
        )
        self._trouble = Gauge(
            "model_update_trouble",
            "1 while the registry, or the version that it names, cannot be used",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        for result in ("swapped", "failed"):
            self._updates.labels(result)
        _show_build(self._registry)

    def show_model(self, served: Served) -> None:
        """Name the version that answers from now on."""
        if self._shown is not None:
            self._shown.set(0)
        if self._shared is None:  # a shared file keeps every label that it ever had
            self._served.clear()
        info, version = served.predictor.info, served.version
        self._shown = self._served.labels(
            name=version.name,
            version=version.version,
            alias=version.alias or "",
            data_digest=info.data_digest,
            git_sha=info.git_sha or "",
            template_version=info.template_version or "",
            sha256=served.sha256,
        )
        self._shown.set(1)
        self._loaded.set(served.loaded_at.timestamp())
        self.model.show(served)

    @property
    def registry(self) -> CollectorRegistry:
        """Where parts of the service that count for themselves add their counters."""
        return self._registry

    def count_update(self, result: Literal["swapped", "failed"]) -> None:
        """Add one change of the model that answers, or one that did not come about."""
        self._updates.labels(result).inc()

    def show_trouble(self, there: bool) -> None:  # noqa: FBT001
        """Say whether the service may be on another version than the registry names."""
        self._trouble.set(there)

    def flush(self) -> None:
        """Count what has come so far, so that other processes' pages have it, too."""
        self.requests.flush()
        self.model.flush()

    def page(self) -> bytes:
        """Everything counted, in the text format that Prometheus reads."""
        self.flush()
        if self._shared is None:
            return generate_latest(self._registry)
        return shared_page(Path(self._shared))


def _show_build(registry: CollectorRegistry) -> None:
    build = Gauge(
        "service_build_info",
        "1, with the versions of what answers",
        ["python", "onnxruntime"],
        registry=registry,
        multiprocess_mode="livemax",
    )
    build.labels(platform.python_version(), version("onnxruntime")).set(1)
