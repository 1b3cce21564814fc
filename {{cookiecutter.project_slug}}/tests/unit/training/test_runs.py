import os
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.runs import (
    RunRecord,
    claim,
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
def left_run(outputs):
    """Makes a run folder as a training of identity "mine" would have left it."""

    def make(name, status="KILLED", *, age=0, checkpoint=True, **changes):
        folder = outputs / "train" / name
        values = {"identity": "mine"} | changes
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
    record = RunRecord(status="FINISHED", identity="mine", mlflow_run_id="r", version="3")

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


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("FINISHED", {}),
        ("KILLED", {"checkpoint": False}),
        ("KILLED", {"identity": "another"}),
    ],
    ids=["finished", "no-checkpoint", "other-identity"],
)
def test_auto_starts_anew_where_there_is_nothing_to_go_on_from(outputs, left_run, status, changes):
    left_run("run", status, **changes)

    assert resumed_folder("auto", outputs, "mine") is None


@pytest.fixture
def at_work():
    """Starts a process that trains in a folder, as far as its lock can tell."""
    processes = []

    def start(folder):
        program = (
            "import pathlib, sys; from {{ cookiecutter.package_name }}.training.runs import claim\n"
            "lock = claim(pathlib.Path(sys.argv[1])); print('claimed', flush=True); input()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "claimed\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_auto_leaves_a_run_that_another_process_is_training(outputs, left_run, at_work):
    run = left_run("run", "RUNNING")
    at_work(run)

    assert resumed_folder("auto", outputs, "mine") is None
    with pytest.raises(ConfigError, match="Another training writes to"):
        claim(run)


def test_a_process_that_is_killed_lets_go_of_its_run(outputs, left_run, at_work):
    run = left_run("run", "RUNNING")
    trainer = at_work(run)

    trainer.kill()
    trainer.wait()

    assert resumed_folder("auto", outputs, "mine") == run
    claim(run).release()


def test_auto_passes_by_a_record_that_cannot_be_read(outputs, left_run):
    run = left_run("run")
    (left_run("broken") / "run.json").write_text('{"status": "PAUSED"}')

    assert resumed_folder("auto", outputs, "mine") == run


def test_auto_starts_anew_where_nothing_ever_ran(outputs):
    assert resumed_folder("auto", outputs, "mine") is None


def test_never_starts_anew(outputs, left_run):
    left_run("run")

    assert resumed_folder("never", outputs, "mine") is None


def test_a_named_run_of_another_identity_is_one_sentence_and_stays_as_it_was(outputs, left_run):
    run = left_run("run", "FINISHED", identity="another")

    with pytest.raises(ConfigError, match="another configuration, other data or other code"):
        resumed_folder(str(run), outputs, "mine")

    assert read_record(run).status == "FINISHED"


def test_a_checkpoint_without_a_record_is_one_sentence(outputs, left_run):
    run = left_run("run")
    (run / "run.json").unlink()

    with pytest.raises(ConfigError, match=f"resume={run}: that run was of another"):
        resumed_folder(str(run), outputs, "mine")


def test_a_named_run_is_taken(outputs, left_run):
    run = left_run("run")

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
