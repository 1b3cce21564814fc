"""The process that turns figure specifications into SVG files: `python -m <this module>`.

It starts before there is anything to draw: the renderer takes half a second to wake, which
here passes while the trainer imports its framework.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from {{ cookiecutter.package_name }}.evaluation.charts import Spec

_NOTHING: Spec = {"values": []}
_SMALLEST: Spec = {"mark": "point", "data": _NOTHING}


class FigureWriter:
    """Writes figures once, from a process started on entry and ended on exit."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def write(self, folder: Path, figures: Mapping[str, Spec]) -> None:
        """Write each figure as `<name>.svg` and wait until all are there."""
        tasks = {str(folder / f"{name}.svg"): spec for name, spec in figures.items()}
        _, words = self._process.communicate(json.dumps(tasks))
        if self._process.returncode:
            raise RuntimeError(f"figures could not be drawn: {words.strip()[-2000:]}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.communicate("")


def main() -> int:
    """Wake the renderer, then draw what standard input asks for."""
    # Ctrl-C reaches every process: the trainer decides, and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from {{ cookiecutter.package_name }}.evaluation.figures import to_svg
    from {{ cookiecutter.package_name }}.utils.files import write_text

    to_svg(_SMALLEST)
    asked = sys.stdin.read()
    for path, spec in json.loads(asked or "{}").items():
        write_text(Path(path), to_svg(spec))
    return 0


if __name__ == "__main__":
    sys.exit(main())
