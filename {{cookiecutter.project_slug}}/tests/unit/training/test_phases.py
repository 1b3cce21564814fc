import pytest

from {{ cookiecutter.package_name }}.training import phases
from {{ cookiecutter.package_name }}.training.phases import Phases


@pytest.fixture
def passing(monkeypatch):
    """A clock that moves only when it is told how far."""
    now = [100.0]
    monkeypatch.setattr(phases.time, "perf_counter", lambda: now[0])

    def passes(seconds):
        now[0] += seconds

    return passes


def test_a_phase_that_is_entered_twice_adds_up(passing):
    timed = Phases()

    for name, seconds in (("fit", 1.5), ("report", 0.5), ("fit", 2)):
        with timed.phase(name):
            passing(seconds)

    assert timed.seconds == {"fit": 3.5, "report": 0.5}
    assert str(timed) == "fit 3.5 s, report 0.5 s, total 4.0 s"


def test_a_phase_that_fails_is_timed(passing):
    timed = Phases()

    def fail():
        with timed.phase("fit"):
            passing(2)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()

    assert timed.seconds == {"fit": 2}
