"""Several processes that answer at one address."""

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from running_service import running_service

from {{ cookiecutter.package_name }}_api.keys import digest_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's children"),
]

ROWS = {"inputs": [[60, "Oslo", 1.5]] * 3}


def counted(page: str, name: str) -> float:
    (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(value)


def serving(page: str) -> float:
    (value,) = re.findall(r"^served_model_info{[^}]*} (\S+)$", page, re.MULTILINE)
    return float(value)


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").is_dir()


def until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.05)


def test_processes_count_together_and_one_that_dies_is_replaced(tiny_model, tmp_path) -> None:
    keys = tmp_path / "clients"
    keys.write_text(f"ann {digest_of('ann!')} rate=60/h\n")
    variables = {"MODEL_PATH": str(tiny_model), "API_KEYS_FILE": str(keys), "WEB_CONCURRENCY": "2"}
    with running_service(**variables) as service:

        def ask() -> httpx.Response:  # over a connection of its own, so either may get it
            url, headers = f"{service.url}/v1/predict", {"X-API-Key": "ann!"}
            return httpx.post(url, json=ROWS, headers=headers, trust_env=False)

        def page() -> str:
            return httpx.get(f"{service.url}/metrics", trust_env=False).text

        until(lambda: serving(page()) == 2)
        answers = [ask() for _ in range(40)]
        until(lambda: counted(page(), "predicted_rows_total") == 120)
        pages = {counted(page(), "predicted_rows_total") for _ in range(10)}
        first = children(service.process.pid)
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(children(service.process.pid) - first) == 1)
        until(lambda: serving(page()) == 2)
        later = [ask() for _ in range(10)]
        until(lambda: counted(page(), "predicted_rows_total") == 150)
        classes = counted(page(), 'predictions_total{class="yes"}')
        requests = counted(page(), "request_rows_count")
        beyond = [ask().status_code for _ in range(20)]
        second = children(service.process.pid)

    assert [answer.status_code for answer in answers + later] == [200] * 50
    assert beyond == [200] * 10 + [429] * 10
    assert (pages, classes, requests) == ({120.0}, 150.0, 50.0)
    assert "a process died" in service.messages()
    assert not any(lives(pid) for pid in first | second)


def test_a_stop_loses_no_request_of_clients_that_come_anew_each_time(tiny_model) -> None:
    lost, answered, ended = [], [], threading.Event()
    with running_service(MODEL_PATH=str(tiny_model), WEB_CONCURRENCY="2") as service:

        def come() -> None:
            while not ended.is_set():
                try:
                    answered.append(
                        httpx.post(f"{service.url}/v1/predict", json=ROWS, trust_env=False)
                    )
                except httpx.ConnectError:  # nobody listens any more
                    return
                except httpx.TransportError as error:
                    lost.append(error)

        coming = [threading.Thread(target=come, daemon=True) for _ in range(8)]
        for one in coming:
            one.start()
        until(lambda: len(answered) > 40)
        service.process.terminate()
        for one in coming:
            one.join(60)
        ended.set()

    assert {answer.status_code for answer in answered} == {200}
    assert len(lost) <= 2, lost  # who came between a last look into the system's queue and its end


def test_processes_do_not_outlive_the_one_that_started_them(tiny_model) -> None:
    with running_service(MODEL_PATH=str(tiny_model), WEB_CONCURRENCY="2") as service:
        started = children(service.process.pid)
        service.process.kill()
        until(lambda: not any(lives(pid) for pid in started))
