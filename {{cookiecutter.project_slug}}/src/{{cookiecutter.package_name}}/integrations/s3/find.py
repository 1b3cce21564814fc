"""Which objects make a data set: those of a manifest, or all tables below a prefix."""

from typing import Any

from {{ cookiecutter.package_name }}.data.tabular import FORMATS
from {{ cookiecutter.package_name }}.integrations.s3 import manifest as manifests
from {{ cookiecutter.package_name }}.integrations.s3.client import (
    StoredObject,
    beside,
    listed,
    object_at,
)
from {{ cookiecutter.package_name }}.integrations.s3.names import is_data, is_path, same_file, some
from {{ cookiecutter.package_name }}.integrations.s3.place import Place
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound
from {{ cookiecutter.package_name }}.utils.words import counted

_SHOWN = 5
"""So many names are shown of what lies where the data were looked for."""


def folder_of(place: Place) -> str:
    """What the keys of all objects below a place begin with."""
    return f"{place.key.rstrip('/')}/" if place.key else ""


def find(client: Any, place: Place) -> list[StoredObject]:
    """The object with that key; else what a manifest there lists; else all tables below it.

    Ordered by name. Raises DataNotFound where there is none, and DataError for a key that is no
    path, for two that are one path where letters' case does not count, and for a manifest whose
    objects are gone or cut short.
    """
    if item := object_at(client, place):
        if not is_data(item.name):
            raise _no_table(place, place.key.removesuffix(item.name), [item.name])
        _check_names([item], place)
        return [item]
    folder = folder_of(place)
    manifest = place.at(f"{folder}{manifests.NAME}")
    if found := object_at(client, manifest):
        return _of_manifest(client, manifest, folder, found)
    return _all_below(client, place, folder)


def _of_manifest(client: Any, place: Place, folder: str, found: StoredObject) -> list[StoredObject]:
    manifest = manifests.read(client, place, found)
    there = {item.key: item for item in listed(client, place.bucket, f"{folder}{manifests.FILES}")}
    items = []
    for file in manifest.files:
        stored = there.get(f"{folder}{file.key}")
        if stored is None or stored.size != file.size:
            state = "is gone"
            if stored is not None:
                state = f"has {counted(stored.size, 'byte')}, not {file.size:,}"
            raise DataError(
                f"{place.at(f'{folder}{file.key}')} {state}, and {place} lists it as "
                f"'{file.name}': upload the files again with `upload --again`."
            )
        items.append(StoredObject(stored.key, file.name, file.size, stored.etag, file.sha256))
    return sorted(items, key=lambda item: item.name)


def _all_below(client: Any, place: Place, folder: str) -> list[StoredObject]:
    tables: list[StoredObject] = []
    others: list[str] = []
    for item in listed(client, place.bucket, folder):
        if is_data(item.name):
            tables.append(item)
        elif item.name and len(others) <= _SHOWN:
            others.append(item.name)
    if not tables:
        raise _no_table(place, folder, others) if others else _nothing(client, place, folder)
    _check_names(tables, place)
    return sorted(tables, key=lambda item: item.name)


def _check_names(items: list[StoredObject], place: Place) -> None:
    """DataError for a key that would lie elsewhere, nowhere, or where another lies, as a file."""
    for item in items:
        if not is_path(item.name):
            raise DataError(
                f"The object {item.key!r} of bucket '{place.bucket}' cannot become a file of that "
                "name on every system: rename it, or narrow data.objects."
            )
    if twice := same_file(item.key for item in items):
        raise DataError(
            f"The objects {twice[0]!r} and {twice[1]!r} of bucket '{place.bucket}' would "
            "become the same file on some systems: rename one, or narrow data.objects."
        )


def _no_table(place: Place, folder: str, others: list[str]) -> DataNotFound:
    known = ", ".join(FORMATS)
    return DataNotFound(
        f"None of the objects below '{folder}' of bucket '{place.bucket}' is a table "
        f"({some(others, _SHOWN)}): expected names that end in {known}."
    )


def _nothing(client: Any, place: Place, folder: str) -> DataNotFound:
    parent = f"{place.key.rstrip('/').rpartition('/')[0]}/".lstrip("/")
    names = beside(client, place.bucket, parent, _SHOWN + 1)
    where = f"'{parent}'" if parent else "it"
    there = f"{where} has {some(names, _SHOWN)}" if names else f"{where} is empty"
    return DataNotFound(
        f"Bucket '{place.bucket}' has no object '{place.key}' and none below '{folder}' "
        f"({there}): correct data.objects or data.prefix."
    )
