"""Several local files of one format as one table, which is never held in memory."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from {{ cookiecutter.package_name }}.data.chunks import open_chunks
from {{ cookiecutter.package_name }}.data.source import Part
from {{ cookiecutter.package_name }}.data.tabular import format_of, readable
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class _File:
    """A file as it was when it was opened; a change in between would make two passes differ."""

    name: str
    path: Path
    size: int
    changed: int
    schema: pa.Schema
    most_rows: int

    def require_same(self) -> None:
        """DataError where somebody wrote to the file."""
        now = self.path.stat()
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise DataError(f"'{self.name}' was changed while it was read: run the command again.")


@dataclass(frozen=True)
class Files:
    """Rows of files in the order of their names: `RawRows`.

    `named` are the files by what people call them. Columns may come in another order in each
    file, and whole numbers in one may be real numbers in another.
    """

    source: str
    schema: pa.Schema
    named: tuple[_File, ...]
    _version: Callable[[], str]

    @classmethod
    def of(cls, files: Mapping[str, Path], source: str, version: str | Callable[[], str]) -> Self:
        """Open files by their names; a `version` that is not known yet is a function.

        Raises ConfigError, DataNotFound or DataError where a file cannot be read, or has other
        columns than the first.
        """
        if len({format_of(path) for path in files.values()}) > 1:
            raise DataError(
                f"'{source}' has CSV and Parquet files together "
                f"({', '.join(sorted(files)[:5])}): keep one of the two."
            )
        named = tuple(_opened(name, files[name]) for name in sorted(files))
        known = version if callable(version) else lambda: version
        return cls(source, _common(named), named, known)

    @property
    def version(self) -> str:
        """What identifies the content."""
        return self._version()

    def parts(self, rows: int, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """See `RawRows.parts`; DataError where there are no rows, or a file was changed."""
        wanted = self.schema.names if columns is None else list(columns)
        # With two columns of one name, asking by name would fail before that is told.
        asked = None if columns is None and len(self.named) == 1 else wanted
        before, total, found = 0, max(sum(file.size for file in self.named), 1), False
        for file in self.named:
            file.require_same()
            with open_chunks(file.path, min(rows, file.most_rows), asked) as chunks:
                for chunk in chunks.parts:
                    found = True
                    table = chunk.table if asked is None else self._alike(chunk.table)
                    share = (before + chunk.share * file.size) / total
                    yield Part(table, file.name, chunk.first_row, share)
            file.require_same()
            before += file.size
        if not found:
            raise DataError(f"'{self.source}' has a header but no rows.")

    def _alike(self, table: pa.Table) -> pa.Table:
        """The rows with the types of all files."""
        for place, field in enumerate(table.schema):
            wanted = self.schema.field(field.name)
            if field.type != wanted.type:
                cast = pc.cast(table.column(place), wanted.type, safe=False)
                table = table.set_column(place, wanted, cast)
        return table


def _opened(name: str, path: Path) -> _File:
    with open_chunks(path, 1) as chunks:
        stated = path.stat()
        schema = chunks.schema
    return _File(name, path, stated.st_size, stated.st_mtime_ns, schema, _most_rows(path))


def _most_rows(path: Path) -> int:
    """Rows that take `_MOST_BYTES`: those of a Parquet file may hold pictures or long texts.

    A CSV file is read in blocks of bytes anyway.
    """
    if format_of(path) == "csv":
        return sys.maxsize
    with readable(path):
        found = pq.read_metadata(path)
    size: int = sum(found.row_group(place).total_byte_size for place in range(found.num_row_groups))
    rows: int = found.num_rows
    return max(_MOST_BYTES * rows // max(size, 1), 1)


def _common(files: Sequence[_File]) -> pa.Schema:
    """The columns of the first file, each with a type that holds it in every file."""
    first, *others = files
    if not others:
        return first.schema
    fields = {field.name: _decoded(field) for field in first.schema}
    for file in others:
        if sorted(file.schema.names) != sorted(first.schema.names):
            raise DataError(_differing(first, file))
        for field in map(_decoded, file.schema):
            if field.type != fields[field.name].type:
                fields[field.name] = _wider(fields[field.name], field, first, file)
    return pa.schema([fields[name] for name in first.schema.names])


def _decoded(field: pa.Field) -> pa.Field:
    kind = field.type
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.field(field.name, plain)


def _differing(first: _File, other: _File) -> str:
    lines = []
    for one, two in ((first, other), (other, first)):
        if more := [name for name in one.schema.names if name not in two.schema.names]:
            shown = ", ".join(f"'{name}'" for name in more[:5]) + (", …" if len(more) > 5 else "")
            lines.append(f"only '{one.name}' has {shown}")
    told = " and ".join(lines) or "one of them has a column twice"
    return f"'{first.name}' and '{other.name}' have different columns: {told}."


def _wider(known: pa.Field, field: pa.Field, first: _File, other: _File) -> pa.Field:
    try:
        return pa.unify_schemas(
            [pa.schema([known]), pa.schema([field])], promote_options="permissive"
        ).field(0)
    except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
        raise DataError(
            f"Column '{field.name}' holds {known.type} in '{first.name}' and {field.type} in "
            f"'{other.name}': expected one type in all files."
        ) from error
