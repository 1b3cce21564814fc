"""A model as a folder that is verified and needs nothing else.

    model.onnx          the graph, byte for byte
    model.json          what it is: version, columns, classes, tensors, digest
    golden.json         rows, and what the trained model answered to them
    verification.json   what was looked at, with every limit

The same model gives the same bytes: measured times are told, not written.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.evaluation.rules import listed
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.integrations.release_checks import Candidate, Verified, verify
from {{ cookiecutter.package_name }}.integrations.release_checks.graph import tensors
from {{ cookiecutter.package_name }}.schemas.errors import (
    ArtifactMismatch,
    ConfigError,
    GateRefused,
    ModelNotFound,
)
from {{ cookiecutter.package_name }}.schemas.model import (
    GOLDEN_FILE,
    MODEL_FILE,
    ModelInfo,
    ServedVersion,
)
from {{ cookiecutter.package_name }}.utils.files import replaced_folder, sha256_of, write_text

VERIFICATION = "verification.json"


@dataclass(frozen=True)
class ReleaseFiles:
    """The two files of a model on this machine, and which version they are."""

    model: Path
    golden: Path
    served: ServedVersion

    @classmethod
    def beside(cls, model: Path, name: str) -> "ReleaseFiles":
        """Those of a model file that is in no registry: its golden rows lie beside it."""
        return cls(model, model.parent / GOLDEN_FILE, ServedVersion(name=name, version="local"))


def export(files: ReleaseFiles, folder: Path, latency_ms: float) -> Verified:
    """Write the folder; it takes the former one's place when all of it was verified.

    Raises ModelNotFound, ArtifactMismatch, GateRefused where a number is beyond its limit, and
    ConfigError where the folder holds something else.
    """
    _check_replaceable(folder)
    try:
        with replaced_folder(folder) as fresh:
            verified = stage(files, fresh, latency_ms)
            if broken := [rule for rule in verified.rules if not rule.passed]:
                raise GateRefused(f"{label(files.served)} was not exported: {listed(broken)}.")
    except OSError as error:
        raise ConfigError(f"The folder '{folder}' cannot be written: {error}.") from error
    return verified


def stage(files: ReleaseFiles, folder: Path, latency_ms: float) -> Verified:
    """Write all of it into an empty folder and verify what was written, whatever comes out."""
    if not files.model.is_file():
        raise ModelNotFound(f"There is no model file at '{files.model}'.")
    golden = Golden.read(files.golden)
    shutil.copyfile(files.model, folder / MODEL_FILE)
    shutil.copyfile(files.golden, folder / GOLDEN_FILE)
    info = OnnxRuntime(folder / MODEL_FILE).info
    if info.project != PROJECT:
        raise ArtifactMismatch(
            f"{label(files.served)} is a model of project '{info.project}', not of '{PROJECT}'."
        )
    verified = verify(Candidate(folder, files.served, info, golden, latency_ms))
    _write_json(folder / "model.json", _description(files.served, info, folder / MODEL_FILE))
    limits = [{"rule": r.metric, "sign": r.sign, "limit": r.limit} for r in verified.rules]
    _write_json(folder / VERIFICATION, {"checks": verified.checks, "limits": limits})
    return verified


def label(served: ServedVersion) -> str:
    """A version, or a file, at the beginning of a sentence."""
    return "The model file" if served.version == "local" else f"Version {served.version}"


def _check_replaceable(folder: Path) -> None:
    """A folder of somebody's files must not be replaced by an export."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / VERIFICATION).is_file():
        raise ConfigError(f"'{folder}' holds something else: name a new folder, or an empty one.")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"'{folder}' is a file: name a folder.")


def _description(served: ServedVersion, info: ModelInfo, model: Path) -> dict[str, object]:
    inputs, outputs = tensors(info.data_schema)
    return {
        "name": served.name,
        "version": served.version,
        "run_id": served.run_id,
        "sha256": sha256_of(model),
        "inputs": inputs,
        "outputs": outputs,
        "description": info.model_dump(mode="json"),
    }


def _write_json(path: Path, content: dict[str, object]) -> None:
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
