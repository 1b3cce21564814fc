import socket
import sys
from types import ModuleType

import pytest

from {{ cookiecutter.package_name }}.cli import dashboard


@pytest.fixture
def launched(monkeypatch) -> list:
    """The settings with which pages would have been shown."""
    seen: list = []
    package = ModuleType("{{ cookiecutter.package_name }}_dashboard")
    module = ModuleType("{{ cookiecutter.package_name }}_dashboard.launch")
    module.launch = seen.append
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("API_URL", "DASHBOARD_HOST", "DASHBOARD_PORT"):
        monkeypatch.setenv(name, "")  # whatever the command sets is undone after the test
    monkeypatch.setenv("DASHBOARD_PORT", free_port())
    return seen


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def test_options_win_over_the_environment(launched, monkeypatch, capsys) -> None:
    monkeypatch.setenv("DASHBOARD_HOST", "127.0.0.2")
    monkeypatch.setenv("DASHBOARD_PORT", port := free_port())
    monkeypatch.setenv("API_URL", "http://elsewhere:1")

    code = dashboard.main(["--api-url", "http://service:2", "--host", "127.0.0.1"])

    (settings,) = launched
    assert code == 0
    assert (settings.api_url, settings.dashboard_host) == ("http://service:2", "127.0.0.1")
    assert f"http://127.0.0.1:{port}\n" in capsys.readouterr().out


def test_the_pages_find_the_same_settings_in_the_environment(launched) -> None:
    from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
        read_dashboard_settings,
    )

    dashboard.main(["--port", free_port()])

    assert launched == [read_dashboard_settings()]


def test_a_port_that_is_none_is_one_sentence(launched, capsys) -> None:
    code = dashboard.main(["--port", "many"])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: DASHBOARD_PORT is 'many': expected ")
    assert launched == []


def test_a_port_in_use_is_one_sentence_and_nothing_is_promised_before(launched, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = dashboard.main(["--port", str(port)])

    said = capsys.readouterr()
    assert (code, said.out, launched) == (7, "", [])
    assert said.err.startswith(f"error: Port {port} of '127.0.0.1' is in use: ")


@pytest.mark.parametrize("host", ["192.0.2.1", "x" * 70])
def test_a_host_that_is_not_this_machine_is_one_sentence(launched, capsys, host: str) -> None:
    code = dashboard.main(["--host", host])

    said = capsys.readouterr()
    assert (code, said.out, launched) == (7, "", [])
    assert said.err.startswith(f"error: '{host}' is not an address of this machine: ")


def test_a_password_in_the_service_s_address_is_not_printed(launched, capsys) -> None:
    dashboard.main(["--api-url", "http://ada:secret@service:2"])

    assert "It asks http://…@service:2;" in capsys.readouterr().out


def test_a_password_that_cannot_be_read_is_one_sentence(launched, monkeypatch, capsys) -> None:
    monkeypatch.setenv("DASHBOARD_PASSWORD_FILE", "/nowhere/password")

    code = dashboard.main([])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: DASHBOARD_PASSWORD_FILE is '/nowhere/")
    assert launched == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "the registered model by itself"), (["--api-url", "http://s:1"], "It asks http://s:1")],
)
def test_who_answers_is_told_at_the_start(launched, capsys, arguments, words: str) -> None:
    dashboard.main(arguments)

    assert words in capsys.readouterr().out


def test_an_installation_without_dashboard_says_how_to_get_it(launched, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "{{ cookiecutter.package_name }}_dashboard.launch", None)

    code = dashboard.main([])

    assert code == 2
    assert 'pip install -e ".[dashboard]"' in capsys.readouterr().err
