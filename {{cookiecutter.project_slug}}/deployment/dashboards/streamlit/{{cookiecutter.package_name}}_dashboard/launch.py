"""Starts Streamlit on the pages."""

from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)

_COLOUR = {"light": "#2166ac", "dark": "#6db1e8"}


def options(settings: DashboardSettings) -> dict[str, str]:
    """Streamlit's own options: where it listens, what it takes, and that it tells nobody."""
    return {
        "server.address": settings.dashboard_host,
        "server.port": str(settings.dashboard_port),
        "server.headless": "true",
        "server.maxUploadSize": str(settings.dashboard_upload_mb),
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        "logger.level": "warning",
        **{f"theme.{kind}.primaryColor": colour for kind, colour in _COLOUR.items()},
    }


def launch(settings: DashboardSettings) -> None:
    """Run until stopped by Ctrl-C."""
    from streamlit.web import cli

    flags = [f"--{name}={value}" for name, value in options(settings).items()]
    script = str(Path(__file__).with_name("app.py"))
    cli.main(["run", script, *flags], standalone_mode=False)
