"""Papers that travel with a model: its card, its classes, and a sample of what it learnt from."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.schemas.dataset import Column, Manifest
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.paths import processed_dir
from {{ cookiecutter.package_name }}.utils.words import counted

DATASET = "dataset.json"
REFERENCE_ROWS = 1000
_SHOWN_COLUMNS = 20
_SIGNS = re.compile(r"[\\`*\[\]|#]|(?<!\w)_|_(?!\w)")
_BAR = r"\|"
_ENTITIES = re.compile("[<>&$~]")
_CARD = """\
# Model card: {name}

| | |
|---|---|
| Predicts | {target} ({task}) |
| Trained on | data set {data}, {rows}, digest `{digest}` |
| Source of the data | {source} ({version}) |
| Code | commit {commit} |
| Computed on | {computed_on} |

## What it answers

{answers}

## How good it is on the validation split

| metric | value |
|---|---|
{metrics}

Choices were made by these numbers (the epoch, settings), so they flatter the model. `evaluate`
scores a registered version on the test split, which training never reads.

## What it expects

| column | kind | seen in training |
|---|---|---|
{columns}

Outside the ranges and values above the model extrapolates: its answers there are untested.
"""


def _seen(column: Column) -> str:
    if column.minimum is None and not column.categories:
        return "no value"
    if column.kind == "number":
        return f"{column.minimum} to {column.maximum}"
    shown = ", ".join(column.categories[:5])
    more = len(column.categories) - 5
    return f"{shown} and {more} more" if more > 0 else shown


def _plain(text: str) -> str:
    """The text as it is: what the data holds is neither Markdown nor HTML."""
    # A line break would begin another row; for the signs in the second step some programs that
    # show Markdown know no backslash.
    escaped = _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))
    return _ENTITIES.sub(lambda sign: f"&#{ord(sign[0])};", escaped)


def _code(text: str) -> str:
    """The text as code; where it has backticks itself, as it is."""
    line = " ".join(text.split())
    return _plain(line) if "`" in line else f"`{line.replace('|', _BAR)}`"


def _row(*cells: str) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _column_rows(manifest: Manifest) -> str:
    columns = manifest.data_schema.columns
    rows = [_row(c.name, c.kind, _seen(c)) for c in columns[:_SHOWN_COLUMNS]]
    if len(columns) > _SHOWN_COLUMNS:
        more = counted(len(columns) - _SHOWN_COLUMNS, "more column")
        rows.append(f"| … | | and {more} |")
    return "\n".join(rows)


def card(info: ModelInfo, manifest: Manifest, computed_on: str) -> str:
    """The model card, as Markdown. `computed_on` names the device that trained the model."""
    target = info.data_schema.target
    classes = _plain(", ".join(target.classes))
    return _CARD.format(
        name=_plain(f"{info.model_name} on {info.data_name}"),
        target=_code(target.name),
        task=target.task,
        data=_code(info.data_name),
        rows=counted(manifest.rows, "row"),
        digest=info.data_digest[:12],
        source=_plain(manifest.source),
        version=_plain(manifest.version[:20]),
        commit=info.git_sha or "unknown (no commit)",
        computed_on=_plain(computed_on),
        answers=f"One of: {classes}, with a probability each." if classes else "A number.",
        metrics="\n".join(_row(name, f"{value:.4f}") for name, value in info.metrics.items()),
        columns=_column_rows(manifest),
    )


def write_papers(folder: Path, info: ModelInfo, manifest: Manifest, computed_on: str) -> None:
    """Write `model_card.md`, `classes.json`, `dataset.json` and `reference.parquet`.

    `dataset.json` is the manifest of what was trained on. The reference is the first rows of the
    training split, for drift to be compared with.
    """
    write_text(folder / "model_card.md", card(info, manifest, computed_on))
    classes = json.dumps(list(info.data_schema.target.classes), ensure_ascii=False)
    write_text(folder / "classes.json", classes + "\n")
    write_text(folder / DATASET, manifest.model_dump_json(indent=2) + "\n")
    train = pq.ParquetFile(processed_dir(manifest.name) / manifest.files["train"].path)
    first = next(train.iter_batches(REFERENCE_ROWS))
    pq.write_table(pa.Table.from_batches([first]), folder / "reference.parquet")
