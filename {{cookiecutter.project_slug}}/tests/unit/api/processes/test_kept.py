"""What a connection keeps in memory: little while it is idle, nothing after its end."""

import gc
import socket
import weakref

import pytest
from kept_in_memory import eventually
from packets import ASK, PREDICT, answered
from threaded_server import running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.fixture
def server(served):
    with running(create_app(Settings(), load=lambda _: served)) as running_server:
        yield running_server


def only_one(server):
    """Its only connection."""
    (connection,) = server.server_state.connections
    return connection


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("request_", [PREDICT, ASK], ids=["answered at once", "by a task"])
def test_a_connection_leaves_nothing_for_the_collector(server, no_collector, request_):
    running_server, address = server
    with socket.create_connection(address, timeout=60) as client:
        answered(client, request_)
        known = weakref.ref(only_one(running_server))

    assert eventually(lambda: known() is None)


def test_a_client_that_leaves_before_its_answers_leaves_nothing(server, no_collector, caplog):
    running_server, address = server
    with socket.create_connection(address, timeout=60) as client:
        answered(client, ASK)
        known = weakref.ref(only_one(running_server))
        client.sendall(ASK * 300)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset

    assert eventually(lambda: known() is None)
    assert "defect" not in caplog.messages


def test_an_idle_connection_does_not_keep_its_last_request(server):
    running_server, address = server
    with socket.create_connection(address, timeout=60) as client:
        answered(client, PREDICT)
        assert only_one(running_server).cycle.body == b""
