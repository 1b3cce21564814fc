"""Two projects that differ in their CI, and one registry that both release to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from ci_github import on_github
from ci_jobs import Event, Job
from ci_machines import Done, Machines, aliases
from ci_woodpecker import on_woodpecker
from cookiecutter.main import cookiecutter
from repositories import Repository

MODEL = "ci_model"
ANSWERS = {"use_dvc": "no", "dashboard": "none", "package_name": MODEL, "project_slug": "ci-model"}
PROVIDERS: dict[str, Callable[[Path, Event], list[Job]]] = {
    "github": on_github,
    "woodpecker": on_woodpecker,
}


@dataclass
class World:
    """Two projects that differ in their CI, machines to run it on, and the registry."""

    projects: dict[str, Repository]
    machines: Machines
    server: str

    def start(self, provider: str, event: Event, **given: str) -> list[Done]:
        """What the event's jobs do at the newest commit."""
        project = self.projects[provider]
        secrets = {
            "MLFLOW_TRACKING_URI": self.server,
            "MLFLOW_TRACKING_USERNAME": "",
            "MLFLOW_TRACKING_PASSWORD": "",
            "MLFLOW_TRACKING_TOKEN": "",
        }
        complete = Event(event.kind, event.name, event.inputs, secrets, event.workflow)
        return self.run(provider, PROVIDERS[provider](project.folder, complete), **given)

    def run(self, provider: str, jobs: list[Job], **given: str) -> list[Done]:
        """What these jobs do at the newest commit."""
        project = self.projects[provider]
        given = {"NO_PROXY": "127.0.0.1", **given}
        return self.machines.run(project.folder, project.git("rev-parse", "HEAD"), jobs, **given)

    def tag(self, provider: str, tag: str) -> list[Done]:
        self.projects[provider].git("tag", tag)
        return self.start(provider, Event("tag", tag))

    def by_hand(self, provider: str, workflow: str, **inputs: str) -> list[Done]:
        if provider == "woodpecker":
            inputs = {"ACTION": workflow, **{key.upper(): text for key, text in inputs.items()}}
        return self.start(provider, Event("manual", "main", inputs, workflow=workflow))

    def aliases(self) -> dict[str, str]:
        return aliases(self.server, MODEL)


def project(folder: Path, provider: str) -> Repository:
    """A project with a lock file and a first commit, as a team has it."""
    template = Path(__file__).resolve().parents[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ML_TEMPLATE_SKIP", "dvc")
        answers = {**ANSWERS, "ci_provider": provider}
        made = cookiecutter(str(template), no_input=True, output_dir=folder, extra_context=answers)
    return Repository(Path(made))
