import math

import pytest

from {{ cookiecutter.package_name }}.evaluation.gate import decide, gate_file, read_floors
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

PETS = Target(name="pet", task="classification", classes=("cat", "dog"))
PRICE = Target(name="price", task="regression")


@pytest.mark.parametrize(
    ("data", "target", "floors"),
    [
        ("digits", PETS, {"accuracy": 0.93, "macro_f1": 0.93}),
        ("pets", PETS, {"skill": 0.02}),
        ("houses", PRICE, {"r2": 0.0}),
    ],
)
def test_floors_of_the_data_set_come_before_those_of_its_task(data, target, floors):
    assert read_floors(gate_file(), data, target) == floors


def test_every_rule_must_hold():
    decision = decide({"accuracy": 0.95, "macro_f1": 0.90}, {"accuracy": 0.95, "macro_f1": 0.93})

    assert not decision.passed
    assert [rule.passed for rule in decision.rules] == [True, False]
    assert [str(rule) for rule in decision.broken] == ["macro_f1 0.9000 is not >= 0.93"]


@pytest.mark.parametrize(("rmse", "passed"), [(9.0, True), (11.0, False)])
def test_where_less_is_better_the_limit_is_a_ceiling(rmse, passed):
    assert decide({"rmse": rmse}, {"rmse": 10.0}).passed is passed


@pytest.mark.parametrize("metric", ["accuracy", "log_loss"])
def test_what_is_no_number_never_passes(metric):
    assert not decide({metric: math.nan}, {metric: 0.5}).passed


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("data: {pets: {acuracy: 0.9} }", "data.pets has no metric 'acuracy'; did you mean 'acc"),
        ("data: {pets: {rmse: 1} }", "has no metric 'rmse'; the metrics are accuracy, "),
        ("data: {pets: {accuracy: high} }", "data.pets.accuracy is 'high'"),
        ("data: {pets: {accuracy: true} }", "data.pets.accuracy is True"),
        ("data: {pets: {} }", "declares no floor under data.pets"),
        ("task: {regression: {r2: 0} }", "declares no floor under task.classification"),
        ("datas: {}", "datas is {}: Extra inputs"),
        ("task: {clustering: {accuracy: 1} }", "task.clustering"),
        ("- accuracy", "the file is"),
        ("data: [", "is not YAML"),
    ],
)
def test_a_gate_that_cannot_be_read_lets_nothing_through(content, sentence, tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(content)

    with pytest.raises(ConfigError) as caught:
        read_floors(path, "pets", PETS)

    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_gate_lets_nothing_through(tmp_path):
    with pytest.raises(ConfigError, match=r"There is no '.*gate\.yaml'"):
        read_floors(tmp_path / "gate.yaml", "pets", PETS)
