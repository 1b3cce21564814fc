import math

import pandera.pandas as pandera
import pyarrow as pa
from contract_checks import KINDS, arrays, checked, contract_of
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from {{ cookiecutter.package_name }}.data.contract_rules import checks, series_of
from {{ cookiecutter.package_name }}.data.layout import as_kind

numbers = st.none() | st.sampled_from([0.0, -1.0, 1.0, 2.5, 1e39, -1e39, math.inf, -math.inf])
texts = st.none() | st.sampled_from(["", "0", "1.0", "-1", "+2.5", "1e39", "inf", "old", "NaN"])
bounds = st.none() | st.sampled_from([-1.0, 0.0, 1.0, 2.5])


@st.composite
def number_rules(draw):
    low, high = draw(bounds), draw(bounds)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return {"kind": "number", "min": low, "max": high, "nullable": draw(st.booleans())}


category_rules = st.fixed_dictionaries(
    {
        "kind": st.just("category"),
        "values": st.none()
        | st.lists(st.sampled_from(["a", "b", "1", "true"]), min_size=1, unique=True),
        "nullable": st.booleans(),
    }
)


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 12))
    many = {"min_size": rows, "max_size": rows}
    columns = {
        "x": draw(st.lists(numbers, **many)),
        "t": draw(st.lists(texts, **many)),
        "c": draw(st.lists(st.none() | st.sampled_from(["a", "b", "1", "true", ""]), **many)),
        "y": draw(st.lists(st.none() | st.sampled_from(["no", "yes", "maybe"]), **many)),
    }
    cuts = sorted(draw(st.sets(st.integers(1, max(rows - 1, 1)))))
    return columns, [cut for cut in cuts if cut < rows]


TYPES = {"x": pa.float64(), "t": pa.string(), "c": pa.string(), "y": pa.string()}


def rule_in(contract, name):
    rule = contract.rule(name)
    required = rule.model_copy(update={"nullable": False, "values": contract.classes})
    return required if name == "y" else rule


def found_by_pandera(columns, contract, kinds):
    """Rule, count and first rows of each violation, by pandera alone over all rows at once."""
    found = []
    for name, values in arrays(columns, TYPES).items():
        rule = rule_in(contract, name)
        series = series_of(as_kind(name, pa.chunked_array([values]), kinds.get(name, "number")))
        rules = list(checks(kinds.get(name, "number"), rule))
        schema = pandera.DataFrameSchema({name: pandera.Column(checks=rules, nullable=True)})
        try:
            schema.validate(series.to_frame(name), lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
            for text, group in cases.groupby("check", sort=False):
                rows = sorted(int(row) for row in group["index"])
                found.append((name, text, len(rows), [row + 2 for row in rows[:3]]))
    return found


@given(tables(), number_rules(), number_rules(), category_rules, st.booleans())
def test_screening_and_pandera_find_the_same_however_rows_are_cut(table, x, t, c, classes):
    columns, cuts = table
    contract = contract_of({"x": x, "t": t, "c": c}, ["no", "yes"] if classes else None)
    kinds = KINDS | {"t": "number"}

    whole = checked(columns, contract, kinds, types=TYPES).violations()
    cut = checked(columns, contract, kinds, cuts, TYPES).violations()

    told = [(v.column, v.rule, v.rows, [row for _, row, _ in v.examples]) for v in whole]
    assert told == found_by_pandera(columns, contract, kinds)
    assert [v.told(with_files=True) for v in cut] == [v.told(with_files=True) for v in whole]
