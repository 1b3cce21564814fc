"""Where a run's code comes from: commit, changes on top, lock and template."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.training.origins import written_by_origins
from {{ cookiecutter.package_name }}.utils.files import sha256_of
from {{ cookiecutter.package_name }}.utils.git import asked, git

_MOST_NAMED = 3


class Provenance(Record):
    """None means that it cannot be known here: no git, no commit, no lock file.

    `git_dirty` says whether a file of the project was changed, or is new, since that commit;
    `changed` names those, from the project's root.
    """

    git_sha: str | None
    git_dirty: bool | None
    lock_sha256: str | None
    template_version: str | None
    changed: tuple[str, ...] = ()

    @property
    def note(self) -> str | None:
        """What a person should know before a version is made of this; None where all is well."""
        if not self.git_sha or not self.git_dirty:
            return None
        differ = "differs" if len(self.changed) == 1 else "differ"
        return (
            f"{_first(self.changed)} {differ} from commit {self.git_sha[:7]}: this version cannot "
            "be restored exactly"
        )

    def tags(self) -> dict[str, str]:
        """What is known, as tags for a run or a version; without names of files, however many."""
        known = self.model_dump(exclude_none=True, exclude={"changed"})
        return {name: str(value).lower() for name, value in known.items()}


def _template_version(root: Path) -> str | None:
    file = root / "pyproject.toml"
    if not file.is_file():
        return None
    template = tomllib.loads(file.read_text(encoding="utf-8"))["tool"].get("template")
    return str(template["version"]) if template else None


def _first(names: Sequence[str]) -> str:
    named = [_shown(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(named)
    last = f"{more:,} more" if more else named.pop()
    return f"{', '.join(named)} and {last}" if named else last


def _shown(name: str) -> str:
    if name == ".":
        return "the whole project"
    return "'" + "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name) + "'"


def _changed(root: Path) -> tuple[str, ...] | None:
    """What git's last commit does not have as it is here; a new folder is named as a whole.

    None where git cannot say.
    """
    besides = [f":(exclude){file}" for file in written_by_origins()]
    # With NUL between them, names come as they are, from the root of the repository.
    how = ("--porcelain", "--no-renames", "--untracked-files=normal", "-z")
    status = ("status", *how, "--", ".", *besides)
    done, above = git(root, *status), asked(root, "rev-parse", "--show-prefix") or ""
    if done is None or done.returncode != 0:
        return None
    places = (entry[3:] for entry in done.stdout.split("\0") if entry)  # after two signs, a space
    return tuple(sorted(place.removeprefix(above) or "." for place in places))


def of_project(root: Path) -> Provenance:
    """The origin of the code below `root`."""
    sha = asked(root, "rev-parse", "--verify", "HEAD")
    changed = _changed(root) if sha else None
    lock = root / "uv.lock"
    return Provenance(
        git_sha=sha,
        git_dirty=None if changed is None else bool(changed),
        lock_sha256=sha256_of(lock) if lock.is_file() else None,
        template_version=_template_version(root),
        changed=changed or (),
    )
