"""A running Triton server is told to load what lies in its repository."""

from {{ cookiecutter.package_name }}.integrations.triton_client import connect
from {{ cookiecutter.package_name }}.integrations.triton_config import VERSION_PARAMETER
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


def load(url: str, model: str, served: ServedVersion, seconds: float) -> None:
    """Let a server under explicit control load the model, and see that it serves this version.

    `url` is `grpc://host:8001` or `http://host:8000`; loading may take `seconds`. Raises
    TritonUnavailable where the server is away or late, ArtifactMismatch where it cannot load the
    model (it goes on with the former version) or has another one, ConfigError where it is not
    under explicit control.
    """
    client = connect(url, seconds)
    try:
        client.load(model)
        parameters = client.config(model).get("parameters", {})
    finally:
        client.close()
    told = parameters.get(VERSION_PARAMETER, {}).get("string_value")
    if told != served.model_dump_json():
        raise ArtifactMismatch(
            f"The Triton server at {url} loaded another '{model}' ({told or 'of somebody else'}) "
            f"than version {served.version}: it reads another repository."
        )
