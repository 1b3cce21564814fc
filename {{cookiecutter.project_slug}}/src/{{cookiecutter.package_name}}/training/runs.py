"""Run folders: what a training leaves behind, and how an interrupted one is found again."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.paths import shown

Status = Literal["RUNNING", "FINISHED", "FAILED", "KILLED"]
_FILE = "run.json"
LOCK = "run.lock"
_LAST = Path("checkpoints") / "last.ckpt"

# What may differ between an interrupted run and the one that goes on from it. Data is known by
# its digest, however it was asked for.
_NOT_IDENTITY = ("resume", "logging", "mlflow", "env", "data")


class RunRecord(Record):
    """`run.json`: the state of a training. `tracking_uri` is what the configuration says.

    `went_on_in` is the folder of the interrupted run that this one went on from; files and
    checkpoints are there, and this folder holds the record alone.
    """

    status: Status
    identity: str
    mlflow_run_id: str | None = None
    version: str | None = None
    tracking_uri: str | None = None
    went_on_in: str | None = None


def code_digest() -> str:
    """SHA-256 over this package's source: weights of one code mean nothing to another."""
    package = Path(__file__).parent.parent
    files = sorted(
        path for room in ("data", "models", "training") for path in (package / room).glob("**/*.py")
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def identity(config: Mapping[str, Any], data_digest: str) -> str:
    """SHA-256 over everything that decides a run's weights: configuration, data and code.

    `data_digest` may be any text that tells data (and code) apart.
    """
    deciding = {key: value for key, value in config.items() if key not in _NOT_IDENTITY}
    text = json.dumps([deciding, data_digest], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def write_record(folder: Path, record: RunRecord) -> None:
    """Replace the run's `run.json`."""
    write_text(folder / _FILE, record.model_dump_json(indent=2) + "\n")


def read_record(folder: Path) -> RunRecord:
    """The run's `run.json`."""
    return RunRecord.model_validate_json((folder / _FILE).read_text(encoding="utf-8"))


def claim(folder: Path) -> FileLock:
    """A lock on the run folder, held until it is released or this process ends, however it ends.

    ConfigError where another training holds it.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ConfigError(
            f"Another training writes to '{shown(folder)}': wait for it, or say resume=never."
        ) from error
    return lock


def _is_free(folder: Path) -> bool:
    """Whether no training is at work there: one that died has let go of its lock."""
    try:
        claim(folder).release()
    except ConfigError:
        return False
    return True


def _interrupted(outputs: Path, wanted: str) -> Iterator[Path]:
    for file in outputs.glob(f"**/{_FILE}"):
        folder = file.parent
        try:
            record = read_record(folder)
        except ValidationError:  # another version of this project wrote it: nothing to go on from
            continue
        stopped = record.identity == wanted and record.status != "FINISHED"
        if stopped and (folder / _LAST).is_file() and _is_free(folder):
            yield folder


def resumed_folder(resume: str, outputs: Path, wanted: str) -> Path | None:
    """The folder of the run to go on from, or None to start anew.

    `resume` is `auto` (the newest interrupted run of identity `wanted` below `outputs`),
    `never`, or the path of a run folder or checkpoint. ConfigError where that path holds none.
    """
    if resume == "never":
        return None
    if resume == "auto":
        found = sorted(_interrupted(outputs, wanted), key=lambda f: (f / _LAST).stat().st_mtime)
        return found[-1] if found else None
    named = Path(resume)
    folder = named.parent.parent if named.suffix == ".ckpt" else named
    if not (folder / _LAST).is_file():
        raise ConfigError(
            f"resume={resume}: there is no checkpoint '{shown(folder / _LAST)}'; give the folder "
            "of an interrupted run, or auto, or never."
        )
    try:
        same = read_record(folder).identity == wanted
    except (FileNotFoundError, ValidationError):
        same = False
    if not same:
        raise ConfigError(
            f"resume={resume}: that run was of another configuration, other data or other code, "
            "and cannot go on as this one: repeat its command, or say resume=never."
        )
    return folder.resolve()


def last_checkpoint(folder: Path) -> Path:
    """The checkpoint of the last finished epoch."""
    return folder / _LAST
