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
from {{ cookiecutter.package_name }}_dashboard.charts import COLOURS, lines
from {{ cookiecutter.package_name }}_dashboard.logged import last_day
from {{ cookiecutter.package_name }}_dashboard.shared import asked, missing

_SECONDS = 2.0
_AGO = {"title": "seconds before now", "scale": {"domain": [-WINDOW_SECONDS, 0]}}


def show() -> None:
    """The page."""
    st.title("Health")
    _live()
    st.subheader("The last 24 hours")
    last_day(lambda day: day.health)


@st.fragment(run_every=_SECONDS)
def _live() -> None:
    try:
        counters = read_counters(asked().counters(), monotonic())
    except ProjectError as error:
        missing(error)
        return
    history: History = st.session_state.setdefault("history", History())
    history.add(counters)
    _totals(counters)
    _lines("Predictions asked for", "a second", history.rates())
    _lines("Requests refused or failed", "% of requests", history.errors())
    _lines("Time to answer", "milliseconds", history.delays())
    _versions(history)


def _totals(counters: Counters) -> None:
    first, second, third, fourth = st.columns(4)
    first.metric("version", counters.version)
    second.metric("requests", f"{counters.requests:,.0f}")
    third.metric("rows", f"{counters.rows:,.0f}")
    fourth.metric("refused / failed", f"{counters.refused:,.0f} / {counters.failed:,.0f}")


def _lines(title: str, unit: str, series: dict[str, Line]) -> None:
    top = max(1.0, 1.1 * highest(series))
    lines(title, series, _AGO, {"title": unit, "scale": {"domain": [0, top]}})


def _versions(history: History) -> None:
    rows = [{"ago": ago, "version": version} for ago, version in history.versions()]
    x = {"field": "ago", "type": "quantitative", **_AGO}
    y = {"field": "version", "type": "nominal", "title": "version"}
    mark = {"type": "tick", "orient": "vertical", "thickness": 6, "color": COLOURS[0]}
    chart = {
        "title": "Version that answered",
        "height": {"step": 36},
        "mark": mark,
        "encoding": {"x": x, "y": y},
    }
    st.vega_lite_chart(rows, chart, width="stretch")
