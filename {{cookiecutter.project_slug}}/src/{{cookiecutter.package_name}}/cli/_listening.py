"""The address that a command listens on."""

import errno
import socket

from {{ cookiecutter.package_name }}.schemas.errors import ServiceError


def bound(host: str, port: int) -> socket.socket:
    """A socket that has the address but takes no connection yet; ServiceError if it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ServiceError(f"'{host}' is not an address of this machine: {error}.") from error
    listener = socket.socket(family, kind, protocol)
    # Windows reads SO_REUSEADDR as leave to take a port that somebody uses.
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    listener.setsockopt(socket.SOL_SOCKET, alone, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ServiceError(why_not(error, host, port)) from error
    return listener


def why_not(error: OSError, host: str, port: int) -> str:
    """The sentence for an address that cannot be had."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of '{host}' is in use: stop what uses it, or give another --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs a privilege that this user has not: give a --port above 1023."
    return f"'{host}' is not an address of this machine: {error.strerror}."
