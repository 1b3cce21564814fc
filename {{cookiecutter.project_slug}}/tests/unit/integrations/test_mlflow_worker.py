import io
import json

import pytest

from {{ cookiecutter.package_name }}.integrations.mlflow_worker import Worker
from {{ cookiecutter.package_name }}.schemas.errors import TrackingUnavailable


class Deaf(io.StringIO):
    """The pipe of a trainer that is gone."""

    def write(self, text):
        raise BrokenPipeError


class FullStore:
    """A recording whose store takes nothing."""

    def add_metrics(self, metrics, step, timestamp):
        return None

    def close(self, status):
        raise TrackingUnavailable(f"cannot end the run as {status}")


@pytest.fixture
def answers() -> io.StringIO:
    return io.StringIO()


def _said(answers: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_registering_without_a_run_is_an_error_of_the_store(answers):
    Worker(answers).obey({"do": "register", "folder": "x"})

    (said,) = _said(answers)
    assert said["error"] == "TrackingUnavailable"


def test_closing_without_a_run_ends_the_worker(answers):
    worker = Worker(answers)

    worker.obey({"do": "close", "status": "KILLED"})

    assert worker.ended
    assert _said(answers) == [{"closed": "KILLED"}]


def test_metrics_are_not_answered(answers):
    worker = Worker(answers, FullStore())

    worker.obey({"do": "metrics", "metrics": {"a": 1.0}, "step": 0, "time": 0})

    assert _said(answers) == []


def test_a_run_that_cannot_be_ended_is_told_and_ends_the_worker(answers):
    worker = Worker(answers, FullStore())

    worker.obey({"do": "close", "status": "FINISHED"})

    assert worker.ended
    assert _said(answers) == [
        {"error": "TrackingUnavailable", "message": "cannot end the run as FINISHED"}
    ]


def test_a_defect_is_told_and_leaves_its_trace(answers, capsys):
    Worker(answers).obey({"do": "dance"})

    (said,) = _said(answers)
    assert said["error"] == ""
    assert "Traceback" in capsys.readouterr().err


def test_a_trainer_that_is_gone_does_not_stop_the_worker():
    worker = Worker(Deaf())

    worker.obey({"do": "close", "status": "KILLED"})

    assert worker.ended
