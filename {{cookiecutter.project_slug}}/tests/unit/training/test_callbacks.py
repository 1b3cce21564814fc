import io
import sys
from types import SimpleNamespace

import pytest
import torch

from {{ cookiecutter.package_name }}.training.callbacks import History, ProgressLine, SeedEachEpoch


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self):
        return True


def trainer_at(epoch, **metrics):
    return SimpleNamespace(
        current_epoch=epoch,
        max_epochs=3,
        global_step=epoch * 10,
        estimated_stepping_batches=30,
        callback_metrics={name: torch.tensor(value) for name, value in metrics.items()},
    )


@pytest.fixture
def told():
    """What a listener was told: metrics and epoch."""
    return []


@pytest.fixture
def history(told):
    return History(lambda metrics, epoch: told.append((dict(metrics), epoch)))


@pytest.fixture
def watched(monkeypatch):
    """Turns stderr into a terminal when called, as pytest puts its own there before a test."""

    def watch():
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        return screen

    return watch


def drawn(seed, epoch):
    SeedEachEpoch(seed).on_train_epoch_start(trainer_at(epoch), None)
    return float(torch.rand(()))


def test_an_epoch_draws_the_same_whatever_came_before():
    first = drawn(seed=1, epoch=4)
    torch.rand(9)

    assert drawn(seed=1, epoch=4) == first


def test_each_epoch_and_each_seed_draws_anew():
    assert len({drawn(seed, epoch) for seed in (1, 2) for epoch in (0, 1)}) == 4


def test_history_keeps_and_tells_the_metrics_of_each_epoch(history, told):
    for epoch, loss in enumerate([0.5, 0.25]):
        history.on_train_epoch_end(trainer_at(epoch, loss=loss), None)

    assert history.epochs == [{"epoch": 0.0, "loss": 0.5}, {"epoch": 1.0, "loss": 0.25}]
    assert told == [({"loss": 0.5}, 0), ({"loss": 0.25}, 1)]


def test_history_that_comes_from_a_checkpoint_is_told_again(history, told):
    former = History(lambda metrics, epoch: None)
    former.on_train_epoch_end(trainer_at(0, loss=0.5), None)

    history.load_state_dict(former.state_dict())
    history.on_train_epoch_end(trainer_at(1, loss=0.25), None)

    assert [epoch["epoch"] for epoch in history.epochs] == [0, 1]
    assert told == [({"loss": 0.5}, 0), ({"loss": 0.25}, 1)]
    assert len(former.epochs) == 1


def test_where_nobody_watches_an_epoch_is_a_line(capsys):
    line = ProgressLine()
    trainer = trainer_at(1, loss=0.5)

    line.on_train_start(trainer, None)
    line.on_train_batch_end(trainer, None, None, None, 0)
    line.on_train_epoch_end(trainer, None)
    line.on_train_end(trainer, None)

    assert capsys.readouterr() == ("", "epoch 2/3  loss 0.5000\n")


def test_where_somebody_watches_there_is_a_bar(watched):
    terminal, line = watched(), ProgressLine()

    line.on_train_start(trainer_at(0), None)
    line.on_train_batch_end(trainer_at(2), None, None, None, 0)
    line.on_train_epoch_end(trainer_at(2, loss=0.5), None)
    line.on_train_end(trainer_at(2), None)

    assert "epoch 3/3  loss 0.5000" in terminal.getvalue()
    assert "67%" in terminal.getvalue()


def test_a_bar_of_a_resumed_run_begins_where_it_stopped(watched):
    terminal, line = watched(), ProgressLine()

    line.on_train_start(trainer_at(1), None)
    line.on_exception(trainer_at(1), None, KeyboardInterrupt())

    assert "33%" in terminal.getvalue()


def test_an_error_gives_the_terminal_back(watched):
    terminal, line = watched(), ProgressLine()
    line.on_train_start(trainer_at(0), None)

    line.on_exception(trainer_at(0), None, ValueError())

    shown, hidden = terminal.getvalue().rfind("\x1b[?25h"), terminal.getvalue().rfind("\x1b[?25l")
    assert shown > hidden >= 0
    line.on_exception(trainer_at(0), None, ValueError())
