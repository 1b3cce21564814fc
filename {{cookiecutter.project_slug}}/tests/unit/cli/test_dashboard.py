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
    return seen


def test_options_win_over_the_environment(launched, monkeypatch, capsys) -> None:
    monkeypatch.setenv("DASHBOARD_PORT", "9000")
    monkeypatch.setenv("API_URL", "http://elsewhere:1")

    code = dashboard.main(["--api-url", "http://service:2", "--host", "127.0.0.2"])

    (settings,) = launched
    assert code == 0
    assert (settings.api_url, settings.dashboard_host) == ("http://service:2", "127.0.0.2")
    assert "http://127.0.0.2:9000" in capsys.readouterr().out


def test_the_pages_find_the_same_settings_in_the_environment(launched) -> None:
    from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
        read_dashboard_settings,
    )

    dashboard.main(["--port", "9001"])

    assert launched == [read_dashboard_settings()]


def test_a_port_that_is_none_is_one_sentence(launched, capsys) -> None:
    code = dashboard.main(["--port", "many"])

    assert code == 2
    assert capsys.readouterr().err.startswith("error: DASHBOARD_PORT is 'many': expected ")
    assert launched == []


def test_an_installation_without_dashboard_says_how_to_get_it(launched, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "{{ cookiecutter.package_name }}_dashboard.launch", None)

    code = dashboard.main([])

    assert code == 2
    assert 'pip install -e ".[dashboard]"' in capsys.readouterr().err
