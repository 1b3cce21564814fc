import hashlib
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data.digits import Digits
from {{ cookiecutter.package_name }}.data.prepare import prepare
from {{ cookiecutter.package_name }}.data.processed import load_manifest, load_split
from {{ cookiecutter.package_name }}.schemas.dataset import SPLITS
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataContractError
from {{ cookiecutter.package_name }}.utils.paths import processed_dir

pytestmark = pytest.mark.usefixtures("project")


def silent(_line):
    pass


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_prepared_can_be_read(source_of, plan_with):
    manifest = prepare(source_of(), plan_with(), silent)

    assert load_manifest("rows") == manifest
    splits = {name: load_split(manifest, name) for name in SPLITS}
    assert manifest.rows == 60 == sum(map(len, splits.values()))
    assert manifest.data_schema.target.classes == ("no", "yes")
    assert [column.name for column in manifest.data_schema.columns] == ["x", "c"]
    assert splits["train"].features.numeric.shape == (manifest.files["train"].rows, 1)
    assert set(np.unique(splits["train"].target)) == {0, 1}


def test_the_files_are_plain_parquet_with_the_target_last(source_of, plan_with, tmp_path):
    c = ["red", None, "blue"] * 20
    prepare(source_of(c=c, flag=[True, False, None] * 20), plan_with(), silent)

    table = pq.read_table(processed_dir("rows") / "train.parquet")

    assert table.schema.names == ["x", "c", "flag", "y"]
    assert table.schema.types == [pa.float64(), pa.string(), pa.string(), pa.string()]
    assert table.schema.metadata is None
    assert set(table.column("c").to_pylist()) == {"red", "", "blue"}
    assert set(table.column("flag").to_pylist()) == {"true", "false", ""}


def test_the_manifest_has_the_digests_of_the_files(source_of, plan_with):
    manifest = prepare(source_of(), plan_with(), silent)

    for file in manifest.files.values():
        content = (processed_dir("rows") / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256


def test_regression_keeps_its_numbers(source_of, plan_with):
    y = (np.arange(60) ** 1.5).tolist()
    manifest = prepare(source_of(y=y), plan_with(), silent)

    split = load_split(manifest, "val")

    assert manifest.data_schema.target.task == "regression"
    assert split.target.dtype == np.float32
    assert set(split.target.tolist()) < set(np.float32(y).tolist())


@pytest.mark.parametrize(
    "name", ["größe, m²", "two words", 'say "hi"', "line\nbreak", "a.b", "日本"]
)
def test_any_name_of_a_column_works(source_of, plan_with, name):
    columns = {name: list(range(0, 120, 2)), f"target {name}": ["a", "b"] * 30}

    manifest = prepare(source_of(columns), plan_with(target=f"target {name}"), silent)

    assert manifest.data_schema.columns[0].name == name
    assert load_manifest("rows") == manifest
    assert load_split(manifest, "train").features.numeric.max() > 0


SCRIPT = """
import sys
from {{ cookiecutter.package_name }}.data.digits import Digits
from {{ cookiecutter.package_name }}.data.plan import plan_of
from {{ cookiecutter.package_name }}.data.prepare import prepare

split = dict(salt="1", train=0.7, val=0.15, test=0.15)
plan = dict(name="digits", target="digit", task=None, key=None, drop=[], max_categories=50)
plan |= dict(image_shape=[1, 8, 8], split=split, contract=dict(columns=dict(), classes=None))
prepare(Digits(), plan_of(plan), print)
"""


def test_the_same_input_gives_the_same_bytes_in_another_process(plan_with):
    plan = plan_with(name="digits", target="digit", image_shape=[1, 8, 8])
    prepare(Digits(), plan, silent)
    here = bytes_of(processed_dir("digits"))

    environment = os.environ | {"PYTHONHASHSEED": "99"}
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, env=environment, timeout=120)

    assert bytes_of(processed_dir("digits")) == here
    assert set(here) == {"manifest.json", "test.parquet", "train.parquet", "val.parquet"}


def homes(manifest, column):
    """The split of each row, by the value of a column that tells rows apart."""
    folder = processed_dir(manifest.name)
    tables = {name: pq.read_table(folder / file.path) for name, file in manifest.files.items()}
    return {value: name for name, t in tables.items() for value in t.column(column).to_pylist()}


