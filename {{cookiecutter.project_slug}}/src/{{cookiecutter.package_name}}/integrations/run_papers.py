"""What a run left to look at: the model's card and its figures."""

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.mlflow_client import answering, connect
from {{ cookiecutter.package_name }}.integrations.stores import tracking_uri

_CARD = "model_card.md"
_FIGURES = "figures"
_LOSS = "figures/loss.svg"
"""Left out: pages draw learning curves themselves, those of two runs in one chart."""
_MOST_BYTES = 4_000_000
"""A figure that is larger would make the page slow: MLflow's own pages have it."""


@dataclass(frozen=True)
class Papers:
    """The card as Markdown, None where there is none; figures as SVG documents by their names."""

    card: str | None
    figures: dict[str, str]


@lru_cache(maxsize=32)
def fetch_papers(run_id: str, configured_uri: str | None = None) -> Papers:
    """What a finished run left, kept for whoever asks again.

    Raises TrackingUnavailable where the store, or the place of its files, does not answer.
    """
    uri = tracking_uri(configured_uri)
    client = connect(uri)
    with tempfile.TemporaryDirectory() as folder, answering(uri):
        names = {file.path for file in client.list_artifacts(run_id)}
        figures = client.list_artifacts(run_id, _FIGURES) if _FIGURES in names else []
        wanted = [file.path for file in figures if (file.file_size or 0) <= _MOST_BYTES]
        wanted = [path for path in wanted if path.endswith(".svg") and path != _LOSS]
        texts = {
            path: Path(client.download_artifacts(run_id, path, folder)).read_text(encoding="utf-8")
            for path in [*sorted(wanted), *([_CARD] if _CARD in names else [])]
        }
    card = texts.pop(_CARD, None)
    return Papers(card, {title_of(path): svg for path, svg in texts.items()})


def title_of(path: str) -> str:
    """The name of a figure's file as people read it: "Confusion matrix"."""
    return Path(path).stem.replace("_", " ").capitalize()


def shared_figures(one: Papers, other: Papers | None) -> list[tuple[str, list[str | None]]]:
    """Figures by title, each with those of one or of both versions; None where it has none."""
    both = [papers for papers in (one, other) if papers is not None]
    titles = sorted({title for papers in both for title in papers.figures})
    return [(title, [papers.figures.get(title) for papers in both]) for title in titles]
