"""Visitors of the NiceGUI pages, without a browser."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator

import pytest
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation

Visit = Callable[[Callable[[User], Awaitable[None]]], None]

_MAIN = """
from nicegui import ui
from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
    read_dashboard_settings,
)
from {{ cookiecutter.package_name }}_dashboard.pages import register

register(read_dashboard_settings())
ui.run(reload=False, show=False)
"""


@pytest.fixture(scope="module", autouse=True)
def little_to_collect() -> Iterator[None]:
    """NiceGUI's harness collects garbage around each visit: not among all that was imported."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def visit(pages_of, tmp_path, monkeypatch) -> Iterator[Visit]:
    """Lets a visitor, without a browser, do something on the running pages."""
    pages_of("nicegui")
    monkeypatch.setenv("DASHBOARD_ALLOWED_HOSTS", "test")  # what the visitor calls it
    main = tmp_path / "main.py"
    main.write_text(_MAIN, encoding="utf-8")

    def run(story: Callable[[User], Awaitable[None]]) -> None:
        async def told() -> None:
            failures = []
            async with user_simulation(main_file=main) as user:
                try:
                    await story(user)
                except Exception as failure:  # an error would keep NiceGUI from its own end
                    failures.append(failure)
            if failures:
                raise failures[0]

        asyncio.run(told())

    return run
