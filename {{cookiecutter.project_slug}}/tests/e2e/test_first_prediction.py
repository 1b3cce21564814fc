"""From somebody's CSV file to an answer over HTTP, by the commands that the README names."""

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import PROJECT


@pytest.fixture
def customers_file(project: Path) -> Path:
    """Names with spaces and accents, a missing value in places, and a rule to be learnt."""
    draws = random.Random(4)
    rows = []
    for number in range(300):
        age, city = draws.randint(18, 80), draws.choice(["Oslo", "Łódź", ""])
        label = "yes" if age > 50 or city == "Oslo" else "no"
        rows.append([number, "" if number % 17 == 0 else age, city, label])
    path = project / "my customers.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "Âge (years)", "city", "churned"], *rows])
    return path


def _run(project: Path, verb: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"{PROJECT}.cli.{verb}", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PROJECT_ROOT": str(project)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _served(project: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", f"{PROJECT}.cli.serve", "--port", "0"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise AssertionError(said)
        yield found.group()
    finally:
        if os.name == "nt":  # has no SIGINT for one process
            process.terminate()
        else:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _ask(url: str, body: object = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


@pytest.mark.slow
@pytest.mark.e2e
def test_a_csv_file_becomes_a_served_prediction(project, customers_file):
    said = _run(
        project,
        "pipeline",
        "data=table",
        f"data.path='{customers_file.name}'",
        "data.target=churned",
        "data.drop=[id]",
        "trainer.max_epochs=15",
    )

    assert "prod names version 1 now" in said
    assert (project / "reports" / "evaluation" / "v1" / "report.html").is_file()

    with _served(project) as url:
        example = _ask(f"{url}/v1/example")
        rows = [{"Âge (years)": 70, "city": "Łódź"}, {"Âge (years)": None, "city": "Oslo"}]
        answer = _ask(f"{url}/v1/predict", {"inputs": rows})

        assert _ask(f"{url}/v1/predict", example)["model"]["version"] == "1"
        assert answer["predictions"] == ["yes", "yes"]
        assert answer["model"] == {"name": PROJECT, "version": "1", "alias": "prod"}

    _run(project, "predict", customers_file.name, "scored.csv")
    with (project / "scored.csv").open(encoding="utf-8") as stream:
        scored = list(csv.DictReader(stream))
    right = sum(row["prediction"] == row["churned"] for row in scored)
    assert right > 0.85 * len(scored)
