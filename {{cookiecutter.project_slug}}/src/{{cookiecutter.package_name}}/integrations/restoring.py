"""The data of a version, brought back into a checkout of its commit."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import yaml

from {{ cookiecutter.package_name }}.data.table import Table
from {{ cookiecutter.package_name }}.integrations.lineage import Lineage
from {{ cookiecutter.package_name }}.schemas.errors import (
    ConfigError,
    DataError,
    DataNotFound,
    RestoreError,
)
from {{ cookiecutter.package_name }}.training.origins import brought_back
from {{ cookiecutter.package_name }}.utils.files import sha256_of

_PREPARE = "{{ cookiecutter.package_name }}.cli.prepare"
_CHOICE = "restored"


def data_back(project: Path, copy: Path, lineage: Lineage) -> str:
    """Put the data that the version was trained on into `copy`; says where they came from.

    They are what they were: the digest of the manifest is the recorded one, and each file has the
    digest that the manifest says. DataError where they are not, or cannot be had; RestoreError
    where nothing says which they were, or how to get them.
    """
    lineage.require_data()
    found = brought_back(project, copy, lineage.tags) or _prepared_again(project, copy, lineage)
    _check(copy, lineage)
    return found


def _prepared_again(project: Path, copy: Path, lineage: Lineage) -> str:
    """Run `prepare` of the checkout's own code, with the options of that time."""
    if not lineage.options:
        raise RestoreError(
            f"Nothing says how the data of version {lineage.version} were prepared: it has no "
            "`dataset.json`, or one without options. --code-only restores its code."
        )
    _bring_file(project, copy, lineage)
    done = _prepare(copy, lineage.options)
    if done.returncode:
        # The project's own errors are sentences; of a defect, the end of the trace is told.
        said = (done.stderr.strip() or f"exit code {done.returncode}").removeprefix("error: ")
        problem = said.splitlines()[-1] if done.returncode == 1 else said
        raise DataError(
            f"The data of version {lineage.version} cannot be prepared again: {problem}"
        )
    return "prepared again"


def _prepare(copy: Path, options: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """Have the checkout's `prepare` find the options as one more choice of `data`."""
    with tempfile.TemporaryDirectory() as folder:
        choice = Path(folder) / "data" / f"{_CHOICE}.yaml"
        choice.parent.mkdir()
        # Quoted, all of them: Hydra takes more words for numbers than PyYAML does, such as 1e3.
        # In their order: it decides which pattern of a contract comes first.
        text = yaml.safe_dump(dict(options), default_style='"', sort_keys=False)
        choice.write_text(text, encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-P", "-m", _PREPARE, _searched(Path(folder)), f"data={_CHOICE}"],
            cwd=copy,
            env=_environment(copy),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def _searched(folder: PurePath) -> str:
    """The option that lets Hydra look for choices in a folder, too.

    Hydra takes what follows `file://` for the path, as it is: no `%20`, and no `/` before `C:`.
    """
    path = folder.as_posix().replace("'", r"\'")
    return f"hydra.searchpath=['file://{path}']"


def _environment(copy: Path) -> dict[str, str]:
    """What lets a command of this environment run the checkout's code and configuration."""
    code = (copy / "src", copy / "deployment" / "api")
    paths = os.pathsep.join(map(str, code))
    return {**os.environ, "PROJECT_ROOT": str(copy), "PYTHONPATH": paths}


def _bring_file(project: Path, copy: Path, lineage: Lineage) -> None:
    """Where the data were read from local files: check that they are those of that time.

    Files of the project's own that git does not keep are copied to their place in the checkout.
    """
    path, then = lineage.options.get("path"), lineage.dataset.get("version")
    if not isinstance(path, str):
        return
    kept, ours = copy / path, project / path  # both are the path itself where it is absolute
    if _version_of(kept) == then:
        return
    if not ours.exists():
        raise DataNotFound(
            f"The data of version {lineage.version} were read from '{path}', which is gone: bring "
            f"it back (it was {then}), or restore with --code-only."
        )
    now = _version_of(ours)
    if now != then:
        raise DataError(_changed(lineage, path, now or "unreadable"))
    kept.parent.mkdir(parents=True, exist_ok=True)
    if ours.is_dir():
        shutil.copytree(ours, kept, dirs_exist_ok=True)
    else:
        shutil.copy2(ours, kept)


def _version_of(place: Path) -> str | None:
    """What identifies the content of a file or folder; None where it holds no data set."""
    try:
        with Table(str(place)).open() as rows:
            return rows.version
    except (ConfigError, DataError):
        return None


def _changed(lineage: Lineage, source: str, now: str) -> str:
    return (
        f"The data of version {lineage.version} were read from '{source}', which was "
        f"{lineage.dataset.get('version')} then and is {now} now: bring the former back, or "
        "restore with --code-only."
    )


def _check(copy: Path, lineage: Lineage) -> None:
    folder = copy / "data" / "processed" / lineage.data_name
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["digest"] != lineage.data_digest:
        raise DataError(_difference(manifest, lineage))
    for file in manifest["files"].values():
        path = folder / file["path"]
        if not path.is_file() or sha256_of(path) != file["sha256"]:
            raise DataError(f"'{path}' is not the file that its manifest describes.")


def _difference(manifest: Mapping[str, Any], lineage: Lineage) -> str:
    """Why data that were prepared again are not those of the version."""
    if manifest["version"] != lineage.dataset.get("version"):
        return _changed(lineage, manifest["source"], manifest["version"])
    why = "files differed from that commit" if lineage.is_dirty else "other libraries prepared them"
    return (
        f"The data of version {lineage.version} have digest {lineage.data_digest[:12]}, but what "
        f"its commit makes of the same source has {manifest['digest'][:12]}: {why}."
    )
