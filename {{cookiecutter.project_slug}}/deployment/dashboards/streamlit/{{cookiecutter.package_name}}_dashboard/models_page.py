"""Page "Models": the registered versions, and two of them side by side."""

import streamlit as st

from {{ cookiecutter.package_name }}.integrations.version_list import (
    ListedVersion,
    list_versions,
    metric_names,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import missing, plain, settings


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
    _table(versions)
    first = _chosen("Version", versions)
    _details(first)
    others = [version for version in versions if version.number != first.number]
    _metrics(first, _chosen("Compare with", others) if others else None)


def _table(versions: list[ListedVersion]) -> None:
    rows = [
        {
            "version": version.number,
            "aliases": list(version.aliases),
            "model": version.model_name,
            "data": version.data_name,
            "registered": version.created,
            **{name: version.metrics.get(name) for name in metric_names(versions)[:3]},
        }
        for version in versions
    ]
    numbers = {
        name: st.column_config.NumberColumn(format="%.4f") for name in metric_names(versions)[:3]
    }
    when = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")
    st.dataframe(rows, hide_index=True, column_config={**numbers, "registered": when})


def _chosen(label: str, versions: list[ListedVersion]) -> ListedVersion:
    return st.selectbox(label, versions, format_func=_name)


def _name(version: ListedVersion) -> str:
    aliases = f" ({', '.join(version.aliases)})" if version.aliases else ""
    return f"{version.number}{aliases}"


def _details(version: ListedVersion) -> None:
    st.subheader(f"Version {_name(version)}")
    commit = f", at commit {version.git_sha[:10]}" if version.git_sha else ""
    digest = f" (digest {version.data_digest[:12]})" if version.data_digest else ""
    st.markdown(
        plain(f"{version.model_name}, trained on {version.data_name}{digest}{commit}. ")
        + f"Run `{version.run_id}`."
    )
    if not version.moves:
        st.caption("It was never promoted: `uv run promote --to staging` does that.")
        return
    st.markdown("**History**")
    moves = [
        {
            "when": move.at,
            "alias": move.to,
            "by": move.by,
            "before": f"version {move.former}" if move.former else "none",
            "why": move.reason,
        }
        for move in version.moves
    ]
    st.dataframe(moves, hide_index=True)


def _metrics(one: ListedVersion, other: ListedVersion | None) -> None:
    """Numbers of one version, beside those of another and how much more the first has."""
    rows = []
    for name in metric_names([one, other] if other else [one]):
        row: dict[str, object] = {"metric": name}
        mine = row[f"version {one.number}"] = one.metrics.get(name)
        if other:
            theirs = row[f"version {other.number}"] = other.metrics.get(name)
            row["difference"] = None if mine is None or theirs is None else mine - theirs
        rows.append(row)
    if rows:
        shown = st.column_config.NumberColumn(format="%.4f")
        st.dataframe(rows, hide_index=True, column_config=dict.fromkeys(list(rows[0])[1:], shown))
    else:
        st.caption("No metrics are stored with it: its run was deleted.")
