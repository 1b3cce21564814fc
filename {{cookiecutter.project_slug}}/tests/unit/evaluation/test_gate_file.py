import pytest

from {{ cookiecutter.package_name }}.evaluation.gate_file import (
    Comparison,
    Promotion,
    gate_path,
    read_floors,
    read_promotion,
)
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
    assert read_floors(gate_path(), data, target).overall == floors


def test_the_file_says_what_holds_where_it_says_nothing():
    assert read_promotion(gate_path()) == Promotion()


def test_floors_of_classes_and_slices_stand_beside_the_others(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(
        "data: {pets: {skill: 0.1, each_class: {f1: 0.5}, slices: {city: {accuracy: 0.7}}, "
        "class_rows: 4, slice_rows: 9}}"
    )

    floors = read_floors(path, "pets", PETS)

    assert floors.overall == {"skill": 0.1}
    assert floors.each_class == {"f1": 0.5}
    assert floors.slices == {"city": {"accuracy": 0.7}}
    assert (floors.class_rows, floors.slice_rows) == (4, 9)


def test_a_metric_is_compared_by_task(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text("promotion: {compare: {classification: accuracy, margin: 0}}")

    compare = read_promotion(path).compare

    assert compare == Comparison(classification="accuracy", margin=0)
    assert [compare.metric(task) for task in ("classification", "regression")] == ["accuracy", "r2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("data: {pets: {acuracy: 0.9} }", "data.pets has no metric 'acuracy'; did you mean 'acc"),
        ("data: {pets: {rmse: 1} }", "has no metric 'rmse'; the metrics are accuracy, "),
        ("data: {pets: {accuracy: high} }", "data.pets.accuracy is 'high'"),
        ("data: {pets: {accuracy: true} }", "data.pets.accuracy is True"),
        ("data: {pets: {} }", "declares no floor under data.pets"),
        ("data: {pets: 1 }", "data.pets is 1"),
        ("data: {pets: {class_rows: 9, slice_rows: 9} }", "declares no floor under data.pets"),
        ("data: {pets: {skill: 0, each_class: {recal: 1} } }", "each_class has no metric 'recal'"),
        ("data: {pets: {skill: 0, slices: {city: {r2: 1} } } }", "slices.city has no metric 'r2'"),
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


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{compare: {classification: macro_f1} }", "no metric 'macro_f1'"),
        ("{compare: {margin: -1} }", "promotion.compare.margin is -1"),
        ("{compare: {confidence: 95} }", "promotion.compare.confidence is 95"),
        ("{require_approval: 'no'}", "promotion.require_approval is 'no'"),
        ("{latency: 3}", "promotion.latency is 3: Extra inputs"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused(content, sentence, tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(f"promotion: {content}")

    with pytest.raises(ConfigError) as caught:
        read_promotion(path)

    assert sentence in str(caught.value)


def test_classes_of_a_number_are_refused(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text("data: {homes: {r2: 0, each_class: {recall: 1}}}")

    with pytest.raises(ConfigError, match="a regression has no classes"):
        read_floors(path, "homes", PRICE)


def test_a_missing_gate_lets_nothing_through(tmp_path):
    with pytest.raises(ConfigError, match=r"There is no '.*gate\.yaml'"):
        read_floors(tmp_path / "gate.yaml", "pets", PETS)
