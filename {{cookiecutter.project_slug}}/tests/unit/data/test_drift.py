import pytest

from {{ cookiecutter.package_name }}.data.drift import (
    MOST_TOLD,
    former,
    report,
    schema_changes,
    signature_changes,
    tell_changes,
    told,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Manifest, Target
from {{ cookiecutter.package_name }}.utils.paths import processed_dir

AGE = Column(name="age", kind="number", minimum=18, maximum=90.5)
CITY = Column(name="city", kind="category", categories=("Oslo", "Rome"))
SIZE = Column(name="size", kind="number", minimum=1, maximum=2)
BOUGHT = Target(name="bought", task="classification", classes=("no", "yes"))
BEFORE = DataSchema(columns=(AGE, CITY, SIZE), target=BOUGHT)


def changed(column, **values):
    return column.model_copy(update=values)


def with_columns(*columns):
    return BEFORE.model_copy(update={"columns": columns})


def with_target(**values):
    return BEFORE.model_copy(update={"target": changed(BOUGHT, **values)})


def changes(before, after, rows=(500, 500), most=50):
    versions = [
        Manifest(
            name="t",
            source="t.csv",
            version="1",
            rows=count,
            data_schema=schema,
            files={},
            digest="0",
            options={"max_categories": most},
        )
        for schema, count in zip((before, after), rows, strict=True)
    ]
    return schema_changes(*versions)


SIGNATURES = [
    (with_columns(AGE, CITY), ["1 column gone: 'size'"]),
    (
        with_columns(AGE, CITY, SIZE, *(changed(SIZE, name=f"x{i}") for i in range(7))),
        ["7 columns new: 'x0', 'x1', 'x2', 'x3', 'x4', …"],
    ),
    (
        with_columns(AGE, CITY, Column(name="size", kind="category", categories=("s",))),
        ["column 'size' was a number and is a category now"],
    ),
    (with_columns(CITY, AGE, SIZE), ["the columns come in another order"]),
    (with_target(name="sold"), ["the target was 'bought' and is 'sold' now"]),
    (
        with_target(task="regression", classes=()),
        ["the task was classification and is regression now"],
    ),
    (
        with_target(classes=("maybe", "yes")),
        [
            "target 'bought' has 1 class that it had not: 'maybe'",
            "target 'bought' has 1 class less: 'no'",
        ],
    ),
    (with_target(classes=("yes", "no")), ["the classes of 'bought' come in another order"]),
]
VALUES = [
    (
        with_columns(changed(AGE, maximum=101), CITY, SIZE),
        ["column 'age' goes beyond what was seen: 18 to 101, it was 18 to 90.5"],
    ),
    (
        with_columns(changed(AGE, minimum=None, maximum=None), CITY, SIZE),
        ["column 'age' has no number any more (it had 18 to 90.5)"],
    ),
    (with_columns(changed(AGE, minimum=20, maximum=30), CITY, SIZE), []),
    (
        with_columns(AGE, changed(CITY, categories=("Bonn", "Oslo", "Paris")), SIZE),
        [
            "column 'city' has 2 categories that it had not: 'Bonn', 'Paris'",
            "column 'city' has 1 category less: 'Rome'",
        ],
    ),
    (
        with_columns(changed(AGE, lowest=0, highest=120, required=True), CITY, SIZE),
        [
            "column 'age': the contract had no limits, and has min 0 and max 120 now",
            "column 'age' must not be empty now",
        ],
    ),
    (
        with_columns(AGE, changed(CITY, allowed=("Oslo", "Rome")), SIZE),
        ["column 'city': only listed values are allowed now"],
    ),
]


@pytest.mark.parametrize(("after", "lines"), SIGNATURES)
def test_what_a_model_is_asked_is_compared(after, lines):
    assert list(changes(BEFORE, after)) == lines
    assert list(signature_changes(BEFORE, after)) == lines


@pytest.mark.parametrize(("after", "lines"), VALUES)
def test_what_the_columns_hold_is_compared(after, lines):
    assert list(changes(BEFORE, after)) == lines
    assert signature_changes(BEFORE, after) == ()


def test_values_that_the_contract_lists_otherwise_are_named():
    before = with_columns(changed(CITY, allowed=("Oslo", "Rome"), required=True))

    assert changes(before, with_columns(changed(CITY, allowed=("Bonn", "Oslo")))) == (
        "column 'city' may be empty now",
        "the contract of column 'city' has 1 value that it had not: 'Bonn'",
        "the contract of column 'city' has 1 value less: 'Rome'",
    )
    assert changes(before, with_columns(changed(CITY, required=True))) == (
        "column 'city': any value is allowed now",
    )


def test_the_same_schema_has_not_changed():
    assert changes(BEFORE, BEFORE.model_copy(deep=True)) == ()


def test_what_only_the_most_frequent_categories_are_is_no_change():
    other = with_columns(AGE, changed(CITY, categories=("Bonn", "Oslo")), SIZE)

    assert changes(BEFORE, other, most=2) == ()
    assert len(changes(BEFORE, other, most=3)) == 2


def test_row_numbers_that_go_on_are_no_change():
    number = changed(AGE, name="number", minimum=2, maximum=1000)
    longer = changed(number, minimum=1, maximum=1198)

    assert changes(with_columns(number), with_columns(longer), rows=(1000, 1200)) == ()
    assert len(changes(with_columns(number), with_columns(longer), rows=(1000, 1500))) == 1
    assert len(changes(with_columns(number), with_columns(longer), rows=(900, 1200))) == 1


def test_many_changes_are_not_told_one_by_one():
    columns = [changed(AGE, name=f"x{i}") for i in range(50)]
    grown = [changed(column, maximum=99) for column in columns]

    found = changes(with_columns(*columns), with_columns(*grown))

    assert len(found) == 50
    assert told(found) == (*found[:MOST_TOLD], "… and 30 more")
    assert told(found[:20]) == found[:20]


def test_the_report_names_both_versions_and_every_change(prepared):
    before = prepared.mixed
    after = before.model_copy(update={"version": "2", "rows": 1500, "digest": "f" * 64})

    text = report(before, after, ["1 column new: 'garden'"])

    assert "# Schema changes of the data set 'homes'" in text
    assert f"| before | `1` | 120 | `{before.digest[:12]}` |" in text
    assert "| after | `2` | 1,500 | `ffffffffffff` |" in text
    assert text.endswith("\n\n- 1 column new: 'garden'\n")


def test_changes_are_told_and_listed_in_a_report(prepared):
    before = former("homes")
    schema = before.data_schema
    fewer = schema.model_copy(update={"columns": schema.columns[1:]})
    lines = []

    tell_changes(before, before.model_copy(update={"data_schema": fewer}), lines.append)

    assert lines == [
        "schema change: 1 column gone: 'area'",
        "schema changes are listed in reports/data/homes.md",
    ]
    page = processed_dir("homes").parents[2] / "reports" / "data" / "homes.md"
    assert page.read_text().endswith("\n\n- 1 column gone: 'area'\n")


def test_nothing_is_told_of_a_first_or_of_an_equal_version(prepared):
    lines = []

    tell_changes(former("never prepared"), prepared.mixed, lines.append)
    tell_changes(former("homes"), prepared.mixed, lines.append)

    assert lines == []
    assert not (processed_dir("homes").parents[2] / "reports").exists()


def test_a_damaged_data_set_is_no_former_version(prepared):
    (processed_dir("homes") / "manifest.json").write_text("{")

    assert former("homes") is None
