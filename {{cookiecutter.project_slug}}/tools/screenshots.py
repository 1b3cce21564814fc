"""Pictures of the dashboard's pages for the documentation: `uv run just screenshots`.

Needs Chromium, and a project in which `uv run pipeline` was run, best twice: with two versions
there is something to compare. The service and the dashboard are started here, and stopped again.
"""

import importlib.util
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "fixtures"))

from browser import (  # noqa: E402 - found in the folder that was just added
    HOW,
    await_answer,
    browser,
    chromium,
    draw,
    free_port,
    process,
)

PAGES = ("predict", "models", "runs", "health", "drift")
SIZE = {"width": 900, "height": 900}
TALL = {"width": 900, "height": 1550}
NARROW = {"width": 400, "height": 1300}


def main() -> int:
    """Write a picture a page."""
    if chromium() is None:
        print(f"error: There is no Chromium here: {HOW}.", file=sys.stderr)
        return 2
    folder = ROOT / "docs" / "images" / "dashboard" / choice()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        log, port, api_port = Path(scratch) / "log", free_port(), free_port()
        api, here = f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{port}"
        given = {**os.environ, "API_URL": api, "DASHBOARD_PORT": str(port)}
        with (
            process("serve", "--port", str(api_port), log=log, environment=os.environ) as service,
            process("dashboard", log=log, environment=given) as pages,
        ):
            await_answer(f"{api}/health/ready", service, log)
            await_answer(here, pages, log)
            with browser() as started:
                shoot(started, here, api, folder)
    return 0


def choice() -> str:
    """Which of the choices is installed: the folder that its pages lie in."""
    found = importlib.util.find_spec("{{ cookiecutter.package_name }}_dashboard")
    if found is None or found.origin is None:
        raise SystemExit("error: The dashboard is not installed: run `uv sync`.")
    return Path(found.origin).parents[1].name


def shoot(browser: Any, here: str, api: str, folder: Path) -> None:
    """Open each page as a visitor would, wait until it is drawn, and keep the picture."""
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    for name in PAGES:
        page.goto(f"{here}/{'' if name == 'predict' else name}")
        page.get_by_role("heading", name=name.capitalize()).first.wait_for()
        if name == "predict":
            draw(page)
            answered(page)
        page.set_viewport_size(TALL if name in ("health", "runs") else SIZE)
        if name == "health":
            ask(api, seconds=9)
        settle(page)
        save(page, folder / f"{name}.png")
        if name == "models":
            for view in ("Figures", "Learning curves", "History"):
                page.get_by_text(view, exact=True).first.click()
                settle(page)
                save(page, folder / f"models-{view.split()[0].lower()}.png")
    page.close()
    dark = browser.new_page(viewport=NARROW, color_scheme="dark")
    dark.goto(here)
    draw(dark)
    answered(dark)
    settle(dark)
    save(dark, folder / "predict-narrow-dark.png")


def settle(page: Any) -> None:
    """Wait until nothing on the page says that more is coming."""
    page.wait_for_timeout(1000)
    for sign in ("[data-testid=stSkeleton]", "[data-testid=stStatusWidget]", ".q-spinner"):
        page.wait_for_function("s => !document.querySelector(s)", arg=sign)
    page.wait_for_timeout(500)


def answered(page: Any) -> None:
    """Wait for the answer to what was drawn."""
    page.get_by_text("answered in").first.wait_for()


def ask(api: str, seconds: float) -> None:
    """Give the service something to count: the least value of each column."""
    with httpx.Client(base_url=api, trust_env=False) as client:
        columns = client.get("/v1/model").json()["columns"]
        row = [column.get("minimum") for column in columns]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            client.post("/v1/predict", json={"inputs": [row]})
            time.sleep(0.02)


def save(page: Any, path: Path) -> None:
    """The whole page, in few colours: small enough for a repository."""
    from io import BytesIO

    from PIL import Image

    shot = Image.open(BytesIO(page.screenshot(full_page=True)))
    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main())
