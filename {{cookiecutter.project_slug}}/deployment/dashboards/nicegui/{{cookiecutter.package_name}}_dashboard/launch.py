"""Starts NiceGUI on the pages."""

from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)


def launch(settings: DashboardSettings) -> None:
    """Run until stopped by Ctrl-C."""
    from nicegui import ui

    import {{ cookiecutter.package_name }}
    from {{ cookiecutter.package_name }}_dashboard.pages import register

    register(settings)
    ui.run(
        host=settings.dashboard_host,
        port=settings.dashboard_port,
        title={{ cookiecutter.package_name }}.PROJECT,
        favicon=Path(__file__).with_name("icon.svg"),
        dark=None,
        reload=False,
        show=False,
        show_welcome_message=False,
    )
