"""Page "Models": the registered versions, and two of them side by side."""

from collections.abc import Callable

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.version_list import (
    ListedVersion,
    list_versions,
)
from {{ cookiecutter.package_name }}.integrations.version_rows import (
    metric_rows,
    origin_rows,
    others,
    version_rows,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import missing, numbers, settings
from {{ cookiecutter.package_name }}_dashboard.version_views import (
    card,
    curves,
    figures,
    history,
)

View = Callable[[ListedVersion, ListedVersion | None], None]


@st.cache_data(ttl=10, show_spinner="Asking the registry …")
def _versions(name: str, uri: str | None) -> list[ListedVersion]:
    return list_versions(name, uri)


def show() -> None:
    """The page."""
    st.title("Models")
    try:
        versions = _versions(settings().mlflow_model_name, settings().mlflow_tracking_uri)
    except ProjectError as error:
        missing(error)
        return
    numbers(version_rows(versions))
    left, right = st.columns(2)
    one = left.selectbox("Version", versions, format_func=lambda version: version.name)
    other = right.selectbox(
        "Compare with",
        others(versions, one),
        index=0 if len(versions) > 1 else None,
        format_func=lambda version: version.name,
        placeholder="nothing",
    )
    views = _views()
    names = list(views)
    chosen = st.segmented_control(
        "View", names, default=names[0], label_visibility="collapsed", key="view"
    )
    try:
        views[chosen or names[0]](one, other)
    except ProjectError as error:
        missing(error)


def _views() -> dict[str, View]:
    return {
        "Metrics": _metrics,
        "Figures": figures,
        "Learning curves": curves,
        "Trained on": lambda one, other: numbers(origin_rows(one, other)),
        "Model card": card,
        "History": history,
    }


def _metrics(one: ListedVersion, other: ListedVersion | None) -> None:
    rows = metric_rows(one, other)
    if rows:
        numbers(rows)
    else:
        st.caption("No metrics are stored with it: its run was deleted.")
