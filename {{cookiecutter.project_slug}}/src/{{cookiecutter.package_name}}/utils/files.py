"""Files that are whole or not there."""

import glob
import hashlib
import secrets
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

_BLOCK_BYTES = 1 << 20
_FORMER = ".former"
_RANDOM = "[0-9a-f]" * 8
_STALE_SECONDS = 24 * 3600


def sha256_of(path: Path, stopped: Event | None = None) -> str:
    """SHA-256 of a file's bytes, in hex; CancelledError soon after `stopped` is set."""
    digest, block = hashlib.sha256(), memoryview(bytearray(_BLOCK_BYTES))
    with path.open("rb", buffering=0) as stream:
        while size := stream.readinto(block):
            if stopped is not None and stopped.is_set():
                raise CancelledError
            digest.update(block[:size])
    return digest.hexdigest()


def _beside(path: Path) -> Path:
    """A hidden place in the same folder that nothing has."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _sweep(target: Path) -> None:
    """Remove what killed processes had begun to write: nobody has touched it for a day."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.{_RANDOM}"):
        with suppress(FileNotFoundError):  # another process sweeps, too
            newest = max(_changed(path) for path in (left, *left.rglob("*")))
            if time.time() - newest / 1e9 < _STALE_SECONDS:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8, newline as given) so that readers see the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replaced_file(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)


@contextmanager
def replaced_file(target: Path) -> Iterator[Path]:
    """Yield the path of a file beside `target` that takes its place when the block ends well."""
    _sweep(target)
    fresh = _beside(target)
    fresh.touch(exist_ok=False)  # with the rights that the user's umask leaves
    try:
        yield fresh
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `target` when the block ends without error.

    The former folder is kept until the new one is complete; after an error it is untouched. If
    the process is killed just when the two change places, the next call brings the former back.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _bring_back(target)
    _sweep(target)
    fresh = _beside(target)
    fresh.mkdir()
    former = fresh.with_name(f"{fresh.name}{_FORMER}")
    try:
        yield fresh
        if target.exists():
            target.replace(former)
        fresh.replace(target)
    except BaseException:
        if former.exists() and not target.exists():
            former.replace(target)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _bring_back(target: Path) -> None:
    """What a process had put aside when it was killed, if nothing has taken its place."""
    # A name may go on after a dot: `rows.v2` is not `rows`.
    aside = target.parent.glob(f".{glob.escape(target.name)}.{_RANDOM}{_FORMER}")
    if not target.exists() and (found := max(aside, key=_changed, default=None)):
        found.replace(target)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns
