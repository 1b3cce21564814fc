"""Several processes that answer at one address, for a machine with several cores.

`python -m <this module> DESCRIPTOR` is one of them: it listens on a socket that its parent opened.
"""

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
from typing import Any

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings
from {{ cookiecutter.package_name }}_api.shared_metrics import FOLDER

_log = logging.getLogger(__name__)
_MODULE = "{{ cookiecutter.package_name }}_api.workers"

DRAIN_SECONDS = 10
"""How long requests in progress may take to end after the service was told to stop."""

_STEADY_SECONDS = 10.0
"""A process that lived as long as this is replaced at once; one that did not, after a pause."""


class Workers:
    """As many processes as the settings say: one that dies is replaced."""

    def __init__(self, settings: Settings, listener: socket.socket, folder: str) -> None:
        self._listener = listener
        self._environment = os.environ | environment_of(settings) | {FOLDER: folder}
        self._running = [self._start() for _ in range(settings.web_concurrency)]
        self._started = time.monotonic()

    def _start(self) -> "subprocess.Popen[bytes]":
        descriptor = self._listener.fileno()
        self._started = time.monotonic()
        return subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE, str(descriptor)],
            # Nothing is written to it: its end tells them that this process is gone.
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
            env=self._environment,
            # Ctrl-C goes to a whole group of processes; when they stop is decided here.
            start_new_session=True,
        )

    def watch(self, told_to_stop: threading.Event) -> None:
        """Replace what dies, until told to stop."""
        while not told_to_stop.wait(0.2):
            for place, worker in enumerate(self._running):
                if worker.poll() is None:
                    continue
                _log.error(
                    "a process died", extra={"pid": worker.pid, "exit_code": worker.returncode}
                )
                if time.monotonic() - self._started < _STEADY_SECONDS:
                    told_to_stop.wait(1.0)
                if not told_to_stop.is_set():
                    self._running[place] = self._start()

    def stop(self) -> None:
        """Let all of them finish what they do, by force where that takes too long."""
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


def run(settings: Settings, listener: socket.socket) -> None:
    """Keep the processes running until this one gets SIGTERM or SIGINT, which it then obeys.

    ConfigError on a system whose processes cannot share a socket.
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
            workers = Workers(settings, listener, folder)
            try:
                workers.watch(told_to_stop)
            finally:
                workers.stop()
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


def main(arguments: list[str]) -> int:
    """Be one of the processes."""
    import uvicorn

    from {{ cookiecutter.package_name }}.logging.setup import configure
    from {{ cookiecutter.package_name }}_api.app import create_app
    from {{ cookiecutter.package_name }}_api.loading import load_shared

    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    _end_with_parent()
    app = create_app(settings, load=load_shared)
    with socket.socket(fileno=int(arguments[0])) as listener:
        uvicorn.Server(uvicorn.Config(app, **server_options(settings))).run(sockets=[listener])
    return 0


def server_options(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told besides the application."""
    return {
        "lifespan": "on",
        # uvloop takes one new connection a turn: under load the others wait where nothing sees
        # them, a probe among them. This loop takes all, at the same cost a request.
        "loop": "asyncio",
        "log_config": None,
        "log_level": None if settings.log_level == "debug" else "warning",
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "timeout_graceful_shutdown": DRAIN_SECONDS,
    }


def _end_with_parent() -> None:
    def wait() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
