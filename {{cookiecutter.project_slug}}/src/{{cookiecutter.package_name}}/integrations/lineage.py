"""What a registered version was made of, as it was written down at its training."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import DATA_DIGEST_TAG
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, RestoreError
from {{ cookiecutter.package_name }}.training.card import DATASET


@dataclass(frozen=True)
class Lineage:
    """A version's origin: its tags, and its `dataset.json` as the code of that time wrote it.

    Newer code reads from `dataset` no more than it needs, so that old versions stay readable.
    """

    version: str
    tags: Mapping[str, str]
    dataset: Mapping[str, Any]

    @property
    def commit(self) -> str | None:
        """The commit that the training began from; None where it was not known."""
        return self.tags.get("git_sha")

    @property
    def is_dirty(self) -> bool:
        """Whether files differed from that commit."""
        return self.tags.get("git_dirty") == "true"

    @property
    def data_name(self) -> str:
        """Name of the prepared data set; RestoreError where no tag has it."""
        return self._tag("data_name")

    @property
    def data_digest(self) -> str:
        """Digest of the prepared data set; RestoreError where no tag has it."""
        return self._tag(DATA_DIGEST_TAG)

    @property
    def options(self) -> Mapping[str, Any]:
        """What `prepare` was asked for; empty where it was not written down."""
        options: Mapping[str, Any] = self.dataset.get("options", {})
        return options

    @property
    def arguments(self) -> list[str]:
        """What `train` was called with."""
        return shlex.split(self.tags.get("arguments", ""))

    def require_data(self) -> None:
        """RestoreError where nothing says which data the version was trained on."""
        self._tag("data_name")
        self._tag(DATA_DIGEST_TAG)

    def _tag(self, name: str) -> str:
        if name not in self.tags:
            raise RestoreError(
                f"Version {self.version} has no tag `{name}`, so nothing says which data it was "
                "trained on: --code-only restores its code."
            )
        return self.tags[name]


def lineage_of(registry: Registry, reference: str) -> Lineage:
    """The origin of the version that an alias or a number names.

    A version that was registered before there was a `dataset.json` has none. Raises
    ModelNotFound, or TrackingUnavailable where the store does not answer.
    """
    found = registry.version(reference)
    try:
        text = fetch_file(registry, found, DATASET).read_text(encoding="utf-8")
    except ArtifactMismatch:
        text = "{}"
    return Lineage(found.version, found.tags, json.loads(text))
