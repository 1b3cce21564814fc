import hashlib
import os
import threading
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.utils.files import (
    replaced_file,
    replaced_folder,
    sha256_of,
    write_text,
)


@pytest.fixture
def refused_rename(monkeypatch):
    """Lets no file or folder take the given place, as a full or read-only disk would."""

    def refuse(place):
        replace = Path.replace

        def refusing(self, target):
            if Path(target) == place and not self.name.endswith(".former"):
                raise OSError("no space left")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", refusing)

    return refuse


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def rights(path):
    return path.stat().st_mode & 0o777


def test_a_digest_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")

    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_text_is_written_as_it_is_below_folders_that_it_makes(tmp_path):
    path = tmp_path / "a" / "b.txt"

    write_text(path, "é\r\nx\n")

    assert path.read_bytes() == "é\r\nx\n".encode()
    assert everything(tmp_path) == ["a", "a/b.txt"]


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_text(path, "half \ud800")

    assert path.read_text() == "old"
    assert everything(tmp_path) == ["a.txt"]


def test_a_text_that_cannot_take_its_place_leaves_the_old_one(tmp_path, refused_rename):
    path = tmp_path / "a.txt"
    path.write_text("old")
    refused_rename(path)

    with pytest.raises(OSError, match="no space"):
        write_text(path, "new")

    assert path.read_text() == "old"
    assert everything(tmp_path) == ["a.txt"]


def test_a_file_takes_its_place_when_the_block_ends(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    with replaced_file(path) as fresh:
        fresh.write_bytes(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert everything(tmp_path) == ["a.bin"]


def test_a_block_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail():
        with replaced_file(path) as fresh:
            fresh.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()

    assert path.read_bytes() == b"old"
    assert everything(tmp_path) == ["a.bin"]


def test_a_folder_takes_its_place_when_the_block_ends(tmp_path):
    target = tmp_path / "a" / "data"
    target.mkdir(parents=True)
    (target / "old").touch()

    with replaced_folder(target) as fresh:
        (fresh / "new").touch()
        assert everything(target) == ["old"]

    assert everything(tmp_path) == ["a", "a/data", "a/data/new"]


def test_a_folder_may_be_the_first_of_its_name(tmp_path):
    with replaced_folder(tmp_path / "data") as fresh:
        (fresh / "new").touch()

    assert everything(tmp_path) == ["data", "data/new"]


def test_a_block_that_fails_leaves_the_old_folder(tmp_path):
    target = tmp_path / "data"
    target.mkdir()
    (target / "old").touch()

    def fail():
        with replaced_folder(target) as fresh:
            (fresh / "half").touch()
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        fail()

    assert everything(tmp_path) == ["data", "data/old"]


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(tmp_path, refused_rename):
    target = tmp_path / "data"
    target.mkdir()
    (target / "old").touch()
    refused_rename(target)

    with pytest.raises(OSError, match="no space"), replaced_folder(target) as fresh:
        (fresh / "new").touch()

    assert everything(tmp_path) == ["data", "data/old"]


@pytest.fixture
def umask():
    """Sets the rights that new files lack; afterwards they are as before."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.mark.parametrize(("mask", "file", "folder"), [(0o077, 0o600, 0o700), (0o002, 0o664, 0o775)])
def test_rights_are_those_that_the_user_gives_new_files(tmp_path, umask, mask, file, folder):
    umask(mask)

    write_text(tmp_path / "a.txt", "new")
    with replaced_file(tmp_path / "a.bin") as fresh:
        fresh.write_bytes(b"new")
    with replaced_folder(tmp_path / "data"):
        pass

    assert rights(tmp_path / "a.txt") == rights(tmp_path / "a.bin") == file
    assert rights(tmp_path / "data") == folder


def test_a_folder_that_a_killed_process_had_put_aside_comes_back(tmp_path):
    for name in (".data.1234abcd.former", ".data.v2.1234abcd.former"):
        (tmp_path / name).mkdir()
    (tmp_path / ".data.1234abcd.former" / "old").touch()

    def fail():
        with replaced_folder(tmp_path / "data"):
            assert everything(tmp_path / "data") == ["old"]
            raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        fail()

    assert everything(tmp_path) == [".data.v2.1234abcd.former", "data", "data/old"]


def test_what_killed_processes_had_begun_goes_once_it_is_a_day_old(tmp_path):
    names = [".data.0000000a", ".data.0000000b", ".data.v2.0000000a", ".data.0000000x"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows").touch()
        os.utime(tmp_path / name, (0, 0))
        if name != ".data.0000000b":  # somebody is at work there
            os.utime(tmp_path / name / "rows", (0, 0))
    for name, age in ((".a.txt.0000000a", 25), (".a.txt.0000000b", 23)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age * 3600,) * 2)

    write_text(tmp_path / "a.txt", "new")
    with replaced_folder(tmp_path / "data"):
        pass

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".a.txt.0000000b", *names[1:2], names[3], names[2], "a.txt", "data"]


def test_a_digest_can_be_stopped(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    stopped = threading.Event()
    assert sha256_of(tmp_path / "a", stopped) == hashlib.sha256(b"abc").hexdigest()

    stopped.set()
    with pytest.raises(CancelledError):
        sha256_of(tmp_path / "a", stopped)
