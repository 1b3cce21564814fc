"""What clients would notice if another version served: data set, target, classes, columns."""

from pathlib import Path

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ModelError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo


def tell_differences(
    registry: Registry, snapshot: Snapshot, version: VersionInfo, model: Path
) -> None:
    """Print a line where the version is asked otherwise than the present `prod`.

    `model` is the version's file. ArtifactMismatch where it says nothing of itself.
    """
    present = snapshot.versions.get(snapshot.aliases.get("prod", ""))
    if present is None:
        return
    coming = OnnxRuntime(model).info
    try:
        now = OnnxRuntime(fetch_file(registry, present)).info
    except ModelError as error:  # a damaged version should leave prod, not stay there
        print(f"note: version {present.version} in prod cannot be looked at: {error}")
        return
    if words := _differences(coming, now):
        print(
            f"note: version {version.version} differs from version {present.version} in prod: "
            f"{'; '.join(words)}"
        )


def _differences(coming: ModelInfo, now: ModelInfo) -> list[str]:
    before, after = now.data_schema, coming.data_schema
    pairs = [
        ("data set", now.data_name, coming.data_name),
        ("target", before.target.name, after.target.name),
        ("task", before.target.task, after.target.task),
    ]
    words = [f"{what} '{new}', not '{old}'" for what, old, new in pairs if old != new]
    if not words and before.target.classes != after.target.classes:
        words.append("other classes")
    taken, takes = _columns(before), _columns(after)
    if taken != takes:
        more, fewer = len(takes - taken), len(taken - takes)
        words.append(f"other columns ({more:,} that prod does not take, without {fewer:,} of prod)")
    return words


def _columns(schema: DataSchema) -> set[tuple[str, str]]:
    return {(column.name, column.kind) for column in schema.columns}
