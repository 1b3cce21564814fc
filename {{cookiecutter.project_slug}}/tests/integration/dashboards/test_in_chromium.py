"""The pages as a visitor has them, in a real browser. Tests of one dashboard share its service."""

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from browser import PAGES, draw, sees
from PIL import Image, ImageDraw

pytestmark = [
    pytest.mark.slow,
    # MLflow's own, at its import; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

SETTLED = {
    "Predict": "What was|Draw on the black square",
    "Models": "Compare with",
    "Runs": "Parameters",
    "Health": "The last 24 hours",
    "Drift": "no report on drift",
}


def test_a_drawn_nought_is_answered_with_nought(visit) -> None:
    page = visit()
    draw(page)
    sees(page, "Version 1 answered in")
    assert answer(page) == "0"


def answer(page: Any) -> str:
    shown = page.locator("[data-testid=stMetricValue], .headline")
    return str(shown.first.inner_text().strip())


def test_a_wrong_file_is_refused_in_a_sentence(visit, tmp_path: Path) -> None:
    notes = tmp_path / "notes.png"
    notes.write_text("not a picture")
    rows = tmp_path / "rows.csv"
    rows.write_text("colour\nred\n")

    page = visit()
    page.get_by_text("Picture", exact=True).first.click()
    choose(page, "Picture", notes)
    sees(page, "cannot be read as a picture")
    page.get_by_text("File", exact=True).first.click()
    choose(page, "Rows", rows)
    sees(page, "'rows.csv' has no column")


def choose(page: Any, label: str, file: Path) -> None:
    """Give a file to the box with this label."""
    boxes = page.locator("[data-testid=stFileUploader], .q-uploader").filter(visible=True)
    boxes.filter(has_text=label).locator("input[type=file]").set_input_files(file)


def test_no_answer_can_be_taken_for_that_to_a_file_which_the_browser_refuses(
    visit, tmp_path: Path
) -> None:
    nought, notes, large = (tmp_path / name for name in ("nought.png", "notes.txt", "large.png"))
    picture = Image.new("L", (80, 80))
    ImageDraw.Draw(picture).ellipse((20, 10, 60, 70), outline=255, width=10)
    picture.save(nought)
    notes.write_text("not a picture")
    large.write_bytes(bytes(21_000_000))

    page = visit()
    page.get_by_text("Picture", exact=True).first.click()
    for refused in (notes, large):
        choose(page, "Picture", nought)
        sees(page, "Answer to nought.png")
        sees(page, "Version 1 answered in")
        choose(page, "Picture", refused)
        why = re.compile("Expected a file of at most 20 MB|not allowed|20.*or smaller")
        said = page.get_by_text(why).filter(visible=True).first
        said.wait_for()
        assert said.bounding_box()["width"] > 100  # who cannot hear the page can read it
        if page.get_by_text("answered in").count():
            sees(page, "Answer to nought.png")


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_opens_and_a_narrow_dark_one_is_not_wider_than_the_window(visit, name: str) -> None:
    page = visit(name, viewport={"width": 400, "height": 800}, color_scheme="dark")
    sees(page, SETTLED[name])
    assert page.get_by_role("heading", name=name).first.is_visible()
    page.wait_for_timeout(500)

    too_wide = page.evaluate(
        """() => [document.scrollingElement, ...document.querySelectorAll("main, [data-testid]")]
             .filter((one) => getComputedStyle(one).display !== "inline")
             .filter((one) => one.scrollWidth > innerWidth + 1).map((one) => one.outerHTML)"""
    )
    ground, ink = page.evaluate(
        """() => {
             const shown = document.querySelector("[data-testid=stApp]") ?? document.body;
             const style = getComputedStyle(shown);
             return [style.backgroundColor, style.color].map(
               (colour) => colour.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0));
           }"""
    )
    assert too_wide == []
    assert ground < 200 < 500 < ink


_FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const style = getComputedStyle(one);
  return {
    words: one.getAttribute("aria-label") || one.innerText?.trim() || "",
    ring: style.outlineStyle === "none" ? "" : style.outlineWidth,
    cursor: one.getContext?.("2d").getImageData(140, 120, 1, 1).data.slice(0, 3).join() ?? "",
  };
}"""


def test_the_keyboard_alone_reaches_the_pad_and_draws_a_one(visit) -> None:
    page = visit()
    sees(page, SETTLED["Predict"])
    reached = []
    for _ in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        reached.append(focused["words"])
        if focused["words"] == "Drawing pad":
            break
    assert any("Models" in words for words in reached)
    assert any("Draw" in words for words in reached[:-1])
    assert (focused["ring"] > "2", focused["cursor"]) == (True, "255,176,0")

    for key, times in (("ArrowUp", 5), ("Space", 1), ("ArrowDown", 10), ("Enter", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    sees(page, "Version 1 answered in")
    assert answer(page) == "1"

    page.keyboard.press("Delete")
    sees(page, "Draw on the black square")
    page.keyboard.press("Tab")
    assert "Clear" in page.evaluate(_FOCUSED)["words"]


def test_a_stopped_service_is_told_and_a_started_one_answers_again(visit, stage) -> None:
    page, health = visit(), visit("Health")
    sees(page, SETTLED["Predict"])
    stage.stop_service()
    try:
        draw(page)
        sees(page, "does not answer .*uv run serve")
        sees(health, "does not answer .*uv run serve")
    finally:
        stage.start_service()

    health.get_by_text("refused / failed").wait_for()
    again = page.get_by_text("Try again")
    if again.count():
        again.first.click()
    draw(page)
    sees(page, "Version 1 answered in")


def test_an_alias_that_moves_while_the_page_is_open_is_told(visit, stage) -> None:
    page = visit()
    sees(page, "version 1 \\(prod\\)")
    stage.move_alias("2")
    until = time.monotonic() + 600  # to fetch a version, the service lets all others go first
    while _served(stage.api) != "2":
        assert time.monotonic() < until
        time.sleep(0.2)

    draw(page)

    sees(page, "Version 2 answered in")


def _served(api: str) -> str:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{api}/v1/model", timeout=60) as answer:
        return str(json.load(answer)["version"])


def test_behind_a_password_the_registered_model_answers_without_a_service(
    visit, stage, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("open sesame")
    with stage.another(API_URL="local", DASHBOARD_PASSWORD_FILE=str(secret)) as here:
        page = visit(here=here)
        page.get_by_label("password").fill("wrong")
        page.keyboard.press("Enter")
        sees(page, "That is not the password")
        page.get_by_label("password").fill("open sesame")
        page.keyboard.press("Enter")
        draw(page)
        sees(page, "Version [12] answered in")
        assert "open sesame" not in page.content()
        page.context.close()  # or it would look for the server that is about to end
