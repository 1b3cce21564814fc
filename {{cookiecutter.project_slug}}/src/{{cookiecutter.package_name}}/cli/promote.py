"""`promote`: let `staging` or `prod` name a version, if it passes the gate."""

import argparse
import sys
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli._arguments import (
    one_line,
    positive,
    reason,
)
from {{ cookiecutter.package_name }}.cli._entry import run

COMES_FROM = {"staging": "dev", "prod": "staging"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="promote",
        description="Verify a version as `export` does, score it on the test split, hold every "
        "number against config/gate.yaml, and move the alias only if all of them hold.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", choices=sorted(COMES_FROM), help="alias to move")
    what.add_argument("--approve", action="store_true", help="record your approval of --version")
    what.add_argument("--history", action="store_true", help="show all moves so far")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=positive, metavar="N", help="promote this version")
    which.add_argument(
        "--from",
        dest="source",
        metavar="ALIAS",
        help="promote the version that this alias names (dev to staging, staging to prod)",
    )
    parser.add_argument("--reason", type=reason, default="", help="why, kept with the version")
    parser.add_argument(
        "--by",
        type=one_line,
        default="",
        metavar="NAME",
        help="who (git's user, or the login)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="measure and tell what would happen; change nothing"
    )
    parser.add_argument(
        "--skip-comparison",
        action="store_true",
        help="where columns of the data set changed since prod; needs a --reason",
    )
    return parser


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.approve and options.version is None and not options.source:
        parser.error("--approve needs --version: an approval is of one version")
    if options.skip_comparison and not options.reason:
        parser.error("--skip-comparison needs a --reason, which is kept with the version")
    if options.history and options.version:
        parser.error("--history shows all moves and takes no version")
    of_moves = {
        "--dry-run": options.dry_run,
        "--from": options.source,
        "--skip-comparison": options.skip_comparison,
    }
    if options.to is None and (stated := [name for name, value in of_moves.items() if value]):
        what = "--approve" if options.approve else "--history"
        parser.error(f"{what} moves no alias: it takes no {', '.join(stated)}")


def _promote(options: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.cli import _promotion

    if options.history:
        return _promotion.show_history()
    if options.approve:
        return _promotion.approve(str(options.version), options.by, options.reason)
    named = options.source or COMES_FROM[options.to]
    return _promotion.promote(
        to=options.to,
        reference=named if options.version is None else str(options.version),
        by=options.by,
        reason=options.reason,
        compared=not options.skip_comparison,
        dry_run=options.dry_run,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(argv)
    _check(parser, options)
    return run(lambda: _promote(options))


if __name__ == "__main__":
    sys.exit(main())
