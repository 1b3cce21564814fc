"""Of a run for several requests, each gets what its own rows have."""

import asyncio
import json
from datetime import UTC, datetime

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings

SCOPE = {
    "type": "http",
    "path": "/predict",
    "method": "POST",
    "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
}
ODD = Target(name="y", task="classification", classes=('a"b],[c', "ü\n"))


class Known:
    """Says a row's age, or its class by its age."""

    def run(self, outputs, feeds):
        ages = feeds["numeric"][:, 0]
        if outputs == ["value"]:
            return [ages]
        return [np.stack([ages <= 50, ages > 50], axis=1).astype(np.float32)]


@pytest.mark.parametrize("due", [[[20], [70, 21, 71], [22, 72], [73]], [[20], [70], [21]]])
@pytest.mark.parametrize("regression", [False, True])
def test_requests_of_one_run_get_their_own_rows(describe_model, mixed_schema, regression, due):
    target = Target(name="y", task="regression") if regression else ODD
    info = describe_model(mixed_schema.model_copy(update={"target": target}))
    app = create_app(Settings(), load=lambda _: None)
    service, told = app.state.service, []
    service.serve(
        Served(Predictor(Known(), info), ServedVersion(name="m", version="1"), datetime.now(UTC))
    )
    service.listeners.append(told.append)
    states, answers = [], []

    async def turns():
        for ages in due:
            scope = dict(SCOPE)
            body = json.dumps({"inputs": [[age, "Oslo", 1.5] for age in ages]}).encode()
            assert app.state.at_once.takes(scope, body, 0.0, answers.append)
            states.append(scope["state"])
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(turns())

    found = [json.loads(answer.body) for answer in answers]
    if regression:
        assert [answer["predictions"] for answer in found] == due
    else:
        labels = [[ODD.classes[age > 50] for age in ages] for ages in due]
        assert [answer["predictions"] for answer in found] == labels
        shares = [[row[1] for row in answer["probabilities"]] for answer in found]
        assert shares == [[float(age > 50) for age in ages] for ages in due]
    assert [one.rows for one in told[0].requests] == [len(ages) for ages in due]
    assert [state["answered"][1] for state in states] == told[0].requests
    assert [answer["request_id"] for answer in found] == [
        one.request_id for one in told[0].requests
    ]
    page = service.metrics.page().decode()
    assert f"request_rows_count {len(due)}.0" in page
    alone = sum(len(ages) == 1 for ages in due)
    assert f"{alone}.0" == page.split('request_rows_bucket{le="1.0"} ')[1].split()[0]
