import threading

import pytest
from filelock import FileLock
from triton_graphs import version

from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
from {{ cookiecutter.package_name }}.integrations.triton_places.folder import LOCK, Folder
from {{ cookiecutter.package_name }}.integrations.triton_repository import export
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

OPTIONS = ServingOptions("customers")


def test_exports_at_the_same_time_take_turns(tiny_model, tmp_path):
    repository = tmp_path / "repository"
    start, done = threading.Barrier(4), []

    def run(number: int) -> None:
        start.wait()
        done.append(export(tiny_model, version(number), repository, OPTIONS).written)

    crew = [threading.Thread(target=run, args=(number,)) for number in range(1, 5)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()

    assert len(done) == 4
    folders = {path.name for path in (repository / "customers").iterdir() if path.is_dir()}
    assert folders == {"1", "2", "3", "4"}
    assert [path.name for path in tmp_path.iterdir() if path.name != "model.onnx"] == ["repository"]


def test_an_export_that_never_ends_is_told_to_the_next(tiny_model, tmp_path):
    (tmp_path / "repository").mkdir()

    with (
        FileLock(tmp_path / "repository" / LOCK),
        pytest.raises(ConfigError, match=r"Another export has been writing to '.*' for 0\.1 s"),
    ):
        export(tiny_model, version(1), Folder(tmp_path / "repository", 0.1), OPTIONS)
