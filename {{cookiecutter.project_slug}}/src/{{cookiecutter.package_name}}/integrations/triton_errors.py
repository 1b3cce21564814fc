"""What goes wrong between this project and a Triton server, as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ConfigError,
    ModelError,
    VersionGone,
)

if TYPE_CHECKING:
    from tritonclient.utils import InferenceServerException

_LATE = ("DEADLINE_EXCEEDED", "499", "504")
_NOT_READY = ("UNAVAILABLE", "NOT_FOUND", "404", "503")
"""Statuses of gRPC and HTTP."""


class TritonUnavailable(ModelError):
    """The Triton server cannot be asked now."""


class TritonAway(TritonUnavailable):
    """Nobody answers at the address, or the connection broke."""


class TritonNotReady(TritonUnavailable, VersionGone):
    """The server does not have the model, or this version of it, ready."""


@contextmanager
def answering(url: str, model: str, seconds: float) -> Iterator[None]:
    """Turn what goes wrong in this block into TritonUnavailable or ArtifactMismatch."""
    from tritonclient.utils import InferenceServerException

    try:
        yield
    except InferenceServerException as error:
        raise _translated(error, url, model, seconds) from error
    except TimeoutError as error:
        raise late(url, seconds) from error
    except (HTTPException, OSError, ValueError) as error:
        raise _away(url, error) from error


@contextmanager
def loading(url: str, model: str, seconds: float) -> Iterator[None]:
    """`answering`, for a block that asks the server to load the model."""
    from tritonclient.utils import InferenceServerException

    with answering(url, model, seconds):
        try:
            yield
        except InferenceServerException as error:
            said = _said(error)
            if "explicit model load" in said:
                raise ConfigError(
                    f"The Triton server at {url} does not take orders: it was started without "
                    "--model-control-mode=explicit, and polls its repository or reads it once."
                ) from error
            if "failed to load" in said or "load failed" in said:
                raise ArtifactMismatch(
                    f"The Triton server at {url} cannot load '{model}' ({said}); what it served "
                    "before, it goes on serving. Its log has more; does it read this repository?"
                ) from error
            raise


def _translated(
    error: "InferenceServerException", url: str, model: str, seconds: float
) -> TritonUnavailable | ArtifactMismatch:
    status = str(error.status() or "").removeprefix("StatusCode.")
    message = _said(error)
    if status in _LATE or "Deadline Exceeded" in message:
        return late(url, seconds)
    if status == "UNAVAILABLE" and f"'{model}'" not in message:
        return _away(url, error)
    if status in _NOT_READY or "unknown model" in message:
        return not_ready(url, model, message)
    return ArtifactMismatch(
        f"The Triton server at {url} refuses these rows for '{model}' ({message}): they are meant "
        "for another model, or another version of it."
    )


def _said(error: "InferenceServerException") -> str:
    """The server's own words, without the id that no request here has, and without advice."""
    words = " ".join(str(error.message()).split())
    words = words.removeprefix("[request id: <id_unknown>] ").partition(" NOTE: ")[0]
    return words.rstrip(".")[:300]


def late(url: str, seconds: float) -> TritonUnavailable:
    """No answer came within these seconds."""
    return TritonUnavailable(f"The Triton server at {url} gave no answer within {seconds:g} s.")


def not_ready(url: str, model: str, message: str) -> TritonNotReady:
    """With the server's own words, or ours."""
    return TritonNotReady(
        f"The Triton server at {url} does not have '{model}' ready ({message}): its log says "
        "what it loaded and why not."
    )


def _away(url: str, error: Exception) -> TritonAway:
    reason = " ".join(str(error).split()).rstrip(".")[:200]
    return TritonAway(f"There is no Triton server at {url} ({reason}): start it.")
