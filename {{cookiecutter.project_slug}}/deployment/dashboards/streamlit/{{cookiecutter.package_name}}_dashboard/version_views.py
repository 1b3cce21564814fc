"""What the page "Models" shows of one version, or of two side by side."""

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.run_list import Charts, learning_curves
from {{ cookiecutter.package_name }}.integrations.run_papers import (
    Papers,
    fetch_papers,
    shared_figures,
)
from {{ cookiecutter.package_name }}.integrations.version_list import ListedVersion
from {{ cookiecutter.package_name }}.integrations.version_rows import (
    decision_name,
    decision_words,
    decisions,
    gate_rows,
    move_rows,
)
from {{ cookiecutter.package_name }}_dashboard.charts import lines
from {{ cookiecutter.package_name }}_dashboard.shared import numbers, plain, settings


@st.cache_data(ttl=60, show_spinner="Fetching the run's curves …")
def curves_of(runs: dict[str, str], uri: str | None) -> Charts:
    """Curves of runs by name; kept a minute, as a run may go on."""
    return learning_curves(runs, uri)


def _papers(version: ListedVersion) -> Papers:
    with st.spinner("Fetching the run's files …"):
        return fetch_papers(version.run_id, settings().mlflow_tracking_uri)


def figures(one: ListedVersion, other: ListedVersion | None) -> None:
    """Confusion matrices, or residuals, beside each other."""
    theirs = _papers(other) if other else None
    found = shared_figures(_papers(one), theirs)
    if not found:
        st.info("No figures are stored with its run: `uv run train` makes them.")
    for title, svgs in found:
        st.subheader(title)
        places = st.columns(len(svgs))
        versions = (one, other)
        for place, version, svg in zip(places, versions, svgs, strict=False):
            name = version.name if version else ""
            if svg is None:
                place.caption(f"Version {name} has no such figure.")
            else:
                place.image(svg, caption=f"Version {name}", width="stretch")


def curves(one: ListedVersion, other: ListedVersion | None) -> None:
    """What was measured at each epoch."""
    runs = {f"version {v.number}": v.run_id for v in (one, other) if v is not None and v.run_id}
    show_curves(curves_of(runs, settings().mlflow_tracking_uri))


def show_curves(charts: Charts) -> None:
    """A chart a quantity; words where there is none."""
    if not charts:
        st.info("Nothing was measured by epoch: this model is not trained in epochs.")
    x = {
        "title": "epoch",
        "axis": {"tickMinStep": 1, "format": "d"},
        "scale": {"zero": False, "nice": False},
    }
    for quantity, series in charts.items():
        title = quantity.replace("_", " ")
        y = {"title": title, "scale": {"zero": False}}
        lines(f"{title.capitalize()} by epoch", series, x, y)


def card(one: ListedVersion, _: ListedVersion | None) -> None:
    """The model card that travels with the version."""
    text = _papers(one).card
    if text is None:
        st.info("No model card is stored with its run: `uv run train` writes one.")
    else:
        with st.container(border=True):
            st.markdown(text)


def history(one: ListedVersion, _: ListedVersion | None) -> None:
    """Which aliases came to name it, and what the gate measured then."""
    if not one.moves:
        st.info("It was never promoted: `uv run promote --to staging` does that.")
        return
    numbers(move_rows(one))
    decided = decisions(one)
    if not decided:
        st.caption("No gate decided any of these.")
        return
    st.subheader("Gate")
    move = st.selectbox("Decision", decided, format_func=decision_name)
    st.markdown(plain(decision_words(move)))
    numbers(gate_rows(move))
