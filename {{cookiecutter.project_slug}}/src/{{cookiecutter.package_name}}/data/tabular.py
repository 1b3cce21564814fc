"""CSV and Parquet files as Arrow tables.

CSV cells stay the text that they are: which columns are numbers is decided later, by the whole
column or by a model's schema, never by the first rows of a file.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.arrays import has_nan, null, texts_of
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound

Format = Literal["csv", "parquet"]
FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
MISSING = texts_of(
    ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "-NaN", "-nan", "NULL", "null"]
)
"""How CSV files spell a missing value."""


class CsvOptions(NamedTuple):
    """Arrow's options, in the order in which its readers take them."""

    parsing: pcsv.ParseOptions
    converting: pcsv.ConvertOptions


_NOT_UTF8 = "'{path}' is not UTF-8 text: expected a CSV file saved as UTF-8."
_NUMBER = r"^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|(?i:inf(inity)?))$"
_BLOCK_BYTES = 4 << 20


def format_of(path: Path) -> Format:
    """The file's format by its extension; ConfigError for any other."""
    if path.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        has = f"the extension '{path.suffix}'" if path.suffix else "no extension"
        raise ConfigError(f"'{path}' has {has}: expected one of {known}.")
    return FORMATS[path.suffix.lower()]


def require_file(path: Path) -> None:
    """DataNotFound, DataError: the file is not there, is a folder, or is empty."""
    if path.is_dir():
        raise DataError(f"'{path}' is a folder: expected a CSV or Parquet file.")
    if not path.is_file():
        raise DataNotFound(f"There is no data file '{path}'.")
    if path.stat().st_size == 0:
        raise DataError(f"'{path}' is empty (0 bytes).")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """DataError in place of whatever Arrow raises while the block reads this file."""
    try:
        yield
    except PermissionError as error:
        raise DataError(f"'{path}' cannot be read: permission denied.") from error
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if "UTF8" in str(error) or isinstance(error, UnicodeDecodeError):
            raise DataError(_NOT_UTF8.format(path=path)) from error
        reason = " ".join(str(error).split())[:200]
        raise DataError(f"'{path}' cannot be read as {format_of(path)}: {reason}") from error


def csv_options(path: Path) -> CsvOptions:
    """How to read this file: with the delimiter that its first line has most, all cells as text."""
    with path.open("rb") as stream:
        start = stream.read(1 << 20)
    if b"\0" in start:
        raise DataError(_NOT_UTF8.format(path=path))
    first = re.sub(r'"[^"]*"', "", start.decode("utf-8", "replace")).lstrip().split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    parsing = pcsv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    with pcsv.open_csv(path, csv_reading(use_threads=False), parsing) as reader:
        names = reader.schema.names
    as_text = dict.fromkeys(names, pa.string())
    converting = pcsv.ConvertOptions(column_types=as_text, strings_can_be_null=False)
    return CsvOptions(parsing, converting)


def csv_reading(*, use_threads: bool = True) -> pcsv.ReadOptions:
    """Block size and threads of a reader."""
    # A row has to fit into a block; Arrow's own 1 MiB is less than some texts and embeddings.
    return pcsv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=use_threads)


def _read_csv(path: Path) -> pa.Table:
    options = csv_options(path)
    try:
        return pcsv.read_csv(path, csv_reading(), *options)
    except pa.ArrowInvalid:  # again with one thread, whose message has the number of the row
        return pcsv.read_csv(path, csv_reading(use_threads=False), *options)


def _read_parquet(path: Path) -> pa.Table:
    # `pq.read_table` would read columns out of folder names such as `year=2024`.
    with pq.ParquetFile(path) as file:
        return file.read()


def read_table(path: Path) -> pa.Table:
    """A whole file: CSV columns as strings, Parquet columns as they are stored.

    Raises ConfigError, DataNotFound or DataError with one sentence about what is wrong.
    """
    require_file(path)
    form = format_of(path)
    with readable(path):
        table = _read_csv(path) if form == "csv" else _read_parquet(path)
    if table.num_rows == 0:
        raise DataError(f"'{path}' has a header but no rows.")
    return table


def is_text(type_: pa.DataType) -> bool:
    """Whether a column holds strings, of whichever Arrow type."""
    return type_ in (pa.string(), pa.large_string(), pa.string_view())


def without_missing(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with null in place of NaN and of every spelling of a missing value."""
    if pa.types.is_floating(values.type):
        # Most columns miss nothing: they are not copied.
        return (
            pc.if_else(pc.is_nan(values), null(values.type), values) if has_nan(values) else values
        )
    if is_text(values.type):
        missing = pc.is_in(pc.utf8_trim_whitespace(values), MISSING)
        return pc.if_else(missing, null(values.type), values) if pc.any(missing).as_py() else values
    return values


def _cast(values: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(values, pa.float64(), safe=False)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # dates, lists: no number among them
        return pa.chunked_array([pa.nulls(len(values), pa.float64())])


def _parsed(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts as float64, null where one is no number, whatever stands in the other rows."""
    trimmed = pc.utf8_trim_whitespace(texts)
    try:
        numbers = pc.cast(trimmed, pa.float64())
    except pa.ArrowInvalid:  # of one text that is none; it does not say which
        fits = pc.match_substring_regex(trimmed, _NUMBER)
        plain = pc.if_else(fits, pc.utf8_ltrim(trimmed, "+"), null(trimmed.type))
        return pc.cast(plain, pa.float64())
    # Arrow also reads what `_NUMBER` does not fit, such as nan(1): all of that becomes NaN.
    return without_missing(numbers)


def as_numbers(values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """The column as float64, null where it is no number; and which rows hold something else.

    The second is boolean: true where a value is there and is no number. Each value is read by
    itself: it never depends on the other rows.
    """
    values = without_missing(values)
    numbers = _parsed(values) if is_text(values.type) else without_missing(_cast(values))
    return numbers, pc.and_(pc.is_null(numbers), pc.is_valid(values))
