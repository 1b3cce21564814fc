"""`evaluate`: how good a registered version is on rows that training never read."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._entry import run

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.cli._scored import ScoredVersion


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluate",
        description="Score a registered version through the served predictor on the test split, "
        "and write reports/evaluation/v<version>/report.html.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="N", help="the version with this number")
    which.add_argument("--alias", default="dev", help="the version that an alias names (dev)")
    return parser


def _evaluate(reference: str) -> int:
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.cli._scored import score_version
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.utils.paths import project_root, shown

    registry = Registry(PROJECT)
    scored = score_version(registry, registry.version(reference))
    folder = project_root() / "reports" / "evaluation" / f"v{scored.version.version}"
    _write(scored, folder)
    if scored.version.run_id:
        registry.log_metrics(scored.version.run_id, scored.test_metrics)
    registry.tag(scored.version.version, scored.test_tags)
    print(_summary(scored))
    print(f"\nreport: {shown(folder / 'report.html')}")
    return 0


def _write(scored: "ScoredVersion", folder: Path) -> None:
    """Write figures, numbers and the report; the folder's former content goes as a whole."""
    from {{ cookiecutter.package_name }}.evaluation.figures import evaluation_figures, write_figures
    from {{ cookiecutter.package_name }}.evaluation.report import render
    from {{ cookiecutter.package_name }}.utils.files import replaced_folder, write_text

    version, result = scored.version, scored.result
    target = scored.manifest.data_schema.target
    figures = evaluation_figures(target, result.truth, result.predictions)
    origin = {
        "version": version.version,
        "aliases": ", ".join(version.aliases) or "none",
        "run": version.run_id or "unknown",
    }
    name = f"version {version.version} of {version.name}"
    with replaced_folder(folder) as fresh:
        svgs = [path.read_text(encoding="utf-8") for path in write_figures(fresh, figures)]
        page = render(name, origin, scored.info, scored.manifest, result, svgs)
        write_text(fresh / "report.html", page)
        numbers = {
            "version": version.version,
            "split": result.split,
            "rows": result.rows,
            "test_digest": result.digest,
            "metrics": result.metrics,
        }
        write_text(fresh / "metrics.json", json.dumps(numbers, indent=2) + "\n")


def _summary(scored: "ScoredVersion") -> str:
    from {{ cookiecutter.package_name }}.cli._table import aligned
    from {{ cookiecutter.package_name }}.evaluation.report import MEANINGS

    version, result = scored.version, scored.result
    rows = [(name, f"{value:.4f}", MEANINGS[name]) for name, value in result.metrics.items()]
    heading = (
        f"version {version.version} of {version.name} ({scored.info.model_name}) on "
        f"{result.rows} {result.split} rows of {scored.manifest.name}"
    )
    return f"{heading}\n{aligned(rows, right=frozenset({1}))}"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    reference = options.alias if options.version is None else str(options.version)
    return run(lambda: _evaluate(reference))


if __name__ == "__main__":
    sys.exit(main())
