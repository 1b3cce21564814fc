"""The CI of a generated project: another provider, the same recipes in the same events."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import yaml

# What providers call the same event.
ALIKE = {"workflow_dispatch": "manual", "schedule": "cron"}

Event = tuple[str, str]  # its name and its branch, empty for any
Work = dict[Event, list[list[str]]]  # the shell lines of each pipeline that the event starts


def test_both_providers_run_the_same_recipes_in_the_same_events(bake: Callable[..., Any]) -> None:
    github = github_work(bake(ci_provider="github", project_slug="on-github"))
    woodpecker = woodpecker_work(bake(ci_provider="woodpecker", project_slug="on-woodpecker"))

    assert github == woodpecker
    for event in (("push", "main"), ("pull_request", ""), ("manual", "")):
        assert [lines[-1] for lines in github[event]] == ["uv run just check"]


def test_every_action_is_named_by_commit_with_its_version(bake: Callable[..., Any]) -> None:
    project = bake(ci_provider="github")
    named = [
        line.strip().removeprefix("- ")
        for path in files(project, ".github/workflows")
        for line in project.text(path).splitlines()
        if "uses:" in line
    ]

    commits = [line.removeprefix("uses: ").partition("@")[2].partition(" # v") for line in named]

    assert commits
    assert all(len(commit) == 40 and version for commit, _, version in commits), named


def files(project: Any, folder: str) -> list[str]:
    return sorted(path for path in project.files() if path.startswith(f"{folder}/"))


def github_work(project: Any) -> Work:
    work = defaultdict(list)
    for path in files(project, ".github/workflows"):
        workflow = yaml.safe_load(project.text(path))
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        # YAML 1.1 reads the key `on` as true.
        for event in github_events(workflow[True]):
            work[event].append([step["run"] for step in steps if "run" in step])
    return dict(work)


def github_events(stated: dict[str, Any]) -> Iterator[Event]:
    for name, filters in stated.items():
        for branch in (filters or {}).get("branches", [""]):
            yield ALIKE.get(name, name), branch


def woodpecker_work(project: Any) -> Work:
    work = defaultdict(list)
    for path in files(project, ".woodpecker"):
        workflow = yaml.safe_load(project.text(path))
        for condition in workflow["when"]:
            lines = [line for step in workflow["steps"] for line in step["commands"]]
            work[condition["event"], condition.get("branch", "")].append(lines)
    return dict(work)
