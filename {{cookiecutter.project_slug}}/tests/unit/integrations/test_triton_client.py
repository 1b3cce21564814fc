import socket
import time
from collections.abc import Iterator

import numpy as np
import pytest
from triton_dropping import dropping
from triton_graphs import feeds
from tritonclient.utils import InferenceServerException

from {{ cookiecutter.package_name }}.integrations import triton_wire
from {{ cookiecutter.package_name }}.integrations.triton_client import connect
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonAway,
    TritonUnavailable,
    answering,
)
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch

PROTOCOLS = pytest.mark.parametrize("protocol", ["grpc", "http"])


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def nobody() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@PROTOCOLS
def test_a_server_that_says_nothing_is_waited_for_until_the_deadline(silent, protocol):
    client, began = connect(f"{protocol}://127.0.0.1:{silent}", 0.3), time.monotonic()

    with pytest.raises(TritonUnavailable, match=r"gave no answer within 0\.3 s\.$"):
        client.infer("customers", "3", ["label"], feeds(1))

    client.close()
    assert 0.2 < time.monotonic() - began < 30


@PROTOCOLS
def test_a_server_that_is_away_is_a_sentence(nobody, protocol):
    client = connect(f"{protocol}://127.0.0.1:{nobody}", 5.0)

    with pytest.raises(TritonUnavailable, match=r"no Triton server at .* refused\): start it\.$"):
        client.config("customers")

    client.close()


@pytest.mark.parametrize(
    ("status", "message", "kind", "said"),
    [
        ("StatusCode.DEADLINE_EXCEEDED", "Deadline Exceeded", TritonUnavailable, "no answer"),
        ("StatusCode.UNAVAILABLE", "Socket closed", TritonUnavailable, "There is no Triton"),
        ("StatusCode.UNAVAILABLE", "'m' is not at ready state", TritonUnavailable, "'m' ready"),
        ("StatusCode.NOT_FOUND", "unknown model: 'm'", TritonUnavailable, "'m' ready"),
        ("404", "unknown model: 'm'", TritonUnavailable, "'m' ready"),
        ("400", "unknown model: 'm' version 4", TritonUnavailable, "'m' ready"),
        ("StatusCode.INVALID_ARGUMENT", "unexpected shape", ArtifactMismatch, "refuses"),
        ("400", "unexpected shape", ArtifactMismatch, "refuses these rows for 'm'"),
        (None, "a wrong array", ArtifactMismatch, "refuses these rows"),
    ],
)
def test_each_refusal_is_told_as_what_it_is(status, message, kind, said):
    with pytest.raises(kind, match=said), answering("grpc://triton:8001", "m", 5.0):
        raise InferenceServerException(message, status)


def test_the_servers_words_come_without_its_advice():
    words = "[request id: <id_unknown>] unexpected shape. NOTE: see the manual"

    with pytest.raises(ArtifactMismatch) as told, answering("http://triton:8000", "m", 5.0):
        raise InferenceServerException(words, "400")

    assert "'m' (unexpected shape): they are meant" in str(told.value)


def test_something_else_that_answers_is_a_sentence():
    with (
        pytest.raises(TritonUnavailable, match=r"no Triton server at http://web:80 \(not JSON"),
        answering("http://web:80", "m", 5.0),
    ):
        raise ValueError("not JSON")


@pytest.mark.parametrize("broken", [2, 9])
def test_a_broken_connection_is_tried_again_three_times_at_most(broken, monkeypatch):
    monkeypatch.setattr(triton_wire, "_FIRST_PAUSE", 0.01)
    row = {"numeric": np.array([[2]], dtype=np.float32)}
    with dropping(broken) as (url, read):
        client = connect(url, 5.0)
        if broken == 2:
            assert client.infer("houses", "1", ["value"], row)[0].tolist() == [[20]]
        else:
            with pytest.raises(TritonAway, match="no Triton server"):
                client.infer("houses", "1", ["value"], row)
        client.close()

    assert len(read) == 3
