"""The Open Inference Protocol beside predictions: descriptions, health, refusals, counters."""

import json
import re

import pytest
from protocol_wire import INFER, MODEL, ROWS, infer

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.utils.paths import project_root

REFERENCE = project_root() / "docs" / "reference"
PAGE = REFERENCE / "api-open-inference-protocol.md"


def test_the_server_tells_what_it_is_and_that_it_takes_bytes(client):
    about = client.get("/v2").json()

    assert [about] == shown("GET /v2")[1]
    assert about == client.get("/v2/").json()


def test_a_service_with_a_model_is_live_and_ready(client):
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"live": True, "ready": True}


def test_a_service_without_a_model_is_live_but_not_ready(modelless):
    ready = modelless.get("/v2/health/ready")

    assert modelless.get("/v2/health/live").status_code == 200
    assert ready.status_code == 503
    assert ready.json()["error"].startswith("No model is loaded yet")


@pytest.mark.parametrize("version", ["", "/versions/7"])
def test_the_model_is_described_by_its_tensors(client, version):
    assert client.get(f"/v2/models/{{ cookiecutter.package_name }}{version}").json() == {
        "name": "{{ cookiecutter.package_name }}",
        "versions": ["7"],
        "platform": "onnxruntime_onnx",
        "inputs": [
            {"name": "numeric", "datatype": "FP32", "shape": [-1, 2]},
            {"name": "categorical", "datatype": "BYTES", "shape": [-1, 1]},
        ],
        "outputs": [
            {"name": "label", "datatype": "BYTES", "shape": [-1, 1]},
            {"name": "probabilities", "datatype": "FP32", "shape": [-1, 2]},
        ],
    }
    ready = client.get(f"/v2/models/{{ cookiecutter.package_name }}{version}/ready").json()
    assert ready == {"name": "{{ cookiecutter.package_name }}", "ready": True}


@pytest.mark.parametrize("what", ["", "/ready", "/infer"])
def test_another_version_is_told_which_one_is_served(client, what):
    method = "POST" if what == "/infer" else "GET"
    response = client.request(method, f"/v2/models/{{ cookiecutter.package_name }}/versions/8{what}")

    assert response.status_code == 404
    error = f"Version '8' of '{PROJECT}' is not served, but '7'."
    assert response.json() == {"error": error}


@pytest.mark.parametrize("what", ["", "/ready", "/infer", "/versions/7"])
def test_another_model_is_not_here(client, what):
    method = "POST" if what == "/infer" else "GET"
    response = client.request(method, f"/v2/models/other{what}")

    assert response.status_code == 404
    error = f"There is no model 'other' here, but '{PROJECT}'."
    assert response.json() == {"error": error}


def test_refusals_of_every_layer_are_the_protocols(client, settings, served):
    assert client.get("/v2/nothing").json()["error"].startswith("There is nothing at this path")
    assert client.get(INFER).json()["error"] == "This path takes POST, not GET."
    late = client.request("POST", INFER, content=b" " * 1001)
    assert late.status_code == 413
    assert "at most 1000 bytes" in late.json()["error"]
    stranger = client.get("/v2", headers={"Host": "elsewhere"})
    assert (stranger.status_code, list(stranger.json())) == (400, ["error"])
    assert stranger.headers["x-request-id"]
    assert client.get("/v2/health/live", headers={"Host": "elsewhere"}).status_code == 200


def test_requests_are_counted_by_route_never_by_a_clients_words(client, settings, served):
    infer(client, {"inputs": ROWS})
    client.request("POST", "/v2/models/secret/infer")
    client.request("POST", "/v2/models/secret/versions/9/infer", headers={"Host": "elsewhere"})

    page = client.get("/metrics").text
    assert 'route="/v2/models/{name}/infer",status="200"} 1.0' in page
    assert 'route="/v2/models/{name}/infer",status="404"} 1.0' in page
    assert 'route="/v2/models/{name}/versions/{version}/infer",status="400"} 1.0' in page
    assert "secret" not in page
    assert "predicted_rows_total 2.0" in page


def test_whoever_listens_hears_of_these_rows_too(client):
    heard = []
    client.app.state.service.listeners.append(heard.append)

    infer(client, {"inputs": ROWS}, **{"X-Request-ID": "r-1"})

    (answered,) = heard
    assert answered.requests[0].request_id == "r-1"
    assert answered.features.categorical.tolist() == [["Oslo"], [""]]


def test_the_documents_example_is_answered(client):
    document = client.get("/openapi.json").json()

    (example,) = document["components"]["schemas"]["InferenceRequest"]["examples"]

    assert infer(client, example).status_code == 200


def shown(heading):
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## `{heading}`\n")[2]
    section = text.partition("\n## ")[0]
    blocks = re.findall(r"^```json\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return section, [json.loads(block) for block in blocks]


def test_the_documented_description_is_what_the_service_says(client):
    _, (description,) = shown("GET /v2/models/{name}")

    assert client.get(MODEL).json() == description


def test_the_documented_request_gets_the_documented_answer_and_refusal(client):
    section, (answer, refusal) = shown("POST /v2/models/{name}/infer")
    sent = json.loads(re.search(r"-d '(.*?)'\n", section, re.DOTALL)[1])

    assert infer(client, sent).json() == answer
    sent["inputs"][0]["data"][0] = float("inf")
    assert infer(client, sent).json() == refusal
