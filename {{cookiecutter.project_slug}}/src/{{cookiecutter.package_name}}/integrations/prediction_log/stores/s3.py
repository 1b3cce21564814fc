"""Parquet files in S3, a folder for each day: cheap to keep, and read by whatever reads Parquet.

`s3://bucket/prefix`, and `?endpoint_url=https://…&region=…` where the environment does not say so.
"""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from {{ cookiecutter.package_name }}.integrations.prediction_log.urls import shown
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.s3.place import Place
    from {{ cookiecutter.package_name }}.integrations.s3.prediction_log import S3Log

SCHEMES = ("s3",)
_SETTINGS = ("endpoint_url", "region")


def check(url: str) -> None:
    """ConfigError for a URL that names no bucket, or settings that nobody knows."""
    _given(url)


def is_made(url: str) -> bool:
    """There is nothing to make: each write makes its file."""
    check(url)
    return True


def open_store(url: str) -> "S3Log":
    """A store below the prefix that a URL names."""
    from {{ cookiecutter.package_name }}.integrations.s3.prediction_log import S3Log

    return S3Log(_place(url))


def open_reader(url: str) -> "S3Log":
    """A reader of what is there."""
    return open_store(url)


def _given(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    if not parts.netloc or not set(given) <= set(_SETTINGS):
        raise ConfigError(
            f"The prediction log's URL is '{shown(url)}': expected s3://bucket/prefix, and after "
            f"a question mark no settings but {' and '.join(_SETTINGS)}."
        )
    return given


def _place(url: str) -> "Place":
    import os

    from {{ cookiecutter.package_name }}.integrations.s3.place import Place

    given, parts = _given(url), urlsplit(url)
    # boto3 would find it by itself; then no message could name the store.
    environment = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return Place.below(
        parts.netloc,
        parts.path,
        endpoint_url=given.get("endpoint_url") or environment,
        region=given.get("region"),
    )
