"""What every page has: a header, room for its content, and words for what is missing."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nicegui import ui

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError

BLUE = "#2a78bd"
QUIET = "#8a94a0"
"""Read well on light and on dark ground."""
_PAGES = {
    "/": ("Predict", "draw"),
    "/models": ("Models", "inventory_2"),
    "/health": ("Health", "monitor_heart"),
}
Again = Callable[[], Awaitable[None]]


@contextmanager
def frame(here: str, title: str) -> Iterator[None]:
    """The header with links to all pages, and a column for this one's content."""
    ui.colors(primary=BLUE)
    with ui.header().classes("items-center gap-1 px-3 py-1"):
        for address, (name, icon) in _PAGES.items():
            mark = " bg-white/20" if address == here else ""
            link = ui.button(name, icon=icon, on_click=lambda to=address: ui.navigate.to(to))
            link.props("flat dense no-caps color=white").classes(f"px-2{mark}")
    with ui.column().classes("w-full max-w-4xl mx-auto px-3 gap-4"):
        ui.label(title).classes("text-3xl font-bold mt-2").props("role=heading aria-level=1")
        yield


def missing(error: ProjectError, again: Again) -> None:
    """An empty state: the sentence, and a way to ask again."""
    with ui.card().classes("w-full"):
        with ui.row().classes("items-center no-wrap"):
            ui.icon("info", size="sm", color="primary")
            ui.label(str(error)).classes("whitespace-pre-line")
        ui.button("Try again", icon="refresh", on_click=again).props("no-caps flat")


def refused(error: ProjectError) -> None:
    """What was asked cannot be answered; each sentence on a line of its own."""
    words("error", "negative", str(error))


def words(icon: str, colour: str, text: str) -> None:
    """A sentence with a sign before it."""
    with ui.row().classes("w-full items-center no-wrap"):
        ui.icon(icon, size="sm", color=colour)
        ui.label(text).classes("whitespace-pre-line")


def table(rows: Sequence[Mapping[str, object]], most: int = 10) -> None:
    """Rows with their keys as the header; more than `most` are turned over like pages."""
    element = ui.table(
        rows=[dict(row) for row in rows],
        column_defaults={"align": "left"},
        pagination=most if len(rows) > most else None,
    )
    element.props("flat bordered dense").classes("w-full")


def axis(kind: str, name: str, **more: object) -> dict[str, Any]:
    """An axis of a chart with its name beside it."""
    gap = {"nameLocation": "middle", "nameGap": 28 if kind == "x" else 44}
    return {
        "type": "value",
        "name": name,
        **gap,
        "nameTextStyle": {"color": QUIET},
        "axisLabel": {"color": QUIET},
        "axisLine": {"lineStyle": {"color": QUIET}, "onZero": False},
        "splitLine": {"lineStyle": {"color": QUIET, "opacity": 0.25}},
        **more,
    }


def chart(title: str, options: dict[str, Any], height: int) -> None:
    """A chart that reads well on light and on dark ground."""
    style = {"fontSize": 14, "color": QUIET}
    whole = {"animation": False, "title": {"text": title, "textStyle": style}, **options}
    element = ui.echart(whole).props(f'role=img aria-label="{title}"')
    element.classes("w-full").style(f"height: {height}px")
