"""Page "Predict": ask the model by hand."""

from collections.abc import Callable

from nicegui import events, ui

from {{ cookiecutter.package_name }}.inference import forms, pictures
from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
)
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Answer, Answering, Row, ServedModel
from {{ cookiecutter.package_name }}_dashboard import file_input, form_input
from {{ cookiecutter.package_name }}_dashboard.answers import show_answer
from {{ cookiecutter.package_name }}_dashboard.drawing_pad import drawing_pad
from {{ cookiecutter.package_name }}_dashboard.shared import (
    asked,
    refused,
    words,
)

_HINT = "Draw on the black square; the answer comes with each stroke."


def show(service: Answering, settings: DashboardSettings) -> None:
    """The page; the model follows as soon as it is there."""
    place = ui.column().classes("w-full")

    async def build() -> None:
        await asked(place, service.model, lambda model: _Inputs(service, settings, model).show())

    ui.timer(0, build, once=True)


class _Inputs:
    """The ways to ask this model, the handiest first."""

    def __init__(self, service: Answering, settings: DashboardSettings, model: ServedModel) -> None:
        self._service = service
        self._limit = settings.most_bytes
        self._model = model
        self._schema = model.data_schema

    def show(self) -> None:
        model = self._model
        with ui.row().classes("items-baseline gap-1"):
            ui.label(model.label).classes("font-bold")
            ui.label(f"{model.model_name}, trained on {model.data_name}, predicts {model.target}.")
        inputs = self._offered()
        with ui.tabs().props("dense no-caps align=left").classes("w-full") as tabs:
            for name in inputs:
                ui.tab(name)
        with ui.tab_panels(tabs, value=next(iter(inputs))).classes("w-full bg-transparent"):
            for name, build in inputs.items():
                with ui.tab_panel(name).classes("px-0"):
                    build()

    def _offered(self) -> dict[str, Callable[[], None]]:
        offered: dict[str, Callable[[], None]] = {}
        if pictures.is_drawable(self._schema):
            offered["Draw"] = self._draw
        if pictures.takes_pictures(self._schema):
            offered["Picture"] = self._upload_picture
        elif len(self._schema.columns) <= forms.MOST_FIELDS:
            offered["Form"] = lambda: form_input.show(self._model, self._answered)
        offered["File"] = lambda: file_input.show(self._service, self._model, self._limit)
        return offered

    def _draw(self) -> None:
        with ui.element("div").classes("grid w-full gap-6 md:grid-cols-[auto_1fr]"):
            with ui.column():

                async def changed(address: str | None) -> None:
                    content = pictures.decoded_url(address) if address else None
                    await self._pictured(content, seen, answer, fit=True)

                drawing_pad(changed)
                seen = ui.column()
            answer = ui.column().classes("w-full")
            with answer:
                words("info", "primary", _HINT)

    def _upload_picture(self) -> None:
        last: list[events.UploadEventArguments] = []
        with ui.element("div").classes("grid w-full gap-6 md:grid-cols-[auto_1fr]"):
            with ui.column():

                async def uploaded(event: events.UploadEventArguments) -> None:
                    last[:] = [event]
                    await answer_last()

                async def answer_last() -> None:
                    for event in last:
                        named.text = f"Answer to {event.file.name}"
                        content = await event.file.read()
                        await self._pictured(content, seen, answer, fit=fit.value)

                def rejected(error: ProjectError) -> None:
                    last.clear()
                    seen.clear()
                    answer.clear()
                    named.text = ""
                    with answer:
                        refused(error)

                kinds = ",".join(f".{ending}" for ending in pictures.FORMATS)
                file_input.upload(uploaded, rejected, self._limit, kinds, "Picture")
                drawable = pictures.is_drawable(self._schema)
                fit = ui.switch("Cut out and centre", value=drawable, on_change=answer_last)
                fit.set_visibility(drawable)
                seen = ui.column()
            with ui.column().classes("w-full gap-1"):
                named = ui.label().classes("text-sm opacity-70")
                answer = ui.column().classes("w-full")

    async def _pictured(
        self, content: bytes | None, seen: ui.column, place: ui.column, *, fit: bool
    ) -> None:
        seen.clear()
        place.clear()
        if content is None:
            with place:
                words("info", "primary", _HINT)
            return
        try:
            picture = pictures.read_picture(content, self._schema)
            row = pictures.row_of_picture(picture, self._schema, fit=fit)
        except ProjectError as error:
            with place:
                refused(error)
            return
        if pictures.is_blank(picture):
            with place:
                words("info", "primary", "The picture is empty: every point has the same colour.")
            return
        with seen:
            preview = pictures.preview(row, self._schema)
            ui.image(pictures.as_url(preview)).style("width: 120px").props("no-transition")
            ui.label("What the model sees").classes("text-sm opacity-70")
        await self._answered(row, place)

    async def _answered(self, row: Row, place: ui.column) -> None:
        await asked(
            place,
            lambda: self._service.predict([row]),
            self._show_answer,
            lambda error, _: refused(error),
        )

    def _show_answer(self, answer: Answer) -> None:
        show_answer(answer, self._model)
        if answer.version != self._model.version:
            words("info", "primary", "Another version answers by now: reload the page.")
