"""How long each part of a command took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Phases:
    """Wall-clock seconds by phase, in the order in which phases began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time the block; a name used twice adds up."""
        began = time.perf_counter()
        try:
            yield
        finally:
            passed = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + passed

    def __str__(self) -> str:
        parts = [f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items()]
        return ", ".join([*parts, f"total {sum(self.seconds.values()):.1f} s"])
