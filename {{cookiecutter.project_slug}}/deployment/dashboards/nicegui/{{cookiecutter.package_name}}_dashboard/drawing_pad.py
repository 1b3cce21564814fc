"""A canvas to draw on, as HTML and the script that all dashboards share."""

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from {{ cookiecutter.package_name }}.inference.pictures import PAD_KEYS, pad_script
from {{ cookiecutter.package_name }}_dashboard.shared import BLUE

_STYLE = (
    "width: 280px; max-width: 100%; aspect-ratio: 1; cursor: crosshair; display: block; "
    "border: 1px solid #8a94a0; border-radius: 8px; box-sizing: border-box"
)
# Within the pad: what is around it is cut off where the tab ends.
_FOCUSED = "#pad:focus-visible { outline: 4px solid " + BLUE + "; outline-offset: -4px }"
_ATTACH = """
const canvas = document.getElementById("pad");
const pad = attach(canvas, (picture) =>
  canvas.dispatchEvent(new CustomEvent("drawn", { detail: picture })));
document.getElementById("clear").addEventListener("click", pad.clear);
"""


def drawing_pad(changed: Callable[[str | None], Awaitable[None]]) -> None:
    """Show the pad; `changed` gets the drawing as a `data:` address, None after clearing."""
    canvas = ui.element("canvas").style(_STYLE)
    canvas.props('id=pad width=280 height=280 role=application aria-label="Drawing pad"')
    canvas.props("aria-describedby=pad-keys").mark("pad")
    ui.add_css(_FOCUSED)
    keys = ui.label(PAD_KEYS).classes("text-sm opacity-70 -mt-2").style("max-width: 280px")
    keys.props("id=pad-keys")
    ui.button("Clear", icon="backspace").props("id=clear no-caps outline")

    async def drawn(event: events.GenericEventArguments) -> None:
        await changed(event.args)

    canvas.on("drawn", drawn, js_handler="(event) => emit(event.detail)")
    script = pad_script().replace("export function", "function")
    ui.run_javascript(f"{script}\n{_ATTACH}")
