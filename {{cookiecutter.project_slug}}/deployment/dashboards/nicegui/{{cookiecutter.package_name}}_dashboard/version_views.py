"""What the page "Models" shows of one version, or of two side by side."""

import base64
from collections.abc import Awaitable, Callable

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.run_list import Charts, learning_curves
from {{ cookiecutter.package_name }}.integrations.run_papers import (
    Papers,
    fetch_papers,
    shared_figures,
)
from {{ cookiecutter.package_name }}.integrations.version_list import ListedVersion
from {{ cookiecutter.package_name }}.integrations.version_rows import (
    decision_name,
    decision_words,
    decisions,
    gate_rows,
    metric_rows,
    move_rows,
    origin_rows,
)
from {{ cookiecutter.package_name }}_dashboard.charts import axis, lines
from {{ cookiecutter.package_name }}_dashboard.shared import (
    asked,
    heading,
    markdown,
    sentence,
    table,
    words,
)

Other = ListedVersion | None
View = Callable[[ui.column, ListedVersion, Other, str | None], Awaitable[None]]


async def _metrics(place: ui.column, one: ListedVersion, other: Other, _: str | None) -> None:
    place.clear()
    with place:
        rows = metric_rows(one, other)
        table(rows, most=30)
        if not rows:
            words("info", "primary", "No metrics are stored with it: its run was deleted.")


async def _origin(place: ui.column, one: ListedVersion, other: Other, _: str | None) -> None:
    place.clear()
    with place:
        table(origin_rows(one, other))


async def _figures(place: ui.column, one: ListedVersion, other: Other, uri: str | None) -> None:
    """Confusion matrices, or residuals, beside each other."""

    def ask() -> list[tuple[str, list[str | None]]]:
        theirs = fetch_papers(other.run_id, uri) if other else None
        return shared_figures(fetch_papers(one.run_id, uri), theirs)

    def show(found: list[tuple[str, list[str | None]]]) -> None:
        if not found:
            said = "No figures are stored with its run: `uv run train` makes them."
            words("info", "primary", said)
        for title, svgs in found:
            heading(title)
            with ui.element("div").classes("grid w-full gap-4 sm:grid-cols-2"):
                for version, svg in zip((one, other), svgs, strict=False):
                    _figure(title, version.name if version else "", svg)

    await asked(place, ask, show)


def _figure(title: str, version: str, svg: str | None) -> None:
    with ui.column().classes("gap-1"):
        if svg is None:
            ui.label(f"Version {version} has no such figure.").classes("text-sm opacity-70")
            return
        # As a picture, whatever is in the file is drawn and nothing of it is run.
        address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
        image = ui.element("img").classes("w-full rounded")
        image.props["src"] = address
        image.props["alt"] = f"{title} of version {version}"
        ui.label(f"Version {version}").classes("text-sm opacity-70")


async def _curves(place: ui.column, one: ListedVersion, other: Other, uri: str | None) -> None:
    """What was measured at each epoch."""
    runs = {f"version {v.number}": v.run_id for v in (one, other) if v is not None and v.run_id}
    await asked(place, lambda: learning_curves(runs, uri), show_curves)


def show_curves(charts: Charts) -> None:
    """A chart a quantity; words where there is none."""
    if not charts:
        said = "Nothing was measured by epoch: this model is not trained in epochs."
        words("info", "primary", said)
    for quantity, series in charts.items():
        title = quantity.replace("_", " ")
        x = axis("x", "epoch", minInterval=1, min="dataMin", max="dataMax")
        lines(f"{title.capitalize()} by epoch", series, x, axis("y", title, scale=True))


async def _card(place: ui.column, one: ListedVersion, _: Other, uri: str | None) -> None:
    """The model card that travels with the version."""

    def show(papers: Papers) -> None:
        if papers.card is None:
            said = "No model card is stored with its run: `uv run train` writes one."
            words("info", "primary", said)
        else:
            with ui.card().classes("w-full overflow-x-auto"):
                markdown(papers.card)

    await asked(place, lambda: fetch_papers(one.run_id, uri), show)


async def _history(place: ui.column, one: ListedVersion, _: Other, __: str | None) -> None:
    """Which aliases came to name it, and what the gate measured then."""
    place.clear()
    decided = decisions(one)
    with place:
        if not one.moves:
            said = "It was never promoted: `uv run promote --to staging` does that."
            words("info", "primary", said)
            return
        table(move_rows(one), most=30)
        if not decided:
            ui.label("No gate decided any of these.").classes("text-sm opacity-70")
            return
        heading("Gate")
        names = {place: decision_name(move) for place, move in enumerate(decided)}
        chosen = ui.select(
            names, value=0, label="Decision", on_change=lambda event: show(event.value)
        )
        chosen.classes("w-full")
        rules = ui.column().classes("w-full")

    def show(number: int) -> None:
        rules.clear()
        with rules:
            sentence(decision_words(decided[number]))
            table(gate_rows(decided[number]), most=30)

    show(0)


VIEWS: dict[str, View] = {
    "Metrics": _metrics,
    "Figures": _figures,
    "Learning curves": _curves,
    "Trained on": _origin,
    "Model card": _card,
    "History": _history,
}
