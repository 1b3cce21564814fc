"""A part of the log as one file, a column for each of the model's: to train on, or to look at.

The log is read twice: only at its end is it known which columns there are, and which are numbers.
"""

from collections.abc import Iterator
from pathlib import Path

from {{ cookiecutter.package_name }}.data.tabular import format_of
from {{ cookiecutter.package_name }}.data.writable import writable
from {{ cookiecutter.package_name }}.data.writers import open_writer
from {{ cookiecutter.package_name }}.integrations.prediction_log.layout import (
    DataSet,
    Layout,
)
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import (
    Opened,
    labelled,
    opened,
)
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.utils.files import replaced_file

_AT_ONCE = 2000


def export(url: str, asked: Selection, file: Path, target: str | None = None) -> int:
    """Write the selected rows to a CSV or Parquet file, the oldest first; returns how many.

    With a `target`, only rows whose label is known, as a data set: the model's columns, and the
    labels under that name. `file` appears whole or not at all. Raises ConfigError, DataError and
    StoreUnavailable.
    """
    format_of(file)
    if not file.parent.is_dir():
        raise ConfigError(f"There is no folder '{file.parent}' to write '{file.name}' into.")
    if file.is_dir():
        raise ConfigError(f"'{file}' is a folder: expected the name of a file.")
    layout, total = Layout() if target is None else DataSet(target), 0

    def found() -> Iterator[Opened]:
        every = opened(url, asked)
        return every if target is None else filter(None, map(labelled, every))

    for each in found():
        layout.see(each)
        total += len(each.answers)
    if not total:
        known = "" if target is None else " with a label"
        raise DataError(f"The prediction log has no such rows{known}: nothing was written.")
    with (
        writable(file),
        replaced_file(file) as fresh,
        open_writer(fresh, like=file) as writer,
    ):
        total = 0
        for part in _parts(found()):
            table = layout.table(part)
            writer.write(table)
            total += table.num_rows
    return total


def _parts(found: Iterator[Opened]) -> Iterator[list[Opened]]:
    """A few requests at a time, with about so many rows as are written at once."""
    part: list[Opened] = []
    count = 0
    for each in found:
        part.append(each)
        count += len(each.answers)
        if count >= _AT_ONCE:
            yield part
            part, count = [], 0
    if part:
        yield part
