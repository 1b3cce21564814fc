"""The template: a copy of its repository for as long as one update takes."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from programs import Stopped, cruft, git, run

SHORTHANDS = {
    "gh:": "https://github.com/",
    "gl:": "https://gitlab.com/",
    "bb:": "https://bitbucket.org/",
}
RELEASE = re.compile(r"v(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True)
class Template:
    """A bare clone; `inside` is the template's folder in the repository, mostly none."""

    url: str
    clone: Path
    inside: str = ""

    @classmethod
    def fetched(cls, record: dict[str, Any], scratch: Path) -> "Template":
        """Clones the template that a record names, so that the network is asked once."""
        url = record["template"].removeprefix("git+")
        for short, full in SHORTHANDS.items():
            if url.startswith(short):
                url = full + url.removeprefix(short)
        clone = scratch / "template.git"
        git(scratch, "clone", "--quiet", "--bare", url, str(clone))
        return cls(url, clone, record.get("directory") or "")

    def releases(self) -> list[str]:
        """The tags vX.Y.Z, oldest first."""
        tags = git(self.clone, "tag", "--list", "v*").split()
        return sorted(filter(RELEASE.fullmatch, tags), key=version)

    def newest_release(self) -> str:
        """The highest vX.Y.Z; Stopped where there is none yet."""
        if releases := self.releases():
            return releases[-1]
        raise Stopped(
            f"{self.url} has no release vX.Y.Z yet; name a branch, a tag or a commit, "
            "for example `uv run just upgrade main`."
        )

    def commit_of(self, reference: str) -> str:
        """The commit that a tag, a branch or a commit's name stands for."""
        done = run(self.clone, ["git", "rev-parse", "--verify", f"{reference}^0"])
        if done.returncode:
            known = ", ".join(self.releases()) or "none"
            raise Stopped(f"{self.url} has no {reference!r}; its releases are: {known}.")
        return done.stdout.strip()

    def is_older(self, commit: str, than: str) -> bool:
        """Whether the first commit came before the other, on the way to it."""
        question = ["git", "merge-base", "--is-ancestor", commit, than]
        return run(self.clone, question).returncode == 0

    def questions(self, commit: str) -> dict[str, Any]:
        """cookiecutter.json at that commit: each question with its default or its choices."""
        path = f"{self.inside}/cookiecutter.json" if self.inside else "cookiecutter.json"
        questions: dict[str, Any] = json.loads(git(self.clone, "show", f"{commit}:{path}"))
        return questions

    def rendered(self, commit: str, answers: dict[str, Any], into: Path) -> Path:
        """The project that these answers give, untouched by anybody."""
        into.mkdir()
        given = into / "answers.json"
        given.write_text(json.dumps(answers), encoding="utf-8")
        options = ["--no-input", "--checkout", commit, "--extra-context-file", str(given)]
        inside = ["--directory", self.inside] if self.inside else []
        try:
            cruft(into, "create", str(self.clone), *options, *inside, "--output-dir", str(into))
        except Stopped as failed:
            raise Stopped(refusal(str(failed))) from failed
        return next(path for path in into.iterdir() if path.is_dir())


def refusal(words: str) -> str:
    """The template's own sentences about an answer, where it gave some: they need no prefix."""
    _, found, said = words.partition(": error: ")
    own = said.partition(" ERROR: ")[0].replace(" error: ", " ")
    return f"{own.rstrip('.')}." if found else words


def version(tag: str) -> tuple[int, ...]:
    """v1.10.0 is after v1.9.0."""
    return tuple(int(number) for number in tag.removeprefix("v").split("."))
