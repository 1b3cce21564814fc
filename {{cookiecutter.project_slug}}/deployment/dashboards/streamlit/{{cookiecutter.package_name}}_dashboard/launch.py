"""Starts Streamlit on the pages."""

from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.door import Door

# Legible as a text on dark ground, and with white text on it.
_COLOUR = {"light": "#2166ac", "dark": "#2f7fc6"}


def options(settings: DashboardSettings) -> dict[str, Any]:
    """Streamlit's own options: where it listens, what it takes, and that it tells nobody."""
    return {
        "server.address": settings.dashboard_host,
        "server.port": settings.dashboard_port,
        "server.headless": True,
        "server.maxUploadSize": settings.dashboard_upload_mb,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "viewer",
        "logger.level": "warning",
        "logger.hideWelcomeMessage": True,  # it would ask the internet for this machine's address
        **{f"theme.{kind}.primaryColor": colour for kind, colour in _COLOUR.items()},
    }


def launch(settings: DashboardSettings) -> None:
    """Run until stopped by Ctrl-C."""
    import streamlit as st
    from starlette.middleware import Middleware

    app = st.App(
        Path(__file__).with_name("app.py"), middleware=[Middleware(Door, settings=settings)]
    )
    app.run(config=options(settings))
