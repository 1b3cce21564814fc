import csv
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.data.tabular import read_table
from {{ cookiecutter.package_name }}.inference.batch import score
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import (
    ConfigError,
    DataContractError,
    DataError,
    DataNotFound,
)

HEADER = "id,age,city,income\n"
ROWS = HEADER + "007,60,Oslo,1.50\n008,,NA,2\n009, 20 ,True,+3\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path.__class__()


@pytest.fixture
def scored(folder, fake_predictor):
    """Scores a CSV text into a file of the given name, two rows at a time."""

    def run(content, target="out.csv", predictor=fake_predictor, progress=lambda _: None):
        (folder / "in.csv").write_text(content, encoding="utf-8")
        return score(folder / "in.csv", folder / target, predictor, 2, progress)

    return run


def test_the_output_is_the_input_and_the_answers(scored, folder, fake_runtime):
    shares = []

    assert scored(ROWS, progress=shares.append) == 3

    assert shares[-1] == 1
    assert (folder / "out.csv").read_text() == (
        "id,age,city,income,prediction,probability_no,probability_yes\n"
        "007,60,Oslo,1.50,yes,0.25,0.75\n"
        "008,,NA,2,no,0.75,0.25\n"
        "009, 20 ,True,+3,no,0.75,0.25\n"
    )
    first, second = fake_runtime.feeds
    assert first["numeric"][0].tolist() == [60, 1.5]
    assert math.isnan(first["numeric"][1, 0])
    assert first["categorical"].tolist() == [["Oslo"], [""]]
    assert second["categorical"].tolist() == [["true"]]
    assert second["numeric"].tolist() == [[20, 3]]


def test_types_do_not_depend_on_the_first_rows(scored, folder, fake_runtime):
    scored(HEADER + "1,,,\n2,,,\n3,51.5,7,1\n")

    assert fake_runtime.feeds[-1]["numeric"].tolist() == [[51.5, 1]]
    assert fake_runtime.feeds[-1]["categorical"].tolist() == [["7"]]


@pytest.mark.parametrize("target", ["out.parquet", "out.tsv"])
def test_the_extension_says_the_format(scored, folder, target):
    scored(ROWS, target)

    table = read_table(folder / target)

    assert table.column_names[-3:] == ["prediction", "probability_no", "probability_yes"]
    assert table.column("id").to_pylist() == ["007", "008", "009"]
    assert table.column("prediction").to_pylist() == ["yes", "no", "no"]


def test_parquet_columns_keep_their_types(folder, fake_predictor):
    table = pa.table(
        {"city": [None, "Oslo"], "income": [1.0, 2.0], "age": [20, 60], "l": [[1], []]}
    )
    pq.write_table(table, folder / "in.parquet")

    score(folder / "in.parquet", folder / "out.parquet", fake_predictor, 1, lambda _: None)

    out = pq.read_table(folder / "out.parquet")
    assert out.select(table.column_names) == table
    assert out.schema.field("probability_yes").type == pa.float32()


def test_regression_has_one_column(scored, folder, fake_runtime, mixed_schema, describe_model):
    target = Target(name="price", task="regression")
    schema = mixed_schema.model_copy(update={"target": target})

    scored(ROWS, predictor=Predictor(fake_runtime, describe_model(schema)))

    with (folder / "out.csv").open() as stream:
        assert [row[-2:] for row in csv.reader(stream)][:2] == [
            ["income", "prediction"],
            ["1.50", "120"],
        ]


def test_the_size_of_the_pieces_does_not_matter(folder, fake_predictor):
    rows = "".join(f"{i},{i % 90},Oslo,{i / 7}\n" for i in range(500))
    (folder / "in.csv").write_text(HEADER + rows)
    for size in (7, 4096):
        score(folder / "in.csv", folder / f"{size}.csv", fake_predictor, size, lambda _: None)

    assert (folder / "7.csv").read_bytes() == (folder / "4096.csv").read_bytes()


