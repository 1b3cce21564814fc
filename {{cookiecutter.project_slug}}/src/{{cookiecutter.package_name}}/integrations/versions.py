"""A registered model and its versions, as they were at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}.schemas.lifecycle import State, state_of
from {{ cookiecutter.package_name }}.schemas.model import GOLDEN_FILE, MODEL_FILE

SHA256_TAG = "model_sha256"
DIGEST_TAGS = {MODEL_FILE: SHA256_TAG, GOLDEN_FILE: "golden_sha256"}
"""The tag that has a file's digest, for those whose content must not change."""
DATA_DIGEST_TAG = "data_digest"
LIFECYCLE_TAG = "lifecycle"


@dataclass(frozen=True)
class VersionInfo:
    """One registered version; `aliases` are those that name it now."""

    name: str
    version: str
    run_id: str | None
    aliases: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Where the version is in its life."""
        return state_of(self.aliases, self.tags.get(LIFECYCLE_TAG))


@dataclass(frozen=True)
class Snapshot:
    """A registered model as it was at one moment; versions by number."""

    name: str
    aliases: Mapping[str, str]
    tags: Mapping[str, str]
    versions: Mapping[str, VersionInfo]

    def version(self, reference: str) -> VersionInfo:
        """The version that a number or an alias names; ModelNotFound says what there is."""
        number = reference if reference.isdigit() else self.aliases.get(reference)
        if number is None:
            raise ModelNotFound(no_alias(self.name, reference, self.aliases))
        if number not in self.versions:
            newest = max(map(int, self.versions), default=0)
            raise ModelNotFound(
                f"'{self.name}' has no version {number}; the newest is version {newest}."
            )
        return self.versions[number]


def no_alias(name: str, alias: str, known: Mapping[str, str]) -> str:
    """The sentence for an alias that names nothing, with those that name something."""
    known = {key: known[key] for key in known if key != "archived"} or known  # nothing serves it
    there = ", ".join(f"{key} (version {number})" for key, number in sorted(known.items()))
    listed = f"the aliases in use are {there}" if there else "no alias is in use"
    if len(known) == 1:
        listed = f"the only alias in use is {there}"
    return f"No version of '{name}' has the alias '{alias}' ({listed}): {_remedy(alias, known)}."


def _remedy(alias: str, known: Mapping[str, str]) -> str:
    if not known:
        return "run `uv run pipeline` first"
    if alias in ("staging", "prod"):
        # Nobody knows here what the gate will say: nothing is promised.
        return f"{_way_to(alias, known)}, or says why not"
    if alias == "dev":
        return "it was promoted; `train` makes another, or name a version by its number"
    return "name one of these, or a version number"


def _way_to(alias: str, known: Mapping[str, str]) -> str:
    source = known.get({"staging": "dev", "prod": "staging"}[alias])
    if source is not None:
        return f"`promote --to {alias}` moves it to version {source}"
    if alias == "staging":
        return "`train` makes a version, and `promote --to staging` moves it there"
    if "dev" in known:
        return (
            "a version goes there from staging, and `promote --to staging` puts version "
            f"{known['dev']} there"
        )
    return "`train` makes a version, and `promote` takes it to staging and from there to prod"
