"""How far a transfer is, in a terminal; elsewhere nothing is said before the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import filesize
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from {{ cookiecutter.package_name }}.utils.terminal import bar_console

Tell = Callable[[int], None]
"""Hears how many more bytes are done; called by several threads."""


@contextmanager
def progress(doing: str, total: int) -> Iterator[Tell]:
    """A bar on stderr while the block runs, `total` bytes long."""
    columns = (
        TextColumn(doing),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = bar_console()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)


def size(count: int) -> str:
    """A number of bytes as people say it."""
    return filesize.decimal(count)
