import os
import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.utils import processes
from {{ cookiecutter.package_name }}.utils.processes import identity, is_gone

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process began")


def test_a_process_that_runs_is_not_gone():
    assert not is_gone(identity())


@linux
def test_a_process_that_ended_is_gone_even_before_its_parent_looks():
    program = f"import {identity.__module__} as module; print(module.identity())"
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with child:
        stated = child.stdout.read().strip()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert is_gone(stated)

    assert is_gone(stated)


@linux
def test_a_number_that_another_process_has_now_is_gone():
    kernel, number, started = identity().split()

    assert is_gone(f"{kernel} {number} {int(started) - 1}")


@pytest.mark.parametrize("stated", ["", "nonsense", "another-boot/1 1 1"])
def test_what_ran_elsewhere_cannot_be_known(stated):
    assert not is_gone(stated)


def test_where_the_system_does_not_tell_there_is_no_name(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "_BOOT", tmp_path / "nothing")

    assert identity() == ""
