"""A model repository in S3, named as Triton's own `--model-repository` names it.

`s3://bucket/prefix` is AWS; `s3://https://store.example.com:9000/bucket/prefix` is another store.
Objects appear whole. A model that is there already gets its configuration last, so that a server
which polls goes from one state to the next. A new one gets it first: a server would make up one
for a model without.
"""

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from {{ cookiecutter.package_name }}.integrations.s3.client import connect, object_at
from {{ cookiecutter.package_name }}.integrations.s3.errors import code_of, told
from {{ cookiecutter.package_name }}.integrations.s3.place import Place, Purpose
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError
from {{ cookiecutter.package_name }}.utils.files import sha256_of

EXPORT = Purpose(
    prefix="the ",
    verb="write to",
    answered="take",
    rights="s3:ListBucket on bucket '{bucket}', and s3:GetObject and s3:PutObject on its objects",
    again="run the same command again; what was exported is kept",
)
_EXPECTED = "expected s3://bucket/prefix, or s3://https://store.example.com:443/bucket/prefix"
_CONFIG = "config.pbtxt"
_DIGEST = "sha256"
_LOST = ("PreconditionFailed", "ConditionalRequestConflict", "OperationAborted")


def open_place(address: str) -> "S3Repository":
    """The repository at an address; ConfigError where it has no bucket."""
    rest, endpoint = address.removeprefix("s3://"), None
    if rest.startswith(("http://", "https://")):
        endpoint, rest = _endpoint(address, rest)
    bucket, _, prefix = rest.partition("/")
    if not bucket:
        raise ConfigError(f"'{address}' names no bucket: {_EXPECTED}.")
    return S3Repository(address, Place.below(bucket, prefix, endpoint_url=endpoint, region=None))


def _endpoint(address: str, rest: str) -> tuple[str, str]:
    """The store, and what follows it. Triton itself reads no address without a port."""
    parts = urlsplit(rest)
    try:
        port = parts.port
    except ValueError:
        port = None
    if port is None:
        raise ConfigError(f"'{address}' says no port of the store: {_EXPECTED}.")
    return f"{parts.scheme}://{parts.netloc}", parts.path.lstrip("/")


class S3Repository:
    """Models below a prefix; credentials and region are those of the standard chain."""

    def __init__(self, address: str, place: Place) -> None:
        self._address, self._place = address, place

    def __str__(self) -> str:
        return self._address

    def scratch(self) -> Path:
        """Anywhere: bytes are copied from there."""
        return Path(tempfile.mkdtemp())

    def put(self, fresh: Path, version: str) -> list[str]:
        """Send what is not there; DataError where somebody else exports at the same time."""
        with told(self._place, EXPORT):
            client = connect(self._place, 4, EXPORT)
        config = self._at(fresh, _CONFIG)
        with told(config, EXPORT):
            before = object_at(client, config)
        files = sorted(path.relative_to(fresh).as_posix() for path in fresh.glob("*/*"))
        written = [name for name in files if not self._is_there(client, fresh, name)]
        changed = not self._is_there(client, fresh, _CONFIG)
        condition = {"IfMatch": f'"{before.etag}"'} if before else {"IfNoneMatch": "*"}
        if changed and not before:
            self._send_config(client, fresh, condition)
        for name in written:
            self._send(client, fresh, name)
        if changed and before:
            self._send_config(client, fresh, condition)
        return [*written, *([_CONFIG] if changed else [])]

    def _at(self, fresh: Path, name: str) -> Place:
        parts = (self._place.key, fresh.name, name)
        return self._place.at("/".join(part for part in parts if part))

    def _is_there(self, client: Any, fresh: Path, name: str) -> bool:
        place = self._at(fresh, name)
        with told(place, EXPORT):
            try:
                found = client.head_object(Bucket=place.bucket, Key=place.key)
            except Exception as error:
                if code_of(error) in ("404", "NoSuchKey"):
                    return False
                raise
        return bool(found["Metadata"].get(_DIGEST) == sha256_of(fresh / name))

    def _send(self, client: Any, fresh: Path, name: str) -> None:
        """In parts where it is large; the object is there when all of it is."""
        place, file = self._at(fresh, name), fresh / name
        extra = {"Metadata": {_DIGEST: sha256_of(file)}, "ChecksumAlgorithm": "CRC32"}
        with told(place, EXPORT):
            client.upload_file(str(file), place.bucket, place.key, ExtraArgs=extra)

    def _send_config(self, client: Any, fresh: Path, condition: dict[str, str]) -> None:
        place, file = self._at(fresh, _CONFIG), fresh / _CONFIG
        stored = {"Body": file.read_bytes(), "Metadata": {_DIGEST: sha256_of(file)}}
        with told(place, EXPORT):
            try:
                client.put_object(
                    Bucket=place.bucket,
                    Key=place.key,
                    ChecksumAlgorithm="CRC32",
                    **stored,
                    **condition,
                )
            except Exception as error:
                if code_of(error) not in _LOST:
                    raise
                raise DataError(
                    f"Somebody else exported to {place} meanwhile, and their version is served: "
                    "run the same command again if yours should be."
                ) from error
