import threading
import time

import pytest

from {{ cookiecutter.package_name }}.integrations.s3.threads import threads


def test_all_work_is_done_when_the_block_ends():
    done = []
    with threads(3) as crew:
        for number in range(50):
            crew.begin(done.append, number)

    assert sorted(done) == list(range(50))


def test_after_the_first_failure_no_work_is_begun():
    done = []

    def fail():
        raise ValueError("no")

    def work():
        with threads(1) as crew:
            crew.begin(fail)
            crew.stopped.wait(60)
            for number in range(50):
                crew.begin(done.append, number)
            time.sleep(0.05)

    with pytest.raises(ValueError, match="no"):
        work()

    assert done == []


def test_an_error_of_the_block_itself_stops_them_too():
    began, done = threading.Event(), []

    def wait(crew):
        began.set()
        done.append(crew.stopped.wait(60))

    def work():
        with threads(1) as crew:
            crew.begin(wait, crew)
            began.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()

    assert done == [True]
