"""Which version was trained from a commit."""

import shlex
from collections.abc import Mapping, Sequence

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
)
from {{ cookiecutter.package_name }}.integrations.stores import exists, tracking_uri


def trained_from(name: str, sha: str, recipe: Sequence[str]) -> str | None:
    """The newest version of this model that was trained from exactly that commit.

    None where there is none. A version of changed files is no version of the commit they were
    changed from; nor is one with `debug`, or with overrides, other than those of `recipe`.
    TrackingUnavailable where the store is away.
    """
    uri = tracking_uri()
    if not exists(uri):  # MLflow would make a database out of a mere question
        return None
    client = connect(uri)
    with first_words(uri):
        client.search_registered_models(max_results=1)
    with answering(uri):
        found = client.search_model_versions(f"name='{name}' and tags.git_sha='{sha}'")
    fitting = [int(one.version) for one in found if _is_of_commit(one.tags, recipe)]
    return str(max(fitting)) if fitting else None


def _is_of_commit(tags: Mapping[str, str], recipe: Sequence[str]) -> bool:
    said = tags.get("arguments", "")
    return (
        tags.get("git_dirty") == "false"
        and tags.get("debug") != "true"
        and said in ("", shlex.join(recipe))
    )
