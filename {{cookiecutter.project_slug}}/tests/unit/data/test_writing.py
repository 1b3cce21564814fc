"""What `prepare` writes does not depend on how the rows came."""

import json
from contextlib import nullcontext

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.data.files import Files
from {{ cookiecutter.package_name }}.data.prepare import prepare
from {{ cookiecutter.package_name }}.data.processed import load_split
from {{ cookiecutter.package_name }}.data.source import Held
from {{ cookiecutter.package_name }}.data.tallies import Tally
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.paths import processed_dir

pytestmark = pytest.mark.usefixtures("project")

number = st.one_of(st.none(), st.floats(-9, 9), st.integers(0, 3).map(float))
text = st.sampled_from(["", "NA", "1", "1.0", " 2", "1,5", "a", "b", "True", "é"])
row = st.tuples(number, text, st.text(max_size=3), st.sampled_from(["no", "yes"]))
ROWS = [(i / 7, "ab1"[i % 3], f"{i % 11}", ["no", "yes"][i % 2]) for i in range(80)]


class Given:
    """A source of rows that are open already."""

    def __init__(self, rows) -> None:
        self.rows = rows

    def open(self):
        return nullcontext(self.rows)


def held(rows):
    columns = [pa.array(values) for values in zip(*rows, strict=True)]
    return Given(Held(pa.table(columns, ["x", "c", "t", "y"]), "rows", "1"))


TABLES = {change: held(ROWS[: 70 + change]).rows.table for change in (-1, 0, 1)}


def written(source, plan, size=None):
    """All files of a prepared data set, and what was told but for the source."""
    told = []
    prepare(source, plan, told.append, rows_at_once=size)
    folder = processed_dir(plan.name)
    return {path.name: path.read_bytes() for path in folder.iterdir()}, told


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(row, max_size=20), st.integers(1, 90))
def test_files_and_notes_are_the_same_for_parts_of_any_length(plan_with, some, size):
    source, plan = held([*ROWS, *some]), plan_with(max_categories=2)

    assert written(source, plan, size) == written(source, plan)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(st.permutations(ROWS))
def test_schema_and_splits_are_the_same_for_rows_in_any_order(plan_with, rows):
    plan = plan_with(max_categories=2)
    manifests = [prepare(held(some), plan, lambda _: None) for some in (ROWS, rows)]

    assert manifests[0].data_schema == manifests[1].data_schema
    counts = [{name: file.rows for name, file in m.files.items()} for m in manifests]
    assert counts[0] == counts[1]


def test_row_groups_are_the_same_for_parts_of_any_length(plan_with):
    random = np.random.default_rng(3)
    table = pa.table(
        {
            "x": random.random(9000),
            "t": [f"word {place % 70}" for place in range(9000)],
            "y": random.choice(["no", "yes"], 9000).tolist(),
        }
    )
    source = Given(Held(table, "rows", "1"))

    assert written(source, plan_with(), 1000) == written(source, plan_with(), 1777)


def test_the_order_in_which_files_are_given_does_not_matter(plan_with, tmp_path):
    paths = {}
    for place, name in enumerate(["a.csv", "b.csv", "c.csv"]):
        some = ROWS[place::3]
        columns = zip(*some, strict=True)
        paths[name] = tmp_path / name
        pcsv.write_csv(pa.table(list(map(list, columns)), ["x", "c", "t", "y"]), paths[name])
    turned = dict(reversed(paths.items()))

    one = written(Given(Files.of(paths, "folder", "1")), plan_with(), 7)

    assert written(Given(Files.of(turned, "folder", "1")), plan_with(), 90) == one
    assert json.loads(one[0]["manifest.json"])["rows"] == len(ROWS)


@pytest.mark.parametrize("size", [300, None])
def test_the_most_frequent_of_too_many_categories_to_count_are_told_apart(
    plan_with, monkeypatch, size
):
    monkeypatch.setattr(Tally.__init__, "__defaults__", (500,))
    words = [f"once {place}" if place % 3 else f"often {place % 4}" for place in range(3000)]
    table = pa.table({"c": words, "x": np.arange(3000) / 7, "y": ["no", "yes"] * 1500})

    manifest_of, told = written(Given(Held(table, "rows", "1")), plan_with(max_categories=4), size)

    columns = json.loads(manifest_of["manifest.json"])["data_schema"]["columns"]
    assert columns[0]["categories"] == ["often 0", "often 1", "often 2", "often 3"]
    assert any("column 'c' has about 2000 categories: the 4 most" in line for line in told)


@pytest.mark.parametrize("change", [1, -1])
def test_a_source_that_grows_or_shrinks_between_two_readings_writes_nothing(plan_with, change):
    class Changing(Held):
        readings = 0

        def parts(self, rows, columns=None):
            Changing.readings += 1
            # The first is a look at the first rows, the second checks, the third writes.
            table = self.table if Changing.readings < 3 else TABLES[change]
            yield from Held(table, "rows", "1").parts(rows, columns)

    with pytest.raises(DataError, match="was changed while it was read"):
        prepare(Given(Changing(TABLES[0], "rows", "1")), plan_with(), lambda _: None)

    assert not processed_dir("rows").exists()


def test_missing_values_of_both_kinds_come_back_as_such(plan_with):
    rows = [
        (None if i % 2 else x, "NA" if i % 3 else c, t, y) for i, (x, c, t, y) in enumerate(ROWS)
    ]

    manifest = prepare(held(rows), plan_with(), lambda _: None)

    features = load_split(manifest, "train").features
    assert np.isnan(features.numeric[:, 0]).any()
    assert "" in features.categorical[:, 0]
