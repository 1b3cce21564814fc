"""The script that Streamlit runs for each visitor and each click: which pages there are."""

from pathlib import Path

import streamlit as st

import {{ cookiecutter.package_name }}
from {{ cookiecutter.package_name }}_dashboard import (
    drift_page,
    health_page,
    models_page,
    predict_page,
    runs_page,
)

st.set_page_config(
    page_title={{ cookiecutter.package_name }}.PROJECT,
    page_icon=Path(__file__).with_name("icon.svg"),  # a page's own sign comes from the internet
    layout="centered",
)
pages = [
    st.Page(predict_page.show, title="Predict", icon=":material/draw:", default=True),
    st.Page(models_page.show, title="Models", icon=":material/inventory_2:", url_path="models"),
    st.Page(runs_page.show, title="Runs", icon=":material/timeline:", url_path="runs"),
    st.Page(health_page.show, title="Health", icon=":material/monitor_heart:", url_path="health"),
    st.Page(drift_page.show, title="Drift", icon=":material/moving:", url_path="drift"),
]
st.navigation(pages, position="top").run()
