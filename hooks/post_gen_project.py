"""Finishes the new project: prunes what was not asked for, records its origin, sets it up."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

# With one of these set, git would work on the repository that the caller is in.
REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
CREDENTIALS = re.compile(r"(?<=^https://)[^@/]+@|(?<=^http://)[^@/]+@")
ORIGIN = ".cruft.json"
# Plain cookiecutter's own keys, which cruft neither writes nor reads.
PLACES = ("_checkout", "_output_dir", "_repo_dir")


class Skipped(Exception):
    """A step that was left out: its reason, and what to type to do it later."""

    def __init__(self, step: str, reason: str, later: str) -> None:
        super().__init__(f"note: {step} was left out: {reason}. Later: {later}")


def answers() -> dict[str, Any]:
    """What was answered, with cookiecutter's own private keys beside it."""
    given: dict[str, Any] = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
    return given


def main() -> None:
    """Works in the new project's folder, where cookiecutter starts it."""
    given = answers()
    project = Path.cwd()
    prune(project, unwanted_paths(given["__features"], given), rendered_files(given))
    if "_commit" in given:
        return  # cruft is at work: anything staged here would make it lose its update
    for step in (record_origin, bootstrap):
        try:
            step(project, given)
        except Skipped as note:
            print(note, flush=True)
    print_next_steps(given["project_slug"])


def unwanted_paths(features: dict[str, list[str]], given: dict[str, Any]) -> Iterator[str]:
    """Paths owned by features that were not chosen.

    A feature is named by the answers that keep it: `use_dvc` (true), `dashboard=streamlit`,
    `dashboard=streamlit|nicegui` (either), `use_dvc and dataset_storage=s3` (both).
    """
    for feature, paths in features.items():
        if not all(holds(condition, given) for condition in feature.split(" and ")):
            yield from paths


def holds(condition: str, given: dict[str, Any]) -> bool:
    """Whether the answers fulfil one condition of the manifest."""
    question, _, choices = condition.partition("=")
    return given[question] in choices.split("|") if choices else given[question] is True


