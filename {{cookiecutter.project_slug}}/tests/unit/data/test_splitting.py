import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.plan import SplitPlan
from {{ cookiecutter.package_name }}.data.splitting import assign, hash_rows

PLAN = SplitPlan(salt="1", train=0.7, val=0.15, test=0.15)

numbers = st.one_of(st.none(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False, width=32))
rows = st.lists(st.tuples(numbers, st.one_of(st.none(), st.text())), min_size=1, max_size=30)


def columns_of(some_rows):
    numeric, text = zip(*some_rows, strict=True)
    floats = [None if value is None else float(value) for value in numeric]
    return {
        "n": pa.chunked_array([pa.array(floats, pa.float64())]),
        "t": pa.chunked_array([pa.array(text, pa.string())]),
    }


@given(rows, rows)
def test_rows_stay_where_they_are_when_data_grows(before, added):
    small = assign(columns_of(before), PLAN)
    grown = assign(columns_of(added + before), PLAN)

    np.testing.assert_array_equal(grown[len(added) :], small)


@given(rows, st.randoms())
def test_a_row_goes_where_its_equal_goes_in_any_order(some_rows, random):
    shuffled = some_rows * 2
    random.shuffle(shuffled)
    home = dict(zip(map(repr, shuffled), assign(columns_of(shuffled), PLAN), strict=True))

    assert [home[repr(row)] for row in some_rows] == list(assign(columns_of(some_rows), PLAN))


@given(rows)
def test_the_order_of_columns_and_the_chunks_do_not_matter(some_rows):
    columns = columns_of(some_rows)
    turned = {
        name: pa.chunked_array([*columns[name].slice(0, 1).chunks, *columns[name].slice(1).chunks])
        for name in reversed(columns)
    }

    np.testing.assert_array_equal(hash_rows(turned, "s"), hash_rows(columns, "s"))


def test_minus_zero_is_zero_and_missing_is_missing():
    values = pa.chunked_array([pa.array([0.0, -0.0, None, float("nan")], pa.float64())])

    hashes = hash_rows({"x": values}, "s")

    assert hashes[0] == hashes[1]
    assert hashes[2] == hashes[3]
    assert hashes[0] != hashes[2]


def test_the_hash_is_the_same_in_every_process_and_every_year():
    columns = {
        "x": pa.chunked_array([pa.array([1.0, 2.5])]),
        "y": pa.chunked_array([["a", "é"]]),
    }

    hashes = hash_rows(columns, "salt").tolist()

    # Written down once: another number here would move every row of every data set.
    assert hashes == [6_618_736_712_936_301_217, 3_939_202_124_031_779_198]


def test_shares_are_as_planned_and_the_salt_matters():
    columns = {"x": pa.chunked_array([np.arange(20_000, dtype=np.float64)])}

    splits = assign(columns, PLAN)
    salted = assign(columns, PLAN.model_copy(update={"salt": "2"}))

    np.testing.assert_allclose(np.bincount(splits) / 20_000, [0.7, 0.15, 0.15], atol=0.01)
    assert 0.4 < (splits == salted).mean() < 0.7


def test_no_columns_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="rows without columns"):
        hash_rows({}, "s")


def test_splitting_needs_neither_pandas_nor_a_certain_hash_seed():
    code = (
        "import sys, pyarrow as pa;"
        "from {{ cookiecutter.package_name }}.data.arrays import texts_of;"
        "from {{ cookiecutter.package_name }}.data.splitting import hash_rows;"
        "texts = pa.chunked_array([texts_of(['a', 'b'])]);"
        "print(hash_rows(dict(t=texts), 's').tolist());"
        "assert 'pandas' not in sys.modules"
    )

    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1


def test_rows_stay_when_one_word_makes_a_column_of_numbers_one_of_text():
    numbers = pa.chunked_array([[1.0, 2.5, None, 1e6]], pa.float64())
    texts = pa.chunked_array([[" 1 ", "2.50", None, "1000000", "a word"]])

    before = hash_rows({"x": numbers}, "1")
    after = hash_rows({"x": texts}, "1")

    assert after[:4].tolist() == before.tolist()


@given(rows, st.integers(1, 40))
def test_the_parts_in_which_rows_come_do_not_matter(some_rows, size):
    whole = columns_of(some_rows)
    parts = [
        {name: values.slice(start, size) for name, values in whole.items()}
        for start in range(0, len(some_rows), size)
    ]

    together = np.concatenate([assign(part, PLAN) for part in parts])

    np.testing.assert_array_equal(together, assign(whole, PLAN))


def test_many_rows_are_hashed_like_few():
    numbers = pa.chunked_array([np.arange(40_000, dtype=np.float64)])

    hashes = hash_rows({"x": numbers}, "s")

    assert hashes[-1:].tolist() == hash_rows({"x": numbers.slice(39_999)}, "s").tolist()
    assert len(set(hashes.tolist())) == 40_000


def test_a_text_of_many_digits_is_told_from_a_number_at_once():
    digits = "1" * 50_000
    values = pa.chunked_array([[digits + "x", "1.", ".5", "1.e3", "."]])

    started = time.process_time()
    one, *others = hash_rows({"x": values}, "s").tolist()

    assert time.process_time() - started < 5  # minutes where each digit is tried as the last
    assert one not in others
    numbers = pa.chunked_array([[1.0, 0.5, 1000.0]])
    assert others[:3] == hash_rows({"x": numbers}, "s").tolist()
