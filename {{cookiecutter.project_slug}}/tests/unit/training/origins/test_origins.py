import sys
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.training import origins

MODULE = """
WRITES = ("NAME.lock",)
def tags(root, name): return dict(NAME=str(root) + name)
def bring_back(project, copy, tags): return ANSWER
"""


@pytest.fixture(autouse=True)
def two(tmp_path, monkeypatch):
    """Two modules; the second can bring data back."""
    for name, answer in (("first_of_two", None), ("second_of_two", '"from " + tags["place"]')):
        (tmp_path / f"{name}.py").write_text(
            MODULE.replace("NAME", name).replace("ANSWER", str(answer))
        )
    monkeypatch.setattr(origins, "__path__", [str(tmp_path)])
    yield
    for name in ("first_of_two", "second_of_two"):
        sys.modules.pop(f"{origins.__name__}.{name}", None)


def test_every_module_of_the_folder_adds_its_tags():
    known = origins.tags_of(Path("root"), "houses")

    assert known == {"first_of_two": "roothouses", "second_of_two": "roothouses"}


def test_the_files_that_each_writes_are_known():
    assert origins.written_by_origins() == ("first_of_two.lock", "second_of_two.lock")


def test_data_come_back_from_the_first_module_that_has_them():
    assert origins.brought_back(Path("a"), Path("b"), {"place": "there"}) == "from there"


def test_without_modules_nothing_is_known_and_nothing_comes_back(monkeypatch):
    monkeypatch.setattr(origins, "__path__", [])

    assert origins.tags_of(Path("root"), "houses") == {}
    assert origins.written_by_origins() == ()
    assert origins.brought_back(Path("a"), Path("b"), {}) is None
