"""All versions of the registered model, for people to look at."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
)
from {{ cookiecutter.package_name }}.integrations.stores import (
    exists,
    tracking_uri,
    without_password,
)
from {{ cookiecutter.package_name }}.integrations.versions import LIFECYCLE_TAG
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}.schemas.history import TAG_PREFIX, Move
from {{ cookiecutter.package_name }}.schemas.lifecycle import State, state_of

if TYPE_CHECKING:
    from mlflow import MlflowClient

_MOST = 100


@dataclass(frozen=True)
class ListedVersion:
    """One version: which aliases name it now, how good it is, and what became of it.

    `metrics` are the last values: `val/…` of training, `test/…` of evaluation or gate. `moves`
    are the oldest first. What is not known of a version of an older release is "".
    """

    number: int
    aliases: tuple[str, ...]
    created: datetime
    model_name: str
    data_name: str
    data_digest: str
    git_sha: str
    run_id: str
    metrics: Mapping[str, float]
    moves: tuple[Move, ...]
    state: State = "registered"
    data_rows: str = ""
    data_source: str = ""

    @property
    def name(self) -> str:
        """Its number, and the aliases that name it, as people read them."""
        aliases = f" ({', '.join(self.aliases)})" if self.aliases else ""
        return f"{self.number}{aliases}"


def list_versions(name: str, configured_uri: str | None = None) -> list[ListedVersion]:
    """The newest versions first, at most a hundred.

    Raises ModelNotFound where nothing is registered, TrackingUnavailable where the store does
    not answer, ConfigError where its address cannot be used.
    """
    uri = tracking_uri(configured_uri)
    versions = _versions(connect(uri), uri, name) if exists(uri) else []
    if not versions:
        raise ModelNotFound(
            f"There is no registered model '{name}' in '{without_password(uri)}' yet: "
            "run `uv run pipeline` first."
        )
    return sorted(versions, key=lambda version: -version.number)


def metric_names(versions: list[ListedVersion]) -> list[str]:
    """The metrics that any version has: those of the test split first."""
    names = {name for version in versions for name in version.metrics}
    wanted = [name for name in names if name.startswith(("test/", "val/"))]
    return sorted(wanted, key=lambda name: (not name.startswith("test/"), name))


def _versions(client: "MlflowClient", uri: str, name: str) -> list[ListedVersion]:
    with first_words(uri):
        found = client.search_model_versions(
            f"name='{name}'", max_results=_MOST, order_by=["version_number DESC"]
        )
    if not found:
        return []
    with answering(uri):
        aliases = client.get_registered_model(name).aliases
        metrics = _metrics(client, [version.run_id for version in found if version.run_id])
    held: dict[str, list[str]] = {}
    for alias, number in aliases.items():
        held.setdefault(str(number), []).append(alias)
    return [
        _listed(version, held.get(str(version.version), []), metrics.get(version.run_id or "", {}))
        for version in found
    ]


def _metrics(client: "MlflowClient", run_ids: list[str]) -> dict[str, dict[str, float]]:
    """The last metrics by run; a run that was deleted has none."""
    quoted = ", ".join(f"'{run_id}'" for run_id in run_ids)
    if not quoted:
        return {}
    experiments = [found.experiment_id for found in client.search_experiments()]
    runs = client.search_runs(
        experiments, f"attributes.run_id IN ({quoted})", max_results=len(run_ids)
    )
    return {run.info.run_id: dict(run.data.metrics) for run in runs}


def _listed(version: Any, aliases: list[str], metrics: dict[str, float]) -> ListedVersion:
    tags: dict[str, str] = version.tags
    return ListedVersion(
        number=int(version.version),
        aliases=tuple(sorted(aliases)),
        created=datetime.fromtimestamp(version.creation_timestamp / 1000, UTC),
        model_name=tags.get("model_name", ""),
        data_name=tags.get("data_name", ""),
        data_digest=tags.get("data_digest", ""),
        git_sha=tags.get("git_sha", ""),
        run_id=version.run_id or "",
        metrics={**_measured(tags), **metrics},
        moves=_moves(tags),
        state=state_of(aliases, tags.get(LIFECYCLE_TAG)),
        data_rows=tags.get("data_rows", ""),
        data_source=tags.get("data_source", ""),
    )


def _measured(tags: Mapping[str, str]) -> dict[str, float]:
    """What the gate measured at a promotion: it is kept with the version, not with the run."""
    return {key: float(value) for key, value in tags.items() if key.startswith("test/")}


def _moves(tags: Mapping[str, str]) -> tuple[Move, ...]:
    """The records in a version's tags; one that somebody changed is left out of this list."""
    moves = []
    for key in sorted(key for key in tags if key.startswith(TAG_PREFIX)):
        with suppress(ValidationError):
            moves.append(Move.model_validate_json(tags[key]))
    return tuple(moves)
