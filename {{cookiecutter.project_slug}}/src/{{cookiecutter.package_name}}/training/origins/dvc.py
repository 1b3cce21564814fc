"""The version of the prepared data by DVC's name for it, which `dvc.lock` has as well."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml


def tags(root: Path, data_name: str) -> dict[str, str]:
    """`dvc_md5` of the prepared data set, where these very files are what `dvc.lock` names.

    Data that were prepared by hand since have no tag.
    """
    lock = root / "dvc.lock"
    place = f"data/processed/{data_name}"
    if not lock.is_file():
        return {}
    stages = yaml.safe_load(lock.read_text(encoding="utf-8")).get("stages", {})
    stored = [out["md5"] for out in _outputs(stages) if out["path"] == place]
    if not stored or stored[0] != digest_of(root / place):
        return {}
    return {"dvc_md5": stored[0]}


def _outputs(stages: dict[str, Any]) -> list[dict[str, Any]]:
    return [out for stage in stages.values() for out in stage.get("outs", [])]


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
