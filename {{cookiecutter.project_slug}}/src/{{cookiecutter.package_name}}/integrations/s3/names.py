"""Whether the name of an object can be the name of a file, on every system."""

import re
import unicodedata
from collections.abc import Iterable

from {{ cookiecutter.package_name }}.data.tabular import FORMATS

_REFUSED_CHARACTERS = re.compile(r'[\x00-\x1f\x7f\\:<>"|?*]')
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
"""What Windows takes for a device, whatever follows the first dot."""


def is_data(name: str) -> bool:
    """Whether an object is read: a table, and none of the marks that other tools leave behind."""
    hidden = any(part.startswith(("_", ".")) for part in name.split("/"))
    return not hidden and f".{name.rpartition('.')[2].lower()}" in FORMATS


def is_path(name: str) -> bool:
    """Whether Linux, macOS and Windows all make a file of that name, and nowhere else."""
    return all(_is_file_name(part) for part in name.split("/"))


def _is_file_name(part: str) -> bool:
    if not part or part.endswith((".", " ")):
        return False
    return not (_REFUSED_CHARACTERS.search(part) or _DEVICE.fullmatch(part))


def same_file(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names that Windows or macOS would give the same file, if there are any."""
    known: dict[str, str] = {}
    for name in names:
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in known:
            return known[folded], name
        known[folded] = name
    return None


def some(names: list[str], most: int = 5) -> str:
    """The first few of many names, quoted."""
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return f"{shown}, …" if len(names) > most else shown
