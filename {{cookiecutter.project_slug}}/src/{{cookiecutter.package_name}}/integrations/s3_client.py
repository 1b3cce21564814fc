"""A store that speaks S3, and what lies in it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from {{ cookiecutter.package_name }}.data.tabular import FORMATS
from {{ cookiecutter.package_name }}.integrations.s3_errors import Place
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound

_SHOWN = 5
"""So many names are shown of what lies where the data were looked for."""
_REFUSED_CHARACTERS = re.compile(r'[\x00-\x1f\x7f\\:<>"|?*]')
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
"""What Windows takes for a device, whatever follows the first dot."""


@dataclass(frozen=True)
class StoredObject:
    """One object as the store lists it; `name` is its key below the folder that was asked for."""

    key: str
    name: str
    size: int
    etag: str


def connect(place: Place, workers: int) -> Any:
    """A client of the store; its credentials are those of the standard chain, and no others."""
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"'{error.name}' is needed to read {place}, and is not installed: run `uv sync`, or "
            '`pip install -e ".[train,s3]"`.'
        ) from error
    # Self-hosted stores seldom have a name for each bucket. Checksums are compared by ourselves.
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard"},
        max_pool_connections=workers,
        signature_version="s3v4",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if place.endpoint_url else "auto"},
    )
    session = boto3.session.Session(region_name=place.region)
    try:
        return session.client("s3", endpoint_url=place.endpoint_url, config=config)
    except ValueError as error:
        raise ConfigError(
            f"data.endpoint_url is '{place.endpoint_url}', where {place} should be read: expected "
            "an address such as https://s3.example.com."
        ) from error


def _listed(client: Any, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        yield from page.get("Contents", ())


def _object(entry: dict[str, Any], name: str) -> StoredObject:
    return StoredObject(entry["Key"], name, int(entry["Size"]), entry["ETag"].strip('"'))


def _is_data(name: str) -> bool:
    """Whether an object is read: a table, and none of the marks that other tools leave behind."""
    hidden = any(part.startswith(("_", ".")) for part in name.split("/"))
    return not hidden and f".{name.rpartition('.')[2].lower()}" in FORMATS


def find(client: Any, place: Place) -> list[StoredObject]:
    """The object with that key; else all tables below it, ordered by their keys.

    Raises DataNotFound where there is none, and DataError for a key that is no path, and for two
    that are one path where letters' case does not count.
    """
    first = client.list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
    for entry in first.get("Contents", ()):
        if entry["Key"] == place.key:
            item = _object(entry, place.key.rpartition("/")[2])
            if not _is_data(item.name):
                raise _not_found(client, place, place.key.removesuffix(item.name), [item.name])
            _check_path(item, place)
            return [item]
    folder = f"{place.key.rstrip('/')}/" if place.key else ""
    entries = list(_listed(client, place.bucket, folder))
    found = [_object(entry, entry["Key"].removeprefix(folder)) for entry in entries]
    tables = [item for item in found if _is_data(item.name)]
    if not tables:
        others = [item.name for item in found if item.name]
        raise _not_found(client, place, folder, others)
    for item in tables:
        _check_path(item, place)
    _check_apart(tables, place)
    return sorted(tables, key=lambda item: item.key)


def _check_path(item: StoredObject, place: Place) -> None:
    """DataError for a key that would lie elsewhere, or nowhere, as a file of any system."""
    if not all(_is_file_name(part) for part in item.name.split("/")):
        raise DataError(
            f"The object {item.key!r} of bucket '{place.bucket}' cannot become a file of that "
            "name on every system: rename it, or narrow data.objects."
        )


def _is_file_name(part: str) -> bool:
    """Whether Linux, macOS and Windows all make a file of that name, and of no other."""
    if not part or part.endswith((".", " ")):
        return False
    return not (_REFUSED_CHARACTERS.search(part) or _DEVICE.fullmatch(part))


def _check_apart(items: Sequence[StoredObject], place: Place) -> None:
    """DataError for two keys that Windows and macOS would give the same file."""
    known: dict[str, StoredObject] = {}
    for item in items:
        other = known.setdefault(unicodedata.normalize("NFC", item.name).casefold(), item)
        if other is not item:
            raise DataError(
                f"The objects {other.key!r} and {item.key!r} of bucket '{place.bucket}' would "
                "become the same file on some systems: rename one, or narrow data.objects."
            )


def _not_found(client: Any, place: Place, folder: str, others: list[str]) -> DataNotFound:
    known = ", ".join(FORMATS)
    if others:
        return DataNotFound(
            f"None of the objects below '{folder}' of bucket '{place.bucket}' is a table "
            f"({_some(others)}): expected names that end in {known}."
        )
    parent = f"{place.key.rstrip('/').rpartition('/')[0]}/".lstrip("/")
    answer = client.list_objects_v2(
        Bucket=place.bucket, Prefix=parent, Delimiter="/", MaxKeys=_SHOWN + 1
    )
    beside = [entry["Prefix"] for entry in answer.get("CommonPrefixes", ())]
    beside += [entry["Key"] for entry in answer.get("Contents", ()) if entry["Key"] != parent]
    where = f"'{parent}'" if parent else "it"
    there = f"{where} has {_some(sorted(beside))}" if beside else f"{where} is empty"
    return DataNotFound(
        f"Bucket '{place.bucket}' has no object '{place.key}' and none below '{folder}' "
        f"({there}): correct data.objects or data.prefix."
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return f"{shown}, …" if len(names) > _SHOWN else shown
