"""A form with a field for each of the model's columns."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from nicegui import ui

from {{ cookiecutter.package_name }}.inference import forms
from {{ cookiecutter.package_name }}.schemas.serving import Row, ServedModel
from {{ cookiecutter.package_name }}_dashboard.shared import words

Hinted = TypeVar("Hinted", ui.number, ui.select)


def show(model: ServedModel, answered: Callable[[Row, ui.column], Awaitable[None]]) -> None:
    """Fields and a button; `answered` fills the place below them."""
    schema = model.data_schema
    with ui.element("div").classes("grid w-full gap-x-6 gap-y-2 md:grid-cols-2"):
        inputs = {field.name: _field(field) for field in forms.fields(schema)}
    ui.label("An empty field is a missing value.").classes("text-sm opacity-70")

    async def predict() -> None:
        values = {name: given.value for name, given in inputs.items()}
        row = forms.row_of(schema, values)
        warnings.clear()
        with warnings:
            for sentence in forms.unusual(schema, row):
                words("warning", "warning", sentence)
        await answered(row, place)

    ui.button("Predict", on_click=predict).props("no-caps").mark("ask")
    warnings = ui.column().classes("w-full")
    place = ui.column().classes("w-full")


def _field(field: forms.Field) -> ui.number | ui.select:
    if field.number:
        default = None if field.default is None else float(field.default)
        number = ui.number(field.name, value=default, step=field.step)
        return _hinted(number.props("clearable"), field)
    chosen = ui.select(
        list(field.options),
        label=field.name,
        value=field.default,
        with_input=True,
        new_value_mode="add-unique",
        clearable=True,
    )
    return _hinted(chosen, field)


def _hinted(element: Hinted, field: forms.Field) -> Hinted:
    element.props["hint"] = field.hint
    return element
