"""Where a model repository can lie: a folder, or whatever a module here is named for.

`triton_places/abc.py` stands for addresses `abc://…`; it has a function `open_place(address)`.
"""

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.triton_repository import Repository

_FOLDER = "folder"


def open_place(address: str) -> "Repository":
    """The repository at an address, or in the folder of that path; nothing is asked yet.

    ConfigError where nothing here stands for such an address.
    """
    from {{ cookiecutter.package_name }}.integrations.triton_places.folder import Folder

    scheme, mark, _ = address.partition("://")
    if not mark:
        return Folder(Path(address))
    known = sorted({module.name for module in pkgutil.iter_modules(__path__)} - {_FOLDER})
    if scheme not in known:
        others = "".join(f", or an address {name}://…" for name in known)
        raise ConfigError(f"'{address}' cannot be a model repository: expected a folder{others}.")
    place: Repository = importlib.import_module(f"{__name__}.{scheme}").open_place(address)
    return place
