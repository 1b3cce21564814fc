"""Page "Health": what the service counts, looked at every two seconds while the page is open."""

from time import monotonic

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.service_counters import (
    WINDOW_SECONDS,
    Counters,
    History,
    Line,
    highest,
    read_counters,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import missing, service

_SECONDS = 2.0


def show() -> None:
    """The page."""
    st.title("Health")
    _live()


@st.fragment(run_every=_SECONDS)
def _live() -> None:
    try:
        counters = read_counters(service().counters(), monotonic())
    except ProjectError as error:
        missing(error)
        return
    history: History = st.session_state.setdefault("history", History())
    history.add(counters)
    _totals(counters)
    _lines(history.rates(), "Predictions asked for", "requests a second")
    _lines(history.delays(), "Time to answer", "milliseconds")


def _totals(counters: Counters) -> None:
    first, second, third, fourth = st.columns(4)
    first.metric("version", counters.version)
    second.metric("requests", f"{counters.requests:,.0f}")
    third.metric("rows", f"{counters.rows:,.0f}")
    fourth.metric("refused / failed", f"{counters.refused:,.0f} / {counters.failed:,.0f}")


def _lines(series: dict[str, Line], title: str, unit: str) -> None:
    rows = [
        {"ago": ago, "value": value, "series": name}
        for name, line in series.items()
        for ago, value in line
    ]
    x = {
        "field": "ago",
        "type": "quantitative",
        "title": "seconds before now",
        "scale": {"domain": [-WINDOW_SECONDS, 0]},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": unit,
        "scale": {"domain": [0, max(1.0, 1.1 * highest(series))]},
    }
    legend = {"title": None, "orient": "top", "symbolType": "stroke"}
    scale = {"domain": list(series), "range": ["#2f86d6", "#d9590d"]}
    colour = {"field": "series", "type": "nominal", "scale": scale, "legend": legend}
    dashes = {"domain": list(series), "range": [[1, 0], [6, 3]]}
    dash = {"field": "series", "type": "nominal", "scale": dashes, "legend": legend}
    chart = {
        "title": title,
        "height": 300,
        "mark": {"type": "line", "strokeWidth": 2.5, "point": len(rows) <= len(series)},
        "encoding": {"x": x, "y": y, "color": colour, "strokeDash": dash},
    }
    st.vega_lite_chart(rows, chart, width="stretch")
