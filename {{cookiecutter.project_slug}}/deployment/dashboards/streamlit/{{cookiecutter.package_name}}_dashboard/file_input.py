"""A whole file of rows: upload, see what is wrong with it, download the answers."""

import streamlit as st

from {{ cookiecutter.package_name }}.inference.uploads import (
    EXTENSIONS,
    Upload,
    answers_first,
    as_file,
    read_upload,
    results,
)
from {{ cookiecutter.package_name }}.integrations.scoring import score_rows
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import ServedModel
from {{ cookiecutter.package_name }}.utils.words import counted
from {{ cookiecutter.package_name }}_dashboard.shared import asked, file_of, plain, refused

_SHOWN = 200


def show(model: ServedModel) -> None:
    """Take a file and answer it."""
    names = [column.name for column in model.columns]
    listed = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
    st.caption(plain(f"A CSV or Parquet file with the columns {listed}; others are kept."))
    file = file_of("Rows", EXTENSIONS, key="rows")
    if file is None:
        return
    try:
        upload = read_upload(file.name, file.getvalue(), model.data_schema)
        _problems(upload)
        if upload.rows:
            _results(upload, model, f"{file.file_id} {model.version}")
    except ProjectError as error:
        refused(error)


def _problems(upload: Upload) -> None:
    if not upload.problems:
        return
    count = len(upload.problems)
    left_out = f"{count:,} of {counted(upload.table.num_rows, 'row')} cannot be asked."
    st.warning(plain(f"{upload.name}: {left_out}"))
    first = list(upload.problems.items())[:_SHOWN]
    rows = {"row": [number + 1 for number, _ in first], "problem": [text for _, text in first]}
    st.dataframe(rows, hide_index=True)


def _results(upload: Upload, model: ServedModel, key: str) -> None:
    """Asked once a file and version: a click on the page must not ask again."""
    kept = st.session_state.get("scored")
    if kept is None or kept[0] != key:
        bar = st.progress(0.0, "Asking for the answers …")
        answers = score_rows(asked(), list(upload.rows.values()), lambda share: _move(bar, share))
        bar.empty()
        kept = (key, results(upload, answers, model.data_schema))
        st.session_state["scored"] = kept
    table = kept[1]
    answered = (
        f"{upload.name}: {counted(len(upload.rows), 'row')} answered by version {model.version}."
    )
    st.success(plain(answered))
    st.download_button(
        "Download results",
        as_file(table, upload.name),
        f"scored-{upload.name}",
        icon=":material/download:",
        type="primary",
    )
    shown = answers_first(table.slice(0, _SHOWN), upload)
    st.dataframe(shown, hide_index=True, placeholder="")


def _move(bar: st.delta_generator.DeltaGenerator, share: float) -> None:
    bar.progress(share, "Asking for the answers …")
