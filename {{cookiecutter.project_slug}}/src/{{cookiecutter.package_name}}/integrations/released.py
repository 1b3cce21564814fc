"""The files of a registered version, as exporting and promoting need them."""

from typing import Any

import yaml

from {{ cookiecutter.package_name }}.integrations.model_store import fetch_file
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.release import ReleaseFiles
from {{ cookiecutter.package_name }}.integrations.versions import DIGEST_TAGS, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import GOLDEN_FILE, MODEL_FILE, ServedVersion

_MLMODEL = "MLmodel"


def fetch_release(registry: Registry, found: VersionInfo) -> ReleaseFiles:
    """Bring model, golden rows and MLflow's description here.

    Raises ArtifactMismatch where one is missing or is not what was registered, or where the
    version has no signature; TrackingUnavailable.
    """
    described = yaml.safe_load(fetch_file(registry, found, _MLMODEL).read_text(encoding="utf-8"))
    _check_signature(described, found)
    # Without an alias: it may name another version tomorrow, and this is about a version.
    served = ServedVersion(name=found.name, version=found.version, run_id=found.run_id)
    if (tag := DIGEST_TAGS[MODEL_FILE]) not in found.tags:
        raise ArtifactMismatch(
            f"Version {found.version} of '{found.name}' has no tag '{tag}', so nobody can say "
            "whether its file is the registered one: somebody removed it; train it again."
        )
    if DIGEST_TAGS[GOLDEN_FILE] not in found.tags:
        raise ArtifactMismatch(
            f"Version {found.version} of '{found.name}' has no golden rows, which say what the "
            "trained model answered: it was registered before they were kept; train it again."
        )
    golden = fetch_file(registry, found, GOLDEN_FILE)
    return ReleaseFiles(fetch_file(registry, found), golden, served)


def _check_signature(described: Any, found: VersionInfo) -> None:
    signature = described.get("signature") if isinstance(described, dict) else None
    if not (signature and signature.get("inputs") and signature.get("outputs")):
        raise ArtifactMismatch(
            f"Version {found.version} of '{found.name}' has no signature: it says neither what it "
            "takes nor what it gives, so nothing can be served by it; register it by `train`."
        )
