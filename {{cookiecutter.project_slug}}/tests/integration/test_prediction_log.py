"""The service keeps what it answered, whatever becomes of the store, the disk or itself."""

import os
import re
import signal
import sqlite3
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from kept_in_memory import eventually
from postgres_server import postgres_server
from running_service import running_service

from {{ cookiecutter.package_name }}.utils.paths import project_root

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="only Linux limits another process, and lists its children"
    ),
]

ROWS = {"inputs": [{"age": 60, "city": "Oslo", "income": 2.5}] * 3}
LABELLED = "SELECT request_id, label FROM predicted_rows WHERE label IS NOT NULL"
ALL_IDS = "SELECT request_id FROM prediction_requests"


@pytest.fixture
def started(tiny_model, tmp_path):
    """A service with this store; `lost` holds the folder of a SQLite file that is not there."""

    def start(url: str, **more: str):
        return running_service(
            MODEL_PATH=str(tiny_model),
            PREDICTION_LOG_URL=url,
            PREDICTION_LOG_SPILL=str(tmp_path / "spill"),
            **more,
        )

    return start


def _ask(url: str, ids: list[str], count: int) -> None:
    """So many predictions; the ids of those that were answered are added."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        for _ in range(count):
            answer = client.post("/v1/predict", json=ROWS)
            assert answer.status_code == 200
            ids.append(answer.json()["request_id"])


@contextmanager
def _load(url: str):
    """The ids of predictions that two clients get as long as the block lasts."""
    ids: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            _ask(url, ids, 5)

    clients = [threading.Thread(target=ask) for _ in range(2)]
    for client in clients:
        client.start()
    try:
        yield ids
    finally:
        done.set()
        for client in clients:
            client.join()


def _counted(url: str, name: str) -> float:
    page = httpx.get(f"{url}/metrics", trust_env=False).text
    return sum(map(float, re.findall(rf"^prediction_log_{re.escape(name)} (\S+)$", page, re.M)))


def _check(url: str) -> str:
    ready = httpx.get(f"{url}/health/ready", trust_env=False)
    assert ready.status_code == 200
    return ready.json()["checks"]["prediction log"]


def _documented() -> str:
    """The page's example in Python."""
    page = (project_root() / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    return (
        page.partition("## `POST /v1/feedback`")[2].partition("```python\n")[2].partition("```")[0]
    )


def _children(pid: int) -> list[int]:
    return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _in_file(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [request_id for (request_id,) in connection.execute(ALL_IDS)]


def test_a_database_that_is_killed_under_load_costs_no_entry(started, tmp_path):
    with postgres_server(tmp_path) as server, started(server.url) as service:
        with _load(service.url) as ids:
            assert eventually(lambda: _counted(service.url, "requests_total") > 20)
            server.kill()
            assert eventually(lambda: _counted(service.url, "spilled_total") > 20)
            assert eventually(lambda: "store away since" in _check(service.url))
            server.start()
            assert eventually(lambda: _check(service.url) == "ok")
        assert eventually(
            lambda: _counted(service.url, "spill_bytes") == 0 == _counted(service.url, "waiting")
        )
        exec(_documented().replace("http://127.0.0.1:8000", service.url), told := {})
        assert eventually(lambda: _counted(service.url, "labels_total") == 1)
        with psycopg.connect(server.url) as connection:
            (pair,) = connection.execute(LABELLED).fetchall()
            kept = [request_id for (request_id,) in connection.execute(ALL_IDS)]
        page = httpx.get(f"{service.url}/metrics", trust_env=False).text

    assert len(ids) > 40
    assert pair == (told["answer"]["request_id"], "yes")
    ids.append(told["answer"]["request_id"])
    assert sorted(kept) == sorted(ids)
    assert not re.search(r"^prediction_log_dropped_total.* [^0].*$", page, re.M)
    assert service.messages().count("prediction log: store away") == 1


def test_a_service_that_is_killed_leaves_its_entries_to_the_next(started, tmp_path):
    path = tmp_path / "later" / "kept.db"
    ids: list[str] = []
    with started(f"sqlite:///{path}") as first:
        _ask(first.url, ids, 30)
        assert eventually(lambda: _counted(first.url, "spilled_total") == 30)
        first.process.kill()
    (torn,) = (tmp_path / "spill").glob("*.spill")
    whole = torn.read_bytes()
    torn.write_bytes(whole + whole[:60])  # what a write that did not end leaves
    path.parent.mkdir()

    with started(f"sqlite:///{path}") as second:
        assert eventually(lambda: _counted(second.url, "requests_total") == 30)
        assert eventually(lambda: _counted(second.url, 'dropped_total{reason="damaged"}') == 1)
        assert _check(second.url) == "ok"

    assert sorted(_in_file(path)) == sorted(ids)
    assert not [*(tmp_path / "spill").glob("*")]


def test_a_disk_that_takes_no_more_does_not_stop_the_answers(started, tmp_path):
    import resource  # Windows has none

    path = tmp_path / "kept.db"
    ids: list[str] = []
    with started(f"sqlite:///{path}") as service:
        _ask(service.url, ids, 1)
        assert eventually(lambda: _counted(service.url, "requests_total") == 1)
        everything = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (1, everything[1]))
        _ask(service.url, ids, 50)
        assert eventually(lambda: "spill takes no more" in _check(service.url))
        assert eventually(lambda: "store away" in _check(service.url))
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, everything)
        assert eventually(lambda: _check(service.url) == "ok")
        assert eventually(lambda: _counted(service.url, "requests_total") == 51)

    assert sorted(_in_file(path)) == sorted(ids)


def test_entries_of_a_worker_that_is_killed_are_written_by_another(started, tmp_path):
    path = tmp_path / "later" / "kept.db"
    ids: list[str] = []
    with started(f"sqlite:///{path}", WEB_CONCURRENCY="2") as service:
        for _ in range(30):  # a connection each: both processes get some
            _ask(service.url, ids, 1)
        assert eventually(lambda: _counted(service.url, "spilled_total") == 30)
        os.kill(_children(service.process.pid)[0], signal.SIGKILL)
        path.parent.mkdir()
        assert eventually(lambda: _counted(service.url, "requests_total") == 30)

    assert sorted(_in_file(path)) == sorted(ids)


def test_a_service_of_two_processes_keeps_every_entry_once(started, tmp_path):
    path = tmp_path / "kept.db"
    with started(f"sqlite:///{path}", WEB_CONCURRENCY="2") as service:
        with _load(service.url) as ids:
            assert eventually(lambda: len(ids) > 200)
        assert eventually(lambda: _counted(service.url, "requests_total") == len(ids))

    assert sorted(_in_file(path)) == sorted(ids)
