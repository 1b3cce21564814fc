"""`export-triton`: a registered version as a model repository that a Triton server reads."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.cli._triton_arguments import (
    add_serving,
    folder_name,
    serving_options,
)

_REPOSITORY = Path("deployment") / "triton" / "model_repository"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="export-triton",
        description="Put a registered version into a Triton model repository and let its "
        "configuration name it; other versions stay, and a server that polls takes it over.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--alias", default="prod", help="the version that an alias names (prod)")
    which.add_argument("--version", type=positive, metavar="N", help="the version of this number")
    parser.add_argument(
        "--repository", metavar="PLACE", help=f"where to ({_REPOSITORY.as_posix()})"
    )
    parser.add_argument(
        "--model-name",
        type=folder_name,
        default=PROJECT,
        metavar="NAME",
        help=f"what clients call it ({PROJECT})",
    )
    _add_what(parser)
    add_serving(parser)
    return parser


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("onnx", "torchscript"),
        default="onnx",
        help="the registered graph (onnx), or the net of the run's checkpoint",
    )
    parser.add_argument(
        "--quantize",
        choices=("int8",),
        help="8 bits instead of 32 where it pays, if the gate finds no loss that matters",
    )
    parser.add_argument(
        "--load",
        metavar="URL",
        help="then have this server load it, which runs with --model-control-mode=explicit",
    )
    parser.add_argument(
        "--load-seconds",
        type=positive,
        default=300,
        metavar="N",
        help="seconds that loading may take (300)",
    )


def _export(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.cli._triton_files import served_file
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.integrations.triton_client import connect
    from {{ cookiecutter.package_name }}.integrations.triton_places import open_place
    from {{ cookiecutter.package_name }}.integrations.triton_repository import export
    from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
    from {{ cookiecutter.package_name }}.utils.paths import project_root, shown

    options = serving_options(arguments)
    place = open_place(arguments.repository or str(project_root() / _REPOSITORY))
    if arguments.load:
        connect(arguments.load, 1.0).close()  # an address that cannot be is told now
    registry = Registry(PROJECT)
    reference = arguments.alias if arguments.version is None else str(arguments.version)
    found = registry.servable(reference)
    # Without the alias: it may name another version tomorrow, and this is about a version.
    served = ServedVersion(name=found.name, version=found.version, run_id=found.run_id)
    asked = {"kind": arguments.format, "quantize": arguments.quantize}
    with served_file(registry, found, **asked) as model:
        exported = export(model, served, place, options)
    where = str(place) if "://" in str(place) else shown(Path(str(place)))
    print(f"{options.model} serves version {served.version} in {where}")
    print(f"written: {', '.join(exported.written) or 'nothing, all of it was there'}")
    if arguments.load:
        from {{ cookiecutter.package_name }}.integrations.triton_control import load

        load(arguments.load, options.model, served, float(arguments.load_seconds))
        print(f"loaded by {arguments.load}: version {served.version} answers")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _export(arguments))


if __name__ == "__main__":
    sys.exit(main())
