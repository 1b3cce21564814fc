import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation

from {{ cookiecutter.package_name }}.inference.pictures import as_url

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


@pytest.fixture
def visit(pages_of, tmp_path) -> Iterator[Visit]:
    """Lets a visitor, without a browser, do something on the running pages."""
    pages_of("nicegui")
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


def only(user: User, kind: type[ui.element], label: str = ""):
    """The one element of a kind, or the one with this label."""
    with user:
        found = [
            one for one in user.find(kind=kind).elements if label in one.props.get("label", "")
        ]
    (element,) = found
    return element


async def sees(user: User, *what: str, **which: object) -> None:
    """Waits until it is there, up to ten seconds on a busy machine."""
    await user.should_see(*what, **which, retries=100)


async def upload(user: User, label: str, name: str, content: bytes) -> None:
    box = only(user, ui.upload, label)
    await box.handle_uploads([SmallFileUpload(name, "", content)])


def tables(user: User) -> list[list[dict[str, object]]]:
    """The rows of every table, in the page's order."""
    with user:
        found = sorted(user.find(kind=ui.table).elements, key=lambda one: one.id)
    return [element.rows for element in found]


def test_a_form_asks_the_service(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
        assert only(user, ui.number, "age").value == 54.0
        only(user, ui.number, "age").value = 30
        user.find(marker="ask").click()
        await sees(user, "bought")
        await sees(user, "75% sure")
        await sees(user, "Version 7 answered in")
        await sees(user, marker="answer", content="no")

    visit(story)


def test_a_form_warns_of_what_training_never_saw(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        only(user, ui.number, "age").value = 99
        user.find(marker="ask").click()
        await sees(user, marker="answer", content="yes")
        await sees(user, "age is 99; training saw 18 to 90.")

    visit(story)


def test_an_empty_field_is_a_missing_value(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        only(user, ui.number, "age").value = None
        only(user, ui.select, "city").value = None
        user.find(marker="ask").click()
        await sees(user, marker="answer", content="no")

    visit(story)


def test_a_drawing_is_answered_with_each_stroke(visit, picture_service, light_picture) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "Draw on the black square")
        user.find(marker="pad").trigger("drawn", as_url(light_picture))
        await sees(user, "Version 7 answered in")
        await sees(user, "What the model sees")
        user.find(marker="pad").trigger("drawn", None)
        await sees(user, "Draw on the black square")

    visit(story)


def test_a_picture_is_answered(visit, picture_service, light_picture) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        user.find(kind=ui.tab, content="Picture").click()
        await upload(user, "Picture", "spot.png", light_picture)
        await sees(user, "Version 7 answered in")

    visit(story)


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(visit, picture_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        user.find(kind=ui.tab, content="Picture").click()
        await upload(user, "Picture", "notes.png", b"not a picture")
        await sees(user, "cannot be read as a picture")

    visit(story)


def test_a_file_of_rows_is_answered_and_its_bad_rows_are_named(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        user.find(kind=ui.tab, content="File").click()
        await upload(user, "Rows", "new.csv", b"age,city,income\n61,Oslo,3\nold,Oslo,3\n")
        await sees(user, "1 rows answered by version 7")
        problems, answers = tables(user)
        assert problems == [{"row": 2, "problem": "age: expected a finite number, got 'old'"}]
        assert [row["prediction"] for row in answers] == ["yes", ""]
        user.find("Download results").click()
        saved = await user.download.next()
        assert saved.text.splitlines()[0].startswith("age,city,income,prediction,")

    visit(story)


def test_a_file_without_the_columns_is_refused_in_a_sentence(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        user.find(kind=ui.tab, content="File").click()
        await upload(user, "Rows", "new.csv", b"age\n61\n")
        await sees(user, "'new.csv' has no column 'city', which the model reads.")

    visit(story)


@pytest.mark.parametrize("page", ["/", "/health"])
def test_a_service_that_is_down_says_what_to_type(visit, no_service, page: str) -> None:
    async def story(user: User) -> None:
        await user.open(page)
        await sees(user, "`uv run serve`")
        user.find("Try again").click()
        await sees(user, "`uv run serve`")

    visit(story)


def test_an_empty_registry_says_what_to_type(visit, no_versions) -> None:
    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "`uv run pipeline`")

    visit(story)


def test_versions_are_listed_and_compared(visit, two_versions) -> None:
    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "never promoted")
        versions, _ = tables(user)
        assert [row["version"] for row in versions] == [2, 1]
        only(user, ui.select, "Compare with").value = 1
        await sees(user, "Metrics")
        assert tables(user)[1][0]["difference"] == "0.0500"
        only(user, ui.select, "Version").value = 1
        await sees(user, "History")
        assert [row["why"] for row in tables(user)[1]] == ["first of all"]

    visit(story)


def test_the_counters_of_the_service_are_shown(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        user.find(marker="ask").click()
        await sees(user, "Version 7 answered in")
        await user.open("/health")
        await sees(user, "0 / 0")
        await sees(user, kind=ui.label, content="requests")

    visit(story)
