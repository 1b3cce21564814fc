import os
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.cli.prepare import main
from {{ cookiecutter.package_name }}.data.processed import load_manifest

CSV = "size,town,price\n" + "".join(
    f"{i * 7 % 50},{['Rome', 'Oslo'][i % 2]},{i * 1.5}\n" for i in range(80)
)


@pytest.fixture
def houses(project, monkeypatch):
    """A sub-folder of the project with a file of the user's own."""
    folder = project / "somewhere"
    folder.mkdir()
    (folder / "my houses.csv").write_text(CSV)
    monkeypatch.chdir(folder)
    return folder


def test_the_digits_are_what_is_prepared_by_default(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    monkeypatch.delenv("UV", raising=False)

    assert main([]) == 0

    manifest = load_manifest("digits")
    assert manifest.rows == 1797
    assert manifest.data_schema.image_shape == (1, 8, 8)
    assert manifest.data_schema.target.classes == tuple("0123456789")
    declared = {(c.lowest, c.highest, c.required) for c in manifest.data_schema.numbers}
    assert (len(manifest.data_schema.numbers), declared) == (64, {(0, 16, True)})
    assert capsys.readouterr().out.splitlines()[-5:] == [
        "rows     1,797: train 1,239, val 288, test 270",
        "columns  64: 64 numbers, 0 categories",
        "target   digit (classification, 10 classes)",
        "written  data/processed/digits",
        "next     train",
    ]


def test_a_file_of_ones_own_needs_a_path_and_a_target(houses, monkeypatch, capsys):
    monkeypatch.delenv("UV", raising=False)
    assert main(["data=table", "data.path=my houses.csv", "data.target=price"]) == 0

    manifest = load_manifest("table")
    assert manifest.source == "somewhere/my houses.csv"
    assert manifest.options["path"] == manifest.source
    assert manifest.options["source"]["path"] == manifest.source
    assert manifest.options["split"]["salt"] == "1"
    assert manifest.data_schema.target.task == "regression"
    told = capsys.readouterr().out
    assert "target   price (regression)" in told
    assert told.endswith("next     train data=table 'data.path=my houses.csv' data.target=price\n")


def test_a_folder_of_files_is_one_data_set(houses, capsys):
    (houses / "years").mkdir()
    header, *lines = CSV.splitlines(keepends=True)
    for place, year in enumerate(["2023", "2024"]):
        text = header + "".join(lines[place::2])
        (houses / "years" / f"{year}.csv").write_text(text)

    assert main(["data=table", "data.path=years", "data.target=price"]) == 0
    assert load_manifest("table").rows == 80
    assert load_manifest("table").source == "somewhere/years"

    broken = ["data=table", "data.path=years", "data.target=price"]
    assert main([*broken, "+data.contract.columns.size.max=48"]) == 3
    told = capsys.readouterr().err
    assert "Column 'size' must be at most 48, but in 2 rows is not: row 5 of 2024.csv has" in told


def test_only_lines_are_told_where_there_is_no_terminal(houses, capsys):
    main(["data=table", "data.path=my houses.csv", "data.target=price"])

    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines()[:3] == [
        "reading",
        "checking somewhere/my houses.csv",
        "writing 80 rows",
    ]


def test_every_key_of_the_plan_can_be_said(houses):
    code = main(
        [
            "data=table",
            "data.path=my houses.csv",
            "data.target=town",
            "data.name=towns",
            "data.drop=[price]",
            "data.split.salt=2",
            "data.contract.classes=[Rome,Oslo]",
            "+data.contract.columns.size.max=50",
        ]
    )

    assert code == 0
    schema = load_manifest("towns").data_schema
    assert schema.target.classes == ("Oslo", "Rome")
    assert [column.name for column in schema.columns] == ["size"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["data=table"], 2, "data.path and data.target must be given: data.path=… data.target=…"),
        (
            ["data=table", "data.path=gone.csv", "data.target=price"],
            3,
            "There is no data file 'gone.csv'.",
        ),
        (
            ["data=table", "data.path=my houses.csv", "data.target=prize"],
            3,
            "'somewhere/my houses.csv' has no column 'prize' (data.target): did you mean 'price'?",
        ),
        (
            ["data=table", "data.path=my houses.csv", "data.target=price", "data.split.val=0"],
            2,
            "data.split.val: input should be greater than 0 (it is 0).",
        ),
        (
            ["data=table", "data.path=my houses.csv", "data.target=price", "data.source.file=x"],
            2,
            "There is no key 'data.source.file'.",
        ),
        (["data.name=a/b"], 2, "data.name is 'a/b': expected a plain folder name, such as"),
    ],
)
def test_a_wrong_command_is_a_sentence_and_an_exit_code(houses, capsys, arguments, code, told):
    assert main(arguments) == code

    assert capsys.readouterr().err.startswith(f"error: {told}")
    assert not (houses.parent / "data").exists()


def test_a_schema_that_is_not_the_former_one_is_told(houses, capsys):
    arguments = ["data=table", "data.path=my houses.csv", "data.target=price"]
    main(arguments)
    (houses / "my houses.csv").write_text(CSV.replace("Rome", "Bonn").replace("size", "area"))
    capsys.readouterr()

    assert main(arguments) == 0

    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("schema")]
    assert told == [
        "schema change: 1 column new: 'area'",
        "schema change: 1 column gone: 'size'",
        "schema change: column 'town' has 1 category that it had not: 'Bonn'",
        "schema change: column 'town' has 1 category less: 'Rome'",
        f"schema changes are listed in {houses.parent / 'reports' / 'data' / 'table.md'}",
    ]


def test_a_source_that_cannot_be_made_is_a_sentence(houses, capsys):
    arguments = ["data=table", "data.path=x", "data.target=y", "+data.source.delimiter=x"]

    assert main(arguments) == 2

    assert capsys.readouterr().err.startswith("error: data.source: Error")


def test_help_is_at_once():
    code = (
        "import sys; from {{ cookiecutter.package_name }}.cli.prepare import main; main(['--help']);"
        "heavy = set(('hydra', 'pandas', 'pandera', 'sklearn', 'pyarrow', 'numpy'));"
        "print(heavy & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
        timeout=60,
    )

    assert done.stdout.startswith("usage: prepare [KEY=VALUE ...]")
    assert done.stdout.endswith("set()\n")
