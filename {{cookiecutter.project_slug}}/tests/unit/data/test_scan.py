import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.files import Files
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, TextProfile
from {{ cookiecutter.package_name }}.data.reading import Reader
from {{ cookiecutter.package_name }}.data.scan import laid_out, scan
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError, DataError

LATE = ["1"] * 55 + ["word"] * 5


@pytest.fixture
def scanned(table_of, plan_with):
    """Scans the usual rows or others; gives what was found, the splits, and the steps."""

    def found(content=None, size=None, *, changed=None, **planned):
        rows, plan, steps = table_of(content, **changed or {}), plan_with(**planned), []
        reader = Reader(rows, lambda progress: steps.append(progress.step), size)
        with Assigned() as splits:
            result = scan(reader, laid_out(rows, plan), plan, splits)
            splits.rewind()
            return result, splits.read(splits.rows), list(dict.fromkeys(steps))

    return found


def test_columns_are_described_and_rows_get_their_splits(scanned):
    result, splits, steps = scanned()

    x, c = result.features.values()
    assert isinstance(x, NumberProfile)
    assert isinstance(c, TextProfile)
    assert list(result.features) == ["x", "c"]
    assert set(result.target.tally.counts) == {"no", "yes"}
    assert np.bincount(splits, minlength=len(SPLITS)).tolist() == result.splits.counts.tolist()
    assert steps == ["checking"]


def test_a_word_in_the_first_part_needs_no_second_reading_and_a_later_one_does(scanned):
    at_once = scanned(changed={"x": LATE})
    later = scanned(changed={"x": LATE}, size=10)

    assert at_once[2] == ["checking"]
    assert later[2] == ["checking", "checking again"]
    assert later[1].tolist() == at_once[1].tolist()
    profiles = [found[0].features["x"] for found in (at_once, later)]
    assert profiles[0].tally.counts == profiles[1].tally.counts
    assert profiles[1].rows == 60


def test_columns_learned_at_different_places_cost_one_more_reading_together(scanned):
    words = {"x": LATE, "c": ["2"] * 30 + ["word"] * 30, "y": [*map(str, range(30)), *["a"] * 30]}

    result, _, steps = scanned(words, size=5)

    assert steps == ["checking", "checking again"]
    assert all(isinstance(profile, TextProfile) for profile in result.profiles.values())


@pytest.mark.parametrize("values", [[None] * 60, ["", "NA"] * 30])
def test_a_column_without_values_is_a_sentence(scanned, values):
    with pytest.raises(DataContractError) as raised:
        scanned(changed={"e": values})

    assert str(raised.value) == "Column 'e' has no values at all: leave it out with data.drop."


@pytest.mark.parametrize("size", [7, None])
def test_broken_rules_are_told_over_all_parts(scanned, size):
    with pytest.raises(DataContractError) as raised:
        scanned(
            changed={"x": [float(place) for place in range(60)]},
            size=size,
            columns={
                "x": {"max": 56},
            },
        )

    assert str(raised.value) == (
        "Column 'x' must be at most 56, but in 3 rows is not: row 58 has 57, row 59 has 58, "
        "row 60 has 59."
    )


def test_rows_of_one_key_have_one_split_however_the_key_is_stored(scanned):
    key = [place // 3 for place in range(60)]

    whole = scanned(changed={"k": key}, key="k")[1]
    texts = scanned(changed={"k": [f"{value}.0" for value in key]}, key="k")[1]

    assert whole.tolist() == texts.tolist()
    assert all(len(set(whole[start : start + 3])) == 1 for start in range(0, 60, 3))


def test_a_dropped_column_may_be_anything_in_each_file(tmp_path, plan_with):
    paths = {name: tmp_path / f"{name}.parquet" for name in "ab"}
    for path, notes in zip(paths.values(), ([[1]], ["u"]), strict=True):
        pq.write_table(pa.table({"x": [1] * 10, "notes": notes * 10, "y": [0] * 10}), path)
    files = Files.of(paths, "folder", "1")

    assert laid_out(files, plan_with(drop=["notes"])).features == ("x",)
    with pytest.raises(DataError, match=r"^Column 'notes' holds list"):
        next(files.parts(10, laid_out(files, plan_with()).needed[1:]))
