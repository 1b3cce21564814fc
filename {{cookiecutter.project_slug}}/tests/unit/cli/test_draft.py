import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from {{ cookiecutter.package_name }}.cli import _draft
from {{ cookiecutter.package_name }}.cli.prepare import main
from {{ cookiecutter.package_name }}.data.draft import ColumnDraft, Draft
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, plan_of
from {{ cookiecutter.package_name }}.data.processed import load_manifest

AWKWARD = ["yes", "1", "null", "1e5", "true", "${a}", "???", "~", "größe", "a: b", "- x", "#", "'"]
ARGUMENTS = ["data=table", "data.path=my houses.csv", "data.target=sold", "data.name=houses"]
DRAFT = """\
# Drafted by `prepare --infer-contract` from all 65 rows of my houses.csv.
# Read the contract below, and correct what only happens to be so in these rows.
# config/data/table.yaml explains each key.
name: houses
path: ${root:"my houses.csv"}
source:
  _target_: {{ cookiecutter.package_name }}.data.table.Table
  path: ${data.path}
target: sold
task: null
key: null
drop: []
max_categories: 50
image_shape: null
split:
  salt: '1'
  train: 0.7
  val: 0.15
  test: 0.15
# What must hold: checked here by `prepare`, and of every row by `predict` and the service. Limits
# are rounded outward from what was seen; values that are not listed are refused.
contract:
  columns:
    # seen: 0.25 to 64.25, no row empty
    size:
      kind: number
      min: 0
      max: 65
      nullable: false
    # seen: 2 values, 1 of 65 rows empty
    town:
      kind: category
      values:
      - Oslo
      - Rome
  classes:
  - 'no'
  - 'yes'
"""


@pytest.fixture
def houses(project):
    """The project's root, which is the working directory, with a file of the user's own."""
    rows = [[i + 0.25, ["Rome", "Oslo"][i % 2], ["yes", "no"][i // 3 % 2]] for i in range(65)]
    rows[7][1] = ""
    write(project / "my houses.csv", ["size", "town", "sold"], rows)
    return project


def write(path, names, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([names, *rows])


def test_a_new_choice_is_written_and_prepares_the_same_file(houses, capsys, monkeypatch):
    monkeypatch.delenv("UV", raising=False)
    assert main(["--infer-contract", *ARGUMENTS]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "read     all 65 rows of my houses.csv",
        "written  config/data/houses.yaml: read it, and correct what only happens to be so",
        "next     prepare data=houses",
    ]
    assert (houses / "config/data/houses.yaml").read_text(encoding="utf-8") == DRAFT
    assert not (houses / "data").exists()

    monkeypatch.chdir(houses / "config")
    assert main(["data=houses"]) == 0

    schema = load_manifest("houses").data_schema
    size, town = schema.columns
    assert (size.lowest, size.highest, size.required) == (0, 65, True)
    assert (town.allowed, town.required) == (("Oslo", "Rome"), False)
    assert schema.target.classes == ("no", "yes")


def test_names_and_values_that_yaml_reads_as_something_else_are_kept(houses, capsys):
    names = ["sold", *AWKWARD]
    rows = [["yes" if i % 3 else "${b}", *AWKWARD[i % 13 :], *AWKWARD[: i % 13]] for i in range(65)]
    write(houses / "my houses.csv", names, rows)

    assert main(["--infer-contract", *ARGUMENTS]) == 0
    assert main(["data=houses"]) == 0, capsys.readouterr().err

    columns = {column.name: column for column in load_manifest("houses").data_schema.columns}
    assert list(columns) == AWKWARD
    assert set(columns["null"].allowed) == {text for text in AWKWARD if text != "null"}


def test_an_existing_choice_is_not_overwritten(houses, capsys):
    before = (houses / "config/data/table.yaml").read_text()

    assert main(["--infer-contract", *ARGUMENTS[:3]]) == 2

    assert capsys.readouterr().err == (
        "error: 'config/data/table.yaml' is there already and is not overwritten: give the new "
        "choice another name (data.name=…), or remove the file first.\n"
    )
    assert (houses / "config/data/table.yaml").read_text() == before


@pytest.mark.parametrize("name", ["a/b", "'my houses'", "1", "'null'", "'größe'", "'-x'"])
def test_a_name_that_cannot_be_said_as_a_choice_is_refused(houses, capsys, name):
    assert main([*ARGUMENTS[:3], f"data.name={name}", "--infer-contract"]) == 2

    assert "expected a name for the new file in config/data/" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (["data.path=gone.csv"], 3, "There is no data file 'gone.csv'."),
        (["data.target=sald"], 3, "'my houses.csv' has no column 'sald' (data.target): did you"),
        (["+data.contract.columns.size.max=3"], 3, "Column 'size' must be at most 3, but in 62"),
    ],
)
def test_what_cannot_be_read_leaves_no_file(houses, capsys, change, code, told):
    assert main(["--infer-contract", *ARGUMENTS, *change]) == code

    assert capsys.readouterr().err.startswith(f"error: {told}")
    assert not (houses / "config/data/houses.yaml").exists()


def test_rules_that_were_said_are_written_as_they_were_said(houses):
    said = "+data.contract.columns.size.max=70"

    assert main(["--infer-contract", *ARGUMENTS, said, "data.contract.classes=[yes,no,maybe]"]) == 0

    text = (houses / "config/data/houses.yaml").read_text()
    assert "  columns:\n    size:\n      max: 70\n    # seen: 2 values" in text
    assert "  classes:\n  - 'yes'\n  - 'no'\n  - maybe\n" in text


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\x85"), min_size=1, max_size=12
)
rules = st.builds(
    ColumnRule,
    kind=st.just("category"),
    values=st.none() | st.lists(texts | st.sampled_from(AWKWARD), min_size=1).map(tuple),
    nullable=st.booleans(),
) | st.builds(ColumnRule, kind=st.just("number"), min=st.floats(-1e30, 1e30))


@given(
    st.dictionaries(texts | st.sampled_from(AWKWARD), rules, max_size=4),
    st.none() | st.lists(texts, min_size=2).map(tuple),
    texts,
)
def test_whatever_is_drafted_is_read_back_as_it_was_meant(columns, classes, source):
    node = {
        "name": "houses",
        "target": "sold",
        "task": None,
        "key": None,
        "drop": [],
        "max_categories": 50,
        "image_shape": None,
        "split": {"salt": "1", "train": 0.7, "val": 0.15, "test": 0.15},
        "contract": {"columns": {}, "classes": None},
    }
    drafts = tuple(ColumnDraft(name, rule, "x") for name, rule in columns.items())
    draft = Draft(drafts, classes, source, 10, True)

    text = "".join(_draft._pieces(OmegaConf.create(node), draft))

    plan = plan_of(OmegaConf.to_container(OmegaConf.create(text), resolve=True))
    assert plan.contract.columns == columns
    assert plan.contract.classes == classes
