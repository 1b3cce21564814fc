"""What every page has: the model, the settings, and words for what is missing."""

import re
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    DashboardSettings,
    read_dashboard_settings,
)
from {{ cookiecutter.package_name }}.integrations.local_model import open_model
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.serving import Answering, ServedModel

_CODE = re.compile(r"(?<!`)(`[^`\n]+`)(?!`)")
_SIGNS = re.compile(r"[\\*_\[\]$<>#~:|]")
# The browser refuses a file by itself. Why, Streamlit tells to who points at it or hears the page.
_REFUSAL = """<style>
[data-testid=stFileChips] { max-height: none !important }
[data-testid=stFileChip] {
  height: auto; width: auto; max-width: 100%; flex-wrap: wrap; overflow: visible;
}
[data-testid=stFileChip] > [role=alert] {
  position: static; flex: 1 0 100%; width: auto; height: auto; margin: 0; overflow: visible;
  clip: auto; clip-path: none; white-space: normal; font-size: 0.875rem;
}
</style>"""


@st.cache_resource
def settings() -> DashboardSettings:
    """The environment's settings, read once."""
    return read_dashboard_settings()


@st.cache_resource(on_release=lambda opened: opened.close())
def asked() -> Answering:
    """What predictions are asked of; one for all visitors, so that connections are kept open."""
    return open_model(settings())


def model_or_words() -> ServedModel | None:
    """The model that answers now; without one, the page says why and what to do."""
    try:
        with st.spinner("Asking for the model …"):
            return asked().model()
    except ProjectError as error:
        missing(error)
    return None


def missing(error: ProjectError) -> None:
    """An empty state: the sentence, and a way to ask again."""
    st.info(plain(str(error)), icon=":material/info:")
    st.button("Try again", icon=":material/refresh:", key="again")


def refused(error: ProjectError) -> None:
    """What was asked cannot be answered; each sentence on a line of its own."""
    st.error(plain(str(error)), icon=":material/error:")


def file_of(label: str, kinds: Sequence[str], key: str) -> UploadedFile | None:
    """A file of these kinds that the visitor gives; a refused one is shown with the reason."""
    st.html(_REFUSAL)
    return st.file_uploader(label, type=kinds, key=key)


def plain(text: str) -> str:
    """The text as it is: what a file or a name holds is not Markdown, but `code` stays."""
    parts = _CODE.split(text)  # within code, a backslash would be shown
    parts[::2] = [_SIGNS.sub(r"\\\g<0>", part) for part in parts[::2]]
    return "".join(parts).replace("\n", "  \n")


def numbers(rows: list[dict[str, object]]) -> None:
    """Rows as a table; what is a fraction has four digits after its point."""
    if not rows:
        return
    fractions = {name for row in rows for name, value in row.items() if isinstance(value, float)}
    shown = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(
        rows, hide_index=True, column_config=dict.fromkeys(fractions, shown), placeholder="—"
    )
