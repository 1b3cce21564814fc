"""From settings to a model that answers, proved by one answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations import backends
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, TrackingUnavailable
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}_api.models import remote
from {{ cookiecutter.package_name }}_api.models.kept import Kept, Note
from {{ cookiecutter.package_name }}_api.models.warming import inline_rows
from {{ cookiecutter.package_name }}_api.settings import Settings

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.backends import ModelServer

_log = logging.getLogger(__name__)

Origin = Literal["file", "registry", "kept copy", "server"]

BEING_ASKED = "the registry is being asked"
"""The trouble of a service that was told to start with its kept copy, until the first answer."""


@dataclass(frozen=True)
class Served:
    """The model that answers, which registered version it is, and since when.

    `trouble` says why it is the copy that was kept here and not what the registry names now. More
    than `inline_rows` rows take so long that other requests should not wait for them. `sha256` is
    the digest of the file. `server` runs the model, where this process does not.
    """

    predictor: Predictor
    version: ServedVersion
    loaded_at: datetime
    origin: Origin = "file"
    trouble: str | None = None
    inline_rows: int = 1000
    sha256: str = ""
    server: "ModelServer | None" = None


Load = Callable[[Settings], Served]
"""How the service comes by its model: `load_model`, or a fake in tests."""


def load_model(settings: Settings) -> Served:
    """Find the model that the settings name, load it and let it answer once.

    A registry that cannot have changed since it was asked is not asked again. Where it is away, or
    what it names cannot answer, the copy of the version that answered here before is served.
    Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch.
    """
    found = remote.load(settings)
    if found is not None:
        return found
    if settings.model_path is not None:
        path = settings.model_path.expanduser()
        version = ServedVersion(name=settings.mlflow_model_name, version="local")
        return _warmed(settings, path, version)
    kept = Kept.of(settings)
    served = _at_once(settings, kept)
    if served is not None:
        return served
    try:
        return _registered(settings, kept)
    except (TrackingUnavailable, ArtifactMismatch) as error:
        served = _noted(settings, kept.read())
        if served is None:
            raise
        _log.warning("serving the kept copy", extra={"reason": str(error)})
        return replace(served, origin="kept copy", trouble=str(error))


def _at_once(settings: Settings, kept: Kept) -> Served | None:
    """What can be served before the registry is asked; None where it has to be."""
    note = kept.read()
    known = note is not None and _unwritten(note, kept)
    if not known and not (settings.start_with_kept_copy and settings.watched):
        return None
    served = _noted(settings, note)
    if served is None:
        return None
    if known:
        kept.touch()
        return served
    _log.warning("serving the kept copy", extra={"reason": BEING_ASKED})
    return replace(served, origin="kept copy", trouble=BEING_ASKED)


def load_shared(settings: Settings, trouble: str | None = None, since: float = 0.0) -> Served:
    """`load_model` for one of several processes: what the others answer with needs no registry.

    `trouble` is why the process that started them serves the kept copy, `since` when it began to,
    in seconds since 1970. A note that was written later is the registry's word again.
    """
    found = remote.load(settings)
    if found is not None:
        return found
    note = None if settings.model_path is not None else Kept.of(settings).read()
    served = _noted(settings, note)
    if note is None or served is None:
        return load_model(settings)
    if trouble is None or note.written > since:
        return served
    return replace(served, origin="kept copy", trouble=trouble)


def newer_model(
    settings: Settings,
    served: Served,
    now: bool,  # noqa: FBT001
    *,
    hurry: bool = False,
) -> Served | None:
    """The version that the registry names, loaded and warmed; None where it is `served`.

    Raises ModelNotFound, TrackingUnavailable or ArtifactMismatch.
    """
    if served.server is not None:
        return remote.newer(settings, served, served.server, now=now)
    kept = Kept.of(settings)
    note = kept.read()
    if not now:
        found = _found_by_another(settings, note, kept, served)
        if found is not None:
            return found
        if not settings.model_poll_seconds or kept.age() < settings.model_poll_seconds:
            return None
        if note is not None and note.version == served.version and _unwritten(note, kept):
            kept.touch()
            return None
    fresh = _registered(settings, kept, served, gently=not hurry)
    return None if fresh is served else fresh


def _found_by_another(
    settings: Settings, note: Note | None, kept: Kept, served: Served
) -> Served | None:
    # An older note is what was so before this process asked: the newer one could not be written.
    if note is None or note.version == served.version or note.written < kept.asked():
        return None
    return _noted(settings, note)


def _unwritten(note: Note, kept: Kept) -> bool:
    """Whether nobody wrote to the store since the note was made."""
    return note.store is not None and note.store == kept.store_stamp()


def _registered(
    settings: Settings, kept: Kept, served: Served | None = None, *, gently: bool = False
) -> Served:
    """What the registry names: `served` itself where that is it already."""
    # The registry is asked in a child process that ends: MLflow never enters this one.
    from {{ cookiecutter.package_name }}.integrations.model_store import fetch_in_child

    kept.touch()
    kept.require_store()
    name, reference = settings.mlflow_model_name, settings.reference
    if served is None:  # a process starts, and whoever waits for it should know what for
        _log.info("asking the registry", extra={"model": name, "reference": reference})
    stamp = kept.store_stamp()
    fetched = fetch_in_child(name, reference, settings.mlflow_tracking_uri, gently=gently)
    if served is None or served.version != fetched.served:
        served = _warmed(settings, fetched.path, fetched.served, "registry")
    # Only what answered is remembered: it is what a start without the registry falls back on.
    kept.write(fetched.served, fetched.path, served.sha256, stamp)
    return served


def _noted(settings: Settings, note: Note | None) -> Served | None:
    """What a note names; None where there is none, or its file is another one by now."""
    if note is None or not note.whole():
        return None
    served = _warmed(settings, note.path, note.version, "registry")
    return served if served.sha256 == note.sha256 else None


def _warmed(
    settings: Settings, path: Path, version: ServedVersion, origin: Origin = "file"
) -> Served:
    predictor = backends.named(settings.inference_backend).predictor(path, version)
    digest = sha256_of(path)  # not before: the file may be replaced between two looks at it
    try:
        rows = inline_rows(predictor)
    except Exception as error:  # onnxruntime raises a class of its own for each status
        raise ArtifactMismatch(
            f"'{path}' was loaded but cannot answer a row of its own columns "
            f"({type(error).__name__}): export it again."
        ) from error
    return Served(predictor, version, datetime.now(UTC), origin, None, rows, digest)
