import pytest
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.cli._compose import compose
from {{ cookiecutter.package_name }}.cli._settings import TrainSettings, flat
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_every_value_is_resolved():
    settings = TrainSettings.of(compose(["trainer.max_epochs=3"]))

    assert settings.model["scheduler"]["T_max"] == 3
    assert (settings.seed, settings.data_name) == (7, "digits")


def test_what_only_prepare_must_be_given_is_not_needed_to_train():
    settings = TrainSettings.of(compose(["data=table"]))

    assert settings.data_name == "table"
    assert settings.data["path"] == "???"


@pytest.mark.parametrize("key", ["model.batch_size", "trainer.max_epochs"])
def test_a_value_that_training_needs_must_be_given(key):
    with pytest.raises(ConfigError, match=f"^{key} has no value yet"):
        TrainSettings.of(compose([f"{key}=???"]))


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("+foo=1", "There is no key 'foo': nothing reads it."),
        ("+mlflow.foo=1", "There is no key 'mlflow.foo': nothing reads it."),
        ("~seed", "The key 'seed' is missing."),
        ("seed=abc", "seed='abc': Input should be a valid integer"),
        ("logging.level=LOUD", "logging.level='LOUD': Input should be 'DEBUG', 'INFO'"),
        ("mlflow.enabled=perhaps", "mlflow.enabled='perhaps': Input should be a valid boolean"),
    ],
)
def test_a_key_that_does_not_fit_is_one_sentence(override, sentence):
    with pytest.raises(ConfigError) as caught:
        TrainSettings.of(compose([override]))

    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_every_key_that_does_not_fit_has_its_line():
    with pytest.raises(ConfigError) as caught:
        TrainSettings.of(compose(["+foo=1", "seed=abc"]))

    assert len(str(caught.value).splitlines()) == 2


def test_settings_come_back_from_their_yaml():
    settings = TrainSettings.of(compose(["model=baseline"]))

    again = TrainSettings.model_validate(
        OmegaConf.to_container(OmegaConf.create(settings.as_yaml()))
    )

    assert again == settings


def test_a_tree_is_flat_with_dotted_keys_and_text():
    inner = {"b": 1, "c": {"d": [1, 2]}, "f": 3}
    tree = {"a": inner, "e": None}

    assert flat(tree) == {"a.b": "1", "a.c.d": "[1, 2]", "a.f": "3", "e": "None"}
