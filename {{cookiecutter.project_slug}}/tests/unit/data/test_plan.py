import pytest

from {{ cookiecutter.package_name }}.data.plan import ColumnRule, plan_of
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_unquoted_numbers_and_booleans_are_names_and_labels(plan_with):
    plan = plan_with(
        target=10,
        drop=[1, True],
        key=2,
        columns={
            3: {},
        },
        classes=[0, 1],
    )

    assert (plan.target, plan.drop, plan.key) == ("10", ("1", "true"), "2")
    assert list(plan.contract.columns) == ["3"]
    assert plan.contract.classes == ("0", "1")


def test_one_column_to_drop_needs_no_list(plan_with):
    assert plan_with(drop="id").drop == ("id",)


def test_a_name_wins_over_a_pattern_and_a_pattern_over_nothing(plan_with):
    contract = plan_with(
        columns={
            "pixel_*": {"max": 16},
            "pixel_0": {"max": 1},
        }
    ).contract

    assert contract.rule("pixel_0").max == 1
    assert contract.rule("pixel_1").max == 16
    assert contract.rule("other") == ColumnRule()


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({}, None),
        ({"min": 0}, "number"),
        ({"values": ["a"]}, "category"),
        ({"kind": "category"}, "category"),
        ({"kind": "number", "max": 1}, "number"),
    ],
)
def test_rules_imply_a_kind(rule, kind):
    assert ColumnRule.model_validate(rule).stated_kind == kind


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"task": "foo"}, "input should be 'classification' or 'regression' (it is 'foo')."),
        ({"max_categories": 0}, "input should be greater than or equal to 1 (it is 0)."),
        (
            {
                "split": {"salt": 1, "train": 1.2, "val": 0.1, "test": 0.1},
            },
            "less than 1 (it is 1.2)",
        ),
        (
            {
                "split": {"salt": 1, "train": 0.7, "val": 0.1, "test": 0.1},
            },
            "add up to 0.9, expected 1",
        ),
        (
            {
                "split": {"salt": 1, "train": 0.8, "val": 0.2},
            },
            "data.split.test: field required",
        ),
        (
            {
                "columns": {
                    "a": {"mim": 1},
                },
            },
            "data.contract.columns.a.mim: extra inputs are not",
        ),
        (
            {
                "columns": {
                    "a": {"min": 2, "max": 1},
                },
            },
            "data.contract.columns.a: min 2 is above max 1.",
        ),
        (
            {
                "columns": {
                    "a": {"max": float("nan")},
                },
            },
            "data.contract.columns.a.max: input should be a finite number",
        ),
        (
            {
                "columns": {
                    "a": {"values": []},
                },
            },
            "data.contract.columns.a.values: tuple should have at least 1 item",
        ),
        (
            {
                "columns": {
                    "a": {"min": 2, "values": ["b"]},
                },
            },
            "columns.a: min and max are for numbers.",
        ),
        (
            {
                "columns": {
                    "a": {"kind": "number", "values": ["b"]},
                },
            },
            "values are for categories",
        ),
    ],
)
def test_a_wrong_key_is_a_sentence_that_names_it(plan_with, changed, sentence):
    with pytest.raises(ConfigError) as raised:
        plan_with(**changed)

    (line,) = str(raised.value).splitlines()
    assert line.startswith("data.")
    assert sentence in line


def test_a_missing_key_is_named_and_keys_of_the_source_are_not_the_plans():
    with pytest.raises(ConfigError) as raised:
        plan_of({"path": "x.csv", "source": {"path": "x.csv"}, "name": "x"})

    assert "data.target: field required." in str(raised.value).splitlines()


def test_a_misspelt_key_is_named_with_the_nearest_one(plan_with):
    node = plan_with().model_dump() | {"dorp": ["id"], "source": {"path": "x"}, "path": "x"}

    with pytest.raises(ConfigError) as caught:
        plan_of(node)

    assert str(caught.value) == "There is no key 'data.dorp'. Did you mean 'data.drop'?"


def test_declared_classes_say_the_task_and_do_not_go_with_another(plan_with):
    assert plan_with(classes=["0.5", "1.5"]).known_task == "classification"
    assert plan_with().known_task is None

    with pytest.raises(ConfigError) as raised:
        plan_with(classes=["a"], task="regression")

    assert str(raised.value) == (
        "data: task is regression, but contract.classes lists labels: leave one of the two out."
    )


def test_a_rule_for_the_categories_of_the_target_says_the_task(plan_with):
    assert plan_with(columns={"y": {"values": ["a"]}}).known_task == "classification"
    assert plan_with(columns={"y": {"min": 0}}).known_task is None
    assert plan_with(columns={"y": {"min": 0}}, classes=["1", "2.5"]).contract.classes


@pytest.mark.parametrize(
    ("rule", "changed", "sentence"),
    [
        (
            {"kind": "category"},
            {"task": "regression"},
            "data: task is regression, but the rule of contract.columns for 'y' is for "
            "categories: leave one of the two out.",
        ),
        (
            {"max": 5},
            {"classes": ["1", "many"]},
            "data: contract.classes lists 'many', but the rule of contract.columns for 'y' is for "
            "numbers: leave one of the two out.",
        ),
    ],
)
def test_a_rule_of_the_target_that_cannot_hold_is_refused(plan_with, rule, changed, sentence):
    with pytest.raises(ConfigError) as raised:
        plan_with(columns={"y": rule}, **changed)

    assert str(raised.value) == sentence
