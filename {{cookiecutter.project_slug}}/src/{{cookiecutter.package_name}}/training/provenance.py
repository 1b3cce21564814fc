"""Where a run's code comes from: commit, changes on top, lock and template."""

import tomllib
from pathlib import Path

from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.training.origins import written_by_origins
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.git import asked


class Provenance(Record):
    """None means that it cannot be known here: no git, no commit, no lock file.

    `git_dirty` says whether a file of the project was changed, or is new, since that commit.
    """

    git_sha: str | None
    git_dirty: bool | None
    lock_sha256: str | None
    template_version: str | None

    @property
    def note(self) -> str | None:
        """What a person should know before a version is made of this; None where all is well."""
        if not self.git_sha or not self.git_dirty:
            return None
        return (
            f"files differ from commit {self.git_sha[:7]}: this version cannot be restored exactly"
        )

    def tags(self) -> dict[str, str]:
        """What is known, as tags for a run or a version."""
        known = self.model_dump(exclude_none=True)
        return {name: str(value).lower() for name, value in known.items()}


def _template_version(root: Path) -> str | None:
    file = root / "pyproject.toml"
    if not file.is_file():
        return None
    template = tomllib.loads(file.read_text(encoding="utf-8"))["tool"].get("template")
    return str(template["version"]) if template else None


def _is_changed(root: Path) -> bool:
    besides = [f":(exclude){file}" for file in written_by_origins()]
    return bool(asked(root, "status", "--porcelain", "--", ".", *besides))


def of_project(root: Path) -> Provenance:
    """The origin of the code below `root`."""
    sha = asked(root, "rev-parse", "HEAD")
    lock = root / "uv.lock"
    return Provenance(
        git_sha=sha,
        git_dirty=_is_changed(root) if sha else None,
        lock_sha256=sha256_of(lock) if lock.is_file() else None,
        template_version=_template_version(root),
    )
