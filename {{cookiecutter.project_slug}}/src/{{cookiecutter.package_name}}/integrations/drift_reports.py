"""Reports on drift that lie in the project, for people to look at."""

from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.utils.paths import project_root

NO_REPORT = (
    "There is no report on drift: nothing in this project compares yet what the model is asked "
    "with what it learnt from. The prediction log keeps the one, `reference.parquet` of each run "
    "a sample of the other. A Markdown file that you put into `reports/drift/` is shown here."
)
_MOST = 10
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class DriftReport:
    """A report as Markdown; its title is its file's name."""

    title: str
    text: str


def reports() -> list[DriftReport]:
    """The reports in `reports/drift/`, the newest first, at most ten."""
    folder = project_root() / "reports" / "drift"
    found = sorted(folder.glob("*.md"), key=_changed, reverse=True) if folder.is_dir() else []
    return [
        DriftReport(path.stem.replace("_", " "), path.read_text(encoding="utf-8", errors="replace"))
        for path in found[:_MOST]
        if path.stat().st_size <= _MOST_BYTES
    ]


def _changed(path: Path) -> float:
    return path.stat().st_mtime
