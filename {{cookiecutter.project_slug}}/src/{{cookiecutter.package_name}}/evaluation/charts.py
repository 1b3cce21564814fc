"""Kinds of charts as Vega-Lite specifications: what they look like, not what they are about."""

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, object]]
Point = tuple[float, float]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_BLUE, _ORANGE, _INK, _QUIET = "#2166ac", "#d9590d", "#1f2933", "#616e7c"
_CELL, _SMALL_CELL, _MANY = 42, 26, 12


def number(field: str, title: str, minimum_step: float | None = None) -> Spec:
    """A quantitative channel; the axis does not force a zero in."""
    axis: Spec = {"title": title, "tickCount": 6}
    if minimum_step is not None:
        axis |= {"tickMinStep": minimum_step, "format": "d"}
    scale = {"zero": False, "nice": minimum_step is None}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def category(field: str, title: str, order: Sequence[str]) -> Spec:
    """A nominal channel in two colours that are told apart without seeing colour, too."""
    scale = {"domain": list(order), "range": [_BLUE, _ORANGE]}
    legend = {"title": title or None, "orient": "top-right", "symbolType": "stroke"}
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}


def _chart(title: str, subtitle: str, rows: Rows, body: Spec) -> Spec:
    heading = {"text": title, "subtitle": subtitle} if subtitle else {"text": title}
    data = {"values": list(rows)}
    return {"$schema": _SCHEMA, "title": heading, "data": data, **body, "config": _config()}


def _config() -> Spec:
    return {
        "font": "Helvetica, Arial, sans-serif",
        "background": "#ffffff",
        "padding": 14,
        "view": {"stroke": None},
        "title": {
            "fontSize": 16,
            "color": _INK,
            "subtitleFontSize": 12,
            "subtitleColor": _QUIET,
            "anchor": "start",
            "offset": 14,
        },
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": _INK,
            "titleColor": _INK,
            "gridColor": "#e4e7eb",
            "domainColor": "#9aa5b1",
            "tickColor": "#9aa5b1",
            "labelLimit": 140,
            "titleLimit": 420,
            "titlePadding": 10,
        },
        "legend": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelColor": _INK,
            "titleColor": _INK,
        },
    }


def lines(rows: Rows, title: str, x: Spec, y: Spec, color: Spec) -> Spec:
    """One line a colour, with a dash pattern of its own."""
    dash = {"field": color["field"], "type": "nominal", "scale": _dashes(color), "legend": None}
    marks = {
        "type": "line",
        "strokeWidth": 2.5,
        "point": {"size": 28, "filled": True} if _few(rows) else False,
    }
    encoding = {"x": x, "y": y, "color": color, "strokeDash": dash}
    body = {"width": 560, "height": 300, "mark": marks, "encoding": encoding}
    return _chart(title, "", rows, body)


def _few(rows: Rows) -> bool:
    return len(rows) <= 60


def _dashes(color: Spec) -> Spec:
    return {"domain": color["scale"]["domain"], "range": [[1, 0], [6, 3]]}


def heatmap(rows: Rows, title: str, subtitle: str, order: Sequence[str]) -> Spec:
    """A square of counts; the shade is the share of the row, so that rare classes show."""
    cell = _CELL if len(order) <= _MANY else _SMALL_CELL
    size = max(cell * len(order), 180)
    x = _classes("predicted", order, "bottom")
    y = _classes("actual", order, "left")
    square = _layer({"type": "rect", "stroke": "#ffffff"}, color=_shade())
    count = _layer(_count_text(cell), text=_count(), color=_count_colour())
    shared = {"x": x, "y": y}
    body = {"width": size, "height": size, "encoding": shared, "layer": [square, count]}
    return _chart(title, subtitle, rows, body)


def _classes(field: str, order: Sequence[str], orient: str) -> Spec:
    angle = 0 if orient == "left" or max(map(len, order)) <= 3 else -45
    axis = {"title": f"{field} class", "labelAngle": angle, "orient": orient}
    axis |= {"ticks": False, "labelPadding": 6, "domain": False}
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis}


def _shade() -> Spec:
    scale = {"range": ["#f4f8fb", "#8fbfe0", "#08519c"], "domain": [0, 1]}
    legend = {"title": "share of actual class", "format": ".0%", "tickCount": 5}
    return {"field": "share", "type": "quantitative", "scale": scale, "legend": legend}


def _count_text(cell: int) -> Spec:
    return {"type": "text", "fontSize": 13 if cell == _CELL else 10}


def _count() -> Spec:
    return {"field": "rows", "type": "quantitative", "format": ",d"}


def _count_colour() -> Spec:
    dark = {"test": "datum.share > 0.6", "value": "#ffffff"}
    none = {"test": "datum.rows === 0", "value": "#9aa5b1"}
    return {"condition": [dark, none], "value": _INK}


def _layer(mark: Spec, **encoding: Spec) -> Spec:
    return {"mark": mark, "encoding": encoding}


def scatter(
    rows: Rows, title: str, subtitle: str, x: Spec, y: Spec, line: tuple[Point, Point]
) -> Spec:
    """Points, and the line on which they would lie if all were right."""
    marks = {"type": "circle", "size": 34, "opacity": 0.45, "color": _BLUE}
    points = _layer(marks, x=x, y=y)
    ends = [{x["field"]: left, y["field"]: right} for left, right in line]
    rule = {"type": "line", "color": _ORANGE, "strokeWidth": 2, "strokeDash": [6, 4]}
    perfect = {"data": {"values": ends}, **_layer(rule, x=x, y=y)}
    body = {"width": 460, "height": 380, "layer": [points, perfect]}
    return _chart(title, subtitle, rows, body)


def spans(rows: Rows, title: str, subtitle: str, lanes: Sequence[str], clock: str) -> Spec:
    """Bars along time, one lane above the other; each has its name at its beginning.

    `clock` says how times are written, as `strftime` does.
    """
    axis = {"title": "time (UTC)", "tickCount": 6, "labelOverlap": True, "format": clock}
    time = {"field": "from", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    lane = {"field": "lane", "type": "nominal", "sort": list(lanes), "axis": {"title": None}}
    colour = category("verb", "moved by", ["promote", "rollback"])
    colour["legend"] |= {"symbolType": "square", "orient": "bottom"}
    bar = {"type": "bar", "height": 26, "stroke": "#ffffff", "strokeWidth": 1}
    bars = _layer(bar, x=time, x2={"field": "to"}, y=lane, color=colour)
    mark = {"type": "text", "align": "left", "dx": 3, "dy": -22, "fontSize": 12, "color": _INK}
    name = {"field": "version", "type": "nominal"}
    names = _layer(mark, x=time, y=lane, text=name)
    body = {"width": 620, "height": {"step": 64}, "layer": [bars, names]}
    return _chart(title, subtitle, rows, body)
