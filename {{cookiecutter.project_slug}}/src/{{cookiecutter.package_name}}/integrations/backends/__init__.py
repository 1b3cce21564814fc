"""What runs a model: every module here is one backend, known by the module's name.

`INFERENCE_BACKEND` names it, for the service as for the commands that predict. A module has two
functions, those of `Backend`.
"""

import importlib
import os
import pkgutil
from pathlib import Path
from typing import Protocol, cast

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

VARIABLE = "INFERENCE_BACKEND"
DEFAULT = "onnxruntime"


class ModelServer(Protocol):
    """A server that runs the model, and itself says which version of it.

    `name` is the backend's. `current` and `load` wait for the server, and may be called in any
    thread; the others are for the event loop that predictions are awaited on.
    """

    name: str

    def current(self) -> ServedVersion:
        """The version that it would answer with now; a ModelError where there is none."""
        ...

    def load(self) -> tuple[Predictor, ServedVersion]:
        """That version, to be asked; a ModelError where there is none."""
        ...

    async def check(self) -> None:
        """Nothing, where it can answer now; else a ModelError says why not."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class Backend(Protocol):
    """A module of this folder."""

    def predictor(self, path: Path, version: ServedVersion) -> Predictor:
        """The registered version whose file is at `path`; a ModelError where it is not to be had.

        For commands: they ask for a version, whoever runs it.
        """
        ...

    def server(self) -> ModelServer | None:
        """What the service asks for its version instead of a registry; None: it has a registry.

        Called once, at the start: it may wait for the server, and leaves it to `load` to fail.
        """
        ...


def chosen() -> str:
    """The backend that the environment names."""
    return (os.environ.get(VARIABLE) or DEFAULT).lower()


def named(name: str) -> Backend:
    """The backend of this name; ConfigError where there is none."""
    known = sorted(module.name for module in pkgutil.iter_modules(__path__))
    if name not in known:
        raise ConfigError(f"{VARIABLE} is '{name}': expected {' or '.join(known)}.")
    return cast("Backend", importlib.import_module(f"{__name__}.{name}"))