REFUSED = [
    (
        "id,city\n1,Oslo\n",
        "'in.csv' has no column 'age', which the model reads.\n"
        "'in.csv' has no column 'income', which the model reads.",
    ),
    (
        "age,age,city,income,prediction\n1,2,3,4,5\n",
        "'in.csv' has more than one column 'age'.\n"
        "'in.csv' already has a column 'prediction', which scoring adds: leave it out.",
    ),
    (
        HEADER + "1,2,3,4\n" * 4 + "5,old,Oslo,?\n",
        "'in.csv', row 6, column 'age': expected a finite number, got 'old'.\n"
        "'in.csv', row 6, column 'income': expected a finite number, got '?'.",
    ),
    (
        HEADER + "1,inf,Oslo,1\n",
        "'in.csv', row 2, column 'age': expected a finite number, got 'inf'.",
    ),
]


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_rows_that_the_model_cannot_read_are_told_and_nothing_is_written(
    scored, folder, content, told
):
    with pytest.raises(DataContractError) as raised:
        scored(content)

    assert str(raised.value) == told
    assert [path.name for path in folder.iterdir()] == ["in.csv"]


def test_many_bad_cells_are_counted(folder, fake_predictor):
    (folder / "in.csv").write_text(HEADER + "1,x,y,2\n" * 30)

    with pytest.raises(DataContractError, match=r"\n… and 27 more in these rows\.$") as raised:
        score(folder / "in.csv", folder / "out.csv", fake_predictor, 100, lambda _: None)

    assert len(str(raised.value).splitlines()) == 4


def test_a_former_output_stays_when_scoring_fails(scored, folder):
    (folder / "out.csv").write_text("former")

    with pytest.raises(DataContractError):
        scored(HEADER + "1,2,3,4\n" * 4 + "5,old,Oslo,1\n")

    assert (folder / "out.csv").read_text() == "former"


def test_ctrl_c_leaves_nothing(scored, folder):
    def interrupt(_share):
        raise KeyboardInterrupt

    for target in ("out.csv", "out.parquet"):
        with pytest.raises(KeyboardInterrupt):
            scored(ROWS, target, progress=interrupt)

    assert [path.name for path in folder.iterdir()] == ["in.csv"]


def test_what_cannot_be_written_is_a_sentence_and_nothing_is_left(folder, fake_predictor):
    table = pa.table({"city": ["Oslo"] * 9, "income": [1.0] * 9, "age": [20] * 9, "l": [[1]] * 9})
    pq.write_table(table, folder / "in.parquet")

    with pytest.raises(DataError, match=r"^Column 'l' holds list<.*>, which a CSV file cannot"):
        score(folder / "in.parquet", folder / "out.csv", fake_predictor, 2, lambda _: None)

    assert [path.name for path in folder.iterdir()] == ["in.parquet"]


def test_a_damaged_row_far_down_is_a_sentence_and_nothing_is_left(scored, folder):
    with pytest.raises(DataError, match=r"Row #42: Expected 4 columns, got 1: 1"):
        scored(HEADER + "1,2,Oslo,4\n" * 40 + "1\n")

    assert [path.name for path in folder.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("target", "error", "told"),
    [
        ("out.xlsx", ConfigError, "'out.xlsx' has the extension '.xlsx': expected one of"),
        ("no/out.csv", ConfigError, "There is no folder 'no' to write 'out.csv' into."),
        ("in.csv", ConfigError, "'in.csv' is the input: name another file for the output."),
        ("folder.csv", ConfigError, "'folder.csv' is a folder: expected the name of a file."),
    ],
)
def test_an_output_that_cannot_be_is_a_sentence(scored, folder, target, error, told):
    (folder / "folder.csv").mkdir()

    with pytest.raises(error) as raised:
        scored(ROWS, target)

    assert str(raised.value).startswith(told)


def test_an_input_that_cannot_be_is_a_sentence(scored, folder, fake_predictor):
    with pytest.raises(DataNotFound, match=r"There is no data file 'gone\.csv'"):
        score(folder / "gone.csv", folder / "out.csv", fake_predictor, 2, lambda _: None)
    with pytest.raises(DataError, match=r"'in\.csv' has a header but no rows\."):
        scored(HEADER)
