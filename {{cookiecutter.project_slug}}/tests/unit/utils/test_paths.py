from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.utils import paths
from {{ cookiecutter.package_name }}.utils.paths import (
    config_dir,
    processed_dir,
    project_root,
    shown,
)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The package as if it lay outside any project, as it does when installed from a wheel."""
    monkeypatch.delenv("PROJECT_ROOT", raising=False)
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "site-packages" / "paths.py"))
    return tmp_path


@pytest.fixture
def made_project(installed):
    root = installed / "mine"
    (root / "config").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "notebooks" / "deep").mkdir(parents=True)
    return root


@pytest.mark.parametrize("where", [".", "config", "/"])
def test_a_checkout_is_the_root_from_any_working_directory(monkeypatch, where):
    monkeypatch.delenv("PROJECT_ROOT", raising=False)
    checkout = next(p for p in Path(__file__).parents if (p / "pyproject.toml").is_file())
    monkeypatch.chdir(checkout / where)

    assert project_root() == checkout
    assert config_dir() == checkout / "config"
    assert processed_dir("digits") == checkout / "data" / "processed" / "digits"


def test_a_stated_root_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", str(tmp_path))

    assert project_root() == tmp_path


def test_a_stated_root_may_be_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROJECT_ROOT", ".")

    assert project_root() == tmp_path.resolve()


def test_a_stated_root_that_is_no_folder_is_one_sentence(monkeypatch):
    monkeypatch.setenv("PROJECT_ROOT", "/nowhere/at/all")

    with pytest.raises(NotADirectoryError) as caught:
        project_root()

    assert str(caught.value) == "PROJECT_ROOT is '/nowhere/at/all', which is not a folder."


@pytest.mark.parametrize("where", [".", "notebooks/deep"])
def test_an_installed_package_finds_the_project_above_the_working_directory(
    made_project, monkeypatch, where
):
    monkeypatch.chdir(made_project / where)

    assert project_root() == made_project


def test_an_installed_package_outside_any_project_stays_where_it_is(installed, monkeypatch):
    (installed / "pyproject.toml").touch()  # a Python project, but none with a configuration
    monkeypatch.chdir(installed)

    assert project_root() == installed


def test_a_path_is_shown_as_people_type_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert shown(tmp_path / "a" / "b.csv") == "a/b.csv"
    assert shown(Path("a/../c.csv")) == "c.csv"
    assert shown(tmp_path.parent / "x.csv") == str(tmp_path.parent / "x.csv")
