"""Requests that nobody wrote, made up from the document: every answer is one that it describes."""

import os
from collections.abc import Callable

import pytest
from fuzzing import KEYS, OPERATOR, Fuzzing, document_of, operations_of
from threaded_server import running

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.keys import digest_of
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings

# The service runs in a thread of this process: what its libraries draw meanwhile is no case's.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
)

CLASSES = Target(name="bought", task="classification", classes=("no", "yes"))
TABLE = DataSchema(
    columns=(
        Column(name="age", kind="number", lowest=0, highest=120, required=True),
        Column(name="city", kind="category", allowed=("1", "Oslo", "true")),
        Column(name="note", kind="category", categories=("a", "b")),
    ),
    target=CLASSES,
)
PIXELS = DataSchema(
    columns=tuple(Column(name=f"p{place}", kind="number") for place in range(4)),
    target=CLASSES,
    image_shape=(1, 2, 2),
)
PRICES = DataSchema(
    columns=(Column(name="rooms", kind="number", minimum=1, maximum=9),),
    target=Target(name="price", task="regression"),
)
MODELS = {"table": TABLE, "pixels": PIXELS, "prices": PRICES}

FUZZ_CASES = os.environ.get("FUZZ_CASES")
"""How many requests `just fuzz` asks for; then they are others in every run."""


@pytest.fixture
def app_of(served, fake_runtime, describe_model, tmp_path) -> Callable[[DataSchema], object]:
    """Makes a service with everything on, over a model of these columns."""
    for name, shown in (("clients", KEYS), ("operators", OPERATOR)):
        (tmp_path / name).write_text(f"ann {digest_of(shown['X-API-Key'])}\n")
    settings = Settings(
        api_keys_file=tmp_path / "clients",
        operator_keys_file=tmp_path / "operators",
        prediction_log_url=f"sqlite:///{tmp_path / 'predictions.db'}",
        prediction_log_spill=tmp_path / "spill",
        max_wait_seconds=30,
    )

    def make(schema: DataSchema) -> object:
        predictor = Predictor(fake_runtime, describe_model(schema))
        model = Served(predictor, served.version, served.loaded_at)
        return create_app(settings, lambda _: model, lambda *_, **__: None)

    return make


def test_a_few_requests_of_each_kind_get_documented_answers(app_of):
    with running(app_of(TABLE)) as (_, address):
        fuzzing = Fuzzing(document_of(address), 20, repeatable=True)
        fuzzing.run()

    assert {status // 100 for _, status in fuzzing.statuses} == {2, 4}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_many_requests_get_documented_answers(name, app_of):
    cases = int(FUZZ_CASES or 600) // len(MODELS)
    with running(app_of(MODELS[name])) as (_, address):
        schema = document_of(address)
        fuzzing = Fuzzing(schema, cases, repeatable=FUZZ_CASES is None)
        fuzzing.run()

    print(name, dict(sorted(fuzzing.statuses.items())))
    asked = {label for label, _ in fuzzing.statuses}
    assert asked == {operation.label for operation in operations_of(schema)}
    assert sum(fuzzing.statuses.values()) >= cases * 0.8
