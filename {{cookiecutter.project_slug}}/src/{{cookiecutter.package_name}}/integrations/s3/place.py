"""Where data are in a store, and what a command does there."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Purpose:
    """What a command does with a store: words of its messages, and names of its settings."""

    prefix: str
    """Before the name of a setting, as people write it."""
    verb: str
    answered: str
    rights: str
    again: str
    dashes: bool = False

    def setting(self, name: str) -> str:
        """What people call a setting: `data.endpoint_url`, `--endpoint-url`."""
        return f"{self.prefix}{name.replace('_', '-') if self.dashes else name}"


FETCH = Purpose(
    prefix="data.",
    verb="read",
    answered="give",
    rights="s3:ListBucket on bucket '{bucket}' and s3:GetObject on its objects",
    again="run the same command again; what was fetched is kept",
)
UPLOAD = Purpose(
    prefix="--",
    verb="write to",
    answered="take",
    rights="s3:ListBucket and s3:ListBucketMultipartUploads on bucket '{bucket}', and "
    "s3:GetObject, s3:PutObject, s3:ListMultipartUploadParts, s3:AbortMultipartUpload and, to "
    "prune, s3:DeleteObject on its objects",
    again="run the same command again; what was uploaded is kept",
    dashes=True,
)


@dataclass(frozen=True)
class Place:
    """An object, or a folder of them, and the store that it is in; no `endpoint_url` is AWS."""

    bucket: str
    key: str
    endpoint_url: str | None
    region: str | None

    @classmethod
    def below(
        cls, bucket: str, *parts: object, endpoint_url: str | None, region: str | None
    ) -> Self:
        """The place that these parts of a key make together; those that are None or "" do not."""
        texts = [str(part).strip("/") for part in parts if part is not None]
        key = "/".join(text for text in texts if text)
        return cls(str(bucket), key, endpoint_url or None, region or None)

    def at(self, key: str) -> Self:
        """Another key of the same bucket."""
        return replace(self, key=key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def store(self) -> str:
        """The store, as messages name it."""
        if self.endpoint_url:
            return f"'{self.endpoint_url}'"
        return f"AWS ({self.region})" if self.region else "AWS"
