"""Visitors of the Streamlit pages, without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit_visits import checked


@pytest.fixture
def folder(pages_of) -> Iterator[Path]:
    """Where the pages are; what Streamlit keeps for them is released afterwards."""
    yield pages_of("streamlit")
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def opened(folder) -> Callable[..., AppTest]:
    """Opens a page as a visitor would see it first."""

    def open_page(page: Callable[[], None]) -> AppTest:
        return checked(AppTest.from_function(page, default_timeout=30).run())

    return open_page
