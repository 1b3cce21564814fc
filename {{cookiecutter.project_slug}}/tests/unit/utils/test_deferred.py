"""Imports that wait until they are needed."""

import sys

import pytest

from {{ cookiecutter.package_name }}.utils.deferred import deferred

NAME = "this_module_is_made_by_a_test"


@pytest.fixture
def module(tmp_path, monkeypatch):
    """An importable module that nobody has imported yet."""
    (tmp_path / f"{NAME}.py").write_text("answer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield NAME
    sys.modules.pop(NAME, None)


def test_an_import_that_nobody_uses_is_not_made(module):
    with deferred(module, old_name=None):
        stand_in = __import__(module)
        assert hasattr(stand_in, "old_name")

    assert module not in sys.modules


def test_whoever_uses_the_module_gets_the_real_one(module):
    with deferred(module, old_name=None):
        stand_in = __import__(module)
        assert stand_in.answer == 42

    assert sys.modules[module].answer == 42
    assert not hasattr(sys.modules[module], "old_name")


def test_a_name_imported_from_it_is_the_real_one(module):
    with deferred(module):
        namespace = {}
        exec(f"from {module} import answer", namespace)

    assert namespace["answer"] == 42


def test_after_the_block_the_module_can_be_imported(module):
    with deferred(module):
        __import__(module)

    assert __import__(module).answer == 42


def test_a_module_already_there_stays(module):
    real = __import__(module)

    with deferred(module):
        assert __import__(module) is real

    assert sys.modules[module] is real
