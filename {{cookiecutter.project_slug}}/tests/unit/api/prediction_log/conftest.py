"""Answered requests, and the parts of a log over a store in memory."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from kept_in_memory import MemoryStore
from prometheus_client import CollectorRegistry

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}_api.answered import Answered, Told
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.counters import Counters
from {{ cookiecutter.package_name }}_api.prediction_log.disk import Disk
from {{ cookiecutter.package_name }}_api.prediction_log.models import Models
from {{ cookiecutter.package_name }}_api.prediction_log.queue import Queue
from {{ cookiecutter.package_name }}_api.prediction_log.stored import Stored
from {{ cookiecutter.package_name }}_api.prediction_log.troubles import Signs, Troubles
from {{ cookiecutter.package_name }}_api.prediction_log.writer import Writer


@pytest.fixture
def answered_of(served):
    """Makes answered requests of one row of `mixed_schema`, or of these rows."""

    def make(request_id: str, numeric=((30.0, 1.5),), categorical=(("Oslo",),)) -> Answered:
        features = Features(
            np.array(numeric, dtype=np.float32), np.array(categorical, dtype=object)
        )
        predictions = served.predictor.predict(features)
        told = [Told(request_id, len(features), 0.001)]
        return Answered(served, features, predictions, told, 1_900_000_000.5)

    return make


@pytest.fixture
def run_of(answered_of):
    """Makes requests of so many rows each, all answered by one run; ages count from 0."""

    def make(*rows: int) -> Answered:
        ages = [(float(age), 1.5) for age in range(sum(rows))]
        cities = [[f"c{age}"] for age in range(sum(rows))]
        told = [Told(f"r{place}", count, 0.001) for place, count in enumerate(rows)]
        return replace(answered_of("a", numeric=ages, categorical=cities), requests=told)

    return make


@dataclass
class Parts:
    """A writer that no thread runs, and all that it works with."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    most: int = 1000
    spill_bytes: int = 1 << 20
    privacy: Privacy = field(default_factory=Privacy)

    def __post_init__(self) -> None:
        self.signs = signs = Signs(Counters(self.registry), Troubles())
        self.troubles = signs.troubles
        models = Models(self.privacy, signs)
        self.queue = Queue(self.most, 1 << 20, models, signs.counters, lambda: None)
        self.disk = Disk(self.folder, self.spill_bytes, signs)
        self.stored = Stored(self.store, signs)
        self.writer = Writer(
            self.queue, self.disk, self.stored, signs, threading.Event(), lambda: 0.0
        )

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"prediction_log_{name}", labels) or 0.0

    def work(self, most: int = 10) -> None:
        """Slices until there is nothing to do."""
        self.queue.flush()
        for _ in range(1000):
            if not self.writer.slice(most):
                return
        raise AssertionError("there is always something to do")

    def stop(self) -> None:
        """What the log does when its service ends."""
        self.queue.flush()
        self.writer.stopping.set()
        self.writer.run()

    def back(self) -> None:
        """Let the store answer, and be asked at once."""
        self.store.away = None
        self.stored.next_try = 0.0


@pytest.fixture
def parts_of(tmp_path):
    """Makes the parts of a log."""
    made: list[Parts] = []

    def make(**given) -> Parts:
        made.append(Parts(tmp_path / "spill", **given))
        return made[-1]

    yield make
    for parts in made:
        parts.disk.close()


@pytest.fixture
def parts(parts_of) -> Parts:
    return parts_of()
