"""Which pages there are, each with its own address."""

from nicegui import app, ui

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.integrations.door import Door
from {{ cookiecutter.package_name }}.integrations.local_model import open_model
from {{ cookiecutter.package_name }}_dashboard import (
    drift_page,
    health_page,
    models_page,
    predict_page,
    runs_page,
)
from {{ cookiecutter.package_name }}_dashboard.shared import frame


def register(settings: DashboardSettings) -> None:
    """Let NiceGUI answer at each page's address."""
    model = open_model(settings)
    app.on_shutdown(model.close)
    app.add_middleware(Door, settings=settings)

    @ui.page("/", title="Predict")
    def predict() -> None:
        with frame("/", "Predict"):
            predict_page.show(model, settings)

    @ui.page("/models", title="Models")
    def models() -> None:
        with frame("/models", "Models"):
            models_page.show(settings)

    @ui.page("/runs", title="Runs")
    def runs() -> None:
        with frame("/runs", "Runs"):
            runs_page.show(settings)

    @ui.page("/health", title="Health")
    def health() -> None:
        with frame("/health", "Health"):
            health_page.show(model)

    @ui.page("/drift", title="Drift")
    def drift() -> None:
        with frame("/drift", "Drift"):
            drift_page.show()
