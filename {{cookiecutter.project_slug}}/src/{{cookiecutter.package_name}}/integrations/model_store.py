"""A registered version as a local file.

`fetch` does the work and imports mlflow; `fetch_in_child` has it done by a process that ends, so
that a service never holds mlflow in memory:
`python -m <this module> [--gently] NAME REFERENCE [URI]`.
"""

import os
import shutil
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.integrations import replies
from {{ cookiecutter.package_name }}.integrations.asking import NoReply, ask
from {{ cookiecutter.package_name }}.integrations.stores import tracking_uri as resolved_uri
from {{ cookiecutter.package_name }}.integrations.stores import unavailable
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ProjectError,
    TrackingUnavailable,
)
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.paths import project_root

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.registry import Registry
    from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo

FILE = "model.onnx"
_MODULE = "{{ cookiecutter.package_name }}.integrations.model_store"
_CHILD_SECONDS = 900.0
_GENTLY = "--gently"
_GONE = (
    "The registry names '{}', but there is no such file: was the artifact store moved or emptied?"
)


@dataclass(frozen=True)
class FetchedModel:
    """A registered version's `model.onnx` on this machine."""

    path: Path
    served: ServedVersion


def cached_path(name: str, version: str) -> Path:
    """Where a fetched version is kept."""
    return project_root() / ".cache" / "models" / name / version / FILE


def fetch(name: str, reference: str, tracking_uri: str | None = None) -> FetchedModel:
    """Bring the version that an alias or a number names to this machine.

    Raises ModelNotFound, MoveRefused for an archived version, TrackingUnavailable, or
    ArtifactMismatch where the file is not the one that was registered.
    """
    from {{ cookiecutter.package_name }}.integrations.registry import Registry

    registry = Registry(name, tracking_uri)
    found = registry.servable(reference)
    alias = None if reference.isdigit() else reference
    return FetchedModel(
        fetch_file(registry, found),
        ServedVersion(name=name, version=found.version, alias=alias, run_id=found.run_id),
    )


def fetch_file(registry: "Registry", found: "VersionInfo", name: str = FILE) -> Path:
    """One file of the version on this machine, downloaded where it is not here yet.

    Raises ArtifactMismatch where it is not the file that was registered.
    """
    from {{ cookiecutter.package_name }}.integrations.versions import DIGEST_TAGS

    expected = found.tags.get(DIGEST_TAGS.get(name, ""))
    path = cached_path(found.name, found.version).with_name(name)
    # A number names other bytes in another store: only the digest tells whether a file is it.
    if expected is None or not path.is_file() or sha256_of(path) != expected:
        _download(registry.uri, registry.source_of(found.version), path, expected)
    return path


def fetch_run_file(registry: "Registry", found: "VersionInfo", name: str, folder: Path) -> Path:
    """A file that the training of the version left with its run, brought to `folder`.

    Raises ArtifactMismatch where there is none: the run was deleted, or never had it.
    """
    return _downloaded(registry.uri, f"runs:/{found.run_id}/{name}", folder)


def check_stored(registry: "Registry", found: "VersionInfo") -> None:
    """Ask the store itself, whatever this machine has: ArtifactMismatch where the file is gone."""
    import mlflow.artifacts
    from mlflow.exceptions import MlflowException

    from {{ cookiecutter.package_name }}.integrations.mlflow_client import answering, is_missing

    source, listed = registry.source_of(found.version), []
    with answering(registry.uri):
        try:
            listed = mlflow.artifacts.list_artifacts(source, tracking_uri=registry.uri)
        except MlflowException as error:
            if not is_missing(error):
                raise
    if FILE not in {entry.path.rpartition("/")[2] for entry in listed}:
        raise ArtifactMismatch(_GONE.format(f"{source}/{FILE}"))


def _download(uri: str, source: str, path: Path, expected: str | None) -> None:
    """Put the file in place only when it is whole and has the digest of its registration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=".download."))
    try:
        fresh = _downloaded(uri, f"{source}/{path.name}", folder)
        if expected is not None and (digest := sha256_of(fresh)) != expected:
            raise ArtifactMismatch(
                f"'{source}/{path.name}' has SHA-256 {digest[:12]}…, but {expected[:12]}… was "
                "registered: the stored file was changed; train and register again."
            )
        fresh.replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _downloaded(uri: str, source: str, folder: Path) -> Path:
    import mlflow.artifacts
    from mlflow.exceptions import MlflowException

    from {{ cookiecutter.package_name }}.integrations.mlflow_client import answering, is_missing

    with answering(uri):
        try:
            return Path(
                mlflow.artifacts.download_artifacts(source, dst_path=str(folder), tracking_uri=uri)
            )
        except FileNotFoundError as error:
            raise ArtifactMismatch(_GONE.format(source)) from error
        except MlflowException as error:
            if is_missing(error) or "No such" in str(error):
                raise ArtifactMismatch(_GONE.format(source)) from error
            raise


def fetch_in_child(
    name: str, reference: str, tracking_uri: str | None = None, *, gently: bool = False
) -> FetchedModel:
    """`fetch`, done by a process that ends: this one imports no mlflow. Raises the same errors.

    `gently` lets other processes go first, where the system knows how.
    """
    arguments = [name, reference, *([tracking_uri] if tracking_uri else [])]
    if gently:
        arguments.insert(0, _GENTLY)
    try:
        reply = ask(_MODULE, *arguments, seconds=_CHILD_SECONDS)
    except NoReply as error:
        where = resolved_uri(tracking_uri)
        raise unavailable(where, f"'{name}' ({reference}) was not fetched: {error}") from error
    replies.raise_error(reply, otherwise=TrackingUnavailable)
    return FetchedModel(Path(reply["path"]), ServedVersion.model_validate(reply["served"]))


def _go_last() -> None:
    if sys.platform != "win32":
        os.nice(10)  # 19 would leave a busy machine's alias where it is for minutes


def main(arguments: list[str]) -> int:
    """What the child does: one line of JSON on standard output, whatever happens."""
    pipe = replies.own_stdout()
    if arguments[0] == _GENTLY:
        arguments = arguments[1:]
        _go_last()
    name, reference, *uri = arguments
    try:
        found = fetch(name, reference, uri[0] if uri else None)
    except Exception as error:  # told to the parent, which raises it
        if not isinstance(error, ProjectError):
            traceback.print_exc()
        replies.send(pipe, replies.from_error(error))
    else:
        replies.send(pipe, {"path": str(found.path), "served": found.served.model_dump()})
    replies.leave_quickly()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
