"""A person's yes to a version: recorded with it, and asked for where the project wants one."""

from contextlib import suppress
from datetime import UTC, datetime

from pydantic import ValidationError

from {{ cookiecutter.package_name }}.cli._who import Who
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import SHA256_TAG, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import MoveRefused
from {{ cookiecutter.package_name }}.schemas.history import Approval
from {{ cookiecutter.package_name }}.utils.words import counted

TAG = "approval"


def approve(
    registry: Registry, number: str, who: Who, reason: str
) -> tuple[Approval, Approval | None]:
    """Record the approval of a version's very file; that, and the one whose place it takes.

    ModelNotFound, MoveRefused.
    """
    version = registry.snapshot().version(number)
    if version.state in ("prod", "archived"):
        raise MoveRefused(f"Version {number} is {version.state}: there is nothing to approve.")
    approval = Approval(
        version=version.version,
        sha256=version.tags.get(SHA256_TAG, ""),
        by=who.by,
        at=datetime.now(UTC).replace(microsecond=0),
        reason=reason,
    )
    registry.tag(version.version, {TAG: approval.model_dump_json()})
    return approval, _read(version)


def require(version: VersionInfo) -> Approval:
    """The version's approval; MoveRefused where there is none, or one of something else."""
    number = version.version
    if (text := version.tags.get(TAG)) is None:
        raise MoveRefused(
            f"Version {number} has no approval, which config/gate.yaml asks for: somebody who may "
            f"decide runs `promote --approve --version {number}`."
        )
    try:
        approval = Approval.model_validate_json(text)
    except ValidationError as error:
        raise MoveRefused(
            f"Tag '{TAG}' of version {number} is no approval "
            f"({counted(error.error_count(), 'error')}): run "
            f"`promote --approve --version {number}` anew."
        ) from error
    if approval.version != number or approval.sha256 != version.tags.get(SHA256_TAG):
        raise MoveRefused(
            f"The approval by {approval.by} is of version {approval.version} with SHA-256 "
            f"{approval.sha256[:12]}…, not of version {number} as it is registered: run "
            f"`promote --approve --version {number}`."
        )
    return approval


def _read(version: VersionInfo) -> Approval | None:
    """The version's former approval; None where there is none that can be read."""
    with suppress(ValidationError):
        return Approval.model_validate_json(version.tags.get(TAG, ""))
    return None
