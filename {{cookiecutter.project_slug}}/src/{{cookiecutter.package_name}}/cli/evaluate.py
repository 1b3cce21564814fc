"""`evaluate`: how good a model is on rows that training never read."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._arguments import positive
from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.cli._scored import Scored
    from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo

LOCAL = "local"
"""What stands in the place of a version number where a file is evaluated."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluate",
        description="Score a model through the served predictor on the test split, and write "
        "reports/evaluation/v<version>/report.html, or local/ for a model file.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--version", type=positive, metavar="N", help="the version with this number")
    which.add_argument("--alias", default="dev", help="the version that an alias names (dev)")
    which.add_argument("--model-file", type=Path, metavar="FILE", help="an exported model.onnx")
    return parser


def _evaluate(reference: str) -> int:
    from {{ cookiecutter.package_name }} import PROJECT
    from {{ cookiecutter.package_name }}.cli._scored import score_version
    from {{ cookiecutter.package_name }}.integrations.backends import chosen
    from {{ cookiecutter.package_name }}.integrations.registry import Registry

    registry = Registry(PROJECT)
    scored = score_version(registry, registry.version(reference), chosen())
    version = scored.version
    name = f"version {version.version} of {version.name}"
    page = _write(scored, name, f"v{version.version}", _origin(version))
    if version.run_id:
        registry.log_metrics(version.run_id, scored.test_metrics)
    registry.tag(version.version, scored.test_tags)
    _say(scored, name, page)
    return 0


def _evaluate_file(model: Path) -> int:
    from {{ cookiecutter.package_name }}.cli._scored import score_file
    from {{ cookiecutter.package_name }}.utils.paths import shown

    scored, name = score_file(model), shown(model)
    _say(scored, name, _write(scored, name, LOCAL, {"version": LOCAL}))
    return 0


def _origin(version: "VersionInfo") -> dict[str, str]:
    return {
        "version": version.version,
        "aliases": ", ".join(version.aliases) or "none",
        "run": version.run_id or "unknown",
    }


def _write(scored: "Scored", name: str, folder_name: str, origin: dict[str, str]) -> Path:
    """Write figures, numbers and the report, whose path comes back.

    The folder's former content goes as a whole.
    """
    from {{ cookiecutter.package_name }}.evaluation.figures import evaluation_figures, write_figures
    from {{ cookiecutter.package_name }}.evaluation.report import render
    from {{ cookiecutter.package_name }}.utils.files import replaced_folder, write_text
    from {{ cookiecutter.package_name }}.utils.paths import project_root

    result, target = scored.result, scored.manifest.data_schema.target
    figures = evaluation_figures(target, result.truth, result.predictions)
    folder = project_root() / "reports" / "evaluation" / folder_name
    with replaced_folder(folder) as fresh:
        svgs = [path.read_text(encoding="utf-8") for path in write_figures(fresh, figures)]
        page = render(name, origin, scored.info, scored.manifest, result, svgs)
        write_text(fresh / "report.html", page)
        numbers = {
            "version": origin["version"],
            "split": result.split,
            "rows": result.rows,
            "test_digest": result.digest,
            "metrics": result.metrics,
        }
        write_text(fresh / "metrics.json", json.dumps(numbers, indent=2) + "\n")
    return folder / "report.html"


def _say(scored: "Scored", name: str, page: Path) -> None:
    from {{ cookiecutter.package_name }}.cli._table import aligned
    from {{ cookiecutter.package_name }}.evaluation.report import MEANINGS
    from {{ cookiecutter.package_name }}.utils.paths import shown

    result = scored.result
    rows = [(metric, f"{value:.4f}", MEANINGS[metric]) for metric, value in result.metrics.items()]
    print(
        f"{name} ({scored.info.model_name}) on {counted(result.rows, f'{result.split} row')} of "
        f"{scored.manifest.name}"
    )
    print(aligned(rows, right=frozenset({1})))
    print(f"\nreport: {shown(page)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    options = _parser().parse_args(argv)
    if options.model_file is not None:
        return run(lambda: _evaluate_file(options.model_file))
    reference = options.alias if options.version is None else str(options.version)
    return run(lambda: _evaluate(reference))


if __name__ == "__main__":
    sys.exit(main())
