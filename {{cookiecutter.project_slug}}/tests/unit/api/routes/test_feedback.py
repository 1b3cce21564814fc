import json
import re

import pytest
from kept_in_memory import MemoryStore

from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import InvalidRequest
from {{ cookiecutter.package_name }}.utils.paths import project_root
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.prediction_log import log as log_module
from {{ cookiecutter.package_name }}_api.prediction_log.feedback import labels_of, schemas
from {{ cookiecutter.package_name }}_api.settings import Settings

CLASSES = Target(name="bought", task="classification", classes=("no", "yes", "7", "true"))
NUMBER = Target(name="price", task="regression")


def _read(labels, target=CLASSES, **more):
    found = labels_of({"request_id": "r1", "labels": labels, **more}, target, 5)
    return [(entry.row, entry.label) for entry in found]


def test_labels_come_in_the_order_of_the_rows_or_with_their_row():
    assert _read(["no", "yes"]) == [(0, "no"), (1, "yes")]
    assert _read([{"row": 3, "label": "yes"}, {"row": 0, "label": "no"}]) == [(3, "yes"), (0, "no")]


def test_a_class_may_be_sent_as_the_number_or_boolean_that_it_names():
    assert _read([7, 7.0, True]) == [(0, "7"), (1, "7"), (2, "true")]


def test_a_number_is_kept_as_json_spells_it():
    assert _read([1, 2.5, -3e30], NUMBER) == [(0, "1"), (1, "2.5"), (2, str(int(-3e30)))]


@pytest.mark.parametrize(
    ("labels", "target", "told"),
    [
        (["no", "maybe"], CLASSES, ["row 1, column 'bought': expected one of 'no', 'yes'"]),
        (["no", None, 1.5], CLASSES, ["row 1", "row 2"]),
        (["cheap"], NUMBER, ["row 0, column 'price': expected a finite number, got 'cheap'"]),
        ([True], NUMBER, ["got true"]),
        ([float("inf")], NUMBER, ["got inf"]),
        ([10**400], NUMBER, ["expected a finite number"]),
        ([{"row": 5, "label": "no"}], CLASSES, ["expected a row from 0 to 4, got 5"]),
        ([{"row": True, "label": "no"}], CLASSES, ["got true"]),
        ([{"row": 0}], CLASSES, ["expected 'row' and 'label'"]),
        ([{"row": 1, "label": "no"}] * 2, CLASSES, ["row 1, column 'bought': has two labels"]),
        ([], CLASSES, ["expected an array of 1 to 5 labels, got 0"]),
        (["no"] * 6, CLASSES, ["got 6"]),
        ("no", CLASSES, ["got 'no'"]),
    ],
)
def test_what_cannot_be_a_label_is_named_with_its_row_and_value(labels, target, told):
    with pytest.raises(InvalidRequest) as caught:
        _read(labels, target)

    lines = str(caught.value).splitlines()
    assert len(lines) == len(told)
    assert all(words in line for words, line in zip(told, lines, strict=True))


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"labels": ["no"]},
        {"request_id": "r1", "labels": ["no"], "model": "x"},
        {"request_id": "two words", "labels": ["no"]},
        {"request_id": "r1\n", "labels": ["no"]},
        {"request_id": 5, "labels": ["no"]},
        {"request_id": "r1", "labels": ["no"], "source": ""},
        {"request_id": "r1", "labels": ["no"], "source": "a\nb"},
        {"request_id": "r1", "labels": ["no"], "source": "x" * 101},
    ],
)
def test_a_body_of_another_shape_is_refused(body):
    with pytest.raises(InvalidRequest, match="expected"):
        labels_of(body, CLASSES, 5)


@pytest.fixture
def client(settings, served, client_of, monkeypatch, tmp_path):
    store = MemoryStore()
    monkeypatch.setattr(log_module, "store_of", lambda _: store)
    told = {"prediction_log_url": "sqlite:///x", "prediction_log_spill": tmp_path}
    app = create_app(
        Settings(**(settings.model_dump() | told)),
        load=lambda _: served,
    )
    with client_of(app) as client, client.started():
        client.store = store
        yield client


def test_labels_are_taken_and_the_answer_says_how_many(client):
    answer = client.request(
        "POST", "/v1/feedback", json={"request_id": "r1", "labels": ["yes", "no"]}
    )

    assert answer.status_code == 202
    assert answer.json() == {"request_id": "r1", "labels": 2, "kept": True}


def test_a_refusal_is_problem_json_with_row_and_value(client):
    answer = client.request(
        "POST", "/v1/feedback", json={"request_id": "r1", "labels": ["yes", "Yes"]}
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [
        {"row": 1, "field": "bought", "message": "expected one of 'no', 'yes', got 'Yes'"}
    ]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"{}", "text/plain", 415),
        (
            b'{"request_id": "r1", "labels": [' + b'"yes",' * 400 + b'"no"]}',
            "application/json",
            413,
        ),
    ],
)
def test_its_body_has_the_limits_of_every_other(client, content, kind, status):
    answer = client.request("POST", "/v1/feedback", content=content, headers={"Content-Type": kind})

    assert answer.status_code == status


def test_the_documented_requests_get_the_documented_answer(client):
    page = (project_root() / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    section = page.partition("## `POST /v1/feedback`")[2].partition("\n## ")[0]
    (sent,) = re.findall(r"-d '(.*)'", section)
    answer, by_row = map(json.loads, re.findall(r"^```json\n(.*?)^```", section, re.M | re.S))

    first = client.request("POST", "/v1/feedback", json=json.loads(sent))
    second = client.request("POST", "/v1/feedback", json=by_row)

    assert (first.json(), second.status_code) == (answer, 202)


def test_every_metric_of_the_log_is_on_its_page(client):
    page = (project_root() / "docs" / "how-to" / "watch-the-service.md").read_text(encoding="utf-8")
    names = re.findall(r"^# TYPE (prediction_log_\w+) ", client.get("/metrics").text, re.M)

    assert len(names) > 8
    assert [name for name in names if "_created" not in name and f"`{name}`" not in page] == []


def test_without_a_log_there_is_nowhere_to_put_labels(settings, served, client_of):
    with client_of(create_app(settings, load=lambda _: served)) as client, client.started():
        answer = client.request(
            "POST", "/v1/feedback", json={"request_id": "r1", "labels": ["yes"]}
        )

    assert answer.status_code == 409
    assert "PREDICTION_LOG_URL" in answer.json()["detail"]


def test_the_document_has_the_classes_of_the_model_and_an_example_that_is_taken(client):
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/v1/feedback"]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rpartition("/")[2]]

    assert schema["properties"]["labels"]["items"]["anyOf"][0]["enum"] == ["no", "yes"]
    assert {"202", "409", "422", "503"} <= operation["responses"].keys()
    (example,) = schema["examples"]
    assert client.request("POST", "/v1/feedback", json=example).status_code == 202


def test_a_document_without_a_model_is_still_one():
    assert json.dumps(schemas(None, 5))
