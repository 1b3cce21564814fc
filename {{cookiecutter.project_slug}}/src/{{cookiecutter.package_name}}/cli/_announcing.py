"""What `serve` says once the service answers."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from {{ cookiecutter.package_name }}_api.models.loading import Served
    from {{ cookiecutter.package_name }}_api.settings import Settings

_MOST_SHOWN = 1000
"""Characters of an example request that are still worth printing in a terminal."""


def when_ready(url: str, announce: Callable[[], None]) -> None:
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


def announce_service(settings: "Settings", listener: "socket.socket", served: "Served") -> None:
    """Print where it answers and a command to try, or write one record of log for collectors."""
    from {{ cookiecutter.package_name }}_api.examples import curl_line

    url = url_of(settings.api_host, listener.getsockname()[1])
    version = served.version
    if settings.log_format == "json":
        extra = {"url": url, "model": version.name, "version": version.version}
        logging.getLogger("{{ cookiecutter.package_name }}.cli.serve").info("serving", extra=extra)
        return
    alias = f" ({version.alias})" if version.alias else ""
    print(f"Serving {version.name}, version {version.version}{alias}, at {url}")
    print(f"Documentation: {url}/docs")
    keyed = settings.api_keys_file is not None
    example = curl_line(url, served.predictor.info.data_schema, keyed=keyed)
    if len(example) <= _MOST_SHOWN:
        print(f"Try it:\n  {example}")
    print("Ctrl-C stops it.", flush=True)


def url_of(host: str, port: int) -> str:
    """An address that a client on this machine can use."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"
