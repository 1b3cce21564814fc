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
    [("API_URL", "service:9000"), ("DASHBOARD_PORT", "no"), ("DASHBOARD_UPLOAD_MB", "0")],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=f"{name} is '{value}': expected "):
        read_dashboard_settings()


def test_every_variable_is_explained_with_its_default() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wrong = []
    for field, about in DashboardSettings.model_fields.items():
        shown = f"`{about.default}`" if about.default is not None else ""
        row = re.search(rf"^\| `{field.upper()}` \| (.*?) \|", text, re.MULTILINE)
        if row is None or shown not in row[1]:
            wrong.append(field)

    assert wrong == []
