"""Serve a registered version, or a model file, over HTTP."""

import argparse
import errno
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.schemas.errors import ServiceError

if TYPE_CHECKING:
    import uvicorn

    from {{ cookiecutter.package_name }}_api.loading import Served
    from {{ cookiecutter.package_name }}_api.settings import Settings

_MOST_SHOWN = 1000
"""Characters of an example request that are still worth printing in a terminal."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the service until it is told to stop; returns the command's exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _serve(arguments), serves=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="serve",
        description="Answer predictions over HTTP with a registered version or a model file.",
        epilog="What is not given comes from the environment: .env.example names each variable.",
    )
    parser.add_argument("--host", help="address to listen on (API_HOST, or 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, help="port to listen on, 0 for any free one (API_PORT, or 8000)"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--alias", help="serve what this alias names (MLFLOW_MODEL_ALIAS, or prod)")
    which.add_argument("--version", type=_version, help="serve this version, whatever its alias")
    which.add_argument(
        "--model-file", metavar="FILE", help="serve this ONNX file, with no registry (MODEL_PATH)"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: expected 0 to 65535")
    return int(text)


def _version(text: str) -> str:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a version: expected 1, 2, 3, …")
    return str(int(text))


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Settings by field name. A model named by an argument wins over any in the environment."""
    given = {"api_host": arguments.host, "api_port": arguments.port}
    model = {
        "mlflow_model_alias": arguments.alias,
        "mlflow_model_version": arguments.version,
        "model_path": arguments.model_file,
    }
    chosen = {key: value for key, value in (given | model).items() if value is not None}
    if chosen.keys() & model.keys():
        chosen = {"mlflow_model_version": None, "model_path": None} | chosen
    return chosen


def _serve(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.logging.setup import configure
    from {{ cookiecutter.package_name }}_api.settings import read_settings

    settings = read_settings(**_given(arguments))
    configure(settings.log_level, settings.log_format)
    # Before the slow part: a port in use should not cost the time that a model takes to load.
    with _bound(settings.api_host, settings.api_port) as listener:
        from {{ cookiecutter.package_name }}_api.app import create_app
        from {{ cookiecutter.package_name }}_api.loading import load_model

        served = load_model(settings)
        app = create_app(settings, load=lambda _: served)
        _listen(listener, settings)

        def announce() -> None:
            _announce(settings, listener, served)

        if settings.web_concurrency > 1:
            _run_workers(settings, listener, served, announce)
        else:
            _server(app, settings, announce).run(sockets=[listener])
    return 0


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has the address but takes no connection yet; ServiceError if it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ServiceError(f"'{host}' is not an address of this machine: {error}.") from error
    listener = socket.socket(family, kind, protocol)
    # Windows reads SO_REUSEADDR as leave to take a port that somebody uses.
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    listener.setsockopt(socket.SOL_SOCKET, alone, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ServiceError(_why_not(error, host, port)) from error
    return listener


def _listen(listener: socket.socket, settings: "Settings") -> None:
    try:
        listener.listen(2048)
    except OSError as error:  # another process took the port while the model was loading
        raise ServiceError(_why_not(error, settings.api_host, settings.api_port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of '{host}' is in use: stop what uses it, or give another --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs a privilege that this user has not: give a --port above 1023."
    return f"'{host}' is not an address of this machine: {error.strerror}."


def _server(
    app: Callable[..., Any], settings: "Settings", announce: Callable[[], None]
) -> "uvicorn.Server":
    import uvicorn

    from {{ cookiecutter.package_name }}_api.worker import server_options

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            announce()

    return Server(uvicorn.Config(app, **server_options(settings)))


def _run_workers(
    settings: "Settings", listener: socket.socket, served: "Served", announce: Callable[[], None]
) -> None:
    import threading

    from {{ cookiecutter.package_name }}_api import workers

    url = _url(settings.api_host, listener.getsockname()[1])
    waiting = threading.Thread(target=_when_ready, args=(url, announce), daemon=True)
    waiting.start()
    workers.run(settings, listener, served)


def _when_ready(url: str, announce: Callable[[], None]) -> None:
    """Announce the service when one of its processes answers."""
    import time
    import urllib.request

    # A proxy of the environment is for the world outside.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            opener.open(f"{url}/health/ready", timeout=60).close()
        except OSError:
            time.sleep(0.2)
        else:
            announce()
            return


def _announce(settings: "Settings", listener: socket.socket, served: "Served") -> None:
    from {{ cookiecutter.package_name }}_api.examples import curl_line

    url = _url(settings.api_host, listener.getsockname()[1])
    version = served.version
    if settings.log_format == "json":
        extra = {"url": url, "model": version.name, "version": version.version}
        logging.getLogger(__name__).info("serving", extra=extra)
        return
    alias = f" ({version.alias})" if version.alias else ""
    print(f"Serving {version.name}, version {version.version}{alias}, at {url}")
    print(f"Documentation: {url}/docs")
    example = curl_line(url, served.predictor.info.data_schema)
    if len(example) <= _MOST_SHOWN:
        print(f"Try it:\n  {example}")
    print("Ctrl-C stops it.", flush=True)


def _url(host: str, port: int) -> str:
    """An address that a client on this machine can use."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


if __name__ == "__main__":
    sys.exit(main())
