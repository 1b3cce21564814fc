"""The prediction log: where answered requests are kept, and read back from.

Importing this costs nothing: libraries of databases are imported when a store is opened.
"""

from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import Reader, kind_of
from {{ cookiecutter.package_name }}.schemas.prediction_log import PredictionStore

__all__ = ["Reader", "open_reader", "open_store"]


def open_store(url: str) -> PredictionStore:
    """The store that a URL names, not yet connected: `open()` does that, in the thread that writes.

    Raises ConfigError for a URL that cannot be used; the known kinds are listed.
    """
    store: PredictionStore = kind_of(url).open_store(url)
    return store


def open_reader(url: str) -> Reader:
    """What reads the store that a URL names; see `reading` for rows and counts.

    Raises ConfigError for a URL that cannot be used.
    """
    reader: Reader = kind_of(url).open_reader(url)
    return reader
