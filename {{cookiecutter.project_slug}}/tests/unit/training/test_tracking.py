from pathlib import Path

from {{ cookiecutter.package_name }}.training.tracking import NullTracker, RunStart, Tracker


def test_nobody_listening_answers_that_there_is_no_run_and_no_version(prepared):
    tracker: Tracker = NullTracker()

    tracker.start(RunStart("mlp", {}, {}, prepared.images))
    tracker.log_metrics({"val/loss": 1.0}, 0)

    assert tracker.confirm() is None
    assert tracker.register(Path("anywhere")) is None


def test_a_run_of_nobody_can_be_closed_twice():
    tracker = NullTracker()

    assert [tracker.close("FINISHED"), tracker.close("KILLED")] == [None, None]
