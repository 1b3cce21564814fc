import socket
import subprocess
import sys
from contextlib import closing

import pytest
import uvicorn

from {{ cookiecutter.package_name }}_api.app import create_app
from {{ cookiecutter.package_name }}_api.processes import worker
from {{ cookiecutter.package_name }}_api.processes.worker import NOT_STARTED, main, server_options
from {{ cookiecutter.package_name }}_api.settings import Settings


@pytest.mark.usefixtures("logging_restored")
def test_a_process_that_never_answered_says_so_by_its_exit_code(tmp_path, monkeypatch):
    monkeypatch.setenv("MODEL_PATH", str(tmp_path / "nowhere.onnx"))
    monkeypatch.setattr(worker, "_end_with_parent", lambda: None)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))

    with pytest.raises(SystemExit) as ended:
        main([str(listener.detach())])

    assert ended.value.code == NOT_STARTED


def test_a_process_serves_as_its_parent_told_it(monkeypatch, settings):
    monkeypatch.setattr(worker, "load_shared", lambda *given: given)

    assert worker._loaded(settings, []) == (settings,)
    assert worker._loaded(settings, ["5.5", "away"]) == (settings, "away", 5.5)


def test_the_wait_for_the_end_of_the_parent_does_not_spoil_an_exit_code():
    use = "from {{ cookiecutter.package_name }}_api.processes.worker import _end_with_parent"
    end = "_end_with_parent(); time.sleep(0.05); sys.exit(3)"
    child = subprocess.Popen(
        [sys.executable, "-c", f"import sys, time; {use}; {end}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with child:
        assert child.wait(30) == NOT_STARTED
        assert child.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
@pytest.mark.parametrize(("processes", "taken"), [(1, 100), (2, 8)])
def test_the_service_runs_on_uvloop_that_takes_many_connections_a_turn(served, processes, taken):
    import uvloop

    app = create_app(Settings(web_concurrency=processes), load=lambda _: served)
    config = uvicorn.Config(app, **server_options(app))

    with closing(config.get_loop_factory()()) as loop:
        assert isinstance(loop, uvloop.Loop)
        assert loop.most == taken
