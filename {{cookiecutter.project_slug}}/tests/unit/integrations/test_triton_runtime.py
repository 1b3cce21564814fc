import asyncio

import numpy as np
import pytest
from triton_fake import URL, FakeTriton, install
from triton_graphs import features, feeds, version

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.inference.runtime import RemoteRuntime
from {{ cookiecutter.package_name }}.integrations.triton_errors import (
    TritonUnavailable,
)
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


@pytest.fixture
def server(monkeypatch, mixed_schema, describe_model) -> FakeTriton:
    return install(monkeypatch, describe_model(mixed_schema))


@pytest.fixture
def runtime(server) -> TritonRuntime:
    return TritonRuntime(URL, "customers")


def run(runtime, *arguments):
    return runtime.run(*arguments)


def ask(runtime, *arguments):
    return asyncio.run(runtime.ask(*arguments))


BOTH = pytest.mark.parametrize("way", [run, ask])


@BOTH
def test_more_rows_than_a_batch_go_in_several_and_come_back_as_one(runtime, server, way):
    labels, probabilities = way(runtime, ["label", "probabilities"], feeds(10))

    assert server.batches == [("customers", "3", size) for size in (4, 4, 2)]
    assert labels.shape == (10,)
    expected = np.where(np.nan_to_num(feeds(10)["numeric"][:, 0]) > 50, 0.75, 0.25)
    np.testing.assert_array_equal(probabilities[:, 1], expected)


@BOTH
def test_no_rows_have_an_answer_of_the_right_shape_and_type(runtime, server, way):
    labels, probabilities = way(runtime, ["label", "probabilities"], feeds(0))

    assert server.batches == []
    assert (labels.shape, labels.dtype) == ((0,), object)
    assert (probabilities.shape, probabilities.dtype) == ((0, 2), np.float32)


@BOTH
def test_what_goes_wrong_reaches_whoever_asked(runtime, server, way):
    assert runtime.served == version(3)
    server.failure = TritonUnavailable("It is away.")

    with pytest.raises(TritonUnavailable, match="It is away"):
        way(runtime, ["label"], feeds(1))


def test_the_description_comes_from_the_server(runtime, mixed_schema):
    predictor = Predictor(runtime, runtime.info)

    assert isinstance(runtime, RemoteRuntime)
    assert predictor.info.data_schema == mixed_schema
    assert runtime.served == version(3)
    answers = asyncio.run(predictor.ask(features(6)))
    assert answers.values.tolist() == predictor.predict(features(6)).values.tolist()


def test_connections_can_be_closed(runtime, server):
    async def ask_and_close() -> None:
        await runtime.ask(["label"], feeds(1))
        await runtime.aclose()

    asyncio.run(ask_and_close())
    assert server.closed == 1
    runtime.close()
    assert server.closed == 2


@pytest.mark.parametrize(
    "url",
    ["triton:8001", "grpc://", "grpc://triton:high", "ftp://triton", "grpc://triton:99999", ""],
)
def test_an_address_that_cannot_be_is_told_at_once(url):
    with pytest.raises(ConfigError, match=r"expected grpc://host:8001 or http://host:8000"):
        TritonRuntime(url, "customers")
