"""A store that speaks S3, and the objects that it lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3.place import FETCH, Place, Purpose
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


@dataclass(frozen=True)
class StoredObject:
    """One object; `name` is what its file is called, below the folder that was asked for.

    `etag` is the state in which the store has it, and `sha256` that of its bytes, where that is
    known without asking for them.
    """

    key: str
    name: str
    size: int
    etag: str
    sha256: str | None = None


def connect(place: Place, workers: int, purpose: Purpose = FETCH) -> Any:
    """A client of the store; its credentials are those of the standard chain, and no others."""
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"'{error.name}' is needed to {purpose.verb} {place}, and is not installed: run "
            '`uv sync`, or `pip install -e ".[train,s3]"`.'
        ) from error
    # Self-hosted stores seldom have a name for each bucket. What TLS protects need not be signed
    # as well, which takes a SHA-256 of all bytes.
    plain = (place.endpoint_url or "").startswith("http://")
    options: dict[str, Any] = {"addressing_style": "path" if place.endpoint_url else "auto"}
    options |= {} if plain else {"payload_signing_enabled": False}
    # Checksums are compared by ourselves, and sent where we say so: stores that are not AWS do
    # not know all that boto3 would add.
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard"},
        max_pool_connections=workers,
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3=options,
    )
    session = boto3.session.Session(region_name=place.region)
    try:
        return session.client("s3", endpoint_url=place.endpoint_url, config=config)
    except ValueError as error:
        raise ConfigError(
            f"{purpose.setting('endpoint_url')} is '{place.endpoint_url}', which cannot be the "
            f"address of {place}: expected one such as https://s3.example.com."
        ) from error


def _object(entry: dict[str, Any], name: str) -> StoredObject:
    return StoredObject(entry["Key"], name, int(entry["Size"]), entry["ETag"].strip('"'))


def listed(client: Any, bucket: str, folder: str) -> Iterator[StoredObject]:
    """Every object whose key begins with `folder`, in pages that are asked for one by one."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    for page in pages:
        for entry in page.get("Contents", ()):
            yield _object(entry, entry["Key"].removeprefix(folder))


def object_at(client: Any, place: Place) -> StoredObject | None:
    """The object with exactly that key."""
    answer = client.list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
    for entry in answer.get("Contents", ()):
        if entry["Key"] == place.key:
            return _object(entry, place.key.rpartition("/")[2])
    return None


def beside(client: Any, bucket: str, folder: str, most: int) -> list[str]:
    """A few of the folders and objects that lie directly in a folder."""
    answer = client.list_objects_v2(Bucket=bucket, Prefix=folder, Delimiter="/", MaxKeys=most)
    names = [entry["Prefix"] for entry in answer.get("CommonPrefixes", ())]
    names += [entry["Key"] for entry in answer.get("Contents", ()) if entry["Key"] != folder]
    return sorted(names)
