"""The CI of a generated project: another provider, the same recipes in the same events."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from ci_github import on_github
from ci_jobs import SECRETS, Event, Job
from ci_woodpecker import on_woodpecker

LOCKED = "uv sync --locked"
INSTALL = f"if [ -f uv.lock ]; then {LOCKED}; else uv sync; fi"
CHECKS = ["hooks", "check", "coverage-summary", "images"]
TYPED = {"alias": "prod", "version": "3", "reason": "why"}
EVENTS = {
    "pull_request": (Event("pull_request"), [CHECKS]),
    "push": (Event("push", "main"), [CHECKS]),
    "push elsewhere": (Event("push", "some-branch"), []),
    "tag": (
        Event("tag", "v1.0.0"),
        [["candidate", "release-export", "release staging"], ["candidate", "release prod"]],
    ),
    "other tag": (Event("tag", "nightly"), []),
    "promote": (Event("manual", "main", TYPED, workflow="promote"), [["promote-version"]]),
    "rollback": (Event("manual", "main", TYPED, workflow="rollback"), [["rollback-to"]]),
    "schedule": (Event("cron"), [["prepare", "evaluate --alias prod"]]),
}


@dataclass(frozen=True)
class Both:
    """The same project with either provider; not to be changed by a test."""

    github: Any
    woodpecker: Any


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, bake_into: Callable[..., Any]) -> Both:
    folder = tmp_path_factory.mktemp("both")
    return Both(
        *(
            bake_into(folder, git=False, ci_provider=provider, project_slug=f"on-{provider}")
            for provider in ("github", "woodpecker")
        )
    )


def started(event: Event, both: Both) -> tuple[list[Job], list[Job]]:
    """The jobs of both providers; Woodpecker's are chosen by a variable that a person types."""
    github, woodpecker = both.github.folder, both.woodpecker.folder
    typed = {name.upper(): value for name, value in event.inputs.items()}
    typed["ACTION"] = event.workflow
    name = event.name
    return (
        on_github(github, Event(event.kind, name, event.inputs, SECRETS, event.workflow)),
        on_woodpecker(woodpecker, Event(event.kind, name, typed, SECRETS)),
    )


def lines(jobs: list[Job]) -> list[list[str]]:
    """What each job runs; where output goes besides the log is the provider's affair."""
    return [[step.script.partition(" >> ")[0].strip() for step in job.steps] for job in jobs]


@pytest.mark.parametrize("name", EVENTS)
def test_both_providers_run_the_same_recipes_in_the_same_events(both: Both, name: str) -> None:
    event, wanted = EVENTS[name]

    ours, theirs = map(lines, started(event, both))

    assert ours == theirs
    installed = INSTALL if event.kind in ("push", "pull_request") else LOCKED
    assert [job[0] for job in ours] == [installed] * len(wanted)
    recipes = [[re.sub(r'^uv run just | "\$\w+"', "", line) for line in job[1:]] for job in ours]
    assert recipes == wanted


@pytest.mark.parametrize("workflow", ["promote", "rollback"])
def test_woodpecker_moves_by_hand_from_main_alone(both: Both, workflow: str) -> None:
    event = Event("manual", "mine", TYPED, workflow=workflow)

    assert started(event, both)[1] == []


@pytest.mark.parametrize("name", ["tag", "promote", "rollback", "schedule"])
def test_secrets_are_given_to_recipes_and_not_to_the_installation(both: Both, name: str) -> None:
    for jobs in started(EVENTS[name][0], both):
        for job in jobs:
            given = ["MLFLOW_TRACKING_PASSWORD" in step.environment for step in job.steps]

            assert given == [False] + [True] * (len(job.steps) - 1)


