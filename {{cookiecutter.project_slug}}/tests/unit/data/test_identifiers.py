import pyarrow as pa

from {{ cookiecutter.package_name }}.data.identifiers import without_identifiers
from {{ cookiecutter.package_name }}.data.layout import lay_out
from {{ cookiecutter.package_name }}.data.source import RawTable

ROWS = 100


def _raw(**columns) -> RawTable:
    labels = ["no", "yes"] * (ROWS // 2)
    return RawTable(pa.table({**columns, "y": labels}), source="made up", version="1")


EMAILS = [f"{number}@example.com" for number in range(ROWS)]
COLORS = ["red", "blue"] * (ROWS // 2)


def test_a_column_with_a_text_of_its_own_in_every_row_is_left_out_and_said(plan_with):
    plan = plan_with()

    layout = without_identifiers(lay_out(_raw(email=EMAILS, color=COLORS), plan), plan)

    assert [column.name for column in layout.features] == ["color"]
    assert layout.notes == (
        "column 'email' has a text of its own in nearly every row: it is left out, as an "
        "identifier (a kind in data.contract.columns would keep it)",
    )


def test_a_column_that_the_contract_speaks_of_stays(plan_with):
    plan = plan_with(columns={"email": {"kind": "category"}}.items())

    layout = without_identifiers(lay_out(_raw(email=EMAILS, color=COLORS), plan), plan)

    assert [column.name for column in layout.features] == ["email", "color"]


def test_numbers_of_any_variety_stay(plan_with):
    plan = plan_with()

    layout = without_identifiers(lay_out(_raw(size=[n / 7 for n in range(ROWS)]), plan), plan)

    assert [column.name for column in layout.features] == ["size"]


def test_the_only_column_stays_whatever_it_is(plan_with):
    plan = plan_with()

    layout = without_identifiers(lay_out(_raw(email=EMAILS), plan), plan)

    assert [column.name for column in layout.features] == ["email"]
