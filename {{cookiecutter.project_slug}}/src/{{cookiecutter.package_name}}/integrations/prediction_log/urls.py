"""Addresses of prediction logs, and how they are shown: never with a password."""

import os
import re
from urllib.parse import urlsplit

from {{ cookiecutter.package_name }}.schemas.errors import StoreUnavailable
from {{ cookiecutter.package_name }}.utils.paths import project_root

VARIABLE = "PREDICTION_LOG_URL"
NOTHING = "none"
"""What stands for a URL where no log is kept."""
_SECRET = re.compile(r"(?<=[?&])(password|passfile|sslpassword)=[^&]*", re.IGNORECASE)
_HIDDEN = "***"


def log_url(configured: str | None = None) -> str:
    """`configured`, else `PREDICTION_LOG_URL`, else `predictions.db` at the project root."""
    return configured or os.environ.get(VARIABLE) or f"sqlite:///{project_root()}/predictions.db"


def scheme_of(url: str) -> str:
    """What stands before `://`, without a driver: `postgresql` of `postgresql+psycopg://…`."""
    scheme, found, _ = url.partition("://")
    return scheme.partition("+")[0].lower() if found else ""


def shown(url: str) -> str:
    """The URL as it may be printed and logged."""
    before, found, after = url.partition("://")
    if not found:
        return url
    authority, slash, rest = after.partition("/")
    user, at, host = authority.rpartition("@")
    if at and ":" in user:
        user = f"{user.partition(':')[0]}:{_HIDDEN}"
    return _SECRET.sub(rf"\1={_HIDDEN}", f"{before}://{user}{at}{host}{slash}{rest}")


def without_secrets(text: str, url: str) -> str:
    """A library's message, without the password that the URL has."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return text
    return text.replace(password, _HIDDEN) if password else text


def unavailable(url: str, why: str) -> StoreUnavailable:
    """The sentence for a log that cannot be used."""
    why = without_secrets(why, url).rstrip(".")
    return StoreUnavailable(f"The prediction log '{shown(url)}' cannot be used: {why}.")
