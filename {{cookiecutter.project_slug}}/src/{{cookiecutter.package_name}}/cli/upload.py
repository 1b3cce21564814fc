"""`upload`: a file, or the tables below a folder, to where `prepare data=s3` reads them."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run, typed
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.s3.place import Place
    from {{ cookiecutter.package_name }}.integrations.s3.upload import Done

_KEYS = ("bucket", "prefix", "endpoint_url", "region", "workers")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="upload",
        description="Upload a CSV or Parquet file, or all of them below a folder, as one table. "
        "Readers have the former upload until all of it has arrived.",
        epilog="example: upload data/raw/customers customers",
    )
    parser.add_argument("source", type=Path, metavar="FILE_OR_FOLDER", help="what to upload")
    parser.add_argument(
        "target", metavar="TARGET", help="its name below the prefix: data.objects of its readers"
    )
    parser.add_argument(
        "--data", default="s3", metavar="NAME", help="config/data/NAME.yaml says where to (s3)"
    )
    parser.add_argument("--bucket", help="instead of that file's bucket")
    parser.add_argument("--prefix", help="instead of its prefix; '' for the top of the bucket")
    parser.add_argument("--endpoint-url", metavar="URL", help="instead of its store; '' for AWS")
    parser.add_argument("--region", help="instead of its region")
    parser.add_argument("--workers", type=positive, metavar="N", help="requests at a time")
    parser.add_argument("--again", action="store_true", help="send also what the store has already")
    parser.add_argument(
        "--prune",
        action="store_true",
        help="then delete contents of former uploads to TARGET that its manifest no longer lists",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and do nothing"
    )
    return parser


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """Where to: the file's keys, and what the command line says instead."""
    from omegaconf import OmegaConf

    from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
    from {{ cookiecutter.package_name }}.utils.paths import config_dir, shown

    path = config_dir() / "data" / f"{arguments.data}.yaml"
    if not path.is_file():
        raise ConfigError(f"--data is '{arguments.data}': there is no file '{shown(path)}'.")
    tree = OmegaConf.load(path)
    given = {key: getattr(arguments, key) for key in _KEYS}
    stated = {key: OmegaConf.select(tree, key) for key, value in given.items() if value is None}
    settings = {**given, **stated}
    for key in ("bucket", "workers"):
        if not settings[key]:
            raise ConfigError(f"'{shown(path)}' has no '{key}': give --{key}.")
    if type(settings["workers"]) is not int or settings["workers"] < 1:
        raise ConfigError(
            f"'{shown(path)}' has workers: {settings['workers']!r}: expected a number above 0."
        )
    return settings


def _place(arguments: argparse.Namespace, settings: dict[str, Any]) -> "Place":
    from {{ cookiecutter.package_name }}.integrations.s3.names import is_path
    from {{ cookiecutter.package_name }}.integrations.s3.place import Place
    from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

    target = arguments.target.rstrip("/")
    if not is_path(target):
        raise ConfigError(
            f"TARGET is '{arguments.target}': expected a name below "
            f"s3://{settings['bucket']}/{settings['prefix'] or ''}, such as customers."
        )
    return Place.below(
        settings["bucket"],
        settings["prefix"],
        target,
        endpoint_url=settings["endpoint_url"],
        region=settings["region"],
    )


def _sentences(arguments: argparse.Namespace, place: "Place", done: "Done") -> list[str]:
    from {{ cookiecutter.package_name }}.integrations.s3.progress import size

    dry, files = arguments.dry_run, counted(done.files, "file")
    lines = [
        f"{'would send' if dry else 'sent'} {done.sent} of {files} to {place} "
        f"({size(done.sent_bytes)})"
    ]
    if done.published:
        lines.append(f"{place}/manifest.json {'would list' if dry else 'lists'} them")
    else:
        lines.append(f"{place}/manifest.json lists them already")
    if arguments.prune:
        lines.append(f"{'would delete' if dry else 'deleted'} {done.pruned} old contents")
    if not dry:
        read = f"prepare data={arguments.data} data.objects={arguments.target.rstrip('/')}"
        lines.append(f"read it by `{typed(read)} data.target=…`")
    return lines


def _upload(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.integrations.s3.upload import Options, upload

    settings = _settings(arguments)
    place = _place(arguments, settings)
    options = Options(
        workers=settings["workers"],
        again=arguments.again,
        prune=arguments.prune,
        dry_run=arguments.dry_run,
    )
    for line in _sentences(arguments, place, upload(arguments.source, place, options)):
        print(line)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    arguments = _parser().parse_args(argv)
    return run(lambda: _upload(arguments))


if __name__ == "__main__":
    sys.exit(main())
