"""Page "Health": what the service counts, looked at every two seconds while the page is open."""

import asyncio
from math import ceil
from time import monotonic

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}.integrations.service_counters import (
    WINDOW_SECONDS,
    Counters,
    History,
    Line,
    highest,
    read_counters,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import (
    BLUE,
    QUIET,
    axis,
    chart,
    missing,
)

_SECONDS = 2.0


async def show(service: ServiceClient) -> None:
    """The page."""
    history = History()
    content = ui.column().classes("w-full")

    async def look() -> None:
        try:
            page = await asyncio.to_thread(service.counters)
            counters = read_counters(page, monotonic())
        except ProjectError as error:
            content.clear()
            with content:
                missing(error, look)
            return
        history.add(counters)
        content.clear()
        with content:
            _totals(counters)
            _charts(history)

    await look()
    ui.timer(_SECONDS, look)


def _totals(counters: Counters) -> None:
    shown = {
        "version": counters.version,
        "requests": f"{counters.requests:,.0f}",
        "rows": f"{counters.rows:,.0f}",
        "refused / failed": f"{counters.refused:,.0f} / {counters.failed:,.0f}",
    }
    with ui.element("div").classes("grid w-full gap-4 grid-cols-2 md:grid-cols-4"):
        for name, value in shown.items():
            with ui.column().classes("gap-0"):
                ui.label(name).classes("text-sm opacity-70")
                ui.label(value).classes("text-3xl")


def _charts(history: History) -> None:
    _lines("Predictions asked for", "requests a second", history.rates())
    _lines("Time to answer", "milliseconds", history.delays())


def _lines(title: str, unit: str, series: dict[str, Line]) -> None:
    kinds = ("solid", "dashed")
    drawn = [
        {
            "name": name,
            "type": "line",
            "showSymbol": len(line) < 2,
            "lineStyle": {"type": kinds[place % 2], "width": 2.5},
            "data": line,
        }
        for place, (name, line) in enumerate(series.items())
    ]
    options = {
        "color": [BLUE, "#e07b39"],
        "legend": {"top": 24, "left": 0, "textStyle": {"color": QUIET}},
        "grid": {"left": 64, "right": 16, "top": 60, "bottom": 48},
        "xAxis": axis("x", "seconds before now", min=-WINDOW_SECONDS, max=0),
        "yAxis": axis("y", unit, min=0, max=max(1, ceil(1.1 * highest(series)))),
        "tooltip": {"trigger": "axis"},
        "series": drawn,
    }
    chart(title, options, 260)
