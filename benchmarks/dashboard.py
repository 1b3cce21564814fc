"""The dashboard: start to first page, click to prediction, memory; alone and with many sessions.

Needs a project with a dashboard and a registered model of pictures (`uv run pipeline`), and
Chromium. Sessions are pages of one browser: the dashboard cannot tell them from as many visitors.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from measure import table

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
CORNERS = ((140, 40), (90, 80), (80, 140), (90, 200), (140, 240), (190, 200), (200, 140), (140, 40))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE_MS = 60_000


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(project: Path, verb: str, environment: dict[str, str]) -> Iterator[tuple[int, float]]:
    """The command's process id, and the moment of its start; ended with the block."""
    package = next(path.parent.name for path in project.glob("src/*/cli"))
    python = project / ".venv" / "bin" / "python"
    command = [str(python if python.exists() else sys.executable), "-m", f"{package}.cli.{verb}"]
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**os.environ, "PROJECT_ROOT": str(project), **environment},
            stdout=log,
            stderr=log,
        )
        try:
            yield process.pid, began
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answered(url: str, began: float) -> float:
    """Seconds from the start until somebody answers there."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.perf_counter() - began < 120:
        try:
            direct.open(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return time.perf_counter() - began
    raise SystemExit(f"nobody answers at {url}")


def resident_mib(pid: int) -> float:
    """Resident memory of the process and of all its children."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return own + sum(resident_mib(int(child)) for child in children)


def draw(page: Any) -> float:
    """Milliseconds from the end of a stroke to its answer on the page."""
    box = page.locator("canvas").first.bounding_box()
    places = [
        (box["x"] + x * box["width"] / 280, box["y"] + y * box["width"] / 280) for x, y in CORNERS
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    began = time.perf_counter()
    page.mouse.up()
    page.get_by_text("answered in").first.wait_for()
    took = 1000 * (time.perf_counter() - began)
    page.get_by_text("Clear").first.click()
    page.get_by_text("Draw on the black square").first.wait_for()
    return took


def opened(browser: Any, url: str) -> tuple[Any, float]:
    """A page with its drawing pad, and the seconds until it was there."""
    page = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    began = time.perf_counter()
    page.goto(url)
    page.locator("canvas").first.wait_for()
    page.get_by_text("Draw on the black square").first.wait_for()
    return page, time.perf_counter() - began


def measured(
    project: Path, sessions: int, rounds: int, environment: dict[str, str]
) -> dict[str, float]:
    """All numbers of one dashboard."""
    from playwright.sync_api import sync_playwright

    port = free_port()
    here = f"http://127.0.0.1:{port}"
    given = {**environment, "DASHBOARD_PORT": str(port)}
    with (
        sync_playwright() as playwright,
        running(project, "dashboard", given) as (pid, began),
    ):
        answer = answered(here, began)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        page, _ = opened(browser, here)
        first_page = time.perf_counter() - began
        one = [draw(page) for _ in range(rounds)]
        alone = resident_mib(pid)
        more = [opened(browser, here) for _ in range(sessions - 1)]
        pages = [page, *(page for page, _ in more)]
        many = [draw(each) for each in pages]
        numbers = {
            "start to first answer, s": answer,
            "start to first page in the browser, s": first_page,
            "stroke to answer shown, ms (median)": statistics.median(one),
            "memory, MiB": alone,
            f"page opened, the last of {sessions}, s": more[-1][1] if more else 0.0,
            f"stroke to answer with {sessions} sessions, ms (median)": statistics.median(many),
            f"stroke to answer with {sessions} sessions, ms (slowest)": max(many),
            f"memory with {sessions} sessions, MiB": resident_mib(pid),
        }
        browser.close()
    return numbers


def main() -> int:
    """Time each dashboard, one after the other, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--pages", type=Path, action="append", help="folder of other pages to time")
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    project = options.project.resolve()
    folders = options.pages or sorted((project / "deployment" / "dashboards").iterdir())
    results = {}
    for folder in folders:
        given = {"PYTHONPATH": str(folder.resolve()), "API_URL": "local"}
        results[folder.name] = measured(project, options.sessions, options.rounds, given)
    names = list(next(iter(results.values())))
    rows = [[name, *(f"{found[name]:,.1f}" for found in results.values())] for name in names]
    print(table(["", *results], rows))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
