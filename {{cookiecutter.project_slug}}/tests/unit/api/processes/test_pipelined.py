"""Requests that are sent without waiting for answers, the last of which is none."""

import socket

import pytest
from packets import ASK, PREDICT
from threaded_server import running

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings

BROKEN = b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], [b"400"]),
        ([PREDICT], [b"200", b"400"]),
        ([ASK], [b"200"]),
        ([PREDICT, ASK], [b"200", b"200"]),
        ([ASK, PREDICT], [b"200", b"200"]),
        ([ASK, ASK, ASK], [b"200", b"200", b"200"]),
    ],
)
def test_a_broken_body_takes_no_answer_from_those_before(served, before, expected):
    app = create_app(Settings(), load=lambda _: served)
    with running(app) as (_, address), socket.create_connection(address, 60) as client:
        client.sendall(b"".join(before) + BROKEN)

        answers = b"".join(iter(lambda: client.recv(65_536), b"")).split(b"HTTP/1.1 ")[1:]

    assert [answer[:3] for answer in answers] == expected
