"""A canvas to draw on, as a Streamlit component."""

import streamlit as st

from {{ cookiecutter.package_name }}.inference.pictures import PAD_KEYS, pad_script

_HTML = f"""
<canvas width="280" height="280" role="application" aria-label="Drawing pad"
  aria-describedby="pad-keys"></canvas>
<p id="pad-keys">{PAD_KEYS}</p>
<button type="button">Clear</button>
"""
_CSS = """
canvas { display: block; width: 100%; max-width: 280px; aspect-ratio: 1; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  box-sizing: border-box; }
canvas:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
p { max-width: 280px; margin: 0.4rem 0 0.6rem; font-size: 0.875rem; line-height: 1.4;
  opacity: 0.7; }
button { padding: 0.3rem 0.9rem; font: inherit; cursor: pointer;
  color: var(--st-text-color); background: transparent;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); }
button:hover, button:focus-visible { color: var(--st-primary-color);
  border-color: var(--st-primary-color); }
"""
# Streamlit calls the function again at every run of the page: the canvas is made a pad once.
_SCRIPT = """
export default function ({ parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas");
  if (canvas.dataset.attached) return;
  canvas.dataset.attached = "yes";
  const pad = attach(canvas, (picture) => setStateValue("picture", picture));
  parentElement.querySelector("button").onclick = pad.clear;
}
"""

_pad = st.components.v2.component("drawing_pad", html=_HTML, css=_CSS, js=pad_script() + _SCRIPT)


def drawing_pad(key: str) -> str | None:
    """Show the pad; the drawing as a `data:` address, or None before there is one."""
    picture: str | None = _pad(key=key, on_picture_change=lambda: None).picture
    return picture
