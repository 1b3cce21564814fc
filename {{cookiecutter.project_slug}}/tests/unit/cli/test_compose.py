import pytest
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.cli._compose import compose, explain_target, known_keys, nearest
from {{ cookiecutter.package_name }}.cli._settings import TrainSettings
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir

CHOICES = sorted((file.parent.name, file.stem) for file in config_dir().glob("*/*.yaml"))


def refused(*overrides):
    """The sentence with which these overrides are refused."""
    with pytest.raises(ConfigError) as caught:
        TrainSettings.of(compose(overrides))
    return str(caught.value)


def test_the_choices_of_every_group_are_found():
    assert {group for group, _ in CHOICES} == {
        path.name for path in config_dir().iterdir() if path.is_dir()
    }


@pytest.mark.parametrize(("group", "choice"), CHOICES)
def test_every_choice_composes(group, choice):
    assert "model" in compose([f"{group}={choice}"])


def test_an_experiment_wins_over_the_defaults_and_overrides_win_over_it():
    config = compose(["experiment=wide_mlp", "trainer.max_epochs=3"])

    assert list(config.model.net.hidden) == [512, 256]
    assert config.model.scheduler.T_max == 3
    assert config.trainer.max_epochs == 3


def test_the_configuration_is_that_of_the_project(project):
    file = project / "config" / "config.yaml"
    file.write_text(file.read_text().replace("seed: 7", "seed: 11"))

    assert compose([]).seed == 11


@pytest.mark.parametrize(
    ("override", "known"),
    [
        ("modle=cnn", "model"),
        ("trainer.max_epoch=3", "trainer.max_epochs"),
        ("model.net.hiden=[3]", "model.net.hidden"),
        ("~sed", "seed"),
        ("model/net=3", "model.net"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_known_one(override, known):
    key = override.strip("~").split("=")[0]

    assert refused(override) == f"There is no key '{key}'. Did you mean '{known}'?"


def test_the_nearest_key_is_one_of_the_chosen_model():
    assert refused("model=baseline", "model.net.hidden=[3]").startswith(
        "There is no key 'model.net.hidden'."
    )
    assert "model.net.hidden'?" not in refused("model=baseline", "model.net.hiden=[3]")


def test_the_first_of_two_unknown_keys_is_told():
    assert refused("modle=cnn", "trainer.max_epoch=3") == (
        "There is no key 'modle'. Did you mean 'model'?"
    )


def test_an_unknown_key_that_is_near_to_none_is_told_alone():
    assert refused("zzzzzzzz=1") == "There is no key 'zzzzzzzz'."


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        (
            "model=mpl",
            "model=mpl: there is no config/model/mpl.yaml; the choices are baseline, cnn, mlp. "
            "Did you mean 'mlp'?",
        ),
        (
            "trainer=tpus",
            "trainer=tpus: there is no config/trainer/tpus.yaml; the choices are cpu, default, "
            "gpu. Did you mean 'gpu'?",
        ),
        (
            "logging=x",
            "logging=x: there is no config/logging/x.yaml; the choices are default.",
        ),
    ],
)
def test_an_unknown_choice_is_told_with_all_choices_and_the_nearest(override, sentence):
    assert refused(override) == sentence


@pytest.mark.parametrize("override", ["a b", "model", "model.net.hidden=[1", "--verbose"])
def test_a_malformed_override_is_one_sentence(override):
    assert refused(override) == (
        f"'{override}' is not an override: write key=value, such as model=cnn."
    )


@pytest.mark.parametrize("override", ["model=null", "=3"])
def test_a_choice_that_is_no_name_is_one_sentence(override):
    assert refused(override).startswith(f"{override}: Config group override must be")


@pytest.mark.parametrize("key", ["seed", "trainer.max_epochs", "model.batch_size"])
def test_a_value_that_must_be_given_is_named(key):
    assert refused(f"{key}=???") == f"{key} has no value yet: give it as key=value."


def test_a_reference_to_nothing_is_told_with_the_key_that_holds_it():
    assert refused("seed=${nope}") == "seed: Interpolation key 'nope' not found."


def test_a_list_of_choices_belongs_to_a_sweep():
    sentence = refused("model=mlp,cnn")

    assert sentence.startswith("Ambiguous value for argument 'model=mlp,cnn'")
    assert "\n" not in sentence


def test_known_keys_are_dotted_and_pass_by_what_has_no_value():
    inner = {"b": 1, "c": dict.fromkeys("d")}
    config = OmegaConf.create({"a": inner, "e": "???", "f": None})

    assert list(known_keys(config)) == ["a", "a.b", "a.c", "a.c.d", "e", "f"]


@pytest.mark.parametrize(
    ("word", "question"),
    [
        ("trainer.max_epoch", " Did you mean 'trainer.max_epochs'?"),
        ("model.lrr", " Did you mean 'model.optimizer.lr'?"),
        ("seeed", " Did you mean 'seed'?"),
        ("unlike", ""),
    ],
)
def test_the_nearest_word_is_asked_for(word, question):
    known = ["seed", "trainer", "trainer.max_epochs", "model", "model.optimizer.lr"]

    assert nearest(word, known) == question


def test_a_target_that_does_not_take_a_key_is_one_sentence():
    error = TypeError(
        "Error in call to target 'a.MLP':\nTypeError(\"unexpected keyword argument 'hiden'\")\n"
        "full_key: model.net"
    )

    assert explain_target(error) == "There is no key 'model.net.hiden': a.MLP does not take it."
    assert explain_target(ValueError("two\nlines")) == "two lines"


def test_a_target_that_refuses_a_value_has_the_word():
    error = ValueError(
        "Error in call to target 'a.Net':\nValueError('too wide')\nfull_key: model.net"
    )
    error.__cause__ = ValueError("too\nwide")

    assert explain_target(error) == "model.net: too wide"
