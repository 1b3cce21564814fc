"""The requests and answers that docs/reference/api.md shows are those of the service."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md"


def section(heading):
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## `{heading}`\n")[2]
    return text.partition("\n## ")[0]


def shown(heading):
    blocks = re.findall(r"^```json\n(.*?)^```", section(heading), re.MULTILINE | re.DOTALL)
    return [json.loads(block) for block in blocks]


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
