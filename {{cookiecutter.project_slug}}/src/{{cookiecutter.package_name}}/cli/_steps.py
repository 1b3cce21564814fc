"""The steps of a long command: a line each, and a bar in a terminal while one is under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.utils.terminal import bar_console
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from {{ cookiecutter.package_name }}.data.reading import Progress


class Steps:
    """Lines go to stdout; the bar goes to `console`, and away before the next line."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._bar: Bar | None = None
        self._step = ""

    def tell(self, line: str) -> None:
        """Print a line."""
        self.stop()
        print(line, flush=True)

    def hear(self, progress: "Progress") -> None:
        """Show how far a step is; nothing where nobody would see it move."""
        if not self._console.is_terminal:
            return
        if progress.step != self._step:
            self.stop()
        bar = self._bar or self._started(progress.step)
        bar.update(bar.task_ids[0], completed=progress.share, rows=counted(progress.rows, "row"))

    def _started(self, step: str) -> "Bar":
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        self._step = step
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            # stdout may be a file while stderr is a terminal: it is left alone.
            redirect_stdout=False,
        )
        self._bar.add_task(step, total=1.0, rows="")
        self._bar.start()
        return self._bar

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


@contextmanager
def steps() -> Iterator[Steps]:
    """Steps with their bar on stderr; whatever ends the block, the terminal is whole again."""
    told = Steps(bar_console())
    try:
        yield told
    finally:
        told.stop()
