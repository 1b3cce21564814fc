import threading
import time

import pytest

from {{ cookiecutter.package_name }}.utils.ahead import read_ahead, write_behind


def threads():
    return {thread for thread in threading.enumerate() if thread is not threading.main_thread()}


def test_items_come_in_order_from_a_thread_that_is_a_little_ahead():
    taken, names = [], set()

    def items():
        for number in range(100):
            taken.append(number)
            names.add(threading.current_thread())
            yield number

    before = threads()
    with read_ahead(items()) as coming:
        first = next(coming)
        rest = list(coming)

    assert [first, *rest] == list(range(100)) == taken
    assert threading.main_thread() not in names
    assert threads() == before


def test_no_more_is_read_than_a_few_items():
    taken = []

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    with read_ahead(items()) as coming:
        for _ in range(10):
            next(coming)
        assert len(taken) <= 13

    assert len(taken) <= 13


def test_an_error_comes_where_its_item_would_have_come():
    def items():
        yield 1
        yield 2
        raise OSError("unplugged")

    with read_ahead(items()) as coming:
        assert [next(coming), next(coming)] == [1, 2]
        with pytest.raises(OSError, match="unplugged"):
            next(coming)


def test_everything_is_written_in_order_by_the_end_of_the_block():
    written, before = [], threads()

    with write_behind(written.append) as write:
        for number in range(100):
            write(number)

    assert written == list(range(100))
    assert threads() == before


def test_writing_holds_up_who_hands_over():
    written, handed, go_on = [], [], threading.Event()

    def wait_and_write(number):
        go_on.wait()
        written.append(number)

    def hand_over_all():
        with write_behind(wait_and_write) as write:
            for number in range(100):
                write(number)
                handed.append(number)

    busy = threading.Thread(target=hand_over_all)
    busy.start()
    busy.join(timeout=0.2)
    waiting = len(handed)
    go_on.set()
    busy.join()

    assert waiting <= 3
    assert written == list(range(100))


def disk_full(number):
    if number == 5:
        raise OSError("disk full")


@pytest.mark.parametrize("count", [6, 100])
def test_what_goes_wrong_in_writing_is_told(count):
    handed = []

    def hand_over():
        with write_behind(disk_full) as write:
            for number in range(count):
                write(number)
                handed.append(number)

    with pytest.raises(OSError, match="disk full"):
        hand_over()

    assert len(handed) <= 9


def test_after_an_error_of_the_block_nothing_more_is_done():
    taken, written, before = [], [], threads()

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    def interrupted():
        with write_behind(written.append) as write, read_ahead(items()) as coming:
            for number in coming:
                write(number)
                if number == 10:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert len(taken) <= 14
    assert len(written) <= 11
    assert threads() == before


def test_what_waits_to_be_written_is_not_written_after_an_error():
    written = []

    def write_slowly(number):
        time.sleep(0.1)
        written.append(number)

    def interrupted():
        with write_behind(write_slowly) as write:
            write(1)
            write(2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert written in ([], [1])