def test_no_row_moves_when_rows_are_added_and_integers_become_floats(source_of, plan_with):
    x = list(range(0, 600, 10))
    before = homes(prepare(source_of(x=x), plan_with(), silent), "x")

    table = source_of(x=x).rows.table
    grown = {
        "y": ["yes", *table.column("y").to_pylist(), "no"],
        "c": ["red", *table.column("c").to_pylist(), "green"],
        "x": [0.5, *x, None],
    }
    after = homes(prepare(source_of(grown), plan_with(), silent), "x")

    assert {value: after[value] for value in before} == before


def test_rows_of_one_key_stay_together_however_the_key_is_stored(source_of, plan_with):
    key = [i // 3 for i in range(60)]
    as_numbers = prepare(source_of(k=key), plan_with(key="k"), silent)
    whole = {name: file.rows for name, file in as_numbers.files.items()}
    as_texts = prepare(source_of(k=[f"{k}.0" for k in key]), plan_with(key="k"), silent)

    assert all(rows % 3 == 0 for rows in whole.values())
    assert as_texts.digest == as_numbers.digest
    assert "k" not in [column.name for column in as_numbers.data_schema.columns]


def test_equal_rows_go_to_the_same_split_whatever_their_label(source_of, plan_with):
    x = [float(i // 2 * 3) for i in range(60)]
    rows = {"x": x, "c": ["red"] * 60, "y": ["no", "yes"] * 30}

    manifest = prepare(source_of(rows), plan_with(), silent)

    assert all(file.rows % 2 == 0 for file in manifest.files.values())


def test_broken_data_leave_the_former_data_set_as_it_was(source_of, plan_with):
    prepare(source_of(), plan_with(), silent)
    former = bytes_of(processed_dir("rows"))

    with pytest.raises(DataContractError, match="Column 'x' must be at most 0, but"):
        prepare(
            source_of(),
            plan_with(
                columns={
                    "x": {"max": 0},
                }
            ),
            silent,
        )

    assert bytes_of(processed_dir("rows")) == former
    assert [path.name for path in processed_dir("rows").parent.iterdir()] == ["rows"]


def test_broken_data_write_nothing_at_all(source_of, plan_with):
    with pytest.raises(DataContractError, match="has one class only"):
        prepare(source_of(y=["no"] * 60), plan_with(), silent)

    assert not processed_dir("rows").parent.exists()


def test_an_image_has_one_number_column_a_pixel(source_of, plan_with):
    with pytest.raises(ConfigError) as raised:
        prepare(source_of(), plan_with(image_shape=[1, 2, 2]), silent)

    assert str(raised.value) == (
        "data.image_shape is [1, 2, 2], that is 4 number columns and no others: the data have 1 "
        "of 2. Set it to null if they are no image."
    )


def test_steps_and_notes_are_told(source_of, plan_with):
    told = []
    prepare(source_of(id=list(range(60))), plan_with(max_categories=2), told.append)

    assert told == [
        "reading",
        "checking rows",
        "note: column 'c' has 3 categories: the 2 most frequent are told apart, the others count "
        "as unknown (data.max_categories)",
        "note: column 'id' numbers the rows: consider data.drop for it",
        "writing 60 rows",
    ]


def test_each_step_is_heard_with_its_rows(source_of, plan_with):
    heard = []
    prepare(source_of(), plan_with(), silent, progress=heard.append, rows_at_once=40)

    assert [(told.step, told.rows) for told in heard] == [
        ("checking", 40),
        ("checking", 60),
        ("writing", 40),
        ("writing", 60),
    ]
    assert [told.share for told in heard] == [pytest.approx(2 / 3), 1, pytest.approx(2 / 3), 1]


def test_a_column_of_numbers_with_commas_that_is_left_out_says_why(source_of, plan_with):
    told = []
    prepare(source_of(price=[f"{i},25" for i in range(60)]), plan_with(), told.append)

    left_out, commas = (line for line in told if line.startswith("note: column 'price'"))
    assert "it is left out, as an identifier" in left_out
    assert "has numbers with commas, such as '0,25'" in commas
