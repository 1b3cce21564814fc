import errno
import os

import pytest

from {{ cookiecutter.package_name }}.data import prepare as prepare_module
from {{ cookiecutter.package_name }}.data.prepare import prepare
from {{ cookiecutter.package_name }}.data.writable import writable
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.paths import processed_dir


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_no_more_is_told_in_a_sentence(tmp_path, code):
    reason = os.strerror(code)

    with (
        pytest.raises(DataError, match=rf"^'.*rows' cannot be written: {reason}\.$"),
        writable(tmp_path / "rows"),
    ):
        raise OSError(code, "as Arrow tells it")


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(OSError, match="odd"), writable(tmp_path / "rows"):
        raise OSError(errno.EIO, "odd")


def test_a_data_set_that_the_disk_has_no_room_for_is_not_there_at_all(
    project, monkeypatch, source_of, plan_with
):
    def write(folder, *_):
        (folder / "train.parquet").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "Error writing bytes to file")

    monkeypatch.chdir(project)
    monkeypatch.setattr(prepare_module, "write", write)
    where = processed_dir("rows").relative_to(project)

    with pytest.raises(DataError) as raised:
        prepare(source_of(), plan_with(), lambda _: None)

    assert str(raised.value) == f"'{where}' cannot be written: {os.strerror(errno.ENOSPC)}."
    assert not list(processed_dir("rows").parent.iterdir())
