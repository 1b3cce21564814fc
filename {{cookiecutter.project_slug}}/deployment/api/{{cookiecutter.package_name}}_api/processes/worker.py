"""One of several processes that answer at one address.

`python -m <this module> DESCRIPTOR [SINCE TROUBLE]` listens on a socket that its parent opened. The
other two say since when, and why, the parent serves the kept copy.
"""

import gc
import os
import signal
import socket
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.package_name }}_api.models.loading import Served, load_shared
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

DRAIN_SECONDS = 10
"""How long requests in progress may take to end after the service was told to stop."""

NOT_STARTED = 3
"""Exit code that uvicorn ends a process with where the application did not start."""

_LOOP = "{{ cookiecutter.package_name }}_api.processes.loop:Loop"
_SHARING = "{{ cookiecutter.package_name }}_api.processes.loop:SharingLoop"
"""As uvicorn is told them; where the system has uvloop."""


def main(arguments: list[str]) -> int:
    """Be one of the processes."""
    # As commands have it: a framework is a million objects that stay.
    gc.set_threshold(100_000, 50, 100)
    import uvicorn

    from {{ cookiecutter.package_name }}.logging.setup import configure
    from {{ cookiecutter.package_name }}_api.app import create_app
    from {{ cookiecutter.package_name }}_api.processes.server import Server

    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    _end_with_parent()
    descriptor, *told = arguments
    app = create_app(settings, load=lambda settings: _loaded(settings, told))
    with socket.socket(fileno=int(descriptor)) as listener:
        Server(uvicorn.Config(app, **server_options(app))).run(sockets=[listener])
    return 0


def _loaded(settings: Settings, told: list[str]) -> Served:
    if not told:
        return load_shared(settings)
    since, trouble = told
    return load_shared(settings, trouble, float(since))


def server_options(app: "FastAPI") -> dict[str, Any]:
    """What uvicorn is told besides the application that `create_app` made."""
    from {{ cookiecutter.package_name }}_api.processes import connections

    settings = app.state.service.settings
    # Layers that somebody added would not be met by what is answered at once.
    shared = settings.web_concurrency > 1
    at_once = app.state.at_once if len(app.user_middleware) == app.state.layers else None
    return {
        **connections.options(settings.request_timeout_seconds, at_once),
        "lifespan": "on",
        "loop": (_SHARING if shared else _LOOP) if find_spec("uvloop") else "asyncio",
        "log_config": None,
        "log_level": None if settings.log_level == "debug" else "warning",
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "timeout_graceful_shutdown": DRAIN_SECONDS,
    }


def _end_with_parent() -> None:
    def wait() -> None:
        # Not by `sys.stdin`, whose lock this thread would still hold when the interpreter ends.
        os.read(0, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
