"""Machines for jobs of CI: a fresh clone each, one environment and one MLflow server for all."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci_jobs import Job, Step
from repositories import git

# What the caller's shell has and a runner has not.
NOT_THE_RUNNERS = ("MLFLOW_", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "PYTEST_")
# A clone has no cache of its own here: packages come from the cache of this machine.
NOT_THE_FILES = ("UV_CACHE_DIR",)


@dataclass(frozen=True)
class Done:
    """How a job went: what its steps printed, and the exit code of the last that was run."""

    job: str
    commands: tuple[str, ...]
    code: int
    output: str
    summary: str


@dataclass
class Machines:
    """Runs jobs one after the other; `seconds` says how long each took."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, repository: Path, commit: str, jobs: list[Job], **given: str) -> list[Done]:
        """What became of each job; those that need one that failed are left out."""
        done: list[Done] = []
        for job in jobs:
            failed = {one.job for one in done if one.code}
            if failed.isdisjoint(job.needs):
                done.append(self._job(repository, commit, job, given))
        return done

    def _job(self, repository: Path, commit: str, job: Job, given: Mapping[str, str]) -> Done:
        began = time.monotonic()
        place = self.folder / f"{len(self.seconds)}-{job.name}"
        git(self.folder, "clone", "--quiet", str(repository), str(place))
        git(place, "checkout", "--quiet", commit)
        summary = place.with_name(f"{place.name}.md")
        summary.touch()
        code, printed, run = 0, "", []
        for step in job.steps:
            own = {"GITHUB_STEP_SUMMARY": str(summary)} if job.shell[0] == "bash" else {}
            code, text = self._step(place, job.shell, step, {**given, **own})
            run.append(step.script)
            printed += f"\n$ {step.script}\n{text}"
            if code:
                break
        self.seconds[place.name] = time.monotonic() - began
        return Done(job.name, tuple(run), code, printed, summary.read_text(encoding="utf-8"))

    def _step(
        self, place: Path, shell: tuple[str, ...], step: Step, given: Mapping[str, str]
    ) -> tuple[int, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(NOT_THE_RUNNERS)}
        stated = {k: v for k, v in step.environment.items() if k not in NOT_THE_FILES}
        script = place.with_name(f"{place.name}.sh")
        script.write_text(f"{step.script}\n", encoding="utf-8")
        environment = {
            **inherited,
            "CI": "true",
            "CONTAINER_ENGINE": "no-engine-here",
            "PYTHONDONTWRITEBYTECODE": "",
            "UV_PROJECT_ENVIRONMENT": str(self.folder / "environment"),
            **given,
            **stated,
        }
        finished = subprocess.run(
            [*shell, str(script)],
            cwd=place,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return finished.returncode, finished.stdout


@contextmanager
def mlflow_server(program: str, folder: Path) -> Iterator[str]:
    """The address of an MLflow server that keeps everything in a folder, and ends with the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [program, "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}", "--serve-artifacts"]
    command += ["--artifacts-destination", str(folder / "files")]
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # five processes
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server and its workers; a connection that somebody kept would hold it up."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Returns when the server answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the MLflow server ended; its log is beside its database"
        try:
            direct().open(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"no answer from {address}")


def aliases(server: str, model: str) -> dict[str, str]:
    """Which version each alias names, as the server says."""
    found = asked(server, f"registered-models/get?name={model}")["registered_model"]
    return {one["alias"]: one["version"] for one in found.get("aliases", [])}


def tags(server: str, model: str, version: str) -> dict[str, str]:
    """The tags of a version, as the server says."""
    found = asked(server, f"model-versions/get?name={model}&version={version}")["model_version"]
    return {one["key"]: one["value"] for one in found.get("tags", [])}


def asked(server: str, what: str) -> dict[str, Any]:
    """An answer of MLflow's REST interface."""
    with direct().open(f"{server}/api/2.0/mlflow/{what}", timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def direct() -> urllib.request.OpenerDirector:
    """Opens addresses without a proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
