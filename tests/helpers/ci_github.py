"""The jobs that an event starts on GitHub, as its workflow files say."""

import re
from collections.abc import Iterable, Iterator, Mapping
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

# What a runner's machine brings: the clone and uv are here already.
SETUP_ACTIONS = ("actions/checkout", "astral-sh/setup-uv")
JOB_KEYS = {"name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions"}
JOB_KEYS |= {"concurrency", "env", "steps"}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def on_github(project: Path, event: Event) -> list[Job]:
    """The jobs of all workflows that the event starts, in an order in which they may run."""
    jobs = []
    for path in sorted((project / ".github" / "workflows").iterdir()):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        # YAML 1.1 reads the key `on` as true.
        started = any(github_event(kind, of or {}, event) for kind, of in tree[True].items())
        if started and (event.kind != "manual" or path.stem == event.workflow):
            jobs += list(github_jobs(tree["jobs"], known_names(event)))
    return in_order(jobs)


def github_event(kind: str, filters: Any, event: Event) -> bool:
    """Whether this entry of `on` is about the event."""
    if kind in ("schedule", "workflow_dispatch", "pull_request"):
        meant = {"schedule": "cron", "workflow_dispatch": "manual"}.get(kind, kind)
        return event.kind == meant
    if kind != "push" or not filters or filters.keys() - {"branches", "tags"}:
        raise NotUnderstood(f"on: {kind}: {filters}")
    wanted = filters.get({"push": "branches", "tag": "tags"}.get(event.kind, ""), ())
    return any(matches(pattern, event.name) for pattern in wanted)


def known_names(event: Event) -> dict[str, str]:
    """What expressions may name."""
    known = {f"inputs.{name}": value for name, value in event.inputs.items()}
    known |= {
        "github.ref_name": event.name,
        "github.triggering_actor": "somebody",
        "github.event.repository.default_branch": DEFAULT_BRANCH,
        "github.server_url": "https://ci.example",
        "github.repository": "owner/name",
        "github.run_id": "17",
    }
    for name, value in event.secrets.items():
        known[f"{'vars' if name.endswith('_URI') else 'secrets'}.{name}"] = value
    return known


def github_jobs(tree: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[Job]:
    """Yields the jobs whose condition holds."""
    for name, job in tree.items():
        understood(job, JOB_KEYS)
        if "if" not in job or holds(EXPRESSION.sub(r"\1", job["if"]), known):
            given = {key: filled(value, known) for key, value in job.get("env", {}).items()}
            steps = tuple(github_steps(job["steps"], given, known))
            yield Job(name, ("bash", "-e"), steps, tuple(several(job.get("needs", ()))))


def github_steps(
    steps: Iterable[Mapping[str, Any]], given: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[Step]:
    """Yields what the steps run; an action must be one of those that set a machine up."""
    for step in steps:
        if "uses" in step:
            understood(step, {"uses", "with"})
            if step["uses"].partition("@")[0] not in SETUP_ACTIONS:
                raise NotUnderstood(f"uses: {step['uses']}")
        else:
            understood(step, {"run", "env"})
            if EXPRESSION.search(step["run"]):
                raise NotUnderstood(f"an expression inside of shell code: {step['run']}")
            own = {key: filled(value, known) for key, value in step.get("env", {}).items()}
            yield Step(step["run"], {**given, **own})


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with its expressions filled in; NotUnderstood for one that is not known."""

    def value(expression: re.Match[str]) -> str:
        if expression[1] not in known:
            raise NotUnderstood(f"expression: {expression[1]}")
        return known[expression[1]]

    return EXPRESSION.sub(value, text)


def several(stated: str | Iterable[str]) -> Iterable[str]:
    """A list, also where one name was written without brackets."""
    return (stated,) if isinstance(stated, str) else stated