def test_what_a_tag_starts_has_the_history_of_the_default_branch(both: Both) -> None:
    release = yaml.safe_load(both.github.text(".github/workflows/release.yml"))["jobs"].values()
    clones = [
        tree["clone"]
        for tree in trees(both.woodpecker, ".woodpecker")
        if tree["when"][0]["event"] == "tag"
    ]

    assert [job["steps"][0]["with"]["fetch-depth"] for job in release] == [0, 0]
    assert [[step["settings"]["partial"] for step in steps] for steps in clones] == [
        [False, False]
    ] * 2
    assert all("ref" not in steps[-1]["settings"] for steps in clones)


def test_every_action_is_named_by_commit_with_its_version(both: Both) -> None:
    named = [
        line.strip().removeprefix("- ")
        for path in files(both.github, ".github/workflows")
        for line in both.github.text(path).splitlines()
        if "uses:" in line
    ]

    commits = [line.removeprefix("uses: ").partition("@")[2].partition(" # v") for line in named]

    assert commits
    assert all(len(commit) == 40 and version for commit, _, version in commits), named


def test_jobs_may_read_the_repository_and_nothing_else(both: Both) -> None:
    workflows = trees(both.github, ".github/workflows")
    jobs = [job for workflow in workflows for job in workflow["jobs"].values()]

    assert [workflow["permissions"] for workflow in workflows] == [{}] * len(workflows)
    assert [job["permissions"] for job in jobs] == [{"contents": "read"}] * len(jobs)


def test_one_promotion_runs_at_a_time_and_prod_is_behind_an_environment(both: Both) -> None:
    moving = [
        job
        for workflow in trees(both.github, ".github/workflows")
        for job in workflow["jobs"].values()
        if re.search(r"just (release |promote|rollback)", str(job["steps"]))
    ]
    limits = [
        tree["concurrency"]
        for tree in trees(both.woodpecker, ".woodpecker")
        if "PROMOTED_BY" in str(tree["steps"])
    ]

    assert len(moving) == len(limits) == 4
    assert [job["concurrency"] for job in moving] == [{"group": "promotion", "queue": "max"}] * 4
    assert limits == [{"group": "promotion", "limit": 1}] * 4
    assert [job["environment"] for job in moving].count("production") == 3


def test_the_ruleset_asks_for_the_check_by_its_name(both: Both) -> None:
    rules = json.loads(both.github.text(".github/rulesets/main.json"))["rules"]
    (checks,) = (rule["parameters"] for rule in rules if rule["type"] == "required_status_checks")
    jobs = yaml.safe_load(both.github.text(".github/workflows/ci.yml"))["jobs"]

    asked = [check["context"] for check in checks["required_status_checks"]]

    assert asked == [job["name"] for job in jobs.values()]


def test_the_pages_name_every_secret_and_every_recipe(both: Both) -> None:
    for project, page in ((both.github, "github"), (both.woodpecker, "woodpecker")):
        text = project.text(f"docs/how-to/ci-on-{page}.md")
        folder = {"github": ".github/workflows", "woodpecker": ".woodpecker"}[page]
        pipelines = "\n".join(project.text(path) for path in files(project, folder))
        named = re.findall(r"(?:secrets\.|vars\.|from_secret: )(\w+)", pipelines)
        named += re.findall(r"uv run just ([\w-]+)", pipelines)

        assert named
        assert [name for name in named if f"`{name}" not in text] == []


def test_both_forges_ask_the_same_of_issues_and_pull_requests(both: Both) -> None:
    paths = ["pull_request_template.md", "ISSUE_TEMPLATE/bug.yml", "ISSUE_TEMPLATE/change.yml"]

    ours = [both.github.text(f".github/{path}") for path in paths]

    assert ours == [both.woodpecker.text(f".gitea/{path}") for path in paths]


def files(project: Any, folder: str) -> list[str]:
    return sorted(path for path in project.files() if path.startswith(f"{folder}/"))


def trees(project: Any, folder: str) -> list[Any]:
    return [yaml.safe_load(project.text(path)) for path in files(project, folder)]
