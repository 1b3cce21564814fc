"""Page "Runs": the last trainings, with what they were told and how they learnt."""

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.run_list import (
    ListedRun,
    list_runs,
    parameter_rows,
    run_rows,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import missing, numbers, settings
from {{ cookiecutter.package_name }}_dashboard.version_views import curves_of, show_curves


@st.cache_data(ttl=10, show_spinner="Asking MLflow …")
def _runs(name: str, uri: str | None) -> list[ListedRun]:
    return list_runs(name, uri)


def show() -> None:
    """The page."""
    st.title("Runs")
    uri = settings().mlflow_tracking_uri
    try:
        runs = _runs(settings().mlflow_model_name, uri)
        numbers(run_rows(runs))
        run = st.selectbox("Run", runs, format_func=lambda run: run.label)
        if run.link:
            st.link_button("Open in MLflow", run.link, icon=":material/open_in_new:")
        show_curves(curves_of({run.name: run.id}, uri))
    except ProjectError as error:
        missing(error)
        return
    st.subheader("Parameters")
    numbers(parameter_rows(run))
