"""A signal ends a training, whatever becomes of what its handler raised."""

import signal
import threading

import lightning.pytorch as pl
import pytest
from fits import made_data

from {{ cookiecutter.package_name }}.training.interrupts import Interrupts


class Dropping(pl.Callback):
    """Gets a signal in the first epoch and drops what comes of it, as some libraries do."""

    def __init__(self, number):
        self._number = number
        self.epochs = 0

    def on_train_epoch_start(self, *_):
        self.epochs += 1
        if self.epochs == 1:
            try:
                signal.raise_signal(self._number)
            except KeyboardInterrupt:
                return
            raise AssertionError("nothing was raised")


class Terminated(KeyboardInterrupt):
    """What a command's own handler raises."""


def terminate(*_):
    raise Terminated


@pytest.fixture
def terminating():
    before = signal.signal(signal.SIGTERM, terminate)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("terminating")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_was_dropped_ends_the_training_a_batch_later(context, mlp_fitter, number):
    dropping = Dropping(number)

    with pytest.raises(KeyboardInterrupt):
        mlp_fitter().fit(made_data(), context(epochs=50, callbacks=(dropping,)))

    assert dropping.epochs == 1


@pytest.mark.usefixtures("terminating")
def test_the_handlers_are_those_of_before_afterwards():
    before = signal.getsignal(signal.SIGINT)

    with Interrupts().heard():
        assert signal.getsignal(signal.SIGINT) is not before
        assert signal.getsignal(signal.SIGTERM) is not terminate

    assert signal.getsignal(signal.SIGINT) is before
    assert signal.getsignal(signal.SIGTERM) is terminate


def test_what_was_decided_inside_stays():
    before = signal.getsignal(signal.SIGINT)
    try:
        with Interrupts().heard():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_trains_without_them():
    told = []

    def train():
        with Interrupts().heard():
            told.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=train)
    thread.start()
    thread.join()

    assert told == [before]
