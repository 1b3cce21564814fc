"""Page "Drift": whether what the model is asked is still like what it learnt from."""

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.drift_reports import NO_REPORT, reports
from {{ cookiecutter.package_name }}_dashboard.logged import last_day


def show() -> None:
    """The page."""
    st.title("Drift")
    found = reports()
    if not found:
        st.info(NO_REPORT, icon=":material/info:")
    for report in found:
        st.subheader(report.title)
        st.markdown(report.text)
    st.subheader("Answers of the last 24 hours")
    last_day(lambda day: day.drift)
