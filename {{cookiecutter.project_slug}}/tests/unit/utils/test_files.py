import hashlib
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


def test_a_digest_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")

    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_text_is_written_as_it_is_below_folders_that_it_makes(tmp_path):
    path = tmp_path / "a" / "b.txt"

    write_text(path, "é\r\nx\n")

    assert path.read_bytes() == "é\r\nx\n".encode()
    assert everything(tmp_path) == ["a", "a/b.txt"]


def test_a_text_can_be_read_by_other_users(tmp_path):
    write_text(tmp_path / "a.txt", "new")

    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


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
    assert path.stat().st_mode & 0o777 == 0o644
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
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o755


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
