import os
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}_api.prediction_log import locks
from {{ cookiecutter.package_name }}_api.prediction_log import spill as module
from {{ cookiecutter.package_name }}_api.prediction_log.frames import Frames, framed
from {{ cookiecutter.package_name }}_api.prediction_log.locks import Lock
from {{ cookiecutter.package_name }}_api.prediction_log.spill import Spill, SpillFull


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "spill"


@pytest.fixture
def spill_of(folder):
    """Makes what one process has in the folder; all are closed in the end."""
    made: list[Spill] = []

    def make(most_bytes: int = 1000) -> Spill:
        made.append(Spill(folder, most_bytes))
        return made[-1]

    yield make
    for spill in made:
        spill.close()


def _all(spill: Spill) -> list[bytes]:
    found: list[bytes] = []
    while not spill.empty:
        payloads, _ = spill.read(2)
        found += payloads
        if not payloads:
            spill.forget()
    return found


def test_entries_come_back_in_their_order_and_their_files_go(folder, monkeypatch, spill_of):
    monkeypatch.setattr(module, "SEGMENT_BYTES", 50)
    spill = spill_of(10_000)
    entries = [f"entry {number}".encode() for number in range(20)]
    for entry in entries:
        spill.append([entry])
    assert len([*folder.glob("*.spill")]) > 3

    assert _all(spill) == entries
    assert spill.size == 0
    assert [path.suffix for path in folder.iterdir()] == [".lock"]


def test_what_is_appended_while_older_entries_are_read_comes_after_them(spill_of):
    spill = spill_of(10_000)
    spill.append([b"1", b"2", b"3"])
    assert spill.read(2)[0] == [b"1", b"2"]
    spill.append([b"4"])

    assert _all(spill) == [b"3", b"4"]


def test_entries_that_the_store_did_not_take_are_read_again(spill_of):
    spill = spill_of(10_000)
    spill.append([b"1", b"2", b"3"])
    spill.read(1)
    assert spill.read(1)[0] == [b"2"]

    spill.again()

    assert spill.read(5)[0] == [b"2", b"3"]


@pytest.mark.parametrize("cut", range(1, 15))
def test_a_torn_last_entry_is_passed_over_and_counted(cut):
    whole = b"".join(framed([b"first", b"last"]))

    frames = Frames(whole[:-cut])

    assert frames.take(10) == [b"first"]
    assert frames.damaged == 1


def test_damage_in_the_middle_costs_no_more_than_the_entry_that_it_hit():
    content = bytearray(b"".join(framed([b"first", b"second", b"third"])))
    content[content.index(b"second")] ^= 1

    frames = Frames(bytes(content))

    assert frames.take(10) == [b"first", b"third"]
    assert frames.damaged == 1


def test_its_bound_holds_and_what_fits_still_goes_in(spill_of):
    spill = spill_of(100)
    spill.append([b"x" * 60])

    with pytest.raises(SpillFull, match="72 of 100 bytes"):
        spill.append([b"y" * 60])
    spill.append([b"z" * 10])

    assert _all(spill) == [b"x" * 60, b"z" * 10]


def test_an_entry_that_the_disk_took_half_leaves_no_half(spill_of, monkeypatch):
    def full(descriptor: int, parts: list[bytes]) -> int:
        """A disk with ten bytes left."""
        os.write(descriptor, b"".join(parts)[:10])
        raise OSError(28, "No space left on device")

    spill = spill_of(1000)
    spill.append([b"before"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "writev", full, raising=False)
        with pytest.raises(OSError, match="No space"):
            spill.append([b"lost in the middle"])
    spill.append([b"after"])

    assert _all(spill) == [b"before", b"after"]


@pytest.mark.parametrize("taken", [0, 1, 20])
def test_a_write_that_the_system_ends_early_is_gone_on_with(spill_of, monkeypatch, taken):
    def early(descriptor: int, parts: list[bytes]) -> int:
        return os.write(descriptor, b"".join(parts)[:taken])

    monkeypatch.setattr(os, "writev", early, raising=False)
    spill = spill_of(1000)
    spill.append([b"first", b"second"])

    assert _all(spill) == [b"first", b"second"]


def test_files_of_a_process_that_ended_are_taken_by_one_other_alone(folder, spill_of):
    ended = spill_of(1000)
    ended.append([b"left"])
    ended.close()
    one, other = spill_of(1000), spill_of(1000)

    assert (one.adopt(), other.adopt(), one.adopt()) == (1, 0, 0)
    assert other.empty
    one.append([b"new"])
    assert _all(one) == [b"left", b"new"]
    assert len([*folder.glob("*.lock")]) == 2


def test_files_that_are_taken_during_a_read_come_after_the_file_that_is_read(spill_of):
    ended, living = spill_of(1000), spill_of(1000)
    ended.append([b"left"])
    ended.close()
    living.append([b"1", b"2"])
    assert living.read(1)[0] == [b"1"]

    assert living.adopt() == 1

    assert _all(living) == [b"2", b"left"]


def test_files_of_a_living_process_are_let_alone(spill_of):
    living, other = spill_of(1000), spill_of(1000)
    living.append([b"mine"])

    assert other.adopt() == 0
    assert _all(living) == [b"mine"]


def test_nothing_is_left_of_a_log_that_wrote_all(folder, spill_of):
    spill = spill_of(1000)
    spill.append([b"1"])
    _all(spill)
    spill.close()

    assert [*folder.iterdir()] == []


def test_a_lock_whose_owner_removes_it_just_then_is_not_taken(folder, monkeypatch):
    folder.mkdir()
    lock = Lock.made(folder)
    really = locks._lock

    def late(stream) -> None:
        lock.release()
        really(stream)

    monkeypatch.setattr(locks, "_lock", late)

    assert Lock.taken(lock.path) is None


def test_a_file_that_somebody_removed_counts_as_damage(folder, spill_of):
    spill = spill_of(1000)
    spill.append([b"1"])
    (file,) = folder.glob("*.spill")
    file.unlink()

    assert spill.read(5) == ([], 1)
    spill.forget()
    assert spill.empty
