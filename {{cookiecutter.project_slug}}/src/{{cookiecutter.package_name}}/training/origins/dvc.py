"""The version of the prepared data by DVC's name for it, which `dvc.lock` has as well."""

import configparser
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from {{ cookiecutter.package_name }}.schemas.errors import DataNotFound

TAG = "dvc_md5"
_LOCK = "dvc.lock"
WRITES = (_LOCK,)
"""DVC writes the lock after each stage, so before `train` has begun."""


def tags(root: Path, data_name: str) -> dict[str, str]:
    """`dvc_md5` of the prepared data set, where these very files are what `dvc.lock` names.

    Data that were prepared by hand since have no tag.
    """
    place = _place(data_name)
    stored = [out["md5"] for out in _outputs(_read(root / _LOCK)) if out["path"] == place]
    if not stored or stored[0] != digest_of(root / place):
        return {}
    return {TAG: stored[0]}


def bring_back(project: Path, copy: Path, tags: Mapping[str, str]) -> str | None:
    """Have DVC put the data with these tags into `copy`, from this project's cache or remote.

    None where no stage of the copy makes such data. DataNotFound where DVC has them nowhere.
    """
    md5, name = tags.get(TAG), tags.get("data_name")
    if md5 is None or name is None or not (copy / ".dvc" / "config").is_file():
        return None
    place = _place(name)
    if not _name_in_lock(project, copy, place, md5):
        return None
    _share_cache(project / ".dvc", copy / ".dvc")
    if _dvc(project, copy, "checkout", place).returncode == 0:
        return "from DVC's cache"
    pulled = _dvc(project, copy, "pull", place)
    if pulled.returncode == 0:
        return "from DVC's remote"
    raise DataNotFound(
        f"DVC has the data '{place}' with MD5 {md5} neither in its cache nor in its remote "
        f"({_reason(pulled.stderr)}): run `just dvc push` where they were made."
    )


def _place(data_name: str) -> str:
    return f"data/processed/{data_name}"


def _read(lock: Path) -> dict[str, Any]:
    content = yaml.safe_load(lock.read_text(encoding="utf-8")) if lock.is_file() else None
    return content or {}


def _outputs(lock: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for stage in lock.get("stages", {}).values():
        yield from stage.get("outs", [])


def _reason(said: str) -> str:
    """The first thing that DVC calls an error; it puts warnings before and hints after it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no reason given"]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines)[0].removeprefix("ERROR: ").strip(" :.")


def _name_in_lock(project: Path, copy: Path, place: str, md5: str) -> bool:
    """Let the copy's lock name these data; False where no lock knows of a stage that makes them.

    A lock is committed after the training, so that of the training's own commit may be older.
    """
    for folder in (copy, project):
        lock = _read(folder / _LOCK)
        for out in _outputs(lock):
            if out["path"] == place:
                if (folder, out["md5"]) != (copy, md5):
                    out.clear()
                    out.update(path=place, hash="md5", md5=md5)
                    text = yaml.safe_dump(lock, sort_keys=False)
                    (copy / _LOCK).write_text(text, encoding="utf-8")
                return True
    return False


def _share_cache(ours: Path, theirs: Path) -> None:
    """Let the copy use this project's cache and remotes: `config.local` is for one folder alone."""
    parser = configparser.ConfigParser(interpolation=None)
    for name in ("config", "config.local"):
        if (ours / name).is_file():
            # DVC indents its keys, which would make each a part of the line before.
            lines = (ours / name).read_text(encoding="utf-8").splitlines()
            parser.read_string("\n".join(line.strip() for line in lines))
    for section in parser.sections():
        url = parser[section].get("url", "")
        if section.strip("'").startswith("remote ") and url and "://" not in url:
            parser[section]["url"] = str((ours / url).resolve())
    if not parser.has_section("cache"):
        parser.add_section("cache")
    kept = parser["cache"].get("dir", "cache")
    parser["cache"]["dir"] = str((ours / kept).resolve())
    with (theirs / "config.local").open("w", encoding="utf-8") as stream:
        parser.write(stream)


def _dvc(project: Path, copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DVC_ROOT"}
    return subprocess.run(
        [sys.executable, str(project / "tools" / "dvc.py"), *arguments],
        cwd=copy,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def digest_of(folder: Path) -> str:
    """A folder's MD5 as DVC computes it: over the list of its files' paths and MD5s."""
    files = sorted(
        (file.relative_to(folder).as_posix(), file) for file in folder.rglob("*") if file.is_file()
    )
    entries = [{"md5": _md5(file), "relpath": path} for path, file in files]
    listing = json.dumps(entries, sort_keys=True).encode()
    return f"{hashlib.md5(listing, usedforsecurity=False).hexdigest()}.dir"


def _md5(file: Path) -> str:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()
