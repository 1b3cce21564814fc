"""Each module here is one kind of store.

It has `SCHEMES`, the beginnings of its URLs, and functions of a URL. `check` raises ConfigError for
one that cannot be used. `open_store` gives a `PredictionStore` and `open_reader` a `Reader`;
neither connects yet. `is_made` asks the store whether it can be written without a migration.
Heavy libraries are imported inside of them.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def found() -> Iterator[ModuleType]:
    """The kinds that there are."""
    for module in pkgutil.iter_modules(__path__):
        yield importlib.import_module(f"{__name__}.{module.name}")
