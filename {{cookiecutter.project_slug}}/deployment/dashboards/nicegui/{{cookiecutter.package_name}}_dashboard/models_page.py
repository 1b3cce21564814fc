"""Page "Models": the registered versions, and two of them side by side."""

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.version_list import (
    ListedVersion,
    list_versions,
)
from {{ cookiecutter.package_name }}.integrations.version_rows import (
    others,
    version_rows,
)
from {{ cookiecutter.package_name }}_dashboard.shared import asked, table
from {{ cookiecutter.package_name }}_dashboard.version_views import VIEWS


def show(settings: DashboardSettings) -> None:
    """The page; what the registry says follows as soon as it has answered."""
    place = ui.column().classes("w-full")
    name, uri = settings.mlflow_model_name, settings.mlflow_tracking_uri

    async def build() -> None:
        await asked(
            place,
            lambda: list_versions(name, uri),
            lambda versions: _Comparison(versions, uri).show(),
        )

    ui.timer(0, build, once=True)


class _Comparison:
    """The list of versions, and what is chosen of it."""

    def __init__(self, versions: list[ListedVersion], uri: str | None) -> None:
        self._by_number = {version.number: version for version in versions}
        self._versions = versions
        self._uri = uri

    def show(self) -> None:
        table(version_rows(self._versions))
        with ui.element("div").classes("grid w-full gap-4 sm:grid-cols-2"):
            self._one = ui.select(
                {version.number: version.name for version in self._versions},
                value=self._versions[0].number,
                label="Version",
                on_change=self._chosen,
            )
            self._other = ui.select([], label="Compare with", on_change=self._build, clearable=True)
        self._view = (
            ui.tabs(on_change=self._build).props("dense no-caps align=left").classes("w-full")
        )
        with self._view:
            for name in VIEWS:
                ui.tab(name)
        self._place = ui.column().classes("w-full")
        self._offer()
        self._view.set_value(next(iter(VIEWS)))

    def _offer(self) -> None:
        """Let the other be any but the one; the one that serves is proposed."""
        rest = others(self._versions, self._by_number[self._one.value])
        self._other.set_options({version.number: version.name for version in rest})
        self._other.set_value(rest[0].number if rest else None)

    async def _chosen(self) -> None:
        self._offer()
        await self._build()

    async def _build(self) -> None:
        view = VIEWS.get(self._view.value or "")
        if view is not None:
            one, other = self._by_number[self._one.value], self._by_number.get(self._other.value)
            await view(self._place, one, other, self._uri)
