"""Modules that are imported when something is first asked of them."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class _Deferred(ModuleType):
    """Stands in `sys.modules` for a module; anything but the answers known loads the real one."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.__dict__.update(known)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # `inspect` asks every module for its file
            raise AttributeError(attribute)
        _withdraw(self)
        return getattr(importlib.import_module(self.__name__), attribute)


def _withdraw(stand_in: _Deferred) -> None:
    if sys.modules.get(stand_in.__name__) is stand_in:
        del sys.modules[stand_in.__name__]


@contextmanager
def deferred(name: str, **known: Any) -> Iterator[None]:
    """While the block runs, `import name` costs nothing until more than `known` is asked of it.

    For an import that another library makes at its start and that we never use. Whoever does
    use the module, during the block or after it, gets the real one.
    """
    if name in sys.modules:
        yield
        return
    stand_in = _Deferred(name, known)
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        _withdraw(stand_in)
