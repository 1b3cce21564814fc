"""A whole file of rows: upload, see what is wrong with it, download the answers."""

import asyncio
from collections.abc import Awaitable, Callable

import pyarrow as pa
from nicegui import events, ui

from {{ cookiecutter.package_name }}.inference.uploads import (
    EXTENSIONS,
    Upload,
    as_file,
    read_upload,
    results,
)
from {{ cookiecutter.package_name }}.integrations.scoring import score_rows
from {{ cookiecutter.package_name }}.schemas.errors import DataError, ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Answering, ServedModel
from {{ cookiecutter.package_name }}_dashboard.shared import refused, table, words

_SHOWN = 200


def upload(
    uploaded: Callable[[events.UploadEventArguments], Awaitable[None]],
    rejected: Callable[[ProjectError], None],
    most_bytes: int,
    kinds: str,
    label: str,
) -> None:
    """A box to choose or drop one file of at most so many bytes; another is `rejected`."""
    too_much = f"Expected a file of at most {most_bytes // 1_000_000} MB, of {kinds}."

    async def taken(event: events.UploadEventArguments) -> None:
        box.reset()  # the box's own list of files would only grow
        await uploaded(event)

    box = ui.upload(
        label=label,
        on_upload=taken,
        on_rejected=lambda: rejected(DataError(too_much)),
        max_file_size=most_bytes,
        auto_upload=True,
    )
    box.props(f"accept={kinds} flat bordered").classes("max-w-full")


def show(service: Answering, model: ServedModel, most_bytes: int) -> None:
    """Take a file and answer it."""
    names = [column.name for column in model.columns]
    listed = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
    hint = f"A CSV or Parquet file with the columns {listed}; others are kept."
    ui.label(hint).classes("text-sm opacity-70")

    async def uploaded(event: events.UploadEventArguments) -> None:
        place.clear()
        with place:
            try:
                await _answer(service, model, event)
            except ProjectError as error:
                refused(error)

    def rejected(error: ProjectError) -> None:
        place.clear()
        with place:
            refused(error)

    upload(uploaded, rejected, most_bytes, ",".join(f".{ending}" for ending in EXTENSIONS), "Rows")
    place = ui.column().classes("w-full")


async def _answer(
    service: Answering, model: ServedModel, event: events.UploadEventArguments
) -> None:
    schema = model.data_schema
    read = await asyncio.to_thread(read_upload, event.file.name, await event.file.read(), schema)
    _problems(read)
    if not read.rows:
        return
    share = {"done": 0.0}
    bar = ui.linear_progress(show_value=False).bind_value_from(share, "done")
    rows = list(read.rows.values())
    try:
        answers = await asyncio.to_thread(
            score_rows, service, rows, lambda done: share.update(done=done)
        )
    finally:
        bar.delete()
    answered = await asyncio.to_thread(results, read, answers, schema)
    content = await asyncio.to_thread(as_file, answered, read.name)
    done = f"{read.name}: {len(rows):,} rows answered by version {model.version}."
    words("check_circle", "positive", done)
    save = ui.button("Download results", icon="download").props("no-caps")
    save.on_click(lambda: ui.download.content(content, f"scored-{read.name}"))
    _preview(answered.slice(0, _SHOWN))


def _problems(read: Upload) -> None:
    if not read.problems:
        return
    count = len(read.problems)
    words("warning", "warning", f"{count:,} of {read.table.num_rows:,} rows cannot be asked.")
    first = list(read.problems.items())[:_SHOWN]
    table([{"row": number + 1, "problem": text} for number, text in first], most=5)


def _preview(answered: pa.Table) -> None:
    rows = [{name: _shown(value) for name, value in row.items()} for row in answered.to_pylist()]
    table(rows)


def _shown(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else str("" if value is None else value)
