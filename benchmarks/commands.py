"""What `--help` of every command costs: imports are lazy, or this table shows it."""

import argparse
import sys
from pathlib import Path

from measure import Command, interleaved, median, table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project, set up")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    project = options.project.resolve()
    folder = project / ".venv" / ("Scripts" if sys.platform == "win32" else "bin")
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    verbs = sorted(
        path.stem
        for path in (project / "src" / package / "cli").glob("*.py")
        if not path.stem.startswith("_")
    )
    listed = [Command("python -c pass", [str(folder / "python"), "-c", "pass"], project)]
    listed += [Command(f"{verb} --help", [str(folder / verb), "--help"], project) for verb in verbs]
    samples = interleaved(listed, options.runs)
    rows = [
        [f"`{name}`", f"{median(taken, 'cpu'):.2f}", f"{median(taken, 'wall'):.2f}", "≤ 0.5 CPU"]
        for name, taken in samples.items()
    ]
    print(f"medians of {options.runs}\n")
    print(table(["command", "CPU s", "wall s", "goal"], rows))


if __name__ == "__main__":
    main()
