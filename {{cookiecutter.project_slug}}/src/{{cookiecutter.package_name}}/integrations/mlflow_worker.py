"""The process that speaks MLflow for a training: `python -m <this module>`.

Commands come in and answers go out as JSON lines. Being a process of its own lets mlflow be
imported while the trainer imports its framework, and lets a run be ended when the trainer
cannot: when its commands stop without `close`, the trainer is gone and the run was KILLED.
"""

import json
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from {{ cookiecutter.package_name }}.integrations import replies
from {{ cookiecutter.package_name }}.integrations.recording import Recording
from {{ cookiecutter.package_name }}.schemas.dataset import Manifest
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError, TrackingUnavailable


class Worker:
    """Answers `start`, `register` and `close` with one line each; `metrics` with none."""

    def __init__(self, answers: IO[str], recording: Recording | None = None) -> None:
        self._answers = answers
        self._recording = recording
        self.ended = False

    def obey(self, command: Mapping[str, Any]) -> None:
        """Carry out one command; failures are answers, too."""
        try:
            answer = getattr(self, f"_{command['do']}")(command)
        except Exception as error:  # told to the trainer, which raises it
            if not isinstance(error, ProjectError):
                traceback.print_exc()
            answer = replies.from_error(error)
        if answer is not None:
            self._send(answer)

    def _send(self, answer: replies.Json) -> None:
        try:
            replies.send(self._answers, answer)
        except BrokenPipeError:  # nobody listens any more; the end of commands says so, too
            return

    def _start(self, command: Mapping[str, Any]) -> None:
        recording = Recording(command["uri"], command["project"])
        self._recording = recording
        dataset = Manifest.model_validate(command["dataset"])
        run_id = recording.open(command["name"], command["tags"], command["params"], dataset)
        self._send({"run_id": run_id})
        with suppress(ImportError):  # `register` will need it, and will say what is missing
            import mlflow.onnx  # noqa: F401
            import onnx  # noqa: F401

    def _metrics(self, command: Mapping[str, Any]) -> None:
        if self._recording is not None:
            self._recording.add_metrics(command["metrics"], command["step"], command["time"])

    def _register(self, command: Mapping[str, Any]) -> replies.Json:
        from {{ cookiecutter.package_name }}.integrations.registering import register

        if self._recording is None:
            raise TrackingUnavailable("There is no open run to register a model from.")
        return register(self._recording, Path(command["folder"])).model_dump()

    def _close(self, command: Mapping[str, Any]) -> replies.Json:
        self.ended = True
        if self._recording is not None:
            self._recording.close(command["status"])
        return {"closed": command["status"]}


def main() -> int:
    """Obey until `close`; end the run as KILLED where commands stop before."""
    # Ctrl-C and a stopping system reach every process: the trainer decides, this one obeys.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker = Worker(replies.own_stdout())
    import mlflow  # noqa: F401 - while the trainer does imports of its own

    for line in sys.stdin:
        worker.obey(json.loads(line))
        if worker.ended:
            break
    else:
        worker.obey({"do": "close", "status": "KILLED"})
    replies.leave_quickly()
    return 0


if __name__ == "__main__":
    sys.exit(main())
