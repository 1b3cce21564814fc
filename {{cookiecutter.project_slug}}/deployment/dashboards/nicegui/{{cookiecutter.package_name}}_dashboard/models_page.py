"""Page "Models": the registered versions, and two of them side by side."""

import asyncio

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.version_list import (
    ListedVersion,
    list_versions,
    metric_names,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}_dashboard.shared import missing, table


async def show(settings: DashboardSettings) -> None:
    """The page; what the registry says follows as soon as it has answered."""
    content = ui.column().classes("w-full")

    async def build() -> None:
        content.clear()
        with content:
            ui.spinner(size="lg")
            name, uri = settings.mlflow_model_name, settings.mlflow_tracking_uri
            try:
                versions = await asyncio.to_thread(list_versions, name, uri)
            except ProjectError as error:
                content.clear()
                missing(error, build)
                return
            content.clear()
            _versions(versions)

    ui.timer(0, build, once=True)


def _versions(versions: list[ListedVersion]) -> None:
    shown = metric_names(versions)[:3]
    rows = [
        {
            "version": version.number,
            "aliases": ", ".join(version.aliases),
            "model": version.model_name,
            "data": version.data_name,
            "registered": f"{version.created:%Y-%m-%d %H:%M} UTC",
            **{name: _number(version.metrics.get(name)) for name in shown},
        }
        for version in versions
    ]
    table(rows)
    names = {version.number: _name(version) for version in versions}
    by_number = {version.number: version for version in versions}
    first = versions[0].number

    def choose() -> None:
        place.clear()
        with place:
            _details(by_number[one.value], by_number.get(other.value))

    with ui.row():
        one = ui.select(names, value=first, label="Version", on_change=choose).classes("min-w-40")
        other = ui.select(names, value=None, label="Compare with", on_change=choose, clearable=True)
        other.classes("min-w-40").set_visibility(len(versions) > 1)
    place = ui.column().classes("w-full")
    choose()


def _name(version: ListedVersion) -> str:
    """Its number, and the aliases that name it."""
    aliases = f" ({', '.join(version.aliases)})" if version.aliases else ""
    return f"{version.number}{aliases}"


def _details(one: ListedVersion, other: ListedVersion | None) -> None:
    """What a version is, what became of it, and its numbers beside another's."""
    ui.label(f"Version {_name(one)}").classes("text-2xl font-bold")
    commit = f", at commit {one.git_sha[:10]}" if one.git_sha else ""
    digest = f" (digest {one.data_digest[:12]})" if one.data_digest else ""
    ui.label(f"{one.model_name}, trained on {one.data_name}{digest}{commit}. Run {one.run_id}.")
    _history(one)
    rows = []
    for name in metric_names([one, other] if other else [one]):
        mine = one.metrics.get(name)
        row = {"metric": name, f"version {one.number}": _number(mine)}
        if other:
            theirs = other.metrics.get(name)
            row[f"version {other.number}"] = _number(theirs)
            row["difference"] = "" if mine is None or theirs is None else _number(mine - theirs)
        rows.append(row)
    if rows:
        ui.label("Metrics").classes("text-lg font-bold")
        table(rows, most=30)
    else:
        ui.label("No metrics are stored with it: its run was deleted.")


def _history(version: ListedVersion) -> None:
    if not version.moves:
        ui.label("It was never promoted: `uv run promote --to staging` does that.")
        return
    ui.label("History").classes("text-lg font-bold")
    rows = [
        {
            "when": move.at,
            "alias": move.to,
            "by": move.by,
            "before": f"version {move.former}" if move.former else "none",
            "why": move.reason,
        }
        for move in version.moves
    ]
    table(rows, most=30)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
