"""The requests and answers that docs/reference/api.md shows are those of the service."""

import io
import json
import re
import urllib.request
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md"


def section(heading):
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## `{heading}`\n")[2]
    return text.partition("\n## ")[0]


def shown(heading):
    blocks = re.findall(r"^```json\n(.*?)^```", section(heading), re.MULTILINE | re.DOTALL)
    return [json.loads(block) for block in blocks]


def programs(heading):
    return re.findall(r"^```python\n(.*?)^```", section(heading), re.MULTILINE | re.DOTALL)


@pytest.fixture
def reached(monkeypatch, client):
    """Lets a program's requests come to the client's service, without a socket."""

    def opened(request, timeout):
        assert request.full_url.startswith("http://127.0.0.1:8000/")
        answer = client.request(
            request.get_method(), request.selector, content=request.data, headers=request.headers
        )
        assert answer.status_code == 200, answer.text
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", opened)


def without_id(answer):
    return {key: value for key, value in answer.items() if key != "request_id"}


def test_the_documented_request_gets_the_documented_answer(client):
    sent = re.search(r"-d '(.*)'", section("POST /v1/predict"))
    assert sent

    answer = client.post_bytes(sent[1].encode())

    assert answer.status_code == 200
    assert without_id(answer.json()) == without_id(shown("POST /v1/predict")[0])


def test_the_documented_refusal_is_what_the_service_says(client):
    refused = client.predict([{"age": "old", "city": "Oslo", "income": 3.5}])

    assert without_id(refused.json()) == without_id(shown("POST /v1/predict")[1])


def test_the_documented_example_is_what_the_service_gives(client):
    assert client.get("/v1/example").json() == shown("GET /v1/example")[0]


def test_the_documented_description_is_part_of_what_the_service_says(client):
    described, answer = shown("GET /v1/model")[0], client.get("/v1/model").json()

    assert described["columns"] == answer["columns"][:1]
    assert {**answer, **described, "columns": answer["columns"]} == answer


def test_the_documented_program_gets_an_answer(reached, capsys):
    exec(programs("POST /v1/predict")[0], {})

    assert capsys.readouterr().out == "['yes']\n"


class TestOfNumbers:
    @pytest.fixture
    def fake_predictor(self, fake_runtime, describe_model, mixed_schema):
        columns = tuple(Column(name=name, kind="number") for name in ("age", "income"))
        schema = DataSchema(columns=columns, target=mixed_schema.target)
        return Predictor(fake_runtime, describe_model(schema))

    def test_the_documented_program_that_sends_an_array_gets_an_answer(self, reached, capsys):
        _, sends_array = programs("POST /v1/predict")
        exec("import json, urllib.request\n" + sends_array, {})

        assert capsys.readouterr().out == "['yes', 'no']\n"
