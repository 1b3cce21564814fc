"""Where bars are drawn that show how far something is."""

import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def bar_console() -> "Console":
    """A console on stderr; no terminal where lines of stdout could come into the middle of a bar.

    Whatever reads a pipe, as `tee` does, may write to the same terminal whenever it likes.
    """
    from rich.console import Console

    return Console(stderr=True, force_terminal=False if _is_piped() else None)


def _is_piped() -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
    except (AttributeError, OSError, ValueError):  # none, a closed one, or somebody's own
        return False
