from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.integrations.s3.parts import (
    MOST_PARTS,
    PART_BYTES,
    Piece,
    part_bytes,
    pieces,
    read,
)
from {{ cookiecutter.package_name }}.schemas.errors import DataError

SIZES = st.integers(0, 40 << 30) | st.integers(0, 5 << 40).map(lambda size: size - size % 7)


@given(size=SIZES)
def test_the_parts_are_the_whole_without_gap_or_overlap(size):
    made = pieces(size)

    assert [piece.number for piece in made] == list(range(1, len(made) + 1))
    assert [piece.start for piece in made] == [0, *(piece.stop for piece in made)][: len(made)]
    assert (made[-1].stop if made else 0) == size
    assert all(piece.size > 0 for piece in made)


@given(size=SIZES)
def test_an_upload_has_no_more_parts_than_are_allowed(size):
    made = pieces(size)

    assert len(made) <= MOST_PARTS
    assert {piece.size for piece in made[:-1]} <= {part_bytes(size)}
    assert part_bytes(size) >= PART_BYTES


@given(content=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=5))
def test_parts_of_a_file_read_together_are_its_bytes(tmp_path_factory, content, cuts):
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)
    bounds = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    cut = [Piece(1, start, stop) for start, stop in pairwise(bounds)]

    assert b"".join(read(path, piece) for piece in cut) == content


def test_a_file_that_became_shorter_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"123")

    with pytest.raises(DataError, match=r"^'a\.csv' was changed while it was uploaded: run"):
        read(tmp_path / "a.csv", Piece(1, 2, 5))


def test_a_file_that_went_away_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DataError, match=r"^'a\.csv' cannot be read: No such file"):
        read(tmp_path / "a.csv", Piece(1, 0, 5))
