"""What `/health/ready` says of a registry that is away."""

from datetime import UTC, datetime

import pytest

from {{ cookiecutter.package_name }}_api.service import Trouble


@pytest.mark.parametrize(("tries", "told"), [(0, ""), (1, "once: "), (2, "2 times: ")])
def test_how_often_the_registry_was_tried_is_told_in_words(client, tries, told):
    since = datetime(2030, 1, 2, tzinfo=UTC)
    client.app.state.service.note_trouble(Trouble("it is away.", since, tries))

    said = client.get("/health/ready").json()["checks"]["registry"]

    assert said == (
        f"since 2030-01-02T00:00:00+00:00, {told}it is away." if tries else "it is away."
    )
