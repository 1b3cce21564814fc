from datetime import UTC, datetime

import httpx
import pytest
from app_transport import AppTransport

from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.schemas.errors import (
    DataError,
    InvalidRequest,
    ModelNotFound,
    ServiceError,
)
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings

URL = "http://localhost:1"


@pytest.fixture
def client(fake_predictor) -> ServiceClient:
    """A client of the real application over a fake model."""
    version = ServedVersion(
        name="{{ cookiecutter.package_name }}",
        version="7",
        alias="prod",
    )
    served = Served(fake_predictor, version, datetime(2030, 1, 2, tzinfo=UTC))
    settings = Settings(max_batch_rows=5, max_body_bytes=1000)
    return ServiceClient(URL, AppTransport(create_app(settings, load=lambda _: served)))


def answering(*args, **kwargs) -> ServiceClient:
    """A client of something that always answers the same."""
    return ServiceClient(URL, httpx.MockTransport(lambda _: httpx.Response(*args, **kwargs)))


def test_the_model_is_described_with_its_columns(client, mixed_schema) -> None:
    model = client.model()

    assert model.label.endswith(", version 7 (prod)")
    assert model.data_schema == mixed_schema


def test_rows_are_answered_in_their_order_with_version_and_time(client) -> None:
    answer = client.predict([[61, "Oslo", 3.5], [None, "Bergen", 2]])

    assert answer.values == ("yes", "no")
    assert answer.ranked(0) == [("yes", 0.75), ("no", 0.25)]
    assert answer.version == "7"
    assert 0 < answer.milliseconds < 60_000


def test_a_refused_value_is_told_by_row_and_column(client) -> None:
    with pytest.raises(InvalidRequest) as refused:
        client.predict([[61, "Oslo", 3.5], ["old", "Oslo", 2]])

    assert [(one.row, one.field) for one in refused.value.errors] == [(1, "age")]


def test_a_body_that_is_too_long_is_an_error_of_the_data(client) -> None:
    with pytest.raises(DataError, match="at most 1000 bytes"):
        client.predict([[61, "x" * 2000, 3.5]])


def test_the_counters_are_the_page_for_prometheus(client) -> None:
    assert "served_model_info{" in client.counters()


def test_a_service_that_is_down_says_how_to_start_it() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request)

    with pytest.raises(ServiceError, match=r"connection refused.*`uv run serve`.*API_URL"):
        ServiceClient(URL, httpx.MockTransport(refuse)).model()


def test_a_service_that_does_not_answer_is_given_up() -> None:
    def wait(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("timed out", request=request)

    with pytest.raises(ServiceError, match="no answer within 30 s"):
        ServiceClient(URL, httpx.MockTransport(wait)).predict([[1]])


def test_a_service_without_a_model_passes_on_what_it_says() -> None:
    with pytest.raises(ModelNotFound, match="No model is loaded yet"):
        answering(503, json={"detail": "No model is loaded yet; ask again."}).model()


@pytest.mark.parametrize("body", ["<html>hello</html>", '{"other": 1}', "[]"])
def test_something_else_at_the_address_is_recognised(body: str) -> None:
    with pytest.raises(ServiceError, match=r"v1/model' is not this project's service.*API_URL"):
        answering(200, text=body).model()


def test_a_route_that_is_not_there_is_another_service() -> None:
    with pytest.raises(ServiceError, match="is not this project's service"):
        answering(404, json={"detail": "Not Found"}).predict([[1]])


def test_a_defect_of_the_service_is_told_with_its_request_id() -> None:
    failing = answering(500, json={"detail": "It failed."}, headers={"X-Request-ID": "abc"})

    with pytest.raises(ServiceError, match=r"answered 500: It failed\. \(request id abc\)"):
        failing.predict([[1]])


def test_a_key_is_shown_to_the_service_and_a_missing_one_is_told() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        known = request.headers.get("authorization") == "Bearer secret"
        return httpx.Response(200 if known else 401, text="counters" if known else "{}")

    assert ServiceClient(URL, httpx.MockTransport(answer), key="secret").counters() == "counters"
    with pytest.raises(ServiceError, match="API_KEY_FILE") as refused:
        ServiceClient(URL, httpx.MockTransport(answer), key="wrong").counters()
    assert "wrong" not in str(refused.value)
