"""A disk that takes no more is told of in a sentence, as data that cannot be read are."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.utils.paths import shown

_REASONS = frozenset(
    (
        errno.EACCES,
        errno.EDQUOT,
        errno.EFBIG,
        errno.ENAMETOOLONG,
        errno.ENOSPC,
        errno.EPERM,
        errno.EROFS,
    )
)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """DataError where the file or folder cannot be written while the block runs.

    A full disk, a limit and missing rights are meant; any other OSError stays what it is.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _REASONS:
            raise
        reason = os.strerror(error.errno)
        raise DataError(f"'{shown(path)}' cannot be written: {reason}.") from error
