import os
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.runs import (
    RunRecord,
    identity,
    last_checkpoint,
    read_record,
    resumed_folder,
    write_record,
)

CONFIG = {
    "seed": 7,
    "model": {"name": "mlp", "batch_size": 64},
    "trainer": {"max_epochs": 2},
    "data": {"name": "digits", "path": "a.csv"},
    "resume": "auto",
    "logging": {"level": "INFO"},
    "mlflow": {"enabled": True},
    "env": "dev",
}


@pytest.fixture
def outputs(tmp_path):
    return tmp_path / "outputs"


@pytest.fixture
def ended_process():
    """The id of a process that is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.fixture
def left_run(outputs, ended_process):
    """Makes a run folder as a training of identity "mine" would have left it."""

    def make(name, status="KILLED", *, age=0, checkpoint=True, **changes):
        folder = outputs / "train" / name
        values = {"identity": "mine", "process": ended_process} | changes
        write_record(folder, RunRecord(status=status, **values))
        if checkpoint:
            last = last_checkpoint(folder)
            last.parent.mkdir()
            last.write_bytes(b"weights")
            os.utime(last, (1e9 - age, 1e9 - age))
        return folder

    return make


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("resume", "never"),
        ("logging", {"level": "DEBUG"}),
        ("mlflow", {"enabled": False}),
        ("env", "ci"),
        ("data", {"name": "digits", "path": "./a.csv"}),
    ],
)
def test_what_decides_no_weights_is_no_part_of_a_runs_identity(key, value):
    assert identity(CONFIG | {key: value}, "d") == identity(CONFIG, "d")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", 8),
        ("model", {"name": "mlp", "batch_size": 32}),
        ("trainer", {"max_epochs": 3}),
    ],
)
def test_what_decides_weights_is_part_of_a_runs_identity(key, value):
    assert identity(CONFIG | {key: value}, "d") != identity(CONFIG, "d")


def test_other_data_are_another_run_and_the_order_of_keys_is_not():
    assert identity(CONFIG, "d") != identity(CONFIG, "e")
    assert identity(CONFIG, "d") == identity(dict(reversed(CONFIG.items())), "d")


def test_a_record_comes_back_as_it_was_written(tmp_path):
    record = RunRecord(
        status="FINISHED", identity="mine", process=5, mlflow_run_id="r", version="3"
    )

    write_record(tmp_path, record)

    assert read_record(tmp_path) == record


def test_auto_picks_the_newest_interrupted_run_of_this_identity(outputs, left_run):
    left_run("old", age=20)
    newest = left_run("new", "FAILED", age=10)
    left_run("other", identity="another")

    assert resumed_folder("auto", outputs, "mine") == newest


def test_auto_finds_a_run_whose_process_died_without_a_word(outputs, left_run):
    killed = left_run("killed", "RUNNING")

    assert resumed_folder("auto", outputs, "mine") == killed


def test_auto_finds_a_dead_run_that_had_the_process_id_of_this_one(outputs, left_run):
    # In a container every training is process 1.
    killed = left_run("killed", "RUNNING", process=os.getpid())

    assert resumed_folder("auto", outputs, "mine") == killed


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("FINISHED", {}),
        ("RUNNING", {"process": os.getppid()}),
        ("RUNNING", {"process": 1}),
        ("KILLED", {"checkpoint": False}),
        ("KILLED", {"identity": "another"}),
    ],
    ids=["finished", "alive", "alive-of-root", "no-checkpoint", "other-identity"],
)
def test_auto_starts_anew_where_there_is_nothing_to_go_on_from(outputs, left_run, status, changes):
    left_run("run", status, **changes)

    assert resumed_folder("auto", outputs, "mine") is None


def test_auto_leaves_a_run_whose_process_is_another_users(outputs, left_run, monkeypatch):
    left_run("run", "RUNNING")

    def refuse(process, signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)

    assert resumed_folder("auto", outputs, "mine") is None


def test_auto_passes_by_a_record_that_cannot_be_read(outputs, left_run):
    run = left_run("run")
    (left_run("broken") / "run.json").write_text('{"status": "PAUSED"}')

    assert resumed_folder("auto", outputs, "mine") == run


def test_auto_starts_anew_where_nothing_ever_ran(outputs):
    assert resumed_folder("auto", outputs, "mine") is None


def test_never_starts_anew(outputs, left_run):
    left_run("run")

    assert resumed_folder("never", outputs, "mine") is None


def test_a_named_run_is_taken_whatever_its_identity(outputs, left_run):
    run = left_run("run", identity="another")

    assert resumed_folder(str(run), outputs, "mine") == run
    assert resumed_folder(str(last_checkpoint(run)), outputs, "mine") == run


def test_a_named_run_may_be_relative_to_the_working_directory(outputs, left_run, monkeypatch):
    run = left_run("run")
    monkeypatch.chdir(outputs)

    assert resumed_folder("train/run", outputs, "mine") == run


@pytest.mark.parametrize("named", ["nowhere", "nowhere/checkpoints/last.ckpt"])
def test_a_named_run_without_a_checkpoint_is_one_sentence(outputs, tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError) as caught:
        resumed_folder(named, outputs, "mine")

    assert str(caught.value) == (
        f"resume={named}: there is no checkpoint 'nowhere/checkpoints/last.ckpt'; give the folder "
        "of an interrupted run, or auto, or never."
    )
