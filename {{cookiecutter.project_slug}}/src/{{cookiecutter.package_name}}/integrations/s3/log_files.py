"""Files of a prediction log in S3: their names, and what is in them.

A name says how many records a file has and when the first was made, and ends in a digest of their
ids: the same records, written again, are the same object.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

Kind = Literal["requests", "labels"]
VERSION = 1
"""Of the columns; a release that changes them raises it, and still reads the former ones."""
_VERSION_KEY = b"prediction_log_version"
_NAME = re.compile(r"date=(\d{4}-\d\d-\d\d)/(\d{13})-(\d+)-[0-9a-f]{24}\.parquet")

_MOMENT = [pa.field("id", pa.string()), pa.field("at", pa.float64())]
_TEXT = pa.string()
SCHEMAS: dict[Kind, pa.Schema] = {
    "requests": pa.schema(
        [
            *_MOMENT,
            pa.field("request_id", _TEXT),
            pa.field("model", _TEXT),
            pa.field("version", _TEXT),
            pa.field("rows", pa.int32()),
            pa.field("inputs", _TEXT),
            pa.field("predictions", _TEXT),
            pa.field("probabilities", _TEXT),
            pa.field("seconds", pa.float64()),
        ],
        {_VERSION_KEY: str(VERSION)},
    ),
    "labels": pa.schema(
        [
            *_MOMENT,
            pa.field("request_id", _TEXT),
            pa.field("row", pa.int64()),
            pa.field("label", _TEXT),
            pa.field("source", _TEXT),
        ],
        {_VERSION_KEY: str(VERSION)},
    ),
}


@dataclass(frozen=True)
class LogFile:
    """An object, as its name describes it."""

    key: str
    day: str
    first: float
    count: int


def day_of(at: float) -> str:
    """The day (UTC) in whose folder a record of that moment lies."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def described(folder: str, key: str) -> LogFile | None:
    """What a key below a folder says; None for an object that is no file of a log."""
    if not (found := _NAME.fullmatch(key.removeprefix(folder))):
        return None
    return LogFile(key, found[1], int(found[2]) / 1000, int(found[3]))


def files_of(
    kind: Kind, records: Sequence[LoggedRequest | LoggedLabel]
) -> Iterator[tuple[str, bytes]]:
    """Keys below the folder of that kind, and contents: a file for each day, in order of time."""
    ordered = sorted(records, key=lambda record: (record.at, record.id))
    for day, group in groupby(ordered, key=lambda record: day_of(record.at)):
        some = list(group)
        digest = hashlib.sha256("\n".join(record.id for record in some).encode()).hexdigest()[:24]
        name = f"{int(some[0].at * 1000):013d}-{len(some)}-{digest}.parquet"
        yield f"date={day}/{name}", _content(SCHEMAS[kind], some)


def _content(schema: pa.Schema, records: Sequence[LoggedRequest | LoggedLabel]) -> bytes:
    table = pa.Table.from_pylist([asdict(record) for record in records], schema)
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


def read(kind: Kind, content: bytes, columns: list[str] | None, name: str) -> pa.Table:
    """The table of a file; StoreUnavailable for one that this release cannot read."""
    try:
        with pq.ParquetFile(io.BytesIO(content)) as file:
            metadata = file.schema_arrow.metadata or {}
            made = int(metadata.get(_VERSION_KEY, b"0"))
            if 0 < made <= VERSION:
                return file.read(columns)
    except (pa.ArrowException, ValueError) as error:
        raise StoreUnavailable(
            f"{name} cannot be read as Parquet, so the log's {kind} cannot: move it away."
        ) from error
    raise StoreUnavailable(
        f"{name} was made by a newer release of this project, or by something else: update the "
        "project, or move the file away."
        if made
        else f"{name} is no file of a prediction log: move it away."
    )
