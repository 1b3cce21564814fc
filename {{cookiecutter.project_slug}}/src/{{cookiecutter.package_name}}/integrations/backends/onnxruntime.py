"""ONNX Runtime, in the process that asks."""

from pathlib import Path

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.backends import ModelServer
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


def predictor(path: Path, version: ServedVersion) -> Predictor:
    """Load the file; ModelNotFound, ArtifactMismatch where it cannot be."""
    del version  # the file is it
    return Predictor.open(path)


def server() -> ModelServer | None:
    """The registry says which version is served, and the file is loaded here."""
    return None
