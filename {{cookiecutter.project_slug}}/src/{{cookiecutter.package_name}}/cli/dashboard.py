"""Show the dashboard: predictions by hand, and the registered versions."""

import argparse
import os
import sys
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli._entry import run, typed
from {{ cookiecutter.package_name }}.cli._listening import bound


def main(argv: Sequence[str] | None = None) -> int:
    """Run the dashboard until it is told to stop; returns the command's exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _show(arguments), serves=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dashboard",
        description="Show pages for people: try the served model, look at its versions.",
        epilog="What is not given comes from the environment.",
    )
    parser.add_argument("--host", help="address to listen on (DASHBOARD_HOST, or 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (DASHBOARD_PORT, or 8501)")
    parser.add_argument(
        "--api-url", help="the service to ask, or local for none (API_URL, or local)"
    )
    return parser


def _show(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
        read_dashboard_settings,
    )
    from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

    given = {
        "API_URL": arguments.api_url,
        "DASHBOARD_HOST": arguments.host,
        "DASHBOARD_PORT": arguments.port,
    }
    # The pages read their settings as every service does, from the environment.
    os.environ.update({name: value for name, value in given.items() if value is not None})
    settings = read_dashboard_settings()
    # Read now: one that cannot be is a sentence here, and not an error of the first page.
    settings.password()
    settings.api_key()
    try:
        from {{ cookiecutter.package_name }}_dashboard.launch import launch
    except ModuleNotFoundError as error:
        needs = f"The dashboard needs '{error.name}', which is not installed"
        install = 'pip install -e ".[dashboard]"'
        raise ConfigError(f"{needs}: run `uv sync`, or `{install}`.") from error
    # Tried here: each library says in its own way, and after a while, that it cannot listen.
    bound(settings.dashboard_host, settings.dashboard_port).close()
    print(f"Dashboard: http://{settings.dashboard_host}:{settings.dashboard_port}")
    print(_answering(settings.api_url))
    print("Ctrl-C stops it.", flush=True)
    launch(settings)
    return 0


def _answering(api_url: str) -> str:
    """Who answers predictions, in a sentence."""
    from {{ cookiecutter.package_name }}.integrations.dashboard_settings import LOCAL
    from {{ cookiecutter.package_name }}.integrations.stores import without_password

    if api_url == LOCAL:
        return "It answers with the registered model by itself; --api-url names a service instead."
    return f"It asks {without_password(api_url)}; `{typed('serve')}` starts a service there."


if __name__ == "__main__":
    sys.exit(main())
