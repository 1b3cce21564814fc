"""`rollback`: `prod` goes back to what served before, at once."""

import argparse
import sys
from collections.abc import Sequence

from {{ cookiecutter.package_name }}.cli._arguments import (
    one_line,
    positive,
    reason,
)
from {{ cookiecutter.package_name }}.cli._entry import run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rollback",
        description="Let prod name the version that served before, without scoring it anew; what "
        "serves now is archived. A running service follows the alias.",
    )
    parser.add_argument(
        "--to-version",
        type=positive,
        metavar="N",
        help="an archived version (the one that served before the present one)",
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
        "--dry-run", action="store_true", help="tell what would happen; change nothing"
    )
    return parser


def _rollback(options: argparse.Namespace) -> int:
    from {{ cookiecutter.package_name }}.cli._return import rollback

    number = None if options.to_version is None else str(options.to_version)
    return rollback(number, options.by, options.reason, dry_run=options.dry_run)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    return run(lambda: _rollback(options))


if __name__ == "__main__":
    sys.exit(main())
