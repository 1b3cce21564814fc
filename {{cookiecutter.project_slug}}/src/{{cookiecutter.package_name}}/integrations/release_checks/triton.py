"""Triton can serve it: its model repository is written beside the export, and thrown away."""

from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult
from {{ cookiecutter.package_name }}.integrations.release_checks import Candidate
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.schemas.model import MODEL_FILE


def check(candidate: Candidate) -> list[RuleResult]:
    """What `export-triton` would write; ArtifactMismatch where Triton could not read it."""
    try:
        from {{ cookiecutter.package_name }}.integrations import triton_repository
        from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions

        # A file has no number yet, and a repository's folders are numbers.
        number = candidate.served.version if candidate.served.version.isdigit() else "1"
        served = candidate.served.model_copy(update={"version": number})
        options = ServingOptions(candidate.info.project)
        triton_repository.check(candidate.folder / MODEL_FILE, served, options)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"Promoting and exporting look at what Triton would read, and '{error.name}' is "
            'not installed: run `uv sync`, or `pip install -e ".[train,triton]"`.'
        ) from error
    return []
