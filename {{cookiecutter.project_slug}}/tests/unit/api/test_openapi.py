"""The document says what any request may be refused with."""

import json

import pytest

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.guards.guarding import OPEN
from {{ cookiecutter.package_name }}_api.keys import digest_of
from {{ cookiecutter.package_name }}_api.schemas import PredictionResponse

PLACES = {"{name}": "{{ cookiecutter.package_name }}", "{version}": "7"}
KEY = {"X-API-Key": "ann!"}


@pytest.fixture
def client(settings, served, client_of, tmp_path):
    """A service that knows one key, with which one request a hour may be sent."""
    (tmp_path / "clients").write_text(f"ann {digest_of('ann!')} rate=1/h\n")
    known = settings.model_copy(update={"api_keys_file": tmp_path / "clients"})
    with client_of(create_app(known, load=lambda _: served)) as client, client.started():
        yield client


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), (KEY, 429), ({**KEY, "Host": "elsewhere.example"}, 400)],
)
def test_every_refusal_of_the_guards_is_in_it(client, headers, status):
    document = client.app.openapi()
    client.get("/v1/model", headers=KEY)  # the one request of this hour

    for path, operations in document["paths"].items():
        if path in OPEN or path == "/v1/reload":  # asks for keys of its own
            continue
        for name, value in PLACES.items():
            path = path.replace(name, value)
        for method, operation in operations.items():
            refused = client.request(method.upper(), path, headers=headers)
            described = operation["responses"][str(status)]["content"]
            assert refused.status_code == status
            assert refused.headers["content-type"] in described


def test_it_says_where_a_key_goes(client, settings, served, client_of):
    document = client.app.openapi()
    with client_of(create_app(settings, load=lambda _: served)) as other:
        open_to_all = other.app.openapi()

    schemes = document["components"]["securitySchemes"]
    assert schemes["bearer"] == {"type": "http", "scheme": "bearer"}
    assert schemes["header"] == {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    either = [{"bearer": []}, {"header": []}]
    assert document["paths"]["/v1/predict"]["post"]["security"] == either
    assert "security" not in document["paths"]["/health"]["get"]
    assert "securitySchemes" not in open_to_all["components"]
    assert "security" not in open_to_all["paths"]["/v1/predict"]["post"]


def test_it_has_no_schema_that_nothing_uses(client):
    document = client.app.openapi()
    text = json.dumps(document)

    unused = [name for name in document["components"]["schemas"] if f'schemas/{name}"' not in text]
    assert unused == []


def test_every_operation_has_a_summary_that_somebody_wrote(client):
    summaries = [
        operation["summary"]
        for operations in client.app.openapi()["paths"].values()
        for operation in operations.values()
    ]

    assert [one for one in summaries if " " not in one] == []
    assert {"Model", "Model Ready", "Live"}.isdisjoint(summaries)


def test_its_examples_are_of_the_status_and_of_the_model(client):
    document = client.app.openapi()
    responses = document["paths"]["/v1/predict"]["post"]["responses"]

    refused = {
        status: one["content"]["application/problem+json"]["example"]
        for status, one in responses.items()
        if status != "200"
    }
    answered = responses["200"]["content"]["application/json"]["example"]
    assert [example["status"] for example in refused.values()] == [int(one) for one in refused]
    assert refused["400"]["title"] == "Bad Request"
    assert (answered["classes"], answered["predictions"]) == (["no", "yes"], ["no"])
    assert PredictionResponse.model_validate(answered)


def test_machines_that_watch_are_never_refused(client):
    document = client.app.openapi()

    for path in OPEN:
        assert set(document["paths"][path]["get"]["responses"]) <= {"200", "503"}
