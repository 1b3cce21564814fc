"""The pages as a visitor has them, in a real browser. Tests of one dashboard share its service."""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import draw

pytestmark = [
    pytest.mark.slow,
    # MLflow's own, at its import; nothing here can change it.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

PAGES = {"Predict": "", "Models": "models", "Runs": "runs", "Health": "health", "Drift": "drift"}
SETTLED = {
    "Predict": "What was|Draw on the black square",
    "Models": "Compare with",
    "Runs": "Parameters",
    "Health": "The last 24 hours",
    "Drift": "no report on drift",
}
WAIT = 20_000


@pytest.fixture
def visit(stage, chrome) -> Iterator[Callable[..., Any]]:
    """Opens pages; afterwards there were no errors, and nobody but this machine was asked."""
    contexts, troubles, asked = [], [], set()

    def open_page(name: str = "Predict", here: str = "", **options: Any) -> Any:
        options = {"viewport": {"width": 1000, "height": 900}, **options}
        context = chrome.new_context(**options)
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if _is_error(said) else None)
        page.on("response", lambda answer: troubles.append(answer.url) if _failed(answer) else None)
        page.on("request", lambda request: asked.add(_host(request.url)))
        page.goto(f"{here or stage.here}/{PAGES[name]}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
    assert asked - {"127.0.0.1", ""} == set()


def _is_error(said: Any) -> bool:
    # What failed to load is in the answers.
    return said.type == "error" and "Failed to load resource" not in said.text


def _failed(answer: Any) -> bool:
    # A wrong password is 401. Some pages ask at which of two addresses their server is.
    return answer.status >= 400 and answer.status != 401 and "/_stcore/" not in answer.url


def _host(url: str) -> str:
    found = re.match(r"(?:https?|wss?)://([^/:]+)", url)
    return found[1] if found else ""


def sees(page: Any, words: str) -> None:
    page.get_by_text(re.compile(words)).filter(visible=True).first.wait_for()


def test_a_drawn_nought_is_answered_with_nought(visit) -> None:
    page = visit()
    draw(page)
    sees(page, "Version 1 answered in")
    answer = page.locator("[data-testid=stMetricValue], .headline").first
    assert answer.inner_text().strip() == "0"


def test_a_wrong_file_is_refused_in_a_sentence(visit, tmp_path: Path) -> None:
    notes = tmp_path / "notes.png"
    notes.write_text("not a picture")
    rows = tmp_path / "rows.csv"
    rows.write_text("colour\nred\n")

    page = visit()
    page.get_by_text("Picture", exact=True).first.click()
    page.locator("input[type=file]").first.set_input_files(notes)
    sees(page, "cannot be read as a picture")
    page.get_by_text("File", exact=True).first.click()
    page.get_by_text("A CSV or Parquet file").first.wait_for()
    page.locator("input[type=file]").last.set_input_files(rows)
    sees(page, "'rows.csv' has no column")


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
  return one.innerText?.trim() ?? "";
}"""


def test_the_keyboard_reaches_pages_and_inputs(visit) -> None:
    page = visit()
    sees(page, SETTLED["Predict"])
    reached = []
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
        if "Clear" in reached[-1]:
            break

    assert any("Models" in words for words in reached)
    assert any("Draw" in words for words in reached)
    assert "Clear" in reached[-1]


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
    until = time.monotonic() + 20
    while _served(stage.api) != "2":
        assert time.monotonic() < until
        time.sleep(0.2)

    draw(page)

    sees(page, "Version 2 answered in")


def _served(api: str) -> str:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{api}/v1/model", timeout=5) as answer:
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
