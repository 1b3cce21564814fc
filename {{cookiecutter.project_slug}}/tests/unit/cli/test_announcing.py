"""What is printed when the service answers."""

import socket
from datetime import UTC, datetime

import pytest

from {{ cookiecutter.package_name }}.cli._announcing import announce_service, url_of
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}_api.models.loading import Served
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.mark.parametrize(
    ("host", "shown"),
    [("0.0.0.0", "http://127.0.0.1:8"), ("::", "http://[::1]:8"), ("box", "http://box:8")],
)
def test_the_printed_address_can_be_used_on_this_machine(host, shown):
    assert url_of(host, 8) == shown


@pytest.fixture
def fake_served(fake_predictor):
    version = ServedVersion(name="pets", version="7")
    return Served(fake_predictor, version, datetime(2030, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("keyed", [False, True])
def test_the_printed_command_shows_a_key_where_one_is_asked_for(
    capsys, fake_served, tmp_path, keyed
):
    settings = Settings(api_keys_file=tmp_path / "keys" if keyed else None, log_format="text")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        announce_service(settings, listener, fake_served)

    assert ('-H "Authorization: Bearer $API_KEY"' in capsys.readouterr().out) is keyed
