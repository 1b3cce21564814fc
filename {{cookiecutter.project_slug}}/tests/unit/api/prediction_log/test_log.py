import json
import re
import sqlite3
import threading
from contextlib import contextmanager
from math import inf

import pytest
from kept_in_memory import MemoryStore, eventually

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.prediction_log import log as module
from {{ cookiecutter.package_name }}_api.prediction_log import pace, writer
from {{ cookiecutter.package_name }}_api.prediction_log.pace import Pace
from {{ cookiecutter.package_name }}_api.settings import Settings

ROW = {"age": 60, "city": "Oslo", "income": 2.5}


@pytest.fixture
def service_with(tmp_path, served, client_of):
    """A started service whose log has these settings."""

    @contextmanager
    def with_settings(**given):
        url = f"sqlite:///{tmp_path}/kept.db"
        named = {"prediction_log_url": url, "prediction_log_spill": tmp_path / "spill"}
        app = create_app(Settings(**(named | given)), load=lambda _: served)
        with client_of(app) as client, client.started():
            yield client

    return with_settings


@pytest.fixture
def stored(tmp_path):
    """What the database holds now, newest last."""

    def rows(table: str) -> list[dict[str, object]]:
        connection = sqlite3.connect(tmp_path / "kept.db")
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY at")]
        connection.close()
        return found

    return rows


@pytest.fixture(autouse=True)
def calm(monkeypatch) -> None:
    """A log that takes the machine for idle, and its time at the end, whatever else runs here.

    Between two requests the event loop of these tests stands still, and seems late.
    """
    monkeypatch.setattr(writer, "Pace", lambda _: Pace(lambda: 0.0))
    monkeypatch.setattr(pace, "_FULL", inf)
    monkeypatch.setattr(writer, "FLUSH_SECONDS", 60.0)
    monkeypatch.setattr(module, "FLUSH_SECONDS", 60.0)


@pytest.fixture
def memory(monkeypatch) -> MemoryStore:
    """The store of every log is this one."""
    store = MemoryStore()
    monkeypatch.setattr(writer, "_START_SECONDS", 0.0)
    monkeypatch.setattr(module, "store_of", lambda _: store)
    return store


@pytest.fixture
def counted():
    """Reads a counter of the log from a service's metrics; 0 where it is not there."""

    def read(client, name: str) -> float:
        page = client.get("/metrics").text
        found = re.search(rf"^prediction_log_{re.escape(name)} (\S+)$", page, re.MULTILINE)
        return float(found[1]) if found else 0.0

    return read


def test_an_answer_and_its_label_are_in_the_database_when_the_service_has_stopped(
    service_with, stored, tmp_path
):
    open_store(f"sqlite:///{tmp_path}/kept.db").open()  # else a process of its own makes it
    with service_with() as client:
        answer = client.predict([ROW, {**ROW, "city": None}]).json()
        labels = {"request_id": answer["request_id"], "labels": ["yes", "no"], "source": "crm"}
        assert client.request("POST", "/v1/feedback", json=labels).status_code == 202

    (request,) = stored("prediction_requests")
    assert request["request_id"] == answer["request_id"]
    assert (request["version"], request["rows"]) == ("7", 2)
    assert json.loads(request["predictions"]) == answer["predictions"]
    assert json.loads(request["probabilities"]) == answer["probabilities"]
    inputs = json.loads(request["inputs"])
    assert [dict(zip(inputs["columns"], row, strict=True)) for row in inputs["rows"]] == [
        ROW,
        {**ROW, "city": None},
    ]
    told = [(row["row_index"], row["label"], row["source"]) for row in stored("prediction_labels")]
    assert sorted(told) == [(0, "yes", "crm"), (1, "no", "crm")]


def test_ready_names_the_log_and_counters_show_what_it_does(service_with, memory, counted):
    with service_with() as client:
        client.predict([ROW])
        assert client.get("/health/ready").json()["checks"]["prediction log"] == "ok"
        assert eventually(lambda: counted(client, "rows_total") == 1)
        assert counted(client, "spilled_total") == 0
        memory.away = "no route to it"
        client.predict([ROW])
        assert eventually(lambda: counted(client, "spilled_total") == 1)
        assert eventually(
            lambda: "no route" in client.get("/health/ready").json()["checks"]["prediction log"]
        )
        assert client.get("/health/ready").status_code == 200

    assert len(memory.requests) == 1


