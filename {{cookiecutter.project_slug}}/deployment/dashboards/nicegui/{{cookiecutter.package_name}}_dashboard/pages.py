"""Which pages there are, each with its own address."""

from nicegui import app, ui

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.service_client import ServiceClient
from {{ cookiecutter.package_name }}_dashboard import health_page, models_page, predict_page
from {{ cookiecutter.package_name }}_dashboard.shared import frame


def register(settings: DashboardSettings) -> None:
    """Let NiceGUI answer at each page's address."""
    service = ServiceClient(settings.api_url)
    app.on_shutdown(service.close)

    @ui.page("/", title="Predict")
    async def predict() -> None:
        with frame("/", "Predict"):
            await predict_page.show(service, settings)

    @ui.page("/models", title="Models")
    async def models() -> None:
        with frame("/models", "Models"):
            await models_page.show(settings)

    @ui.page("/health", title="Health")
    async def health() -> None:
        with frame("/health", "Health"):
            await health_page.show(service)
