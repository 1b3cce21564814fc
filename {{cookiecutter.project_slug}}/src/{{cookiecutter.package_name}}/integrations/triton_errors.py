"""What goes wrong between this project and a Triton server, as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ModelError

if TYPE_CHECKING:
    from tritonclient.utils import InferenceServerException

_LATE = ("DEADLINE_EXCEEDED", "499", "504")
_NOT_READY = ("UNAVAILABLE", "NOT_FOUND", "404", "503")
"""Statuses of gRPC and HTTP."""


class TritonUnavailable(ModelError):
    """The Triton server does not answer in time, or does not have the model ready."""


@contextmanager
def answering(url: str, model: str, seconds: float) -> Iterator[None]:
    """Turn what goes wrong in this block into TritonUnavailable or ArtifactMismatch."""
    from tritonclient.utils import InferenceServerException

    try:
        yield
    except InferenceServerException as error:
        raise _translated(error, url, model, seconds) from error
    except TimeoutError as error:
        raise _late(url, seconds) from error
    except (HTTPException, OSError, ValueError) as error:
        raise _away(url, error) from error


def _translated(
    error: "InferenceServerException", url: str, model: str, seconds: float
) -> TritonUnavailable | ArtifactMismatch:
    status = str(error.status() or "").removeprefix("StatusCode.")
    message = _said(error)
    if status in _LATE or "Deadline Exceeded" in message:
        return _late(url, seconds)
    if status == "UNAVAILABLE" and f"'{model}'" not in message:
        return _away(url, error)
    if status in _NOT_READY or "unknown model" in message:
        return TritonUnavailable(
            f"The Triton server at {url} does not have '{model}' ready ({message}): its log says "
            "what it loaded and why not."
        )
    return ArtifactMismatch(
        f"The Triton server at {url} refuses these rows for '{model}' ({message}): they are meant "
        "for another model, or another version of it."
    )


def _said(error: "InferenceServerException") -> str:
    """The server's own words, without the id that no request here has, and without advice."""
    words = " ".join(str(error.message()).split())
    words = words.removeprefix("[request id: <id_unknown>] ").partition(" NOTE: ")[0]
    return words.rstrip(".")[:300]


def _late(url: str, seconds: float) -> TritonUnavailable:
    return TritonUnavailable(f"The Triton server at {url} gave no answer within {seconds:g} s.")


def _away(url: str, error: Exception) -> TritonUnavailable:
    reason = " ".join(str(error).split()).rstrip(".")[:200]
    return TritonUnavailable(f"There is no Triton server at {url} ({reason}): start it.")
