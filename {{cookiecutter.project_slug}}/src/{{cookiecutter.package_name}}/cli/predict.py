"""`predict`: score a file with a registered version or a model file."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.inference.predictor import Predictor


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="predict",
        description=(
            "Score a CSV or Parquet file. The output has the input's columns, `prediction`, and "
            "for classes `probability_<class>`; it appears whole or not at all."
        ),
    )
    parser.add_argument("input", type=Path, metavar="INPUT", help=".csv, .tsv or .parquet")
    parser.add_argument("output", type=Path, metavar="OUTPUT", help=".csv, .tsv or .parquet")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--alias", default="prod", help="registered version by alias (prod)")
    which.add_argument("--version", type=positive, help="registered version by number")
    which.add_argument("--model-file", type=Path, metavar="FILE", help="an exported model.onnx")
    parser.add_argument(
        "--chunk-rows", type=positive, default=4096, metavar="N", help="rows at a time (4096)"
    )
    return parser


def _predictor(arguments: argparse.Namespace) -> tuple["Predictor", str]:
    """What scores, and how people know it."""
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.inference.predictor import Predictor

    if arguments.model_file is not None:
        return Predictor.open(arguments.model_file), str(arguments.model_file)
    from {{ cookiecutter.package_name }}.integrations.backends import chosen, named
    from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child

    backend = named(chosen())
    reference = arguments.alias if arguments.version is None else str(arguments.version)
    found = fetch_in_child(PROJECT, reference)
    alias = f" ({found.served.alias})" if found.served.alias else ""
    predictor = backend.predictor(found.path, found.served)
    return predictor, f"version {found.served.version}{alias}"


def _command(arguments: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from {{ cookiecutter.package_name }}.data.tabular import format_of, require_file
    from {{ cookiecutter.package_name }}.inference.batch import score

    # A mistyped file name is told before the time that fetching a model takes.
    require_file(arguments.input)
    format_of(arguments.input)
    predictor, name = _predictor(arguments)
    began = time.perf_counter()
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("scoring", total=1.0)
        rows = score(
            arguments.input,
            arguments.output,
            predictor,
            arguments.chunk_rows,
            lambda share: bar.update(task, completed=share),
        )
    took = time.perf_counter() - began
    print(f"{counted(rows, 'row')} in {took:.1f} s with {name}: {arguments.output}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `--help` for its arguments."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _command(arguments))


if __name__ == "__main__":
    sys.exit(main())
