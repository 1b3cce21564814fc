"""A real Triton server over a repository that tests export to.

The server is NVIDIA's own binary. Its ONNX Runtime backend is in no Python wheel: for that alone
`tests/fixtures/triton_backend/` stands in.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from triton_graphs import MODEL, version
from triton_server import (
    TritonServer,
    environment,
    leave_out,
    why_not_here,
)

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export

ROOT = Path(__file__).resolve().parents[3]
POLLING = ("--model-control-mode=poll", "--repository-poll-secs=1")


@pytest.fixture(scope="session")
def server_python() -> Path:
    """The Python of an environment that has the server; it is kept between runs."""
    if reason := why_not_here():
        leave_out(reason)
    return environment(ROOT / ".cache" / "triton-server")


@pytest.fixture(scope="package")
def server(server_python, tmp_path_factory) -> Iterator[TritonServer]:
    """A server that looks at its repository, empty at first, every second."""
    folder = tmp_path_factory.mktemp("triton")
    (folder / "repository").mkdir()
    triton = TritonServer(server_python, folder / "repository", folder, *POLLING)
    triton.start()
    yield triton
    triton.stop()


@pytest.fixture
def own_server(server_python, tiny_model, tmp_path) -> Iterator[TritonServer]:
    """A server that a test may stop, over a repository with version 3 of `customers`."""
    export(tiny_model, version(3), tmp_path / "repository", ServingOptions(MODEL))
    triton = TritonServer(server_python, tmp_path / "repository", tmp_path)
    triton.start()
    yield triton
    triton.stop()


@pytest.fixture
def customers_served(server, tiny_model) -> TritonServer:
    """The server with `tiny_model` as version 3 of `customers`."""
    export(tiny_model, version(3), server.repository, ServingOptions(MODEL))
    server.wait_for(MODEL, version=3)
    return server


@pytest.fixture(params=["grpc", "http"])
def url(request, server) -> str:
    return server.url(request.param)
