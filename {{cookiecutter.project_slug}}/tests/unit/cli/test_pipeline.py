import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.cli._entry import run
from {{ cookiecutter.package_name }}.cli.pipeline import _called, main
from {{ cookiecutter.package_name }}.training.runs import RunRecord, write_record


class FakeCommands:
    """Runs nothing; `train` leaves a run folder with a version. Keeps what was asked for."""

    def __init__(self, version="4", **codes):
        self.commands = []
        self._version, self._codes = version, codes

    def __call__(self, command):
        python, dash_m, module, *arguments = command
        assert (python, dash_m) == (sys.executable, "-m")
        verb = module.removeprefix("{{ cookiecutter.package_name }}.cli.")
        self.commands.append((verb, arguments))
        if verb == "train":
            folder = Path(arguments[-1].removeprefix("hydra.run.dir="))
            record = RunRecord(status="FINISHED", identity="x", version=self._version)
            write_record(folder, record)
        return self._codes.get(verb, 0)

    @property
    def verbs(self):
        return [verb for verb, _ in self.commands]


def test_each_step_follows_the_one_before_and_is_about_the_version_that_it_made(project, capsys):
    commands = FakeCommands(version="4")

    code = main(["model=cnn", "seed=3"], commands)

    (_, prepared), (_, trained), *rest = commands.commands
    assert code == 0
    assert commands.verbs == ["prepare", "train", "evaluate", "promote", "promote"]
    assert prepared == ["model=cnn", "seed=3"]
    assert trained[:-1] == prepared
    assert Path(trained[-1].removeprefix("hydra.run.dir=")).parent == project / "outputs" / "train"
    about = ["--version", "4", "--reason", "pipeline"]
    assert [arguments for _, arguments in rest] == [
        ["--version", "4"],
        ["--to", "staging", *about],
        ["--to", "prod", *about],
    ]
    printed = capsys.readouterr().out
    assert all(f"\n[{number}/5] " in printed for number in range(1, 6))
    assert "serve --port 8000" in printed


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("failing", "ran"),
    [
        ("prepare", ["prepare"]),
        ("train", ["prepare", "train"]),
        ("evaluate", ["prepare", "train", "evaluate"]),
        ("promote", ["prepare", "train", "evaluate", "promote"]),
    ],
)
def test_the_first_step_that_fails_is_the_last(capsys, failing, ran):
    commands = FakeCommands(**{failing: 6})

    code = main([], commands)

    assert code == 6
    assert commands.verbs == ran
    told = capsys.readouterr()
    assert told.err == f"pipeline stopped: {failing} ended with 6\n"
    assert "Done" not in told.out


@pytest.mark.usefixtures("project")
def test_training_that_registers_no_version_has_nothing_to_promote(capsys):
    commands = FakeCommands(version=None)

    code = main(["mlflow.enabled=false"], commands)

    assert code == 2
    assert commands.verbs == ["prepare", "train"]
    assert "Training registered no version" in capsys.readouterr().err


@pytest.mark.parametrize("sweep", ["-m", "--multirun"])
def test_a_sweep_is_refused_before_anything_runs(capsys, sweep):
    commands = FakeCommands()

    code = main([sweep, "model=mlp,cnn"], commands)

    assert (code, commands.verbs) == (2, [])
    assert capsys.readouterr().err == (
        "error: The pipeline promotes one model; sweep with `train -m` instead.\n"
    )


@pytest.mark.usefixtures("project")
def test_steps_are_real_commands_that_end_with_their_own_code(capfd):
    code = main(["modle=cnn"])

    told = capfd.readouterr().err
    assert code == 2
    assert "error: There is no key 'modle'. Did you mean 'model'?" in told
    assert "pipeline stopped: prepare ended with 2" in told


def test_the_steps_after_training_ask_the_store_that_it_registered_in(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "put back when the test ends")
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    stores = []

    def call(command):
        verb = command[2].rsplit(".", 1)[1]
        stores.append((verb, os.environ.get("MLFLOW_TRACKING_URI")))
        if verb == "train":
            folder = Path(command[-1].removeprefix("hydra.run.dir="))
            record = RunRecord(
                status="FINISHED", identity="x", version="1", tracking_uri="http://127.0.0.1:9"
            )
            write_record(folder, record)
        return 0

    assert main(["mlflow.tracking_uri=http://127.0.0.1:9"], call) == 0

    elsewhere = "http://127.0.0.1:9"
    assert dict(stores) == {
        "prepare": None,
        "train": None,
        "evaluate": elsewhere,
        "promote": elsewhere,
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a process may handle")
def test_sigterm_is_passed_on_to_the_step_which_may_clear_up(tmp_path, capsys):
    step = (
        "import pathlib, signal, sys, time\n"
        "def clear_up(*_): pathlib.Path('cleared').touch(); sys.exit(143)\n"
        "signal.signal(signal.SIGTERM, clear_up)\n"
        "pathlib.Path('begun').touch()\n"
        "time.sleep(60)"
    )

    def stop():
        while not Path("begun").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=stop)
    with contextlib.chdir(tmp_path):
        thread.start()
        code = run(lambda: _called([sys.executable, "-c", step]))
        thread.join()

    assert code == 143
    assert (tmp_path / "cleared").exists()
    assert capsys.readouterr().err == "stopped by SIGTERM\n"
