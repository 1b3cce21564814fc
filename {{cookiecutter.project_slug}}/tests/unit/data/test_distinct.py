import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.distinct import DistinctCount
from {{ cookiecutter.package_name }}.data.splitting import number_hashes

values = st.lists(st.integers(0, 200), max_size=120)


def counter_of(numbers, cap, size):
    counter = DistinctCount(cap)
    for start in range(0, len(numbers), size):
        counter.add(number_hashes(np.array(numbers[start : start + size], np.float64)))
    return counter


@given(values, st.integers(1, 50))
def test_up_to_the_cap_the_count_is_exact(numbers, size):
    assert counter_of(numbers, 201, size).count == len(set(numbers))


@given(values, st.randoms(), st.integers(1, 50))
def test_beyond_it_order_repetition_and_parts_do_not_matter(numbers, random, size):
    shuffled = numbers * 2
    random.shuffle(shuffled)

    assert counter_of(shuffled, 16, size).count == counter_of(numbers, 16, 120).count


def test_no_more_than_the_cap_is_kept_however_many_come_at_once():
    numbers = list(range(10_000))
    at_once, one_by_one = counter_of(numbers, 100, 10_000), counter_of(numbers, 100, 7)

    assert at_once.count == one_by_one.count
    assert len(at_once._kept) <= 100


@pytest.mark.parametrize("distinct", [50_000, 300_000])
def test_the_estimate_is_close(distinct):
    counter = counter_of(np.arange(distinct).tolist(), 1 << 14, 100_000)

    assert counter.count == pytest.approx(distinct, rel=0.03)
