import signal
import subprocess
import sys
import threading

import pytest

from {{ cookiecutter.package_name }}.cli._entry import run, typed
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataNotFound, GateRefused


def raising(error):
    def command():
        raise error

    return command


def test_a_command_that_ends_well_gives_its_own_code(capsys):
    assert run(lambda: 3) == 3
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigError("no"), 2), (DataNotFound("no"), 3), (GateRefused("no"), 6)]
)
def test_an_error_of_the_project_is_a_sentence_and_its_code(capsys, error, code):
    assert run(raising(error)) == code
    assert capsys.readouterr() == ("", "error: no\n")


def test_a_project_root_that_is_no_folder_is_a_sentence(capsys):
    assert run(raising(NotADirectoryError("PROJECT_ROOT is 'x', which is not a folder."))) == 2
    assert capsys.readouterr().err == "error: PROJECT_ROOT is 'x', which is not a folder.\n"


def test_ctrl_c_is_a_line(capsys):
    assert run(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "stopped by Ctrl-C\n"


def ending():
    """SIGTERM comes twice, as from a process that passes it on to its whole group."""
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.raise_signal(signal.SIGTERM)
        print("cleared up")
    return 0


def test_sigterm_clears_up_as_ctrl_c_does_and_is_a_line(capsys):
    former = signal.getsignal(signal.SIGTERM)

    assert run(ending) == 143
    assert capsys.readouterr() == ("cleared up\n", "stopped by SIGTERM\n")
    assert signal.getsignal(signal.SIGTERM) is former


def test_sigterm_is_told_also_where_a_library_made_it_an_interrupt_of_its_own(capsys):
    def command():
        try:
            ending()
        except KeyboardInterrupt as stop:
            raise KeyboardInterrupt from stop

    assert run(command) == 143
    assert capsys.readouterr().err == "stopped by SIGTERM\n"


def handler_inside(**options):
    seen = []
    run(lambda: seen.append(signal.getsignal(signal.SIGTERM)) or 0, **options)
    return seen[0]


def test_sigterm_is_left_to_servers_to_threads_and_to_whoever_decided_about_it():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(handler_inside()))
    thread.start()
    thread.join()
    former = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        ignored = handler_inside()
    finally:
        signal.signal(signal.SIGTERM, former)

    assert (handler_inside(serves=True), seen, ignored) == (former, [former], signal.SIG_IGN)
    assert handler_inside() != former


def test_any_other_error_keeps_its_trace():
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)


def test_output_that_nobody_reads_any_more_is_no_trace():
    program = (
        "import sys; from {{ cookiecutter.package_name }}.cli._entry import run\n"
        "def command():\n"
        "    for _ in range(100_000): print('line')\n"
        "    return 0\n"
        "sys.exit(run(command))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with child:
        child.stdout.readline()
        child.stdout.close()
        told = child.stderr.read()

    assert told == ""
    assert child.returncode == 141


def test_a_command_of_training_in_an_installation_that_only_serves_is_a_sentence(capsys):
    assert run(raising(ModuleNotFoundError("No module named 'hydra'", name="hydra.core"))) == 2
    assert capsys.readouterr().err == (
        "error: This command needs 'hydra.core', which is not installed: run `uv sync`, or "
        '`pip install -e ".[train]"`.\n'
    )


def test_a_module_that_should_be_there_keeps_its_trace():
    with pytest.raises(ModuleNotFoundError):
        run(raising(ModuleNotFoundError("No module named 'x'", name="x")))


def test_commands_are_said_the_way_they_were_typed(monkeypatch):
    monkeypatch.delenv("UV", raising=False)
    assert typed("serve") == "serve"

    monkeypatch.setenv("UV", "/somewhere/uv")
    assert typed("serve") == "uv run serve"
