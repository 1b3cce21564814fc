import json

import pyarrow.parquet as pq
import pytest

from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema, Manifest, Target
from {{ cookiecutter.package_name }}.training import card as papers
from {{ cookiecutter.package_name }}.training.card import card, write_papers


def test_a_card_says_what_the_model_answers_and_how_good_it_is(prepared, describe_model):
    text = card(describe_model(prepared.images.data_schema), prepared.images, "NVIDIA L4, 16-mixed")

    assert text.startswith("# Model card: baseline on customers\n")
    assert "| Predicts | `shape` (classification) |" in text
    assert "120 rows, digest `0123456789ab`" in text
    assert "One of: a, b, c, with a probability each." in text
    assert "| val/accuracy | 0.9000 |" in text
    assert "| Code | commit abc123 |" in text
    assert "| Computed on | NVIDIA L4, 16-mixed |" in text


def test_a_card_of_a_regression_says_a_number_and_what_was_seen(prepared, describe_model):
    info = describe_model(prepared.mixed.data_schema).model_copy(update={"git_sha": None})

    text = card(info, prepared.mixed, "CPU")

    assert "A number." in text
    assert "| area | number | 20.0 to 200.0 |" in text
    assert "| city | category | Bergen, Oslo |" in text
    assert "commit unknown (no commit)" in text


@pytest.mark.parametrize(
    ("column", "line"),
    [
        (Column(name="n", kind="number"), "| n | number | no value |"),
        (Column(name="c", kind="category"), "| c | category | no value |"),
        (
            Column(name="c", kind="category", categories=tuple("abcdefg")),
            "| c | category | a, b, c, d, e and 2 more |",
        ),
        (
            Column(name="a|b", kind="category", categories=("x|y",)),
            r"| a\|b | category | x\|y |",
        ),
    ],
)
def test_a_column_is_one_row_of_the_table(prepared, describe_model, column, line):
    schema = prepared.mixed.data_schema.model_copy(update={"columns": (column,)})
    manifest = prepared.mixed.model_copy(update={"data_schema": schema})

    assert line in card(describe_model(schema), manifest, "CPU").splitlines()


def test_names_in_the_data_are_neither_markdown_nor_html(prepared, describe_model):
    bad = "<img src=x> [x](y) *b* $z$ `q` a_b _c_"
    shown = r"&#60;img src=x&#62; \[x\](y) \*b\* &#36;z&#36; \`q\` a_b \_c\_"
    column = Column(name=bad, kind="category", categories=(bad,))
    target = Target(name="<b>|", task="classification", classes=("no", bad))
    schema = DataSchema(columns=(column,), target=target)
    update = {"data_schema": schema, "source": bad}

    text = card(describe_model(schema), prepared.mixed.model_copy(update=update), "CPU")

    assert f"| {shown} | category | {shown} |" in text
    assert f"One of: no, {shown}, with" in text
    assert f"| Source of the data | {shown} (" in text
    assert r"| Predicts | `<b>\|` (classification) |" in text
    assert "<img" not in text


def test_many_columns_are_counted_instead_of_listed(prepared, describe_model):
    columns = tuple(Column(name=f"n{i}", kind="number", minimum=0, maximum=1) for i in range(23))
    schema = prepared.mixed.data_schema.model_copy(update={"columns": columns})
    manifest = prepared.mixed.model_copy(update={"data_schema": schema})

    text = card(describe_model(schema), manifest, "CPU")

    assert "| n19 |" in text
    assert "| n20 |" not in text
    assert "and 3 more columns" in text


def test_papers_lie_beside_the_model(prepared, describe_model, tmp_path, monkeypatch):
    monkeypatch.setattr(papers, "REFERENCE_ROWS", 30)

    write_papers(tmp_path, describe_model(prepared.images.data_schema), prepared.images, "CPU")

    assert (tmp_path / "model_card.md").read_text().startswith("# Model card")
    assert json.loads((tmp_path / "classes.json").read_text()) == ["a", "b", "c"]
    kept = (tmp_path / "dataset.json").read_text()
    assert Manifest.model_validate_json(kept) == prepared.images
    reference = pq.read_table(tmp_path / "reference.parquet")
    train = pq.read_table("data/processed/shapes/train.parquet")
    assert reference.equals(train.slice(0, 30))
