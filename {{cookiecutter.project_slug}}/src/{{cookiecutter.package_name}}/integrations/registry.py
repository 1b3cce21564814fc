"""The registered model: its versions, their tags, and the aliases that name them."""

from collections.abc import Mapping
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
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo, no_alias
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, MoveRefused

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel


class Registry:
    """The versions of one registered model; TrackingUnavailable where the store is away."""

    def __init__(self, name: str, configured_uri: str | None = None) -> None:
        self.name = name
        self.uri = tracking_uri(configured_uri)

    @cached_property
    def client(self) -> "MlflowClient":
        """MLflow's own client; calls to it belong into `answering(uri)`."""
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
            "run `uv run pipeline` first."
        )

    def _found(self) -> "RegisteredModel | None":
        client = self.client
        from mlflow.exceptions import MlflowException

        with first_words(self.uri):
            try:
                return client.get_registered_model(self.name)
            except MlflowException as error:
                if not is_missing(error):
                    raise
        return None

    def model_tags(self) -> dict[str, str]:
        """Tags of the registered model itself, as they are at this moment."""
        with answering(self.uri):
            return dict(self.client.get_registered_model(self.name).tags)

    def aliases(self) -> dict[str, str]:
        """Version by alias, as the registry has them at this moment."""
        self._opened  # noqa: B018 - the first question finds out whether anybody answers
        with answering(self.uri):
            model = self.client.get_registered_model(self.name)
        return {alias: str(version) for alias, version in model.aliases.items()}

    def snapshot(self) -> Snapshot:
        """Everything that is registered, in two questions."""
        self._opened  # noqa: B018 - the first question finds out whether anybody answers
        with answering(self.uri):
            found = self.client.search_model_versions(f"name='{self.name}'")
            model = self.client.get_registered_model(self.name)
        aliases = {alias: str(number) for alias, number in model.aliases.items()}
        versions = {
            str(one.version): VersionInfo(
                self.name,
                str(one.version),
                one.run_id,
                tuple(sorted(alias for alias, held in aliases.items() if held == str(one.version))),
                dict(one.tags),
            )
            for one in found
        }
        return Snapshot(self.name, aliases, dict(model.tags), versions)

    def version(self, reference: str) -> VersionInfo:
        """The version that a number or an alias names; ModelNotFound says what there is."""
        known = {alias: str(number) for alias, number in self._opened.aliases.items()}
        number = reference if reference.isdigit() else known.get(reference)
        if number is None:
            raise ModelNotFound(no_alias(self.name, reference, known))
        found = self._get(number)
        if found is None:
            raise ModelNotFound(
                f"'{self.name}' has no version {reference}; the newest is version {self.newest()}."
            )
        aliases = tuple(sorted(alias for alias, held in known.items() if held == number))
        return VersionInfo(self.name, number, found.run_id, aliases, dict(found.tags))

    def servable(self, reference: str) -> VersionInfo:
        """`version`, for whatever answers with it: MoveRefused where it is archived."""
        found = self.version(reference)
        if found.state == "archived":
            raise MoveRefused(
                f"Version {found.version} of '{self.name}' is archived: it served before, and "
                "nothing serves it any more; `rollback` brings a version back to prod, `export` "
                "gives its files to look at."
            )
        return found

    def _get(self, number: str) -> "ModelVersion | None":
        from mlflow.exceptions import MlflowException

        with answering(self.uri):
            try:
                return self.client.get_model_version(self.name, number)
            except MlflowException as error:
                if not is_missing(error):
                    raise
        return None

    def newest(self) -> str:
        """The highest version number there is; "0" where every version was deleted."""
        with answering(self.uri):
            versions = self.client.search_model_versions(f"name='{self.name}'")
        return str(max((int(version.version) for version in versions), default=0))

    def source_of(self, number: str) -> str:
        """Address of the version's folder, where `model.onnx` lies."""
        with answering(self.uri):
            return str(self.client.get_model_version_download_uri(self.name, number))

    def tag(self, number: str, tags: Mapping[str, str]) -> None:
        """Set tags on a version."""
        with answering(self.uri):
            for key, value in tags.items():
                self.client.set_model_version_tag(self.name, number, key, value)

    def log_metrics(self, run_id: str, metrics: Mapping[str, float]) -> None:
        """Add metrics to the run that made a version."""
        import time

        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        with answering(self.uri):
            entries = [Metric(key, value, now, 0) for key, value in metrics.items()]
            self.client.log_batch(run_id, metrics=entries)
