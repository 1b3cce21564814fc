"""The user's own CSV or Parquet file."""

from pathlib import Path

from {{ cookiecutter.package_name }}.data.source import RawTable
from {{ cookiecutter.package_name }}.data.tabular import format_of, read_table
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import project_root


class Table:
    """A file by its path; a relative one starts at the working directory."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).expanduser()

    def load(self) -> RawTable:
        """The whole file; see `tabular.read_table` for what it refuses."""
        table = read_table(self._path)
        return RawTable(
            table,
            source=recorded(self._path),
            version=f"sha256:{sha256_of(self._path)}",
            first_row=2 if format_of(self._path) == "csv" else 1,
        )


def recorded(path: Path) -> str:
    """The path as a manifest keeps it in `source`: the same from any working directory."""
    resolved, root = path.resolve(), project_root()
    inside = resolved.is_relative_to(root)
    return (resolved.relative_to(root) if inside else resolved).as_posix()
