"""Which version was trained from a commit."""

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
)
from {{ cookiecutter.package_name }}.integrations.stores import exists, tracking_uri


def trained_from(name: str, sha: str) -> str | None:
    """The newest version of this model that was trained from exactly that commit.

    None where there is none: a version of changed files is no version of the commit they were
    changed from. TrackingUnavailable where the store is away.
    """
    uri = tracking_uri()
    if not exists(uri):  # MLflow would make a database out of a mere question
        return None
    client = connect(uri)
    with first_words(uri):
        client.search_registered_models(max_results=1)
    with answering(uri):
        found = client.search_model_versions(f"name='{name}' and tags.git_sha='{sha}'")
    clean = [int(one.version) for one in found if one.tags.get("git_dirty") == "false"]
    return str(max(clean)) if clean else None
