"""A real Triton server that is stopped, killed and started again."""

import pytest
from triton_graphs import MODEL, feeds, version

from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime

pytestmark = pytest.mark.slow


def test_a_server_that_comes_back_is_found_again(own_server):
    runtimes = [TritonRuntime(own_server.url(protocol), MODEL) for protocol in ("grpc", "http")]
    before = [runtime.run(["label"], feeds(2))[0].tolist() for runtime in runtimes]

    own_server.stop()
    for runtime in runtimes:
        with pytest.raises(TritonUnavailable, match="There is no Triton server at"):
            runtime.run(["label"], feeds(2))
    own_server.start()
    own_server.wait_for(MODEL, version=3)

    assert [runtime.run(["label"], feeds(2))[0].tolist() for runtime in runtimes] == before
    for runtime in runtimes:
        runtime.close()


def test_a_server_that_was_killed_while_it_loaded_starts_with_what_was_exported(
    own_server, tiny_model
):
    runtimes = [TritonRuntime(own_server.url(protocol), MODEL) for protocol in ("grpc", "http")]
    before = [runtime.run(["label"], feeds(2))[0].tolist() for runtime in runtimes]
    export(tiny_model, version(4), own_server.repository, ServingOptions("slow"))
    config = own_server.repository / "slow" / "config.pbtxt"
    slow = 'parameters { key: "load_seconds" value { string_value: "30" } }\n'
    config.write_text(config.read_text() + slow)
    own_server.stop()
    own_server.launch()
    own_server.wait_for_log("loading: slow:4")

    own_server.kill()
    config.write_text(config.read_text().replace(slow, ""))
    own_server.start()

    own_server.wait_for("slow", version=4)
    # These asked nothing while it was away: they have not noticed.
    assert [runtime.run(["label"], feeds(2))[0].tolist() for runtime in runtimes] == before
    for runtime in runtimes:
        runtime.close()
