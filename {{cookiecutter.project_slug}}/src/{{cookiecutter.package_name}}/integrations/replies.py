"""What a child process answers its parent: one JSON line, which may be an error to raise again."""

import gc
import json
import os
import sys
from collections.abc import Mapping
from typing import IO

from {{ cookiecutter.package_name }}.schemas import errors
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError

Json = dict[str, object]


def from_error(error: Exception) -> Json:
    """One of the project's own errors as a reply; anything else is told with its class."""
    if isinstance(error, ProjectError):
        return {"error": type(error).__name__, "message": str(error)}
    text = " ".join(str(error).split())
    return {"error": "", "message": f"{type(error).__name__}: {text}" if text else repr(error)}


def raise_error(reply: Mapping[str, object], otherwise: type[ProjectError]) -> None:
    """Raise the error that a reply carries, if it carries one."""
    if "error" not in reply:
        return
    kind = getattr(errors, str(reply["error"]), None)
    raised = kind if isinstance(kind, type) and issubclass(kind, ProjectError) else otherwise
    raise raised(str(reply["message"]))


def own_stdout() -> IO[str]:
    """The pipe to the parent, taken away from everything that prints.

    What libraries print afterwards, from Python or from C, goes to standard error.
    """
    sys.stdout.flush()
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return pipe


def send(pipe: IO[str], message: Mapping[str, object]) -> None:
    """Write one message as a line."""
    pipe.write(json.dumps(message) + "\n")
    pipe.flush()


def leave_quickly() -> None:
    """Spare the interpreter the search for garbage at its end: a second, after mlflow's import."""
    gc.freeze()
