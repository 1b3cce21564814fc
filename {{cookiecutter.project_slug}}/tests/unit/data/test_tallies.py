from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.splitting import coded
from {{ cookiecutter.package_name }}.data.tallies import Tally, most_frequent

texts = st.one_of(st.none(), st.sampled_from("abcdefghij"), st.integers(0, 60).map(str))
rows = st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=200)
many_rows = st.lists(st.tuples(texts, st.booleans()), min_size=40, max_size=80)


def parts_of(some_rows, size):
    for start in range(0, len(some_rows), size):
        values, training = zip(*some_rows[start : start + size], strict=True)
        yield coded(pa.array(values, pa.string())), np.array(training, bool)


def tally_of(some_rows, size, cap):
    tally = Tally(cap)
    for column, training in parts_of(some_rows, size):
        tally.add(column, training)
    return tally


def finals_of(tally, some_rows, size, most):
    finalists = tally.finalists(most)
    for column, training in parts_of(some_rows, size):
        finalists.add(column, training)
    return finalists.counts


def trained_of(some_rows):
    return Counter(text for text, training in some_rows if training and text is not None)


@given(rows, st.integers(1, 60))
def test_up_to_the_cap_counts_are_those_of_counting(some_rows, size):
    tally = tally_of(some_rows, size, cap=100)

    every = Counter(text for text, _ in some_rows if text is not None)
    trained = trained_of(some_rows)
    assert tally.counts == {text: (count, trained[text]) for text, count in every.items()}
    assert tally.present == every.total()
    assert tally.distinct == len(every)
    assert not tally.wide


@given(many_rows, st.randoms(), st.integers(1, 60))
def test_beyond_it_the_order_of_rows_and_the_parts_do_not_matter(some_rows, random, size):
    shuffled = some_rows.copy()
    random.shuffle(shuffled)
    one, other = tally_of(some_rows, 200, cap=5), tally_of(shuffled, size, cap=5)

    assert (one.wide, one.distinct, one.present) == (other.wide, other.distinct, other.present)
    if one.wide:
        assert finals_of(one, some_rows, 200, 3) == finals_of(other, shuffled, size, 3)


@given(many_rows, st.integers(1, 60))
def test_finalists_are_counted_exactly(some_rows, size):
    tally = tally_of(some_rows, size, cap=5)
    trained = trained_of(some_rows)

    counts = finals_of(tally, some_rows, size, 3) if tally.wide else {}

    assert all(trained[text] == count for text, count in counts.items())


@pytest.mark.parametrize("first", [True, False])
def test_the_most_frequent_of_very_many_are_found(first):
    frequent = [(f"often {place}", True) for place in range(20) for _ in range(50)]
    rare = [(f"once {place}", True) for place in range(20_000)]
    never = [("elsewhere", False)] * 99
    some_rows = [*frequent, *rare, *never] if first else [*rare, *never, *frequent]
    tally = tally_of(some_rows, 1000, cap=1 << 10)

    counts = finals_of(tally, some_rows, 5000, 20)

    assert tally.wide
    assert tally.distinct == pytest.approx(20_021, rel=0.1)
    assert set(most_frequent(counts, 20)) == {text for text, _ in frequent}
    assert len(counts) < 3000


def test_of_equally_frequent_texts_the_first_ones_count_and_none_that_never_occurs():
    counts = {"b": 1, "z": 2, "a": 1, "c": 0}

    assert most_frequent(counts, 2) == ("a", "z")
    assert most_frequent(counts, 50) == ("a", "b", "z")
