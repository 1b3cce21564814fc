import numpy as np
import pytest

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.schemas.errors import DataError


def test_splits_are_read_as_they_were_written_in_parts_of_any_length():
    with Assigned() as splits:
        splits.add(np.array([0, 1, 2], np.uint8))
        splits.add(np.array([0], np.uint8))
        splits.rewind()

        assert (splits.rows, splits.counts.tolist()) == (4, [2, 1, 1])
        assert [splits.read(2).tolist(), splits.read(2).tolist()] == [[0, 1], [2, 0]]


def test_what_is_cleared_is_forgotten():
    with Assigned() as splits:
        splits.add(np.array([1, 1, 1], np.uint8))
        splits.clear()
        splits.add(np.array([2], np.uint8))
        splits.rewind()

        assert splits.counts.tolist() == [0, 0, 1]
        assert splits.read(1).tolist() == [2]
        with pytest.raises(DataError):
            splits.read(1)


def test_more_rows_than_before_are_a_source_that_changed():
    with Assigned() as splits:
        splits.add(np.array([0], np.uint8))
        splits.rewind()

        with pytest.raises(DataError, match="was changed while it was read"):
            splits.read(2)
