"""A refused host is named, as far as it can be printed."""

import pytest

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.settings import Settings


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


@pytest.mark.parametrize("allowed", ["", "*"])
def test_who_names_two_hosts_is_refused(client_of, served, allowed):
    app = create_app(Settings(allowed_hosts=allowed), load=lambda _: served)
    with client_of(app) as client:
        answer = client.get("/v1/model", headers=[("Host", "localhost"), ("Host", "evil.example")])

    assert answer.status_code == 400
    assert answer.json()["detail"] == "The request has 2 headers 'Host': expected one."
