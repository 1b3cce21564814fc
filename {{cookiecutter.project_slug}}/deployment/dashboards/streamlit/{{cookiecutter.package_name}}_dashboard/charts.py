"""Charts as Vega-Lite draws them: a title, units on both axes, a legend of their lines."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

Points = Sequence[tuple[float, float | None]]

COLOURS = ["#2f86d6", "#d9590d", "#2e9e6b", "#a05cc5"]
TIGHT = {"title": {"offset": 6}, "legend": {"offset": 6, "padding": 0}}
_DASHES = [[1, 0], [6, 3], [2, 2]]
_SHORT = 3
"""Names of at most so many letters stand five in a line, on a narrow page as well."""


def lines(title: str, series: Mapping[str, Points], x: dict[str, Any], y: dict[str, Any]) -> None:
    """One line a series, told apart by colour and by dashes. `x` and `y` are Vega-Lite axes."""
    rows = [
        {"x": place, "y": value, "series": name}
        for name, line in series.items()
        for place, value in line
    ]
    names = list(series)
    columns = 5 if max(map(len, names), default=0) <= _SHORT else 2
    legend = {"title": None, "orient": "top", "symbolType": "stroke", "columns": columns}
    legend |= {"labelLimit": 240}
    colour = _told_apart(names, COLOURS, legend)
    dash = _told_apart(names, _DASHES, legend)
    chart = {
        "title": title,
        "height": 300,
        "config": TIGHT,
        "mark": {"type": "line", "strokeWidth": 2.5, "point": len(rows) <= 40},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", **x},
            "y": {"field": "y", "type": "quantitative", **y},
            "color": colour,
            "strokeDash": dash,
        },
    }
    st.vega_lite_chart(rows, chart, width="stretch")


def _told_apart(names: list[str], signs: list[Any], legend: dict[str, Any]) -> Any:
    chosen = [signs[place % len(signs)] for place in range(len(names))]
    scale = {"domain": names, "range": chosen}
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend}
