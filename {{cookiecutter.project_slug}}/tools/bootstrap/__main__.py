"""Makes what a new project may still lack, such as its git history and `uv.lock`.

    python tools/bootstrap

Each step is a file `step_<number>_<name>.py` beside this one. What is there already is left alone,
so it can be run again and again. `ML_TEMPLATE_SKIP` names steps to leave out ("git lock"), or
"all". The exit code is 3 where a step could not be done; each such step says why in a line.
"""

import importlib
import os
import sys
from pathlib import Path

from shell import Skipped, has_commits, owns_repository

OPT_OUT = "ML_TEMPLATE_SKIP"
LATER = "python tools/bootstrap"
INCOMPLETE = 3
"""Not 1, which is what a crash ends with."""


def main() -> int:
    """Runs every step in order."""
    project = Path(__file__).resolve().parents[2]
    old = owns_repository(project) and has_commits(project)
    left_out = os.environ.get(OPT_OUT, "").replace(",", " ").split()
    made, incomplete = False, False
    for file in sorted(Path(__file__).parent.glob("step_*.py")):
        name = file.stem.split("_", 2)[2]
        if name in left_out or "all" in left_out:
            print(f"note: {name} was left out: {OPT_OUT} names it. Later: {LATER}")
            continue
        try:
            made |= importlib.import_module(file.stem).run(project)
        except Skipped as skipped:
            incomplete = True
            print(f"note: {name} was left out: {skipped.reason}. Later: {skipped.remedy or LATER}")
    if old and made:
        print("Commit what is new: git add --all && git commit")
    return INCOMPLETE if incomplete else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # In order with what the steps' programs print; a console may lack letters of theirs.
        stream.reconfigure(line_buffering=True, errors="replace")
    sys.exit(main())
