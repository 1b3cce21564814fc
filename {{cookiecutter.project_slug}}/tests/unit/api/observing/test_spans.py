"""Whether traces are asked for, and what a missing library says."""

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.observing import spans
from {{ cookiecutter.package_name }}_api.observing.spans import wanted_spans

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": " "},
        {"OTEL_SERVICE_NAME": "me"},
        {"OTEL_TRACES_EXPORTER": "none", **ENDPOINT},
        {"OTEL_SDK_DISABLED": "True", **ENDPOINT},
    ],
)
def test_no_spans_are_kept_unless_they_are_asked_for(environment):
    assert wanted_spans(environment) is None


@pytest.mark.parametrize(
    "environment",
    [
        ENDPOINT,
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"},
        {"OTEL_TRACES_EXPORTER": "otlp"},
        {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", **ENDPOINT},
    ],
)
def test_the_standard_variables_ask_for_them(environment):
    assert wanted_spans(environment) is not None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"OTEL_TRACES_EXPORTER": "zipkin"},
            "OTEL_TRACES_EXPORTER is 'zipkin': expected otlp or none.",
        ),
        (
            {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", **ENDPOINT},
            "OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc': expected http/protobuf.",
        ),
    ],
)
def test_what_there_is_not_is_one_sentence(environment, sentence):
    with pytest.raises(ConfigError) as caught:
        wanted_spans(environment)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("missing", ["opentelemetry.sdk", "nothing_of_this_name.at_all"])
def test_a_missing_library_is_named_with_what_installs_it(monkeypatch, missing):
    found = spans.find_spec
    monkeypatch.setattr(spans, "_LIBRARIES", (missing,))
    monkeypatch.setattr(
        spans, "find_spec", lambda n: None if n == "opentelemetry.sdk" else found(n)
    )

    with pytest.raises(ConfigError, match="uv sync --extra tracing"):
        wanted_spans(ENDPOINT)


def test_spans_before_the_start_and_after_the_stop_are_not_kept():
    kept = spans.Spans()

    kept.note(None, ("GET", "/health"), 200, 0.1, None)
    kept.stop()
