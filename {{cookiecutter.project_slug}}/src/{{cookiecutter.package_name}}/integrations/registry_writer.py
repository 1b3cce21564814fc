"""Changes to the registered model, and what is read between them: each may be repeated."""

from collections.abc import Iterator
from contextlib import contextmanager

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    is_missing,
    patience,
)
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot

_TIMEOUT, _RETRIES = 20, 2
"""Seconds of one try, and further tries: no call goes on for much more than a minute."""


class RegistryWriter:
    """Aliases and tags of one registered model; TrackingUnavailable where the store is away."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def snapshot(self) -> Snapshot:
        """Everything that is registered, read with as little patience as it is changed."""
        with patience(_TIMEOUT, _RETRIES):
            return self.registry.snapshot()

    def model_tags(self) -> dict[str, str]:
        """Tags of the registered model itself, as they are at this moment."""
        with patience(_TIMEOUT, _RETRIES):
            return self.registry.model_tags()

    def set_alias(self, alias: str, number: str) -> None:
        """Let an alias name a version."""
        with self._calling():
            self.registry.client.set_registered_model_alias(self.registry.name, alias, number)

    def delete_alias(self, alias: str) -> None:
        """Let an alias name nothing."""
        with self._removing():
            self.registry.client.delete_registered_model_alias(self.registry.name, alias)

    def tag(self, number: str, key: str, value: str) -> None:
        """Set a version's tag."""
        with self._calling():
            self.registry.client.set_model_version_tag(self.registry.name, number, key, value)

    def untag(self, number: str, key: str) -> None:
        """Remove a version's tag, if it is there."""
        with self._removing():
            self.registry.client.delete_model_version_tag(self.registry.name, number, key)

    def tag_model(self, key: str, value: str) -> None:
        """Set a tag of the registered model itself."""
        with self._calling():
            self.registry.client.set_registered_model_tag(self.registry.name, key, value)

    def untag_model(self, key: str) -> None:
        """Remove a tag of the registered model, if it is there."""
        with self._removing():
            self.registry.client.delete_registered_model_tag(self.registry.name, key)

    @contextmanager
    def _calling(self) -> Iterator[None]:
        with patience(_TIMEOUT, _RETRIES), answering(self.registry.uri):
            yield

    @contextmanager
    def _removing(self) -> Iterator[None]:
        from mlflow.exceptions import MlflowException

        with self._calling():
            try:
                yield
            except MlflowException as error:
                # A call that was repeated finds that the first try had removed it.
                if not is_missing(error):
                    raise
