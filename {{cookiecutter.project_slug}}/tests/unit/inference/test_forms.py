import pytest

from {{ cookiecutter.package_name }}.inference import forms
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Target


def schema_of(*columns: Column) -> DataSchema:
    return DataSchema(columns=columns, target=Target(name="y", task="regression"))


def number(minimum: float | None, maximum: float | None) -> forms.Field:
    column = Column(name="x", kind="number", minimum=minimum, maximum=maximum)
    return forms.fields(schema_of(column))[0]


def test_a_field_begins_in_the_middle_of_what_training_saw(mixed_schema) -> None:
    age, city, income = forms.fields(mixed_schema)

    assert (age.default, age.hint) == (54.0, "18 to 90 in training")
    assert (income.default, income.number) == (4.75, True)
    assert (city.default, city.options) == ("Bergen", ("Bergen", "Oslo"))


@pytest.mark.parametrize(
    ("minimum", "maximum", "step"),
    [(18, 90, 1.0), (0.5, 9.0, 0.01), (0, 40_000, 100.0), (0.25, 0.25, 1.0), (1e-7, 9e-7, 1e-9)],
)
def test_a_step_is_about_a_hundredth_of_the_range(minimum, maximum, step: float) -> None:
    assert number(minimum, maximum).step == pytest.approx(step)


def test_a_column_without_any_value_has_an_empty_field() -> None:
    assert number(None, None).default is None


def test_a_row_has_the_order_of_the_columns_and_none_where_nothing_is_filled_in(
    mixed_schema,
) -> None:
    row = forms.row_of(mixed_schema, {"income": None, "city": "", "age": 30.0})

    assert row == [30.0, None, None]


def test_what_training_saw_nothing_like_is_said(mixed_schema) -> None:
    said = forms.unusual(mixed_schema, [17.0, "Rome", 9.0])

    assert said == ["age is 17; training saw 18 to 90.", "Training never saw city 'Rome'."]


def test_missing_values_are_not_unusual(mixed_schema) -> None:
    assert forms.unusual(mixed_schema, [None, None, None]) == []
