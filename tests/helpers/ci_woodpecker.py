"""The workflows that an event starts on Woodpecker, as its files say."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ci_jobs import (
    DEFAULT_BRANCH,
    Event,
    Job,
    NotUnderstood,
    Step,
    holds,
    in_order,
    matches,
    understood,
)

FLOW_KEYS = {"when", "variables", "concurrency", "depends_on", "clone", "steps"}
CLONE_KEYS = {"name", "image", "settings"}
CLONE_IMAGE = "docker.io/woodpeckerci/plugin-git"
STEP_KEYS = {"name", "image", "environment", "commands"}
CONDITION_KEYS = {"event", "branch", "ref", "evaluate"}
VARIABLE = re.compile(r"\$\{(.*?)\}")


def on_woodpecker(project: Path, event: Event) -> list[Job]:
    """The workflows that the event starts, in an order in which they may run."""
    jobs = []
    for path in sorted((project / ".woodpecker").iterdir()):
        tree = yaml.safe_load(with_variables(path.read_text(encoding="utf-8"), event))
        understood(tree, FLOW_KEYS)
        for step in tree.get("clone", ()):
            check_clone(step)
        if any(woodpecker_event(condition, event) for condition in tree["when"]):
            steps = tuple(woodpecker_step(step, event) for step in tree["steps"])
            jobs.append(Job(path.stem, ("sh", "-e"), steps, tuple(tree.get("depends_on", ()))))
    return in_order(jobs)


def woodpecker_variables(event: Event) -> dict[str, str]:
    """What Woodpecker says of itself, as far as files need it."""
    return {
        "CI": "woodpecker",
        "CI_COMMIT_TAG": event.name if event.kind == "tag" else "",
        "CI_REPO_DEFAULT_BRANCH": DEFAULT_BRANCH,
        "CI_PIPELINE_AUTHOR": "somebody",
        "CI_PIPELINE_URL": "https://ci.example/repos/1/pipeline/17",
    }


def with_variables(text: str, event: Event) -> str:
    """The file as it is read: Woodpecker fills in what stands in braces before it looks."""
    known = woodpecker_variables(event)
    if others := set(VARIABLE.findall(text)) - known.keys():
        raise NotUnderstood(f"variables {sorted(others)}")
    return VARIABLE.sub(lambda variable: known[variable[1]], text)


def woodpecker_event(condition: Mapping[str, str], event: Event) -> bool:
    """Whether every part of a condition holds."""
    understood(condition, CONDITION_KEYS)
    return (
        condition["event"] == event.kind
        and matches(condition.get("branch", event.name), event.name)
        and matches(condition.get("ref", "*"), f"refs/tags/{event.name}")
        and ("evaluate" not in condition or holds(condition["evaluate"], event.inputs))
    )


def check_clone(step: Mapping[str, Any]) -> None:
    """NotUnderstood unless it fetches the whole history, as the clones of these tests have it."""
    understood(step, CLONE_KEYS)
    understood(step["settings"], {"ref", "partial"})
    ref = step["settings"].get("ref", f"refs/heads/{DEFAULT_BRANCH}")
    whole = step["settings"]["partial"] is False and ref == f"refs/heads/{DEFAULT_BRANCH}"
    if not whole or step["image"].rpartition(":")[0] != CLONE_IMAGE:
        raise NotUnderstood(f"clone: {dict(step)}")


def woodpecker_step(step: Mapping[str, Any], event: Event) -> Step:
    """A step with its secrets; what a person typed and the tag are there without a word."""
    understood(step, STEP_KEYS)
    given = {**event.inputs, **woodpecker_variables(event)}
    for name, value in step["environment"].items():
        if isinstance(value, dict):
            stored = {key.lower(): kept for key, kept in event.secrets.items()}
            value = stored[value["from_secret"]]
        given[name] = str(value)
    return Step("\n".join(step["commands"]), given)
