"""What every page has: a header, room for its content, and words for what is missing."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import TypeVar

import markdown2  # type: ignore[import-untyped]
from nicegui import ui

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError

BLUE = "#2a78bd"
_PAGES = {
    "/": ("Predict", "draw"),
    "/models": ("Models", "inventory_2"),
    "/runs": ("Runs", "timeline"),
    "/health": ("Health", "monitor_heart"),
    "/drift": ("Drift", "moving"),
}
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_EXTRAS = {"fenced-code-blocks": None, "tables": None, "middle-word-em": False}
# A wide table is moved by itself, and the sentences around it are not.
_TEXT = """
.nicegui-markdown { max-width: 100% }
.nicegui-markdown table { display: block; overflow-x: auto }
.nicegui-markdown thead:not(:has(th:not(:empty))) { display: none }
.nicegui-markdown h1 { font-size: 1.6rem; line-height: 1.3; font-weight: 600 }
.nicegui-markdown :is(h2, h3) { font-size: 1.25rem; line-height: 1.3; font-weight: 600 }
"""
_HEADER = "@media (max-width: 480px) { header .q-btn .q-icon { display: none } }"
Shown = TypeVar("Shown")
Again = Callable[[], Awaitable[None]]


@contextmanager
def frame(here: str, title: str) -> Iterator[None]:
    """The header with links to all pages, and a column for this one's content."""
    ui.colors(primary=BLUE)
    ui.add_css(_HEADER)
    with ui.header().classes("items-center gap-1 px-3 py-1"):
        for address, (name, icon) in _PAGES.items():
            mark = " bg-white/20" if address == here else ""
            link = ui.button(name, icon=icon, on_click=lambda to=address: ui.navigate.to(to))
            link.props("flat dense no-caps color=white").classes(f"px-2{mark}")
    with ui.column().classes("w-full max-w-4xl mx-auto px-3 gap-4"):
        ui.label(title).classes("text-3xl font-bold mt-2").props("role=heading aria-level=1")
        yield


def heading(text: str) -> None:
    """The name of a part of the page."""
    ui.label(text).classes("text-xl font-bold").props("role=heading aria-level=2")


def missing(error: ProjectError, again: Again) -> None:
    """An empty state: the sentence, and a way to ask again."""
    with ui.card().classes("w-full"):
        with ui.row().classes("items-center no-wrap"):
            ui.icon("info", size="sm", color="primary")
            sentence(str(error))
        ui.button("Try again", icon="refresh", on_click=again).props("no-caps flat")


def refused(error: ProjectError) -> None:
    """What was asked cannot be answered; each sentence on a line of its own."""
    words("error", "negative", str(error))


def words(icon: str, colour: str, text: str) -> None:
    """A sentence with a sign before it."""
    with ui.row().classes("w-full items-center no-wrap"):
        ui.icon(icon, size="sm", color=colour)
        sentence(text)


def sentence(text: str) -> None:
    """The text as it is, but what stands between backticks as code."""
    parts = _CODE.split(text)
    parts[::2] = [escape(part, quote=False) for part in parts[::2]]
    parts[1::2] = [f"<code>{escape(part, quote=False)}</code>" for part in parts[1::2]]
    ui.html("".join(parts), sanitize=False).classes("whitespace-pre-line")


def markdown(text: str) -> None:
    """Markdown of a file: HTML in it is shown as it is written, and does nothing."""
    html = markdown2.markdown(text, safe_mode="escape", extras=_EXTRAS)
    ui.add_css(_TEXT)
    ui.html(html).classes("nicegui-markdown")


def table(rows: Sequence[Mapping[str, object]], most: int = 10) -> None:
    """Rows with their keys as the header; more than `most` are turned over like pages."""
    if not rows:
        return
    fractions = {name for row in rows for name, value in row.items() if isinstance(value, float)}
    columns = [
        {
            "name": name,
            "label": name,
            "field": name,
            "align": "right" if name in fractions else "left",
        }
        for name in rows[0]
    ]
    element = ui.table(
        rows=[{name: _cell(value) for name, value in row.items()} for row in rows],
        columns=columns,
        pagination=most if len(rows) > most else None,
    )
    element.props("flat bordered dense").classes("w-full")


def _cell(value: object) -> object:
    if value is None:
        return "—"
    return f"{value:.4f}" if isinstance(value, float) else value


async def asked(
    place: ui.column,
    ask: Callable[[], Shown],
    show: Callable[[Shown], None],
    wrong: Callable[[ProjectError, Again], None] = missing,
) -> None:
    """Fill the place with what asking gives; until it is there, a sign that it is coming.

    The question is put in a thread: other visitors, and this page, do not wait for it.
    """

    async def build() -> None:
        place.clear()
        with place:
            inner = ui.column().classes("w-full")
        with inner:
            ui.spinner(size="lg")
        try:
            answer = await asyncio.to_thread(ask)
        except ProjectError as error:
            _filled(inner, wrong, error, build)
        else:
            _filled(inner, show, answer)

    await build()


def _filled(place: ui.column, show: Callable[..., None], *given: object) -> None:
    # Who asked something else meanwhile, or left, gets no answer to what was asked before.
    if not place.is_deleted:
        place.clear()
        with place:
            show(*given)
