"""The store that a URL names: looked up at once, its libraries imported when it is opened.

`python -m <this module>` opens the one whose URL comes on standard input, and ends: a process of
its own makes and changes tables, for what that needs would take a sixth of the service's memory.
"""

import subprocess
import sys
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import kind_of
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.prediction_log import (
    LoggedLabel,
    LoggedRequest,
    PredictionStore,
)

_MODULE = "{{ cookiecutter.package_name }}_api.prediction_log.opening"


class _Late:
    """Imports what the store needs in the thread that writes, after the service is ready."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: PredictionStore | None = None

    @property
    def preferred_seconds(self) -> float:
        """How long the store wants what it gets to be gathered; known when it was opened."""
        return float(getattr(self._store, "preferred_seconds", 0.0))

    def open(self) -> None:
        if self._store is None:
            try:
                store = open_store(self._url)
            except ConfigError as error:
                raise StoreUnavailable(str(error)) from error
            if not kind_of(self._url).is_made(self._url):
                _make(self._url)
            self._store = store
        self._store.open()

    def write(self, requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]) -> None:
        self._opened().write(requests, labels)

    def prune(self, before: float) -> int:
        return self._opened().prune(before)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def _opened(self) -> PredictionStore:
        if self._store is None:
            raise StoreUnavailable("The prediction log is not open yet.")
        return self._store


def _make(url: str) -> None:
    """Open it in another process. Where that fails, opening it in this one says why."""
    # By a pipe: everybody on the machine can read arguments, and the URL may have a password.
    subprocess.run(
        [sys.executable, "-P", "-m", _MODULE],
        input=url,
        text=True,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def store_of(url: str) -> PredictionStore:
    """The store, which nothing is asked of yet; ConfigError for a bad URL."""
    kind_of(url).check(url)
    return _Late(url)


def main() -> int:
    """Open the store whose URL stands on standard input; 1 where it cannot be opened."""
    try:
        store = open_store(sys.stdin.read())
        store.open()
        store.close()
    except (ConfigError, StoreUnavailable):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
