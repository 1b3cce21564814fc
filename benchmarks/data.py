"""How fast rows are prepared and predicted, and in how much memory, against a bare copy of them."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from measure import Command, Sample, interleaved, median, paired_ratio, table

BARE = "bare copy"
CORES = (1, 2)
NAME = "measured-rows"


@contextmanager
def confined(cores: int) -> Iterator[None]:
    """While the block runs, this process and those that it starts have so many cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def schema_of(project: Path) -> tuple[list[str], str]:
    """Columns and target of the digits that the project's pipeline has prepared."""
    manifest = project / "data" / "processed" / "digits" / "manifest.json"
    schema = json.loads(manifest.read_text(encoding="utf-8"))["data_schema"]
    return [column["name"] for column in schema["columns"]], schema["target"]["name"]


def commands(project: Path, python: str, source: Path, label: str) -> list[Command]:
    """The copy first: ratios are to it."""
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    model = max((project / "outputs").glob("**/model.onnx"), key=os.path.getmtime)
    target, prepared = source.with_name("written.parquet"), project / "data" / "processed" / NAME
    copy = [python, str(Path(__file__).with_name("bare_copy.py")), str(source), str(target)]
    prepare = [python, "-m", f"{package}.cli.prepare", "data=table", f"data.name={NAME}"]
    prepare += [f"data.path={source}", f"data.target={label}"]
    predict = [python, "-m", f"{package}.cli.predict", str(source), str(target)]
    predict += ["--model-file", str(model)]
    return [
        Command(BARE, [*copy, "dictionary"], project, leaves=[target]),
        Command("the same, no dictionaries", [*copy, "plain"], project, leaves=[target]),
        Command("prepare", prepare, project, leaves=[prepared]),
        Command("predict", predict, project, leaves=[target]),
    ]


def measured(project: Path, rows: int, runs: int) -> list[dict[str, list[Sample]]]:
    """For each number of cores the samples of every command, over a file of so many rows."""
    python = str(project / ".venv" / "bin" / "python")
    script = str(Path(__file__).with_name("many_rows.py"))
    columns, label = schema_of(project)
    with tempfile.TemporaryDirectory(prefix="bench-data-") as folder:
        source = Path(folder) / "rows.parquet"
        subprocess.run([python, script, str(source), str(rows), label, *columns], check=True)
        found = []
        for cores in CORES:
            with confined(cores):
                found.append(interleaved(commands(project, python, source, label), runs))
        return found


def lines(rows: int, by_cores: Sequence[dict[str, list[Sample]]]) -> Iterator[list[str]]:
    """One line of the table for each command."""
    for name in by_cores[0]:
        cells = [f"{rows:,}", name]
        for samples in by_cores:
            taken, base = samples[name], samples[BARE]
            cells.append(f"{rows / median(taken, 'wall'):,.0f}")
            cells.append(f"{paired_ratio(base, taken, 'wall'):.2f}")
        cells.append(f"{median(by_cores[0][name], 'cpu'):.1f}")
        yield [*cells, f"{max(median(samples[name], 'peak') for samples in by_cores):.0f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project whose pipeline has run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    if sys.platform != "linux":
        raise SystemExit("data.py confines processes to cores as Linux does: run it there.")
    project = options.project.resolve()
    found = [line for n in options.rows for line in lines(n, measured(project, n, options.runs))]
    speeds = [(f"rows/s, {n} core{'s'[: n > 1]}", "/ copy") for n in CORES]
    print(f"64 columns of float64 and a label, medians of {options.runs}, whole processes\n")
    print(table(["rows", "what", *chain(*speeds), "CPU s, 1 core", "peak MiB"], found))


if __name__ == "__main__":
    main()
