"""`export-triton`: a registered version as a model repository that a Triton server reads."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.triton_config import ServingOptions

_REPOSITORY = Path("deployment") / "triton" / "model_repository"
_USUAL_BATCHES = (8, 32)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({positive(part.strip()) for part in text.split(",")}))


def _microseconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of microseconds, 0 or more")
    return int(text)


def _folder_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", text):
        raise argparse.ArgumentTypeError(
            f"'{text}' cannot be a folder's name: expected letters, digits, '_', '-' and '.'"
        )
    return text


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
        "--repository", type=Path, metavar="FOLDER", help=f"where to ({_REPOSITORY.as_posix()})"
    )
    parser.add_argument(
        "--model-name",
        type=_folder_name,
        default=PROJECT,
        metavar="NAME",
        help=f"what clients call it ({PROJECT})",
    )
    _add_serving(parser)
    return parser


def _add_serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-batch-size", type=positive, default=64, metavar="N", help="rows in a batch (64)"
    )
    parser.add_argument(
        "--preferred-batch-sizes",
        type=_sizes,
        metavar="N,N",
        help="rows at which a batch is run without more waiting (8,32, up to the maximum)",
    )
    parser.add_argument(
        "--queue-delay-us",
        type=_microseconds,
        default=500,
        metavar="N",
        help="microseconds that a request waits for others to share its batch (500)",
    )
    parser.add_argument(
        "--device", choices=("cpu", "gpu"), default="cpu", help="where the model runs (cpu)"
    )
    parser.add_argument(
        "--instances", type=positive, default=1, metavar="N", help="copies of the model (1)"
    )


def _options(arguments: argparse.Namespace) -> "ServingOptions":
    from {{ cookiecutter.package_name }}.integrations.triton_config import ServingOptions

    most = arguments.max_batch_size
    usual = tuple(size for size in _USUAL_BATCHES if size <= most)
    options = ServingOptions(
        model=arguments.model_name,
        max_batch_size=most,
        preferred_batch_sizes=arguments.preferred_batch_sizes or usual,
        queue_delay_us=arguments.queue_delay_us,
        device=arguments.device,
        instances=arguments.instances,
    )
    options.check()
    return options


def _export(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.integrations.triton_repository import export
    from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
    from {{ cookiecutter.package_name }}.utils.paths import project_root, shown

    options = _options(arguments)
    registry = Registry(PROJECT)
    reference = arguments.alias if arguments.version is None else str(arguments.version)
    found = registry.servable(reference)
    # Without the alias: it may name another version tomorrow, and this is about a version.
    served = ServedVersion(name=found.name, version=found.version, run_id=found.run_id)
    repository = arguments.repository or project_root() / _REPOSITORY
    exported = export(fetch_file(registry, found), served, repository, options)
    print(f"{options.model} serves version {served.version} in {shown(repository)}")
    print(f"written: {', '.join(exported.written) or 'nothing, all of it was there'}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _export(arguments))


if __name__ == "__main__":
    sys.exit(main())
