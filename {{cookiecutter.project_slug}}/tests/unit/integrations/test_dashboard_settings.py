import re
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
    read_dashboard_settings,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "environment-dashboard.md"


def test_it_listens_on_this_machine_alone_unless_told_otherwise() -> None:
    assert DashboardSettings().dashboard_host == "127.0.0.1"


def test_the_environment_is_read(monkeypatch) -> None:
    monkeypatch.setenv("API_URL", "http://service:9000")
    monkeypatch.setenv("DASHBOARD_PORT", "")

    settings = read_dashboard_settings()

    assert settings.api_url == "http://service:9000"
    assert settings.dashboard_port == 8501


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_URL", "service:9000"),
        ("API_URL", "http://[::1"),
        ("API_URL", "http://service:99999"),
        ("API_URL", "http:///path"),
        ("API_URL", "ftp://service"),
        ("DASHBOARD_PORT", "no"),
        ("DASHBOARD_UPLOAD_MB", "0"),
        ("DASHBOARD_USER_HEADER", "X User"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_what_was_expected_is_said_in_words(
    monkeypatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=re.escape(f"{name} is '{value}': expected ")) as refused:
        read_dashboard_settings()

    assert re.search(
        r"expected (a whole number|the name of a header|'local', or)", str(refused.value)
    )
    assert "^" not in str(refused.value)


@pytest.mark.parametrize("given", ["http://ada:secret@[::1", "ada:secret@service:9000"])
def test_a_password_in_an_address_is_not_repeated(monkeypatch, given: str) -> None:
    monkeypatch.setenv("API_URL", given)

    with pytest.raises(ConfigError, match=r"API_URL is '(http://)?…@") as refused:
        read_dashboard_settings()

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("content", [None, "\n"])
def test_a_secret_that_cannot_be_read_is_named(tmp_path, content: str | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content)
    settings = DashboardSettings(dashboard_password_file=file, api_key_file=file)

    with pytest.raises(ConfigError, match=r"DASHBOARD_PASSWORD_FILE is '.*secret', w"):
        settings.password()
    with pytest.raises(ConfigError, match=r"API_KEY_FILE is '.*secret', w"):
        settings.api_key()


def test_every_variable_is_explained_with_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wrong = []
    for field, about in DashboardSettings.model_fields.items():
        shown = f"`{about.default}`" if about.default else ""
        row = re.search(rf"^\| `{field.upper()}` \| (.*?) \|", text, re.MULTILINE)
        if row is None or shown not in row[1]:
            wrong.append(field)

    assert wrong == []
