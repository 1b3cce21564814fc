"""The registered model: its versions, their tags, and the aliases that name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
    is_missing,
)
from {{ cookiecutter.package_name }}.integrations.stores import (
    exists,
    tracking_uri,
    without_password,
)
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, TrackingUnavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

SHA256_TAG = "model_sha256"
DATA_DIGEST_TAG = "data_digest"
LIFECYCLE_TAG = "lifecycle"


@dataclass(frozen=True)
class VersionInfo:
    """One registered version; `aliases` are those that name it now."""

    name: str
    version: str
    run_id: str | None
    aliases: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


class Registry:
    """The versions of one registered model; TrackingUnavailable where the store is away."""

    def __init__(self, name: str, configured_uri: str | None = None) -> None:
        self.name = name
        self.uri = tracking_uri(configured_uri)

    @cached_property
    def _client(self) -> "MlflowClient":
        return connect(self.uri)

    @cached_property
    def _opened(self) -> "RegisteredModel":
        """The registered model as it was at the first question."""
        # MLflow would make a database, and its folders, out of a mere question.
        found = self._found() if exists(self.uri) else None
        if found is not None:
            return found
        raise ModelNotFound(
            f"There is no registered model '{self.name}' in '{without_password(self.uri)}' yet: "
            "run `pipeline` first."
        )

    def _found(self) -> "RegisteredModel | None":
        client = self._client
        from mlflow.exceptions import MlflowException

        with first_words(self.uri):
            try:
                return client.get_registered_model(self.name)
            except MlflowException as error:
                if not is_missing(error):
                    raise
        return None

    def aliases(self) -> dict[str, str]:
        """Version by alias, as the registry has them at this moment."""
        self._opened  # noqa: B018 - the first question finds out whether anybody answers
        with answering(self.uri):
            model = self._client.get_registered_model(self.name)
        return {alias: str(version) for alias, version in model.aliases.items()}

    def version(self, reference: str) -> VersionInfo:
        """The version that a number or an alias names; ModelNotFound says what there is."""
        known = {alias: str(number) for alias, number in self._opened.aliases.items()}
        number = reference if reference.isdigit() else known.get(reference)
        if number is None:
            raise ModelNotFound(_no_alias(self.name, reference, known))
        found = self._get(number)
        if found is None:
            raise ModelNotFound(
                f"'{self.name}' has no version {reference}; the newest is version {self.newest()}."
            )
        aliases = tuple(sorted(alias for alias, held in known.items() if held == number))
        return VersionInfo(self.name, number, found.run_id, aliases, dict(found.tags))

    def _get(self, number: str) -> "ModelVersion | None":
        from mlflow.exceptions import MlflowException

        with answering(self.uri):
            try:
                return self._client.get_model_version(self.name, number)
            except MlflowException as error:
                if not is_missing(error):
                    raise
        return None

    def newest(self) -> str:
        """The highest version number there is; "0" where every version was deleted."""
        with answering(self.uri):
            versions = self._client.search_model_versions(f"name='{self.name}'")
        return str(max((int(version.version) for version in versions), default=0))

    def source_of(self, number: str) -> str:
        """Address of the version's folder, where `model.onnx` lies."""
        with answering(self.uri):
            return str(self._client.get_model_version_download_uri(self.name, number))

    def tag(self, number: str, tags: Mapping[str, str]) -> None:
        """Set tags on a version."""
        with answering(self.uri):
            for key, value in tags.items():
                self._client.set_model_version_tag(self.name, number, key, value)

    def log_metrics(self, run_id: str, metrics: Mapping[str, float]) -> None:
        """Add metrics to the run that made a version."""
        import time

        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        with answering(self.uri):
            entries = [Metric(key, value, now, 0) for key, value in metrics.items()]
            self._client.log_batch(run_id, metrics=entries)

    def move_alias(self, alias: str, number: str, tags: Mapping[str, str]) -> None:
        """Let `alias` name a version, tag that version, and read both back."""
        self.tag(number, tags)
        with answering(self.uri):
            self._client.set_registered_model_alias(self.name, alias, number)
        held = self.aliases().get(alias)
        if held != number:
            raise TrackingUnavailable(
                f"Alias '{alias}' was set to version {number} but names version {held}: somebody "
                "else moved it at the same moment. Look at both versions, then promote again."
            )


def _no_alias(name: str, alias: str, known: Mapping[str, str]) -> str:
    there = ", ".join(f"{key} (version {number})" for key, number in sorted(known.items()))
    remedy = "run `pipeline` first"
    if alias in ("staging", "prod"):
        remedy = f"run `promote --to {alias}` to move it"
    elif alias != "dev":
        remedy = "name one of these, or a version number"
    listed = f"the aliases in use are {there}" if there else "no alias is in use"
    return f"No version of '{name}' has the alias '{alias}' ({listed}): {remedy}."
