"""`predictions`: look into the prediction log, take rows out of it, delete old ones."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.cli._since import age, moment
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, StoreUnavailable
from {{ cookiecutter.package_name }}.utils.words import counted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="predictions",
        description="Look into the prediction log that the service writes.",
    )
    parser.add_argument(
        "--url", help="the log (PREDICTION_LOG_URL, else predictions.db at the project root)"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="the newest rows, as a table")
    show.add_argument("--rows", type=positive, default=20, metavar="N", help="how many (20)")
    show.set_defaults(command=_show)
    export = verbs.add_parser("export", help="write rows to a file")
    export.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help=".csv, .tsv or .parquet"
    )
    export.add_argument("--since", type=moment, metavar="WHEN", help="1d (ago), or 2030-01-02")
    export.add_argument("--until", type=moment, metavar="WHEN", help="1h (ago), or 2030-01-03")
    export.add_argument("--version", metavar="N", help="only what this version answered")
    export.add_argument(
        "--labelled", action="store_true", help="rows with a label, to train on: no other columns"
    )
    export.add_argument(
        "--target", metavar="NAME", help="with --labelled, the column of the labels (label)"
    )
    export.set_defaults(command=_export)
    prune = verbs.add_parser("prune", help="delete old requests and labels")
    prune.add_argument("--older-than", type=age, required=True, metavar="AGE", help="90d, 12h, 2w")
    prune.set_defaults(command=_prune)
    upgrade = verbs.add_parser("upgrade", help="bring the schema up to date, and no more")
    upgrade.set_defaults(command=_upgrade)
    return parser


def _show(url: str, arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.cli._logged import print_rows
    from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows

    found = list(rows(url, newest=arguments.rows))
    if found:
        print_rows(found)
    else:
        print("the prediction log is empty")
    _print_totals(url, len(found))
    return 0


def _export(url: str, arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.integrations.prediction_log.exporting import export
    from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection

    # What comes in while we read is left for the next time.
    until = time.time() if arguments.until is None else arguments.until
    asked = Selection(arguments.since, until, arguments.version)
    target = (arguments.target or "label") if arguments.labelled else None
    rows = export(url, asked, arguments.to, target)
    print(f"{counted(rows, 'row')}: {arguments.to}")
    _print_totals(url)
    return 0


def _print_totals(url: str, shown: int = 0) -> None:
    """Of how many rows these are, where some were shown; and whether labels belong to none."""
    from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import totals

    try:
        total = totals(url)
    except StoreUnavailable as error:  # what was asked for was done: the log may be a large one
        print(f"how many rows and labels there are is not known: {error}")
        return
    if total is not None and shown:
        print(f"{shown:,} of {counted(total.rows, 'answered row')}")
    if total is not None and total.strays:
        labels = "label belongs" if total.strays == 1 else "labels belong"
        print(f"{total.strays:,} {labels} to no answered row")


def _prune(url: str, arguments: argparse.Namespace) -> int:
    from contextlib import closing

    from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store

    with closing(open_store(url)) as store:
        store.open()
        count = store.prune(time.time() - arguments.older_than)
    print(f"{counted(count, 'request')} deleted")
    return 0


def _upgrade(url: str, _: argparse.Namespace) -> int:
    from contextlib import closing

    from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
    from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import shown

    with closing(open_store(url)) as store:
        store.open()
    print(f"the prediction log {shown(url)} is up to date")
    return 0


def _command(arguments: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import (
        NOTHING,
        VARIABLE,
        log_url,
    )

    url = log_url(arguments.url)
    if url == NOTHING:
        raise ConfigError(f"Nothing is kept: {VARIABLE} is '{url}'; --url names another log.")
    command: int = arguments.command(url, arguments)
    return command


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `--help` for its arguments."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if getattr(arguments, "target", None) is not None and not arguments.labelled:
        parser.error("--target needs --labelled")
    return run(lambda: _command(arguments))


if __name__ == "__main__":
    sys.exit(main())
