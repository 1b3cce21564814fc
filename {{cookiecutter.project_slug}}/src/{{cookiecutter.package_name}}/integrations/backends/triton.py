"""A Triton server; `TRITON_URL` says where."""

from importlib.util import find_spec
from pathlib import Path

from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.backends import ModelServer
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


def predictor(path: Path, version: ServedVersion) -> Predictor:
    """The version, run by the server; ArtifactMismatch where it serves another one."""
    from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
    from {{ cookiecutter.package_name }}.integrations.triton_settings import read_settings

    del path
    settings = read_settings()
    _require_client()
    runtime = TritonRuntime(settings.url, settings.model_name, settings.timeout_seconds)
    served = runtime.served
    if (served.name, served.version) != (version.name, version.version):
        raise ArtifactMismatch(
            f"The Triton server at {settings.url} serves version {served.version} of "
            f"'{served.name}', and version {version.version} of '{version.name}' is asked for: "
            "`export-triton` changes what it serves."
        )
    return Predictor(runtime, runtime.info)


def server() -> ModelServer | None:
    """The server that `TRITON_URL` names; waits for it as long as `TRITON_START_SECONDS` says."""
    from {{ cookiecutter.package_name }}.integrations.triton_server import TritonServer
    from {{ cookiecutter.package_name }}.integrations.triton_settings import read_settings

    settings = read_settings()
    _require_client()
    found = TritonServer(settings)
    found.wait(settings.start_seconds)
    return found


def _require_client() -> None:
    if find_spec("tritonclient") is None:
        raise ConfigError(
            "INFERENCE_BACKEND is 'triton', and Triton's client is not installed: install the "
            "extra `triton` (`uv sync --extra triton`; for the container, "
            "`--build-arg EXTRA=triton`)."
        )
