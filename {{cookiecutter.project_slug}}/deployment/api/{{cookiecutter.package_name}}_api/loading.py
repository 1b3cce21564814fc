"""From settings to a model that answers, proved by one answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}_api.kept import Kept, Note
from {{ cookiecutter.package_name }}_api.settings import Settings
from {{ cookiecutter.package_name }}_api.warming import rows_inline

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel

_log = logging.getLogger(__name__)

Origin = Literal["file", "registry", "kept copy"]


@dataclass(frozen=True)
class Served:
    """The model that answers, which registered version it is, and since when.

    `trouble` says why it is the copy that was kept here and not what the registry names now. More
    than `inline_rows` rows take so long that other requests should not wait for them. `sha256` is
    the digest of the file.
    """

    predictor: Predictor
    version: ServedVersion
    loaded_at: datetime
    origin: Origin = "file"
    trouble: str | None = None
    inline_rows: int = 1000
    sha256: str = ""


Load = Callable[[Settings], Served]
"""How the service comes by its model: `load_model`, or a fake in tests."""

Newer = Callable[[Settings, Served, bool], Served | None]
"""What should answer instead of the present model, None where nothing should: `newer_model`.

The last argument demands that the registry itself is asked, however lately it was.
"""


def load_model(settings: Settings) -> Served:
    """Find the model that the settings name, load it and let it answer once.

    Where the registry is away, or what it names cannot answer, the copy of the version that
    answered here before is served. Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch.
    """
    if settings.model_path is not None:
        path = settings.model_path.expanduser()
        return _warmed(path, ServedVersion(name=settings.mlflow_model_name, version="local"))
    kept = Kept.of(settings)
    try:
        return _registered(settings, kept)
    except (TrackingUnavailable, ArtifactMismatch) as error:
        served = _noted(kept.read())
        if served is None:
            raise
        _log.warning("serving the kept copy", extra={"reason": str(error)})
        return replace(served, origin="kept copy", trouble=str(error))


def load_shared(settings: Settings, trouble: str | None = None, since: float = 0.0) -> Served:
    """`load_model` for one of several processes: what the others answer with needs no registry.

    `trouble` is why the process that started them serves the kept copy, `since` when it began to,
    in seconds since 1970. A note that was written later is the registry's word again.
    """
    note = None if settings.model_path is not None else Kept.of(settings).read()
    served = _noted(note)
    if note is None or served is None:
        return load_model(settings)
    if trouble is None or note.written > since:
        return served
    return replace(served, origin="kept copy", trouble=trouble)


def newer_model(settings: Settings, served: Served, now: bool) -> Served | None:  # noqa: FBT001
    """The version that the registry names, loaded and warmed; None where it is `served`.

    Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch.
    """
    kept = Kept.of(settings)
    note = kept.read()
    if not now:
        found = _found_by_another(note, kept, served)
        if found is not None:
            return found
        if not settings.model_poll_seconds or kept.age() < settings.model_poll_seconds:
            return None
        if note is not None and note.version == served.version and _unwritten(note, kept):
            kept.touch()
            return None
    fresh = _registered(settings, kept, served)
    return None if fresh is served else fresh


def _found_by_another(note: Note | None, kept: Kept, served: Served) -> Served | None:
    # An older note is what was so before this process asked: the newer one could not be written.
    if note is None or note.version == served.version or note.written < kept.asked():
        return None
    return _noted(note)


def _unwritten(note: Note, kept: Kept) -> bool:
    """Whether nobody wrote to the store since the note was made."""
    return note.store is not None and note.store == kept.store_stamp()


def _registered(settings: Settings, kept: Kept, served: Served | None = None) -> Served:
    """What the registry names: `served` itself where that is it already."""
    kept.touch()
    stamp = kept.store_stamp()
    fetched = _fetched(settings)
    if served is None or served.version != fetched.served:
        served = _warmed(fetched.path, fetched.served, "registry")
    # Only what answered is remembered: it is what a start without the registry falls back on.
    kept.write(fetched.served, fetched.path, served.sha256, stamp)
    return served


def _fetched(settings: Settings) -> "FetchedModel":
    # The registry is asked in a child process that ends: MLflow never enters this one.
    from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child

    return fetch_in_child(
        settings.mlflow_model_name, settings.reference, settings.mlflow_tracking_uri
    )


def _noted(note: Note | None) -> Served | None:
    """What a note names; None where there is none, or its file is another one by now."""
    if note is None or not note.whole():
        return None
    served = _warmed(note.path, note.version, "registry")
    return served if served.sha256 == note.sha256 else None


def _warmed(path: Path, version: ServedVersion, origin: Origin = "file") -> Served:
    predictor = Predictor.open(path)
    digest = sha256_of(path)  # not before: the file may be replaced between two looks at it
    try:
        inline = rows_inline(predictor)
    except Exception as error:  # onnxruntime raises a class of its own for each status
        raise ArtifactMismatch(
            f"'{path}' was loaded but cannot answer a row of its own columns "
            f"({type(error).__name__}): export it again."
        ) from error
    return Served(predictor, version, datetime.now(UTC), origin, None, inline, digest)
