"""`export`: a model as a folder that was verified and needs nothing else."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.release import ReleaseFiles


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="export",
        description="Write a folder with the graph, its description, rows with the answers that "
        "the trained model gave, and what was verified. It appears whole or not at all.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--alias", default="dev", help="the version that an alias names (dev)")
    which.add_argument("--version", type=positive, metavar="N", help="the version of this number")
    which.add_argument("--model-file", type=Path, metavar="FILE", help="a trained model.onnx")
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="where to (outputs/export/v<version>, or outputs/export/local for a file)",
    )
    return parser


def _files(options: argparse.Namespace) -> "ReleaseFiles":
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.integrations.release import ReleaseFiles

    if options.model_file is not None:
        return ReleaseFiles.beside(options.model_file, PROJECT)
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.integrations.released import fetch_release

    registry = Registry(PROJECT)
    reference = options.alias if options.version is None else str(options.version)
    return fetch_release(registry, registry.version(reference))


def _export(options: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.cli._rules import table
    from {{ cookiecutter.package_name }}.evaluation.gate_file import gate_path, read_promotion
    from {{ cookiecutter.package_name }}.integrations.release import export, label
    from {{ cookiecutter.package_name }}.utils.paths import project_root, shown

    latency = read_promotion(gate_path()).latency_ms
    files = _files(options)
    version = files.served.version
    name = version if version == "local" else f"v{version}"
    folder = options.to or project_root() / "outputs" / "export" / name
    verified = export(files, folder, latency)
    print(f"{label(files.served)}: {', '.join(verified.checks)}")
    print(table(verified.rules))
    print(f"written to {shown(folder)}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    return run(lambda: _export(options))


if __name__ == "__main__":
    sys.exit(main())
