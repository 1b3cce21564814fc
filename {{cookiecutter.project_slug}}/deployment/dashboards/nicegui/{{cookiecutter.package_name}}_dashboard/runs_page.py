"""Page "Runs": the last trainings, with what they were told and how they learnt."""

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.run_list import (
    ListedRun,
    learning_curves,
    list_runs,
    parameter_rows,
    run_rows,
)
from {{ cookiecutter.package_name }}_dashboard.shared import asked, heading, table
from {{ cookiecutter.package_name }}_dashboard.version_views import show_curves


def show(settings: DashboardSettings) -> None:
    """The page; what MLflow says follows as soon as it has answered."""
    place = ui.column().classes("w-full")
    name, uri = settings.mlflow_model_name, settings.mlflow_tracking_uri

    async def build() -> None:
        await asked(place, lambda: list_runs(name, uri), lambda runs: _runs(runs, uri))

    ui.timer(0, build, once=True)


def _runs(runs: list[ListedRun], uri: str | None) -> None:
    table(run_rows(runs))
    names = {place: run.label for place, run in enumerate(runs)}

    async def choose() -> None:
        run = runs[chosen.value]
        link.clear()
        with link:
            if run.link:
                ui.link("Open in MLflow", run.link, new_tab=True)
        parameters.clear()
        with parameters:
            heading("Parameters")
            table(parameter_rows(run), most=20)
        await asked(curves, lambda: learning_curves({run.name: run.id}, uri), show_curves)

    chosen = ui.select(names, value=0, label="Run", on_change=choose).classes("w-full")
    link, curves, parameters = (ui.column().classes("w-full") for _ in range(3))
    ui.timer(0, choose, once=True)
