import socket

import pytest

from {{ cookiecutter.package_name }}.cli._listening import bound
from {{ cookiecutter.package_name }}.schemas.errors import ServiceError


def test_a_free_port_is_had_and_can_be_given_back() -> None:
    listener = bound("127.0.0.1", 0)
    port = listener.getsockname()[1]
    listener.close()

    bound("127.0.0.1", port).close()


def test_a_port_in_use_and_a_foreign_address_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"Port {port} of '127.0.0.1' is in use"):
            bound("127.0.0.1", port)
    with pytest.raises(ServiceError, match=r"'192\.0\.2\.1' is not an address of this machine"):
        bound("192.0.2.1", 0)