def rendered_files(given: dict[str, Any]) -> list[str] | None:
    """Every file that was rendered; None under cruft, which renders into a folder of its own."""
    template = template_folder(given)
    if template is None:
        return None
    source = next(path for path in template.iterdir() if path.name.startswith("{" + "{"))
    files = (path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    name = "{" + "{cookiecutter.package_name}" + "}"
    return [file.replace(name, given["package_name"]) for file in files]


def prune(project: Path, paths: Iterable[str], rendered: list[str] | None = None) -> None:
    """Deletes files and folders, and the folders that this leaves empty.

    Of a folder, only files that were rendered go, where those are known: a project that is made
    over again may have files of its own beside them.
    """
    for name in files_of(paths, rendered):
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise ValueError(f"the manifest may only name paths inside the project, not {name!r}")
        path = project / relative
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        for parent in path.relative_to(project).parents:
            if parent.parts and not any((project / parent).iterdir()):
                (project / parent).rmdir()


def files_of(paths: Iterable[str], rendered: list[str] | None) -> Iterator[str]:
    """The paths, with folders replaced by the rendered files in them."""
    for path in paths:
        inside = [file for file in rendered or () if file.startswith(path + "/")]
        yield from inside or [path]


def record_origin(project: Path, given: dict[str, Any]) -> None:
    """Writes where the project comes from as cruft does, so that it can take newer versions.

    Raises Skipped where the template's commit cannot be named: it is no clone, was changed, or
    its remote does not have that commit.
    """
    later = "cruft link <URL of the template>"
    template = template_folder(given)
    if template is None:
        raise Skipped(ORIGIN, f"there is no template at {given['_repo_dir']} from here", later)
    top = git(template, "rev-parse", "--show-toplevel")
    if top.returncode:
        said = top.stderr.strip().splitlines() or ["git failed"]
        raise Skipped(ORIGIN, f"of the template git says: {said[-1]}", later)
    commit = git(template, "rev-parse", "HEAD").stdout.strip()
    if git(template, "status", "--porcelain").stdout.strip():
        raise Skipped(ORIGIN, "the template has changes that are not committed", later)
    root = Path(top.stdout.strip()).resolve()
    directory = template.relative_to(root).as_posix()
    url = url_of(root, commit, later)
    context = {key: value for key, value in given.items() if key not in PLACES}
    document = {
        "template": url,
        "commit": commit,
        "checkout": given.get("_checkout") or None,
        "context": {"cookiecutter": {**context, "_template": url, "_commit": commit}},
        "directory": None if directory == "." else directory,
    }
    if (project / ORIGIN).exists():  # a project that is made over again, perhaps in part
        if json.loads((project / ORIGIN).read_text(encoding="utf-8")) != document:
            raise Skipped(
                ORIGIN, "the one that is there says otherwise", f"delete it, then {later}"
            )
        return
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    (project / ORIGIN).write_text(text, encoding="utf-8", newline="\n")


def template_folder(given: dict[str, Any]) -> Path | None:
    """Where the template lies; None where it is not found, or under cruft.

    A relative path is meant from where the user stood. A hook is not told: the shell may have said,
    else it is the folder that the project goes to, or one above it.
    """
    if "_repo_dir" not in given:
        return None
    output = Path(given["_output_dir"])
    for place in (Path(os.environ.get("PWD", output)), output, *output.parents):
        template: Path = place / given["_repo_dir"]
        definition = template / "cookiecutter.json"
        if definition.is_file() and given["__template"] in definition.read_text(encoding="utf-8"):
            return template.resolve()
    return None


def url_of(template: Path, commit: str, later: str) -> str:
    """The address that others can fetch this commit from; without a remote, the folder itself."""
    asked = git(template, "remote", "get-url", "origin")
    if asked.returncode:
        return template.as_posix()
    if not git(template, "branch", "--remotes", "--contains", commit).stdout.strip():
        raise Skipped(ORIGIN, f"the template's remote does not have commit {commit[:7]}", later)
    url = CREDENTIALS.sub("", asked.stdout.strip())
    local = template / url
    return local.resolve().as_posix() if "://" not in url and local.exists() else url


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs git on this folder, in English; a missing git is a failure like any other."""
    environment = {k: v for k, v in os.environ.items() if k not in REPOSITORY_VARIABLES}
    environment.update(LC_ALL="C", GIT_TERMINAL_PROMPT="0")
    command = ["git", *arguments]
    if shutil.which("git") is None:
        return subprocess.CompletedProcess(command, 127, "", "git is not installed")
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def bootstrap(project: Path, given: dict[str, Any]) -> None:
    """Lets the project set itself up by its own script, which notes each step that it leaves out.

    Raises Skipped where the script ended unforeseen; the project is whole without it.
    """
    del given  # the script reads what it needs from the project
    later = "python tools/bootstrap, with Python 3.11 or newer"
    if sys.version_info < (3, 11):  # noqa: UP036 (cookiecutter may well run on an older one)
        raise Skipped("bootstrap", "cookiecutter runs on an older Python", later)
    script = str(project / "tools" / "bootstrap")
    ended = subprocess.run([sys.executable, "-B", script], cwd=project, check=False)
    if ended.returncode not in (0, 3):  # 3: a step was left out, and has said why
        raise Skipped("bootstrap", f"it ended with exit code {ended.returncode}", later)


def print_next_steps(slug: str) -> None:
    """What to type next."""
    print(f"\nYour project is in {slug}. Next:")
    print(f"  cd {slug}")
    print("  uv sync            # once; `pip install uv` brings uv")
    print("  uv run pipeline    # data, training, evaluation, promotion")
    print("  uv run serve       # then try the curl line of README.md")


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name that the console cannot show is no fault
    main()
