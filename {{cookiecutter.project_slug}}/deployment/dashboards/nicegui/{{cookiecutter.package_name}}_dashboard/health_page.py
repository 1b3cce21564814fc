"""Page "Health": what the service counts, looked at every two seconds while the page is open."""

import asyncio
from time import monotonic

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.service_counters import (
    WINDOW_SECONDS,
    Counters,
    History,
    Line,
    read_counters,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Answering
from {{ cookiecutter.package_name }}_dashboard.charts import axis, chart, drawn, lines
from {{ cookiecutter.package_name }}_dashboard.logged import last_day
from {{ cookiecutter.package_name }}_dashboard.shared import BLUE, missing

_SECONDS = 2.0
_NAMES = ("version", "requests", "rows", "refused / failed")


def show(model: Answering) -> None:
    """The page."""
    page = _Health(model)
    ui.timer(_SECONDS, page.look)
    last_day("The last 24 hours", lambda day: day.health)


class _Health:
    """The numbers and charts: made once, and given new values at each look."""

    def __init__(self, model: Answering) -> None:
        self._model = model
        self._history = History()
        self._told = ""
        self._trouble = ui.column().classes("w-full")
        self._body = ui.column().classes("w-full")
        self._body.set_visibility(False)
        with self._body:
            self._totals = _totals()
            self._charts = {
                "rates": _lines("Predictions asked for", "a second"),
                "errors": _lines("Requests refused or failed", "% of requests"),
                "delays": _lines("Time to answer", "milliseconds"),
            }
            self._versions = _versions()

    async def look(self) -> None:
        """Ask the service, and show what it says."""
        try:
            page = await asyncio.to_thread(self._model.counters)
            counters = read_counters(page, monotonic())
        except ProjectError as error:
            self._tell(error)
            return
        self._tell(None)
        self._history.add(counters)
        self._count(counters)
        lines_of = self._history.rates(), self._history.errors(), self._history.delays()
        for element, series in zip(self._charts.values(), lines_of, strict=True):
            _redraw(element, series)
        self._draw_versions()

    def _tell(self, error: ProjectError | None) -> None:
        """Words instead of numbers; left alone while they stay the same, with their button."""
        said = "" if error is None else str(error)
        self._body.set_visibility(error is None)
        if said != self._told:
            self._told = said
            self._trouble.clear()
            if error is not None:
                with self._trouble:
                    missing(error, self.look)

    def _count(self, counters: Counters) -> None:
        shown = (
            counters.version,
            f"{counters.requests:,.0f}",
            f"{counters.rows:,.0f}",
            f"{counters.refused:,.0f} / {counters.failed:,.0f}",
        )
        for label, value in zip(self._totals, shown, strict=True):
            label.set_text(value)

    def _draw_versions(self) -> None:
        points = [list(point) for point in self._history.versions()]
        options = self._versions.options
        options["series"][0]["data"] = points
        options["yAxis"]["data"] = sorted({version for _, version in self._history.versions()})
        self._versions.update()


def _totals() -> list[ui.label]:
    labels = []
    with ui.element("div").classes("grid w-full gap-4 grid-cols-2 md:grid-cols-4"):
        for name in _NAMES:
            with ui.column().classes("gap-0"):
                ui.label(name).classes("text-sm opacity-70")
                labels.append(ui.label().classes("text-3xl"))
    return labels


def _lines(title: str, unit: str) -> ui.echart:
    x = axis("x", "seconds before now", min=-WINDOW_SECONDS, max=0)
    return lines(title, {}, x, axis("y", unit, min=0))


def _redraw(element: ui.echart, series: dict[str, Line]) -> None:
    element.options.update(drawn(series))
    element.update()


def _versions() -> ui.echart:
    points = {"type": "scatter", "symbol": "rect", "symbolSize": [12, 8], "data": []}
    options = {
        "grid": {"left": 64, "right": 16, "top": 36, "bottom": 48},
        "xAxis": axis("x", "seconds before now", min=-WINDOW_SECONDS, max=0),
        "yAxis": axis("y", "version", type="category", data=[]),
        "series": [{**points, "itemStyle": {"color": BLUE}}],
    }
    return chart("Version that answered", options, 180)
