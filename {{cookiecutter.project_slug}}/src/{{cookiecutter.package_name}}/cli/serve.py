"""Serve a registered version, or a model file, over HTTP."""

import argparse
import socket
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.package_name }}.cli._announcing import announce_service, url_of, when_ready
from {{ cookiecutter.package_name }}.cli._entry import leave_sigterm, run
from {{ cookiecutter.package_name }}.cli._listening import bound, why_not
from {{ cookiecutter.package_name }}.schemas.errors import ServiceError

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}_api.models.loading import Served
    from {{ cookiecutter.package_name }}_api.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run the service until it is told to stop; returns the command's exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _serve(arguments))


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
    with bound(settings.api_host, settings.api_port) as listener:
        from {{ cookiecutter.package_name }}_api.app import create_app
        from {{ cookiecutter.package_name }}_api.models.loading import load_model
        from {{ cookiecutter.package_name }}_api.processes.connections import allow_many

        allow_many()

        served = load_model(settings)
        app = create_app(settings, load=lambda _: served)
        if (log := app.state.service.prediction_log) is not None:
            log.require_columns(
                served
            )  # here it ends the command; later, one process after another
        _listen(listener, settings)

        def announce() -> None:
            announce_service(settings, listener, served)

        # Until here SIGTERM breaks off whatever takes long; a server lets requests end first.
        leave_sigterm()
        if settings.web_concurrency > 1:
            _run_workers(settings, listener, served, announce)
        else:
            _run_alone(app, listener, announce)
    return 0


def _listen(listener: socket.socket, settings: "Settings") -> None:
    try:
        listener.listen(2048)
    except OSError as error:  # another process took the port while the model was loading
        raise ServiceError(why_not(error, settings.api_host, settings.api_port)) from error


def _run_alone(app: Any, listener: socket.socket, announce: Callable[[], None]) -> None:
    import uvicorn

    from {{ cookiecutter.package_name }}_api.processes.server import Server
    from {{ cookiecutter.package_name }}_api.processes.worker import server_options

    Server(uvicorn.Config(app, **server_options(app)), announce).run(sockets=[listener])


def _run_workers(
    settings: "Settings", listener: socket.socket, served: "Served", announce: Callable[[], None]
) -> None:
    import threading

    from {{ cookiecutter.package_name }}_api.processes import workers

    url = url_of(settings.api_host, listener.getsockname()[1])
    waiting = threading.Thread(target=when_ready, args=(url, announce), daemon=True)
    waiting.start()
    workers.run(settings, listener, served)


if __name__ == "__main__":
    sys.exit(main())
