"""What a bake costs, beside published templates: `python benchmarks/render.py`.

Each bake is a whole process of the plain command line into an empty folder. The first table leaves
hooks out, so that it compares rendering; the second has what hooks do. cookiecutter-django is not
in it: its hook installs dependencies and fetches an interpreter for them. The peers are taken from
GitHub, or from clones: `--django FOLDER --data-science FOLDER`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from measure import Command, Sample, interleaved, median, paired_ratio, run_once, table

TEMPLATE = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
OURS = "this template"


def bake(name: str, program: str, template: str, folder: Path, *options: str) -> Command:
    """A bake into a folder that is emptied by its own command line before each round."""
    output = folder / name.replace(" ", "-").replace(",", "")
    baking = [str(SCRIPTS / program), "--no-input", "--output-dir", str(output), *options, template]
    # `-c` removes the last round's project first; it costs every row the same few milliseconds.
    clean = "import shutil, subprocess, sys; shutil.rmtree(sys.argv[1], ignore_errors=True); "
    run = clean + "sys.exit(subprocess.run(sys.argv[2:]).returncode)"
    return Command(name, [sys.executable, "-c", run, str(output), *baking], folder)


def with_environment(command: Command, environment: Mapping[str, str]) -> Command:
    """The same with further variables."""
    return Command(command.name, command.arguments, command.folder, environment)


def files_of(command: Command) -> int:
    """How many files the last round of this command made, git's and environments' own left out."""
    output = Path(command.arguments[3])
    own = (path.relative_to(output).parts for path in output.rglob("*") if path.is_file())
    return sum(not {".git", ".venv", ".dvc"} & set(parts) for parts in own)


def rows(
    commands: Sequence[Command], samples: Mapping[str, Sequence[Sample]]
) -> list[Sequence[object]]:
    """A line for each command: seconds, files, and the ratio to the second command."""
    peer = samples[commands[1].name]
    lines: list[Sequence[object]] = []
    for command in commands:
        taken, files = samples[command.name], files_of(command)
        wall = median(taken, "wall")
        ratio = paired_ratio(taken, peer, "wall")
        lines.append(
            [
                command.name,
                files,
                f"{wall:.2f}",
                f"{median(taken, 'cpu'):.2f}",
                f"{1000 * wall / files:.1f}",
                f"{ratio:.2f}",
            ]
        )
    return lines


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--django", default="gh:cookiecutter/cookiecutter-django")
    parser.add_argument("--data-science", default="gh:drivendataorg/cookiecutter-data-science")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    no_hooks = ("--accept-hooks", "no")
    folder = Path(tempfile.mkdtemp(prefix="render-"))
    header = ["bake", "files", "wall s", "CPU s", "ms a file", "wall / second row"]
    try:
        ours, django, science = str(TEMPLATE), options.django, options.data_science
        plain = [
            bake(OURS, "cookiecutter", ours, folder, *no_hooks),
            bake("cookiecutter-django", "cookiecutter", django, folder, *no_hooks),
            bake("cookiecutter-data-science", "ccds", science, folder, *no_hooks),
        ]
        print(f"medians of {options.runs}\n\nwithout hooks\n")
        print(table(header, rows(plain, interleaved(plain, options.runs))))
        hooked = [
            with_environment(
                bake(f"{OURS}, git alone", "cookiecutter", ours, folder),
                {"ML_TEMPLATE_SKIP": "dvc lock"},
            ),
            bake("cookiecutter-data-science", "ccds", science, folder),
            bake(f"{OURS}, git, DVC and lock", "cookiecutter", ours, folder),
        ]
        print("\nwith hooks\n")
        print(table(header, rows(hooked, interleaved(hooked, options.runs))))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("COOKIECUTTER_CONFIG", os.devnull)
    run_once(Command("cookiecutter", [str(SCRIPTS / "cookiecutter"), "--version"], TEMPLATE))
    main()
