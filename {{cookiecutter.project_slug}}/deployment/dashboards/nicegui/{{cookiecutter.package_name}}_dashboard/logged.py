"""Charts of the last 24 hours, from the prediction log."""

import time
from collections.abc import Callable

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.logged_day import (
    HOURS,
    Lines,
    LoggedDay,
    read_day,
)
from {{ cookiecutter.package_name }}_dashboard.charts import axis, lines
from {{ cookiecutter.package_name }}_dashboard.shared import asked, heading


def last_day(title: str, chosen: Callable[[LoggedDay], list[tuple[str, str, Lines]]]) -> None:
    """The chosen charts, as soon as the log was read; words where it has nothing."""
    heading(title)
    place = ui.column().classes("w-full")

    def show(day: LoggedDay) -> None:
        for name, unit, series in chosen(day):
            x = axis("x", "hours before now", min=-HOURS, max=0)
            lines(name, series, x, axis("y", unit, min=0))

    async def build() -> None:
        await asked(place, lambda: read_day(time.time()), show)

    ui.timer(0, build, once=True)
