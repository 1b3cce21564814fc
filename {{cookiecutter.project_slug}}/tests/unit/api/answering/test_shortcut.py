"""Requests for predictions go a shorter way than others, and nobody can tell."""

import pytest

from {{ cookiecutter.package_name }}_api.answering import shortcut
from {{ cookiecutter.package_name }}_api.app import create_app

ROW = [60, "Oslo", 1.5]


def told(answer):
    own = {"x-request-id", "traceresponse", "date"}
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    content = answer.json() | {"request_id": None} if answer.content else None
    return answer.status_code, headers, content


REQUESTS = {
    "rows": {"json": {"inputs": [ROW]}},
    "wrong rows": {"json": {"inputs": [["old"]]}},
    "no json": {"content": b"{", "headers": {"Content-Type": "application/json"}},
    "no type": {"content": b"{}"},
    "too long": {"content": b" " * 2000, "headers": {"Content-Type": "application/json"}},
}


@pytest.mark.parametrize("path", ["/predict", "/v1/predict"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_both_ways_answer_the_same(settings, served, client_of, monkeypatch, path, request_):
    answers = []
    for routes in (shortcut.router.routes, []):
        monkeypatch.setattr(shortcut, "router", type("Router", (), {"routes": routes}))
        with client_of(create_app(settings, load=lambda _: served)) as client, client.started():
            answers.append(told(client.request("POST", path, **request_)))
            page = client.get("/metrics").text
            assert f'method="POST",route="{path}",status="{answers[-1][0]}"' in page

    assert answers[0] == answers[1]


def test_the_short_way_is_taken(client, monkeypatch):
    async def none(*_):
        raise AssertionError("the framework was asked")

    monkeypatch.setattr(client.app.router, "app", none)
    monkeypatch.setattr(client.app.router, "middleware_stack", none)

    assert client.predict([ROW]).status_code == 200


def test_another_method_is_the_frameworks_to_refuse(client):
    answer = client.get("/v1/predict")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


def test_a_defect_of_the_model_is_told_without_its_words(client, fake_runtime, monkeypatch):
    def fails(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr(fake_runtime, "run", fails)

    answer = client.predict([ROW])

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
