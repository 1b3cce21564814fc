"""The same through HTTP: a real `mlflow server` on PostgreSQL keeps runs, files and versions."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow_server import Wire, mlflow_server, postgres, wire

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.evaluate import main as evaluate
from {{ cookiecutter.package_name }}.cli.promote import main as promote
from {{ cookiecutter.package_name }}.cli.rollback import main as rollback
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, TrackingUnavailable
from {{ cookiecutter.package_name }}.utils.files import sha256_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
]

HERE = Path(__file__).parent
SET_ALIAS = "/registered-models/alias"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of an MLflow server with an empty database that passes files on."""
    folder = tmp_path_factory.mktemp("server")
    with postgres(folder) as database, mlflow_server(folder, database) as uri:
        yield uri


@pytest.fixture
def line(server, project, monkeypatch) -> Iterator[Wire]:
    """The wire between commands and the server; tries are few and short."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    with wire(server) as passing:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", passing.url)
        yield passing


def states() -> dict[str, list[str]]:
    """Version numbers by state; `registered` is left out."""
    found: dict[str, list[str]] = {}
    for number, version in Registry(PROJECT).snapshot().versions.items():
        found.setdefault(version.state, []).append(number)
    return {state: sorted(held) for state, held in found.items() if state != "registered"}


@pytest.fixture
def served_before(line, registered) -> None:
    """Two versions have been `prod`, whichever tests this server has seen."""
    registered(2, line.url)
    newest = max(map(int, Registry(PROJECT).snapshot().versions))
    for version in (newest - 1, newest):
        for alias in ("staging", "prod"):
            assert promote(["--to", alias, "--version", str(version)]) == 0


def test_a_server_replaces_the_local_store(line, project, register, run_folder):
    with pytest.raises(ModelNotFound, match="run `uv run pipeline` first"):
        fetch_in_child("nobody", "dev")

    served = register("sqlite:///not-used.db")
    codes = [evaluate([]), promote(["--to", "staging"])]
    line.calls.clear()
    codes.append(promote(["--to", "prod"]))
    calls = len(line.calls)
    fetched = fetch_in_child(PROJECT, "prod")

    assert codes == [0, 0, 0]
    assert fetched.served == served.model_copy(update={"alias": "prod"})
    assert sha256_of(fetched.path) == sha256_of(run_folder / "model.onnx")
    assert calls <= 40
    assert not list(project.glob("*.db"))
    assert not (project / "mlartifacts").exists()


def test_of_several_at_once_one_wins_and_the_others_are_told(line, server, registered):
    registered(4, line.url)
    newest = max(map(int, Registry(PROJECT).snapshot().versions))
    versions = [str(newest - place) for place in range(4)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}

    command = [sys.executable, str(HERE / "racing_moves.py"), server, "staging", *versions]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=True)

    outcomes = dict(text.split(" ", 1) for text in done.stdout.splitlines())
    winners = [version for version, outcome in outcomes.items() if outcome == "moved"]
    losers = [outcome for outcome in outcomes.values() if outcome != "moved"]
    assert len(winners) == 1, done.stdout
    assert all(
        "is moving an alias now" in text or "when this was decided" in text for text in losers
    )
    assert len(losers) == 3
    assert states()["staging"] == winners
    assert Registry(PROJECT).model_tags() == {}


@pytest.mark.parametrize("trouble", ["500", "hang", "lost"])
def test_a_server_that_fails_at_the_alias_is_told_and_the_next_run_goes_on(
    line, registered, trouble, capsys, monkeypatch
):
    registered(1, line.url)
    version = max(Registry(PROJECT).snapshot().versions, key=int)
    if states().get("staging") != [version]:
        assert promote(["--to", "staging"]) == 0
    before = states().get("prod", [])
    began = time.monotonic()

    line.trouble = lambda method, path: (
        trouble if method == "POST" and path.endswith(SET_ALIAS) else ""
    )
    with monkeypatch.context() as patched:
        if trouble == "hang":
            patched.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "3")
        code = promote(["--to", "prod"])
    line.trouble = lambda method, path: ""
    line.mended.set()
    said = capsys.readouterr()
    after = states()
    again = promote(["--to", "prod", "--version", version])

    assert code == TrackingUnavailable.exit_code
    assert "cannot be used" in said.err
    assert "had begun: run the same command again" in said.err
    assert time.monotonic() - began < 60
    assert after.get("prod", []) == ([version] if trouble == "lost" else before)
    assert again == 0
    assert ("finished an interrupted move" in capsys.readouterr().out) is (trouble == "lost")
    assert states()["prod"] == [version]
    assert before == [] or states()["archived"]
    assert Registry(PROJECT).model_tags() == {}


def test_a_server_that_is_away_changes_nothing_and_is_told_soon(line, served_before, capsys):
    before = states()
    line.trouble = lambda method, path: "500"

    began = time.monotonic()
    codes = [promote(["--to", "prod", "--version", "1"]), rollback([]), promote(["--history"])]

    line.trouble = lambda method, path: ""
    assert codes == [TrackingUnavailable.exit_code] * 3
    assert capsys.readouterr().err.count("cannot be used") == 3
    assert time.monotonic() - began < 60
    assert states() == before


def test_prod_goes_back_and_forth_over_http(line, served_before, capsys):
    present = states()["prod"]

    codes = [rollback(["--reason", "slow"]), rollback(["--to-version", *present])]

    assert codes == [0, 0]
    assert states()["prod"] == present
    assert promote(["--history"]) == 0
    assert "slow" in capsys.readouterr().out
