import pytest

from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


def test_a_backend_that_is_none_is_told_those_that_are():
    with pytest.raises(ConfigError, match=r"INFERENCE_BACKEND is 'abacus': expected .*onnxruntime"):
        backends.named("abacus")


@pytest.mark.parametrize("name", ["", ".onnxruntime", "onnxruntime.server", "__init__"])
def test_a_name_is_a_modules_own(name):
    with pytest.raises(ConfigError):
        backends.named(name)


def test_the_environment_chooses_and_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("INFERENCE_BACKEND", "")
    assert backends.chosen() == backends.DEFAULT

    monkeypatch.setenv("INFERENCE_BACKEND", "Other")
    assert backends.chosen() == "other"


def test_onnxruntime_loads_the_file_here(tiny_model):
    backend = backends.named("onnxruntime")

    predictor = backend.predictor(tiny_model, ServedVersion(name="any", version="1"))

    assert backend.server() is None
    assert predictor.info.data_schema.target.classes == ("no", "yes")
