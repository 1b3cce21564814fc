"""Several processes that answer at one address."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from running_service import running_service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's children"),
]

ROWS = {"inputs": [[60, "Oslo", 1.5]] * 3}


def counted(page: str, name: str) -> float:
    (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(value)


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").is_dir()


def until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.05)


def test_processes_count_together_and_one_that_dies_is_replaced(tiny_model) -> None:
    version = 'served_model_info{alias="",data_digest="0123456789abcdef",'
    version += 'name="{{ cookiecutter.package_name }}",version="local"}'
    with running_service(MODEL_PATH=str(tiny_model), WEB_CONCURRENCY="2") as service:

        def ask() -> httpx.Response:  # over a connection of its own, so either may get it
            return httpx.post(f"{service.url}/v1/predict", json=ROWS, trust_env=False)

        def page() -> str:
            return httpx.get(f"{service.url}/metrics", trust_env=False).text

        until(lambda: counted(page(), version) == 2)
        answers = [ask() for _ in range(40)]
        pages = {counted(page(), "predicted_rows_total") for _ in range(10)}
        first = children(service.process.pid)
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(children(service.process.pid) - first) == 1)
        until(lambda: counted(page(), version) == 2)
        later = [ask() for _ in range(10)]
        rows = counted(page(), "predicted_rows_total")
        second = children(service.process.pid)

    assert [answer.status_code for answer in answers + later] == [200] * 50
    assert (pages, rows) == ({120.0}, 150.0)
    assert "a process died" in service.messages()
    assert not any(lives(pid) for pid in first | second)


def test_processes_do_not_outlive_the_one_that_started_them(tiny_model) -> None:
    with running_service(MODEL_PATH=str(tiny_model), WEB_CONCURRENCY="2") as service:
        started = children(service.process.pid)
        service.process.kill()
        until(lambda: not any(lives(pid) for pid in started))
