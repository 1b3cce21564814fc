"""A canvas to draw on, as a Streamlit component."""

import streamlit as st

from {{ cookiecutter.package_name }}.inference.pictures import pad_script

_HTML = """
<canvas width="280" height="280" aria-label="Drawing pad"></canvas>
<button type="button">Clear</button>
"""
_CSS = """
canvas { display: block; width: 100%; max-width: 280px; aspect-ratio: 1; cursor: crosshair;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  box-sizing: border-box; }
button { margin-top: 0.6rem; padding: 0.3rem 0.9rem; font: inherit; cursor: pointer;
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
