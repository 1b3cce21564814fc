"""Page "Drift": whether what the model is asked is still like what it learnt from."""

from nicegui import ui

from {{ cookiecutter.package_name }}.integrations.drift_reports import NO_REPORT, reports
from {{ cookiecutter.package_name }}_dashboard.logged import last_day
from {{ cookiecutter.package_name }}_dashboard.shared import heading, markdown, words


def show() -> None:
    """The page."""
    found = reports()
    if not found:
        words("info", "primary", NO_REPORT)
    for report in found:
        heading(report.title)
        with ui.card().classes("w-full overflow-x-auto"):
            markdown(report.text)
    last_day("Answers of the last 24 hours", lambda day: day.drift)
