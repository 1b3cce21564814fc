import re
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import project_root
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings

_READ = r"""environ(?:\.get\(|\[)"([A-Z0-9_]+)"(?!\] = )"""


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)


def test_nothing_has_to_be_set():
    settings = read_settings()

    assert settings.mlflow_model_name == "{{ cookiecutter.package_name }}"
    assert settings.reference == "prod"
    assert settings.api_host == "127.0.0.1"


def test_the_environment_is_read_and_arguments_win(monkeypatch):
    monkeypatch.setenv("API_PORT", "9000")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("MODEL_PATH", "")

    settings = read_settings(api_port=9001)

    assert settings.api_port == 9001
    assert settings.log_level == "warning"
    assert settings.model_path is None


def test_a_version_wins_over_the_alias():
    assert read_settings(mlflow_model_version="3").reference == "3"


def test_every_wrong_value_is_one_sentence(monkeypatch):
    monkeypatch.setenv("API_PORT", "http")
    monkeypatch.setenv("MAX_BATCH_ROWS", "0")
    monkeypatch.setenv("LOG_LEVEL", "loud")

    with pytest.raises(ConfigError) as caught:
        read_settings()

    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "LOG_LEVEL is 'loud': expected 'debug', 'info', 'warning' or 'error'." in lines
    assert "MAX_BATCH_ROWS is '0': expected a number of at least 1." in lines


def test_the_example_file_names_every_variable_that_is_read_and_no_other():
    root = project_root()
    named = re.findall(r"^#? ?([A-Z][A-Z_]+)=", (root / ".env.example").read_text(), re.M)
    fields = {field.upper() for field in Settings.model_fields}
    sources = [*Path(root, "src").rglob("*.py"), *Path(root, "deployment/api").rglob("*.py")]
    text = "".join(source.read_text() for source in sources)
    read = set(re.findall(_READ, text))
    components = (root / "docs" / "reference").glob("environment-*.md")
    elsewhere = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", "".join(p.read_text() for p in components)))

    assert len(named) == len(set(named))
    assert fields <= set(named)
    assert [name for name in set(named) - fields if f'"{name}"' not in text] == []
    assert read <= set(named) | elsewhere


def test_the_example_files_defaults_are_the_codes():
    text = (project_root() / ".env.example").read_text()
    given = {
        name.lower(): value
        for name, value in re.findall(r"^# ([A-Z_]+)=(.+)$", text, re.M)
        if name != "MLFLOW_TRACKING_URI"
    }

    assert Settings(**given) == Settings()
