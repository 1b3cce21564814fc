"""What the log may say of an error that nobody foresaw."""

import logging


class Unsaid(Exception):
    """Stands for an error whose words could hold a value of the request."""


def unsaid(error: Exception, log: logging.Logger) -> Exception:
    """Where it was raised and of which class, at `debug` also its words: they may quote a row."""
    if log.isEnabledFor(logging.DEBUG):
        return error
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 10:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    unsaid = Unsaid(f"{' from '.join(kinds)} (LOG_LEVEL=debug shows its words)")
    return unsaid.with_traceback(error.__traceback__)
