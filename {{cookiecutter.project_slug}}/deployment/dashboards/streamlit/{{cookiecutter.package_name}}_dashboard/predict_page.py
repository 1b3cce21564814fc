"""Page "Predict": ask the model by hand."""

from collections.abc import Callable

import streamlit as st

from {{ cookiecutter.package_name }}.inference import forms, pictures
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Cell, Row, ServedModel
from {{ cookiecutter.package_name }}_dashboard import file_input
from {{ cookiecutter.package_name }}_dashboard.answers import show_answer
from {{ cookiecutter.package_name }}_dashboard.drawing_pad import drawing_pad
from {{ cookiecutter.package_name }}_dashboard.shared import (
    asked,
    file_of,
    model_or_words,
    plain,
    refused,
)

Input = Callable[[ServedModel], None]


def show() -> None:
    """The page."""
    st.title("Predict")
    model = model_or_words()
    if model is None:
        return
    trained = f"{model.model_name}, trained on {model.data_name}, predicts {model.target}"
    st.markdown(f"**{plain(model.label)}**: {plain(trained)}.")
    inputs = _inputs(model)
    names = list(inputs)
    chosen = st.segmented_control(
        "Input", names, default=names[0], label_visibility="collapsed", key="input"
    )
    inputs[chosen or names[0]](model)


def _inputs(model: ServedModel) -> dict[str, Input]:
    """The ways to ask this model, the handiest first."""
    schema = model.data_schema
    offered: dict[str, Input] = {}
    if pictures.is_drawable(schema):
        offered["Draw"] = _draw
    if pictures.takes_pictures(schema):
        offered["Picture"] = _upload_picture
    elif len(schema.columns) <= forms.MOST_FIELDS:
        offered["Form"] = _form
    return {**offered, "File": file_input.show}


def _draw(model: ServedModel) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        address = drawing_pad(key="pad")
    with right:
        if address is None:
            st.info("Draw on the black square; the answer comes with each stroke.")
            return
        row = _answer_picture(pictures.decoded_url(address), model, fit=True)
    _preview(left, row, model)


def _upload_picture(model: ServedModel) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        file = file_of("Picture", pictures.FORMATS, key="picture")
        fit = pictures.is_drawable(model.data_schema) and st.toggle(
            "Cut out and centre", value=True, help="What was drawn, without the space around it"
        )
    with right:
        row = None
        if file is not None:
            # The browser refuses a file of another kind or size by itself, and what is here stays.
            st.caption(plain(f"Answer to {file.name}"))
            row = _answer_picture(file.getvalue(), model, fit=fit)
    _preview(left, row, model)


def _answer_picture(content: bytes, model: ServedModel, *, fit: bool) -> Row | None:
    """Show the answer; the row that was asked, None where there is nothing to ask."""
    schema = model.data_schema
    try:
        picture = pictures.read_picture(content, schema)
        if pictures.is_blank(picture):
            st.info("The picture is empty: every point of it has the same colour.")
            return None
        row = pictures.row_of_picture(picture, schema, fit=fit)
        answer = asked().predict([row])
    except ProjectError as error:
        refused(error)
        return None
    show_answer(answer, model)
    return row


def _preview(place: st.delta_generator.DeltaGenerator, row: Row | None, model: ServedModel) -> None:
    if row is not None:
        png = pictures.preview(row, model.data_schema)
        place.image(png, caption="What the model sees", width=160)


def _form(model: ServedModel) -> None:
    schema = model.data_schema
    with st.form("row"):
        places = st.columns(2)
        values = {
            field.name: _field(places[place % 2], field, f"{model.label}: {field.name}")
            for place, field in enumerate(forms.fields(schema))
        }
        st.caption("An empty field is a missing value.")
        sent = st.form_submit_button("Predict", type="primary")
    if sent:
        _answer_row(forms.row_of(schema, values), model)


def _field(place: st.delta_generator.DeltaGenerator, field: forms.Field, key: str) -> Cell:
    # Only an input that begins empty can be emptied again: what it begins with is put in here.
    st.session_state.setdefault(key, field.default)
    if field.number:
        number: float | None = place.number_input(
            plain(field.name),
            value=None,
            step=field.step,
            format="%g",
            help=plain(field.hint),
            key=key,
        )
        return number
    chosen: str | None = place.selectbox(
        plain(field.name),
        field.options,
        index=None,
        accept_new_options=True,
        help=plain(field.hint),
        placeholder="missing",
        key=key,
    )
    return chosen


def _answer_row(row: Row, model: ServedModel) -> None:
    for sentence in forms.unusual(model.data_schema, row):
        st.warning(plain(sentence), icon=":material/warning:")
    try:
        show_answer(asked().predict([row]), model)
    except ProjectError as error:
        refused(error)
