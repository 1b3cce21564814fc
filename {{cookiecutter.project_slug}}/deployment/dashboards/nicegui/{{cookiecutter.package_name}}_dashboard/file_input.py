"""A whole file of rows: upload, see what is wrong with it, download the answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from nicegui import events, ui

from {{ cookiecutter.package_name }}.inference.uploads import (
    EXTENSIONS,
    Upload,
    answers_first,
    as_file,
    read_upload,
    results,
)
from {{ cookiecutter.package_name }}.integrations.scoring import score_rows
from {{ cookiecutter.package_name }}.schemas.errors import DataError, ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Answering, ServedModel
from {{ cookiecutter.package_name }}.utils.words import counted
from {{ cookiecutter.package_name }}_dashboard.shared import refused, table, words

_SHOWN = 200
# A file is taken at once: there is no list of files, and no share of it to tell.
_BOX = """
.q-uploader__subtitle { display: none }
.q-uploader__list { min-height: 48px; padding: 12px }
.q-uploader__list::before { content: "Choose a file with +, or drop one here."; opacity: 0.7 }
"""


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
    ui.add_css(_BOX)


def show(service: Answering, model: ServedModel, most_bytes: int) -> None:
    """Take a file and answer it."""
    names = [column.name for column in model.columns]
    listed = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
    hint = f"A CSV or Parquet file with the columns {listed}; others are kept."
    ui.label(hint).classes("text-sm opacity-70")

    async def uploaded(event: events.UploadEventArguments) -> None:
        place.clear()
        share = {"done": 0.0}
        with place:
            bar = ui.linear_progress(show_value=False).bind_value_from(share, "done")
        content = await event.file.read()
        try:
            answered = await asyncio.to_thread(
                _answer, service, model, event.file.name, content, share
            )
        except ProjectError as error:
            show_it = partial(refused, error)
        else:
            show_it = partial(_show, answered, model)
        if not bar.is_deleted:  # or another file was chosen meanwhile, or the visitor left
            place.clear()
            with place:
                show_it()

    def rejected(error: ProjectError) -> None:
        place.clear()
        with place:
            refused(error)

    upload(uploaded, rejected, most_bytes, ",".join(f".{ending}" for ending in EXTENSIONS), "Rows")
    place = ui.column().classes("w-full")


@dataclass(frozen=True)
class _Answered:
    """A file with its answers, as a table and as a file; without them where no row can be asked."""

    read: Upload
    table: pa.Table | None = None
    content: bytes = b""


def _answer(
    service: Answering, model: ServedModel, name: str, content: bytes, share: dict[str, float]
) -> _Answered:
    """What takes long, in a thread; `share` says how much of it is done."""
    read = read_upload(name, content, model.data_schema)
    if not read.rows:
        return _Answered(read)
    rows = list(read.rows.values())
    answers = score_rows(service, rows, lambda done: share.update(done=done))
    answered = results(read, answers, model.data_schema)
    return _Answered(read, answered, as_file(answered, name))


def _show(answered: _Answered, model: ServedModel) -> None:
    read = answered.read
    _problems(read)
    if answered.table is None:
        return
    done = f"{read.name}: {counted(len(read.rows), 'row')} answered by version {model.version}."
    words("check_circle", "positive", done)
    save = ui.button("Download results", icon="download").props("no-caps")
    save.on_click(lambda: ui.download.content(answered.content, f"scored-{read.name}"))
    _preview(answers_first(answered.table.slice(0, _SHOWN), read))


def _problems(read: Upload) -> None:
    if not read.problems:
        return
    count = len(read.problems)
    left_out = f"{count:,} of {counted(read.table.num_rows, 'row')} cannot be asked."
    words("warning", "warning", f"{read.name}: {left_out}")
    first = list(read.problems.items())[:_SHOWN]
    table([{"row": number + 1, "problem": text} for number, text in first], most=5)


def _preview(answered: pa.Table) -> None:
    rows = [{name: _shown(value) for name, value in row.items()} for row in answered.to_pylist()]
    table(rows)


def _shown(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else str("" if value is None else value)
