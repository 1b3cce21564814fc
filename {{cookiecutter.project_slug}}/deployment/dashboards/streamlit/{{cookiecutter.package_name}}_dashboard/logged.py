"""Charts of the last 24 hours, from the prediction log."""

import time
from collections.abc import Callable

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.logged_day import (
    HOURS,
    Lines,
    LoggedDay,
    read_day,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.charts import lines
from {{ cookiecutter.package_name }}_dashboard.shared import plain

_X = {"title": "hours before now", "scale": {"domain": [-HOURS, 0]}}


@st.cache_data(ttl=60, show_spinner="Reading the prediction log …")
def _day() -> LoggedDay:
    return read_day(time.time())


def last_day(chosen: Callable[[LoggedDay], list[tuple[str, str, Lines]]]) -> None:
    """The chosen charts; words where the log has nothing."""
    try:
        charts = chosen(_day())
    except ProjectError as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    for title, unit, series in charts:
        lines(title, series, _X, {"title": unit, "scale": {"domainMin": 0}})
