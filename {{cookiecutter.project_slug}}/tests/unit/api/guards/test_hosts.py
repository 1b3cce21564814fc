"""A refused host is named, as far as it can be printed."""

import pytest


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("evil.example:80", "The host 'evil.example' is not served here: ALLOWED_HOSTS"),
        ("a\tb\x07.example", "The host 'ab.example' is not served here"),
        ("x" * 300, f"The host '{'x' * 100}…' is not served here"),
        ("", "No host is named: ALLOWED_HOSTS"),
    ],
)
def test_the_refused_host_is_named(client, host, told):
    answer = client.get("/v1/model", headers={"Host": host})

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(told)
