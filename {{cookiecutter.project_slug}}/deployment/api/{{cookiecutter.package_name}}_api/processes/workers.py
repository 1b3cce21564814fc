"""Several processes that answer at one address, for a machine with several cores."""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from types import FrameType

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ServiceError
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.observing.shared_metrics import FOLDER
from {{ cookiecutter.package_name }}_api.processes.worker import DRAIN_SECONDS, NOT_STARTED
from {{ cookiecutter.package_name }}_api.settings import Settings

_log = logging.getLogger(__name__)
_MODULE = "{{ cookiecutter.package_name }}_api.processes.worker"

_STEADY_SECONDS = 10.0
"""A process that lived as long as this is replaced at once; one that did not, after a pause."""

_PAUSE_SECONDS = 1.0

_MOST_FAILURES = 5
"""Processes that end early one after the other, and none that lives, before no more is started."""


class Workers:
    """As many processes as the settings say: one that dies is replaced."""

    def __init__(
        self, settings: Settings, listener: socket.socket, folder: str, served: Served | None = None
    ) -> None:
        self._listener = listener
        self._environment = os.environ | environment_of(settings) | {FOLDER: folder}
        self._told = _told(served)
        self._failures = 0
        self._started = [time.monotonic()] * settings.web_concurrency
        self._running = [self._start(place) for place in range(settings.web_concurrency)]

    def _start(self, place: int) -> "subprocess.Popen[bytes]":
        descriptor = self._listener.fileno()
        self._started[place] = time.monotonic()
        return subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE, str(descriptor), *self._told],
            # Nothing is written to it: its end tells them that this process is gone.
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
            env=self._environment,
            # Ctrl-C goes to a whole group of processes; when they stop is decided here.
            start_new_session=True,
        )

    def watch(self, told_to_stop: threading.Event) -> None:
        """Replace what dies, until told to stop; ServiceError where none of them can live."""
        while not told_to_stop.wait(0.2):
            for place, worker in enumerate(self._running):
                if worker.poll() is None:
                    continue
                _log.error(
                    "a process died", extra={"pid": worker.pid, "exit_code": worker.returncode}
                )
                if self._failed(place, worker.returncode):
                    told_to_stop.wait(_PAUSE_SECONDS)
                if not told_to_stop.is_set():
                    self._running[place] = self._start(place)

    def _failed(self, place: int, code: int) -> bool:
        """Whether a process ended early; ServiceError after too many, where no other one lives."""
        if code != NOT_STARTED and self._age(place) >= _STEADY_SECONDS:
            self._failures = 0
            return False
        self._failures += 1
        living = [
            other
            for other, worker in enumerate(self._running)
            if worker.poll() is None and self._age(other) >= _STEADY_SECONDS
        ]
        if self._failures >= _MOST_FAILURES and not living:
            raise ServiceError(
                f"{self._failures} processes of the service ended soon after their start, the last "
                f"with exit code {code}: the log says why."
            )
        return True

    def _age(self, place: int) -> float:
        return time.monotonic() - self._started[place]

    def stop(self) -> None:
        """Let all of them finish what they do, by force where that takes too long."""
        # While it is open here, clients are let in whom nobody answers when the others closed it.
        self._listener.close()
        for worker in self._running:
            worker.terminate()
        patience = time.monotonic() + DRAIN_SECONDS + 5
        for worker in self._running:
            with suppress(subprocess.TimeoutExpired):
                worker.wait(max(0.0, patience - time.monotonic()))
            worker.kill()
            worker.wait()
            if worker.stdin is not None:
                worker.stdin.close()


def run(settings: Settings, listener: socket.socket, served: Served | None = None) -> None:
    """Keep the processes running until this one gets SIGTERM or SIGINT, which it then obeys.

    `served` is what this process loaded. ConfigError on a system whose processes cannot share a
    socket, ServiceError where they end as soon as they are started.
    """
    if os.name == "nt":
        raise ConfigError("WEB_CONCURRENCY above 1 needs another system than Windows.")
    told_to_stop = threading.Event()
    got: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        got.append(number)
        told_to_stop.set()

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with tempfile.TemporaryDirectory(prefix="metrics-") as folder:
            workers = Workers(settings, listener, folder, served)
            try:
                workers.watch(told_to_stop)
            finally:
                left = {"processes": settings.web_concurrency, "seconds": DRAIN_SECONDS}
                _log.info("stopping", extra=left)
                workers.stop()
                _log.info("stopped")
    finally:
        for kind, handler in former.items():
            signal.signal(kind, handler)
    for number in got[:1]:
        signal.raise_signal(number)


def environment_of(settings: Settings) -> dict[str, str]:
    """These settings as variables; one that is not set is empty."""
    variables = {}
    for name, value in settings:
        text = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        variables[name.upper()] = text
    return variables


def _told(served: Served | None) -> list[str]:
    """What a process has to know of the model that its parent loaded."""
    if served is None or served.trouble is None:
        return []
    return [str(served.loaded_at.timestamp()), served.trouble]
