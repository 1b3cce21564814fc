import pytest

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.identifiers import without_identifiers
from {{ cookiecutter.package_name }}.data.reading import Reader, unheard
from {{ cookiecutter.package_name }}.data.scan import laid_out, scan

ROWS = 100
EMAILS = [f"{number}@example.com" for number in range(ROWS)]
COLORS = ["red", "blue"] * (ROWS // 2)


@pytest.fixture
def kept(table_of, plan_with):
    """The layout that is left of some columns."""

    def layout(columns=(), **content):
        plan = plan_with(columns=columns)
        rows = table_of({**content, "y": ["no", "yes"] * (ROWS // 2)})
        with Assigned() as splits:
            found = scan(Reader(rows, unheard), laid_out(rows, plan), plan, splits)
        return without_identifiers(found, plan)

    return layout


def test_a_column_with_a_text_of_its_own_in_every_row_is_left_out_and_said(kept):
    layout = kept(email=EMAILS, color=COLORS)

    assert layout.features == ("color",)
    assert layout.notes == (
        "column 'email' has a text of its own in nearly every row: it is left out, as an "
        "identifier (a kind in data.contract.columns would keep it)",
    )


def test_a_column_that_the_contract_speaks_of_stays(kept):
    layout = kept({"email": {"kind": "category"}}, email=EMAILS, color=COLORS)

    assert layout.features == ("email", "color")


def test_numbers_of_any_variety_stay(kept):
    assert kept(size=[n / 7 for n in range(ROWS)]).features == ("size",)


def test_the_only_column_stays_whatever_it_is(kept):
    assert kept(email=EMAILS).features == ("email",)
