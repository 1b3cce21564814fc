"""Takes projects of every earlier release to the working tree, edited as their users would have.

    python tools/upgrade.py [--release v0.1.0] [--preset minimal] [--folder FOLDER] [-- COMMAND ...]

For each tag `v*` and each preset it has: bake a project at the tag, edit it, `just upgrade`, see
that nothing is in conflict and no edit is lost, and run COMMAND (`uv run just test-fast`) in it.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from releases import UpgradeFailed, WrongCall, projects, run

TEMPLATE = Path(__file__).resolve().parent.parent
CHECK = ("uv", "run", "just", "test-fast")
BRANCH = "working-tree"


def main(arguments: Sequence[str], template: Path = TEMPLATE) -> int:
    """The exit code: 0 when every project took the working tree, 2 for a wrong call, else 1."""
    options = parsed(arguments)
    try:
        chosen = projects(template, options.release, options.preset)
    except WrongCall as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    if not chosen:
        print("There is no earlier release to upgrade from.")
        return 0
    if options.folder:
        return upgrade_all(template, Path(options.folder).resolve(), chosen, options.check)
    with tempfile.TemporaryDirectory(prefix="upgrade-", ignore_cleanup_errors=True) as folder:
        return upgrade_all(template, Path(folder), chosen, options.check)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="nox -s upgrade --", description=__doc__)
    parser.add_argument("--release", help="only this tag")
    parser.add_argument("--preset", help="only this preset")
    parser.add_argument("--folder", help="where the projects stay to be looked at")
    parser.add_argument("check", nargs="*", default=CHECK, help="what to run in each project")
    return parser.parse_args(arguments)


def upgrade_all(
    template: Path, folder: Path, chosen: Sequence[tuple[str, str]], check: Sequence[str]
) -> int:
    """Upgrades each project in a folder of its own; one that fails does not stop the others."""
    folder.mkdir(parents=True, exist_ok=True)
    clone = snapshot(template, folder / "template.git")
    failed = 0
    for tag, preset in chosen:
        try:
            upgrade(clone, tag, preset, folder / tag / preset, check)
            print(f"{tag} {preset}: upgraded, and its checks pass", flush=True)
        except UpgradeFailed as problem:
            failed += 1
            print(f"{tag} {preset}: {problem}", file=sys.stderr, flush=True)
    return int(failed > 0)


def upgrade(clone: Path, tag: str, preset: str, folder: Path, check: Sequence[str]) -> None:
    """One project, from its baking to its own checks."""
    project = bake(clone, tag, preset, folder)
    edits = edit(project)
    run(project, sys.executable, "tools/template", "upgrade", BRANCH, "--no-check")
    lost = [
        path
        for path, text in edits.items()
        if not (project / path).is_file() or text not in (project / path).read_text("utf-8")
    ]
    if lost:
        raise UpgradeFailed(f"the upgrade lost what the user wrote into {', '.join(lost)}")
    run(project, *check)


def snapshot(template: Path, clone: Path) -> Path:
    """A clone of the template with a branch that holds the working tree as it is."""
    shutil.rmtree(clone, ignore_errors=True)
    run(clone.parent, "git", "clone", "--quiet", "--no-hardlinks", str(template), str(clone))
    run(clone, "git", "checkout", "--quiet", "-b", BRANCH)
    run(clone, "git", "rm", "-r", "--quiet", "--ignore-unmatch", ".")
    listed = run(
        template, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"
    ).split("\0")
    for name in filter(None, listed):
        if (template / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(template / name, clone / name)
    run(clone, "git", "add", "--all", "--force")
    author = ("-c", "user.name=Upgrade", "-c", "user.email=upgrade@example.com")
    run(clone, "git", *author, "commit", "--quiet", "--allow-empty", "-m", "The working tree")
    return clone


def bake(clone: Path, tag: str, preset: str, folder: Path) -> Path:
    """A project as the release made it, with one commit."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    places = {name: str(folder / "cache") for name in ("cookiecutters_dir", "replay_dir")}
    text = "".join(f"{name}: {json.dumps(place)}\n" for name, place in places.items())
    if preset != "default":
        text += run(clone, "git", "show", f"{tag}:presets/{preset}.yaml")
    configuration = folder / "preset.yaml"
    configuration.write_text(text, encoding="utf-8")
    source = ("--checkout", tag, clone.as_uri())
    where = ("--config-file", str(configuration), "--output-dir", str(folder / "project"))
    run(folder, sys.executable, "-m", "cookiecutter", "--no-input", *where, *source)
    project = next((folder / "project").iterdir())
    if not (project / ".cruft.json").is_file():
        raise UpgradeFailed("the new project does not know its template: .cruft.json is missing")
    return project


def edit(project: Path) -> dict[str, str]:
    """Changes what every user changes, and commits it; returns what each file must still say."""
    package = next((project / "src").glob("*/__init__.py")).parent
    version = 'version = "0.7.3"'
    configuration = project / "pyproject.toml"
    text = configuration.read_text("utf-8")
    changed = text.replace('version = "0.1.0"', version, 1)
    if changed == text:
        raise UpgradeFailed("pyproject.toml has no version 0.1.0 to edit")
    configuration.write_text(changed, "utf-8")
    added = {
        "README.md": "\n## Our own notes\n\nWhat only this team knows.\n",
        "CHANGELOG.md": "\n- Our first own change.\n",
        (package / "ours.py").relative_to(project).as_posix(): ('"""Ours."""\n\nOURS = 42\n'),
    }
    for path, lines in added.items():
        file = project / path
        file.write_text((file.read_text("utf-8") if file.is_file() else "") + lines, "utf-8")
    author = ("-c", "user.name=User", "-c", "user.email=user@example.com")
    run(project, "git", "add", "--all")
    run(project, "git", *author, "commit", "--quiet", "--no-verify", "-m", "Our own work")
    return {"pyproject.toml": version, **added}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
