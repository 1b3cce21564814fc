"""Charts that read well on light and on dark ground."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from {{ cookiecutter.package_name }}_dashboard.shared import BLUE

QUIET = "#8a94a0"
"""Read well on light and on dark ground."""
COLOURS = [BLUE, "#e07b39", "#2e9e6b", "#a05cc5"]
KINDS = ["solid", "dashed", "dotted"]
Points = Sequence[tuple[float, float | None]]


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


def lines(
    title: str, series: Mapping[str, Points], x: dict[str, Any], y: dict[str, Any]
) -> ui.echart:
    """A chart with one line a series, told apart by colour and by dashes."""
    return chart(title, {"xAxis": x, "yAxis": y, **drawn(series)}, 280)


def drawn(series: Mapping[str, Points]) -> dict[str, Any]:
    """What a chart of lines draws, with room for its legend."""
    many = [
        {
            "name": name,
            "type": "line",
            "showSymbol": len(line) <= 20,
            "lineStyle": {"type": KINDS[place % len(KINDS)], "width": 2.5},
            "data": [list(point) for point in line],
        }
        for place, (name, line) in enumerate(series.items())
    ]
    legend = {"top": 30, "left": 0, "textStyle": {"color": QUIET}, "type": "scroll"}
    return {
        "color": COLOURS,
        "legend": legend,
        "grid": {"left": 64, "right": 16, "top": 70, "bottom": 48},
        "tooltip": {"trigger": "axis"},
        "series": many,
    }


def chart(title: str, options: dict[str, Any], height: int) -> ui.echart:
    """A chart that reads well on light and on dark ground."""
    style = {"fontSize": 14, "color": QUIET}
    named = {"text": title, "textStyle": style, "left": 0}
    whole = {"animation": False, "title": named, **options}
    element = ui.echart(whole).props("role=img")
    element.props["aria-label"] = title
    return element.classes("w-full").style(f"height: {height}px")
