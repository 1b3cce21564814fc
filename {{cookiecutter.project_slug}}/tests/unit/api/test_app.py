import asyncio
import os
import subprocess
import sys
from contextlib import suppress

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelNotFound
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.examples import curl_line, example_request

HEAVY = {
    "pyarrow",
    "torch",
    "lightning",
    "hydra",
    "omegaconf",
    "pandas",
    "pandera",
    "sklearn",
    "mlflow",
}


def test_the_service_imports_nothing_that_only_training_needs(tiny_model, tmp_path):
    program = "; ".join(
        [
            "import sys",
            "from {{ cookiecutter.package_name }}.inference.records import features_from_rows",
            "from {{ cookiecutter.package_name }}_api.app import create_app",
            "from {{ cookiecutter.package_name }}_api.models.kept import Kept",
            "from {{ cookiecutter.package_name }}_api.models.loading import load_model",
            "from {{ cookiecutter.package_name }}_api.settings import Settings",
            "settings = Settings(model_path=sys.argv[1])",
            "create_app(settings)",
            "Kept.of(Settings(mlflow_tracking_uri='http://registry')).read()",
            "predictor = load_model(settings).predictor",
            "rows = [[40, 'Oslo', 1.0]]",
            "print(predictor.predict(features_from_rows(rows, predictor.info.data_schema, 10)))",
            "print(*sys.modules)",
        ]
    )
    home = {"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}

    child = subprocess.run(
        [sys.executable, "-c", program, str(tiny_model)],
        capture_output=True,
        text=True,
        env={**os.environ, **home},
    )

    assert child.returncode == 0, child.stderr
    assert "'yes'" in child.stdout
    assert HEAVY.isdisjoint(child.stdout.split())
    # ONNX Runtime would leave an identifier there, and report to its maker.
    assert not (tmp_path / "home").exists()


def test_a_wrong_environment_is_refused_when_the_application_is_made(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")

    with pytest.raises(ConfigError, match="LOG_FORMAT is 'xml': expected 'text' or 'json'"):
        create_app()


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/nowhere", 404, "/docs"),
        ("GET", "/v1/predict", 405, "This path takes POST, not GET."),
        ("POST", "/v1/model", 405, "This path takes GET, not POST."),
        ("POST", "/v1/predict/", 404, "did you mean /v1/predict?"),
        ("GET", "/v1/nowhere/", 404, "nothing at this path; /docs lists"),
    ],
)
def test_wrong_paths_and_methods_are_problems_too(client, method, path, status, detail):
    response = client.request(method, path)

    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert detail in response.json()["detail"]


def test_the_model_is_described(client):
    description = client.get("/v1/model").json()

    assert description["version"] == "7"
    assert description["alias"] == "prod"
    assert description["task"] == "classification"
    assert description["classes"] == ["no", "yes"]
    assert description["columns"][0] == {
        "name": "age",
        "kind": "number",
        "minimum": 18.0,
        "maximum": 90.0,
        "categories": [],
        "lowest": None,
        "highest": None,
        "required": False,
        "allowed": [],
    }
    assert description["data_digest"] == "0123456789abcdef"
    assert description["metrics"] == {"val/accuracy": 0.9}
    assert description["git_sha"] == "abc123"
    assert description["loaded_at"] == "2030-01-02T00:00:00Z"


def test_health_names_the_version_that_answers(client):
    assert client.get("/health").json()["model"]["version"] == "7"
    assert client.get("/health/live").json() == {"status": "alive"}
    ready = client.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert ready["checks"] == {"model": "ok", "registry": "ok"}


def test_without_a_model_the_service_lives_but_is_not_ready(modelless):
    answers = {path: modelless.get(path) for path in ["/health/live", "/health/ready", "/v1/model"]}
    prediction = modelless.predict([[1, "Oslo", 1]])

    assert answers["/health/live"].status_code == 200
    assert answers["/health/ready"].status_code == 503
    assert answers["/v1/model"].json()["detail"].startswith("No model is loaded yet")
    assert prediction.status_code == 503


def test_the_document_types_rows_as_the_model_takes_them(client):
    document = client.get("/openapi.json").json()

    request = document["components"]["schemas"]["PredictionRequest"]
    by_name, in_order = request["properties"]["inputs"]["items"]["oneOf"]
    assert request["properties"]["inputs"]["maxItems"] == 5
    assert by_name["required"] == ["age", "city", "income"]
    assert by_name["properties"]["age"]["type"] == ["number", "null"]
    assert by_name["properties"]["age"]["description"] == "18 to 90 in training"
    assert [value["title"] for value in in_order["prefixItems"]] == ["age", "city", "income"]
    assert "Problem" in document["components"]["schemas"]
    assert "FieldProblem" in document["components"]["schemas"]


def test_the_documents_example_is_answered(client):
    document = client.get("/openapi.json").json()
    (example,) = document["components"]["schemas"]["PredictionRequest"]["examples"]

    assert example == {"inputs": [{"age": 54, "city": "Bergen", "income": 4.75}]}
    assert client.predict(example["inputs"]).status_code == 200


def test_the_example_request_is_answered(client):
    example = client.get("/v1/example").json()

    assert client.request("POST", "/v1/predict", json=example).status_code == 200


def test_without_a_model_the_document_still_says_what_a_request_is(modelless):
    document = modelless.get("/openapi.json").json()

    assert "inputs" in document["components"]["schemas"]["PredictionRequest"]["properties"]
    assert modelless.get("/docs").status_code == 200


def test_a_column_with_a_quote_in_its_name_cannot_leave_the_example_command(mixed_schema):
    column = mixed_schema.columns[0].model_copy(update={"name": "o'clock; rm"})
    schema = mixed_schema.model_copy(update={"columns": (column,)})

    line = curl_line("http://x", schema)

    assert """'{"inputs": [{"o'"'"'clock; rm": 54}]}'""" in line


def test_a_column_without_a_known_range_is_shown_as_zero(mixed_schema):
    column = mixed_schema.columns[0].model_copy(update={"minimum": None})
    schema = mixed_schema.model_copy(update={"columns": (column,)})

    assert example_request(schema) == {"inputs": [{"age": 0}]}


def test_a_wide_row_is_shown_as_an_array(mixed_schema):
    columns = tuple(mixed_schema.columns[0] for _ in range(13))
    schema = mixed_schema.model_copy(update={"columns": columns})

    assert example_request(schema) == {"inputs": [[54] * 13]}


def test_a_load_that_fails_ends_the_start_with_its_sentence(settings):
    def load(_):
        raise ModelNotFound("There is no version under alias 'prod'.")

    sent = start(create_app(settings, load=load))

    assert sent == [
        {
            "type": "lifespan.startup.failed",
            "message": "There is no version under alias 'prod'.",
        }
    ]


def test_a_defect_at_the_start_keeps_its_trace(settings):
    def load(_):
        raise KeyError("lost")

    (message,) = start(create_app(settings, load=load))

    assert "Traceback" in message["message"]


def start(app):
    """What the application answers a server that starts it."""
    sent = []
    scope = {"type": "lifespan", "state": {}, "app": app}

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        sent.append(message)

    async def run():
        with suppress(ModelNotFound, KeyError):
            await app(scope, receive, send)

    asyncio.run(run())
    return sent
