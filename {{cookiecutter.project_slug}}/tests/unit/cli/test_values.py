import pytest

from {{ cookiecutter.package_name }}.cli._compose import compose
from {{ cookiecutter.package_name }}.cli._values import check
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

CHOICES = {"trainer": "default", "model": "mlp", "mlflow": "default"}


@pytest.mark.parametrize(
    "override",
    [
        "trainer.max_epochs=3",
        "model.optimizer.lr=1e-4",
        "model.net.hidden=[8,8]",
        "trainer.fast_dev_run=true",
        "trainer.gradient_clip_val=0.5",
        "model.threads=null",
        "trainer.accelerator=cpu",
        "seed=3",
    ],
)
def test_values_of_the_declared_kind_pass(override):
    check(compose([override]), [override], CHOICES)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("trainer.max_epochs=abc", "trainer.max_epochs=abc: expected a number, such as 20."),
        ("model.optimizer.lr=fast", "model.optimizer.lr=fast: expected a number, such as 0.002."),
        ("model.net.hidden=64", "model.net.hidden=64: expected a list, such as [256]."),
        ("mlflow.enabled=perhaps", "mlflow.enabled=perhaps: expected true or false, such as True."),
    ],
)
def test_a_value_of_another_kind_is_named_with_what_was_expected(override, sentence):
    with pytest.raises(ConfigError) as caught:
        check(compose([override]), [override], CHOICES)

    assert str(caught.value) == sentence


def test_a_choice_that_builds_on_the_default_has_its_kinds():
    override = "trainer.max_epochs=abc"

    with pytest.raises(ConfigError, match="expected a number"):
        check(compose(["trainer=cpu", override]), [override], {"trainer": "cpu"})
