import asyncio

import pytest
from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from nicegui_visits import only, sees, tables

from {{ cookiecutter.package_name }}.inference.pictures import as_url


async def upload(user: User, label: str, name: str, content: bytes) -> None:
    box = only(user, ui.upload, label)
    await box.handle_uploads([SmallFileUpload(name, "", content)])


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
        await sees(user, "version 7 (prod)")
        only(user, ui.number, "age").value = 99
        user.find(marker="ask").click()
        await sees(user, marker="answer", content="yes")
        await sees(user, "age is 99; training saw 18 to 90.")

    visit(story)


def test_an_empty_field_is_a_missing_value(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
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
        await sees(user, "version 7 (prod)")
        user.find(kind=ui.tab, content="Picture").click()
        await upload(user, "Picture", "spot.png", light_picture)
        await sees(user, "Answer to spot.png")
        await sees(user, "Version 7 answered in")

    visit(story)


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(visit, picture_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
        user.find(kind=ui.tab, content="Picture").click()
        await upload(user, "Picture", "notes.png", b"not a picture")
        await sees(user, "cannot be read as a picture")

    visit(story)


def test_a_file_of_rows_is_answered_and_its_bad_rows_are_named(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
        user.find(kind=ui.tab, content="File").click()
        await upload(user, "Rows", "new.csv", b"age,city,income\n61,Oslo,3\nold,Oslo,3\n")
        await sees(user, "new.csv: 1 of 2 rows cannot be asked.")
        await sees(user, "new.csv: 1 row answered by version 7")
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
        await sees(user, "version 7 (prod)")
        user.find(kind=ui.tab, content="File").click()
        await upload(user, "Rows", "new.csv", b"age\n61\n")
        await sees(user, "'new.csv' has no column 'city', which the model reads.")

    visit(story)


@pytest.mark.parametrize(("tab", "label"), [("Picture", "Picture"), ("File", "Rows")])
def test_a_file_over_the_limit_leaves_a_sentence_and_no_former_answer(
    visit, picture_service, light_picture, tab: str, label: str
) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
        user.find(kind=ui.tab, content=tab).click()
        rows = ",".join(f"pixel_{n}" for n in range(16)) + "\n" + ",".join("1" * 16) + "\n"
        picture = label == "Picture"
        given = ("spot.png", light_picture) if picture else ("new.csv", rows.encode())
        await upload(user, label, *given)
        await sees(user, "Version 7 answered in" if picture else "answered by version 7")
        with user:
            user.find(kind=ui.upload).trigger("rejected")
        await sees(user, "Expected a file of at most 20 MB")
        await user.should_not_see("answered")
        await user.should_not_see("Answer to")

    visit(story)


@pytest.mark.parametrize("page", ["/", "/health"])
def test_a_service_that_is_down_says_what_to_type(visit, no_service, page: str) -> None:
    async def story(user: User) -> None:
        await user.open(page)
        await sees(user, "<code>uv run serve</code>")
        user.find("Try again").click()
        await sees(user, "<code>uv run serve</code>")

    visit(story)


def test_the_counters_of_the_service_are_shown(visit, table_service) -> None:
    async def story(user: User) -> None:
        await user.open("/")
        await sees(user, "version 7 (prod)")
        user.find(marker="ask").click()
        await sees(user, "Version 7 answered in")
        await user.open("/health")
        await sees(user, "0 / 0")
        await sees(user, kind=ui.label, content="requests")

    visit(story)


def test_charts_of_health_are_given_new_points_and_not_made_anew(visit, table_service) -> None:
    async def story(user: User) -> None:
        from {{ cookiecutter.package_name }}_dashboard import health_page

        health_page._SECONDS = 0.05
        await user.open("/health")
        await sees(user, "0 / 0")
        before, looks = [chart.id for chart in charts(user)], 0
        while looks < 3:
            await asyncio.sleep(0.05)
            looks = len(charts(user)[0].options["series"][0]["data"])
        assert [chart.id for chart in charts(user)] == before

    visit(story)


def charts(user: User) -> list[ui.echart]:
    """What the service counts now, drawn."""
    with user:
        return sorted(user.find(kind=ui.echart).elements, key=lambda one: one.id)[:4]
