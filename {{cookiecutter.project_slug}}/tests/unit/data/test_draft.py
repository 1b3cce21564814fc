from contextlib import contextmanager

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.draft import draft_of, outward
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, Plan
from {{ cookiecutter.package_name }}.data.source import Held
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

ROWS = 60
X = [0.3 + i * 1.5 for i in range(ROWS)]
C = ["red", "green", "blue"] * 20
Y = ["no", "yes"] * 30


class Source:
    def __init__(self, **columns):
        usual = {"x": X, "c": C, "y": Y}
        self._rows = Held(pa.table(usual | columns), "rows", "1")

    @contextmanager
    def open(self):
        yield self._rows


def plan_with(columns=None, classes=None, **keys):
    shares = {"salt": "1", "train": 0.7, "val": 0.15, "test": 0.15}
    said = {
        "name": "t",
        "target": "y",
        "task": None,
        "key": None,
        "drop": [],
        "max_categories": 5,
        "image_shape": None,
        "split": shares,
        "contract": {"columns": columns or {}, "classes": classes},
    }
    return Plan.model_validate(said | keys)


def drafted(name, values, plan=None):
    draft = draft_of(Source(**{name: values}), plan or plan_with())
    (column,) = [column for column in draft.columns if column.name == name]
    return column


def test_a_draft_has_a_rule_for_each_feature_and_the_labels():
    draft = draft_of(Source(), plan_with())

    assert [(column.name, column.rule) for column in draft.columns] == [
        ("x", ColumnRule(kind="number", min=0, max=89, nullable=False)),
        ("c", ColumnRule(kind="category", values=("blue", "green", "red"), nullable=False)),
    ]
    assert draft.classes == ("no", "yes")
    assert (draft.rows, draft.source, draft.notes) == (60, "rows", ())


@pytest.mark.parametrize(
    ("values", "rule", "told"),
    [
        (
            [None, *X[1:]],
            {"kind": "number", "min": 1, "max": 89, "nullable": True},
            "seen: 1.8 to 88.8, 1 of 60 rows empty",
        ),
        (
            ["", "NA", *map(str, X[2:])],
            {"kind": "number", "min": 3, "max": 89, "nullable": True},
            "seen: 3.3 to 88.8, 2 of 60 rows empty",
        ),
        (
            list(range(ROWS)),
            {"kind": "number", "nullable": False},
            "seen: numbers the rows: consider data.drop for it",
        ),
        (
            [7] * ROWS,
            {"kind": "number", "min": 7, "max": 7, "nullable": False},
            "seen: always 7, no row empty",
        ),
        (
            [None, *["a"] * 59],
            {"kind": "category", "values": ("a",), "nullable": True},
            "seen: always the same value, 1 of 60 rows empty",
        ),
        (
            [*"abcdef"] * 10,
            {"kind": "category", "nullable": False},
            "seen: 6 values, more than data.max_categories: any is allowed; no row empty",
        ),
        (
            [True, False] * 30,
            {"kind": "category", "values": ("false", "true"), "nullable": False},
            "seen: 2 values, no row empty",
        ),
    ],
)
def test_a_rule_says_what_was_seen(values, rule, told):
    column = drafted("z", values)

    assert column.rule == ColumnRule(**rule)
    assert column.told == told


def test_an_identifier_gets_no_rule_which_would_keep_it():
    column = drafted("id", [f"customer {i}" for i in range(ROWS)])

    assert column.rule is None
    assert column.told.startswith("no rule for 'id': it has a text of its own in nearly every row")


def test_a_quantity_to_predict_gets_a_range_and_no_labels():
    draft = draft_of(Source(y=[200_123.5 + i**2 for i in range(ROWS)]), plan_with())

    assert draft.classes is None
    assert draft.columns[-1].name == "y"
    assert draft.columns[-1].rule == ColumnRule(
        kind="number", min=200_100, max=203_700, nullable=False
    )


def test_pixels_have_one_range_also_those_that_are_always_black():
    plan = plan_with(drop=["c"], image_shape=(1, 1, 2))

    black, other = draft_of(Source(x=[0] * ROWS, p=[i % 16 for i in range(ROWS)]), plan).columns

    assert (black.rule.min, black.rule.max) == (other.rule.min, other.rule.max) == (0, 15)


def test_what_is_dropped_or_is_the_key_gets_no_rule():
    plan = plan_with(drop=["c"], key="k")

    draft = draft_of(Source(k=[str(i // 2) for i in range(ROWS)]), plan)

    assert [column.name for column in draft.columns] == ["x"]


def test_a_rule_that_is_said_already_is_kept_to():
    columns = {
        "x": {"max": 100},
    }

    draft = draft_of(Source(), plan_with(columns))
    assert [column.name for column in draft.columns] == ["c"]

    columns["x"]["max"] = 80
    with pytest.raises(DataContractError, match="'x' must be at most 80, but in 6 rows is not"):
        draft_of(Source(), plan_with(columns))


def test_a_draft_knows_all_rows_and_tells_how_far_it_is():
    heard = []
    late = [*[1.0] * 59, 99.0]

    draft = draft_of(Source(x=late), plan_with(), heard.append)

    assert draft.columns[0].rule.max == 99
    assert [(progress.share, progress.rows) for progress in heard] == [(1.0, 60)]


def test_a_draft_has_the_notes_that_prepare_would_tell():
    numbers, commas = list(range(ROWS)), [f"{i},5" for i in range(ROWS)]

    notes = draft_of(Source(x=numbers, c=commas), plan_with()).notes

    assert [note.partition(":")[0] for note in notes] == [
        "column 'c' has a text of its own in nearly every row",
        "column 'c' has numbers with commas, such as '0,5'",
        "column 'x' numbers the rows",
    ]


reals = st.floats(-3e38, 3e38, allow_subnormal=False)


@given(reals, reals)
def test_a_range_is_rounded_outward_and_never_across_zero(one, two):
    low, high = sorted((one, two))

    lower, upper = outward(low, high)

    assert lower <= low
    assert upper >= high
    assert upper - lower <= 1.21 * (high - low) or low == high
    assert (lower >= 0) or low < 0
    assert (upper <= 0) or high > 0
