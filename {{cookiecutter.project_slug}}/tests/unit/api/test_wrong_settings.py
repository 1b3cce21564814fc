"""A wrong value is told in the words of people."""

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.settings import Settings, read_settings


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("API_KEY_RATE", "100", "a number of requests per s, min or h, such as 100/s"),
        ("MLFLOW_MODEL_VERSION", "latest", "the number of a version, such as 3"),
        ("MAX_BATCH_ROWS", "many", "a whole number"),
        ("MAX_BATCH_ROWS", "1.5", "a whole number"),
        ("MAX_BATCH_ROWS", "0", "a number of at least 1"),
        ("API_PORT", "65536", "a number of at most 65535"),
        ("MAX_WAIT_SECONDS", "soon", "a number"),
        ("MAX_WAIT_SECONDS", "0", "a number above 0"),
        ("START_WITH_KEPT_COPY", "perhaps", "true or false"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_the_sentence_says_what_was_expected(monkeypatch, name, value, expected):
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        read_settings()

    assert str(caught.value) == f"{name} is '{value}': expected {expected}."