def test_a_service_without_a_log_says_nothing_of_it(service_with):
    with service_with(prediction_log_url="none") as client:
        client.predict([ROW])

        assert "prediction log" not in client.get("/health/ready").json()["checks"]
        assert "prediction_log" not in client.get("/metrics").text


def test_only_the_sample_is_kept(service_with, memory):
    ids = [f"r{number}" for number in range(40)]
    with service_with(prediction_log_sample=0.5) as client:
        for request_id in ids:
            client.predict([ROW], headers={"X-Request-ID": request_id})
        kept = [
            client.request(
                "POST", "/v1/feedback", json={"request_id": request_id, "labels": ["no"]}
            ).json()["kept"]
            for request_id in ids
        ]

    chosen = [request_id for request_id, there in zip(ids, kept, strict=True) if there]
    assert 8 < len(chosen) < 32
    assert sorted(entry.request_id for entry in memory.requests.values()) == sorted(chosen)
    assert sorted(entry.request_id for entry in memory.labels.values()) == sorted(chosen)


def test_a_column_that_the_model_lacks_stops_the_start(service_with, memory):
    with (
        pytest.raises(ConfigError, match=r"names 'citi'.* did you mean 'city'"),
        service_with(prediction_log_drop_columns="citi"),
    ):
        pass


def test_a_url_of_no_store_stops_the_start(service_with):
    with (
        pytest.raises(ConfigError, match="mongodb://"),
        service_with(prediction_log_url="mongodb://u:secret@db/x"),
    ):
        pass


def test_what_does_not_fit_in_memory_is_refused_and_counted(service_with, memory):
    memory.going.clear()
    body = {"request_id": "r", "labels": ["no", "no"]}
    with service_with(prediction_log_queue=1) as client:
        assert client.request("POST", "/v1/feedback", json=body).status_code == 503
        assert [client.predict([ROW]).status_code for _ in range(3)] == [200] * 3
        page, ready = client.get("/metrics").text, client.get("/health/ready").json()
        memory.going.set()

    assert 'prediction_log_dropped_total{reason="full"} 2.0' in page
    assert "queue full" in ready["checks"]["prediction log"]


def test_of_a_run_what_there_is_room_for_is_kept(service_with, memory, counted, run_of):
    memory.going.clear()
    with service_with(prediction_log_queue=3) as client:
        log = client.app.state.service.prediction_log
        log.keep(run_of(1, 2, 1, 1, 1))
        page = client.get("/metrics").text
        memory.going.set()

    assert 'prediction_log_dropped_total{reason="full"} 2.0' in page
    assert sorted(entry.request_id for entry in memory.requests.values()) == ["r0", "r1", "r2"]


def test_a_stop_right_after_an_answer_loses_nothing(service_with, memory, run_of):
    with service_with() as client:
        log = client.app.state.service.prediction_log
        log.keep(run_of(1, 2))
        log.stop()

        assert sorted(entry.request_id for entry in memory.requests.values()) == ["r0", "r1"]


def test_metrics_that_cannot_be_written_keep_nothing_from_the_log(
    service_with, memory, monkeypatch
):
    def full() -> None:
        raise OSError(28, "No space left on device")

    with service_with() as client, monkeypatch.context() as patched:
        patched.setattr(client.app.state.service.metrics, "flush", full)
        client.predict([ROW])
        assert eventually(lambda: client.get("/health/live") and memory.requests)


def test_a_store_that_hangs_does_not_keep_the_service_from_stopping(
    service_with, memory, monkeypatch, tmp_path
):
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.1)
    monkeypatch.setattr(module, "_MORE_SECONDS", 0.1)
    with service_with() as client:
        client.predict([ROW])
        assert eventually(lambda: client.get("/health/live") and memory.requests)
        memory.going.clear()
        client.predict([ROW])
        writing = client.app.state.service.prediction_log._writer
        assert eventually(
            lambda: client.get("/health/live") and (writing.held or not writing._disk.empty)
        )

    assert [*(tmp_path / "spill").glob("*.spill")]
    memory.going.set()
    for thread in threading.enumerate():
        if thread.name == "prediction-log":
            thread.join(60)


def test_the_secret_of_the_hashes_is_not_in_the_settings_text():
    assert "sixteen" not in repr(Settings(prediction_log_hash_key="sixteen letters!"))
