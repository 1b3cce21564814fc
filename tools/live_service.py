"""The service of a generated project, started for a while on a free port of this machine."""

import json
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

START_SECONDS = 120


class DemoFailed(Exception):
    """One sentence about what went wrong and where to look."""


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class LiveService:
    """A running `uv run serve`; `log` holds what it printed."""

    project: Path
    url: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    @classmethod
    def start(cls, project: Path, port: int) -> "LiveService":
        """Returns when the service is ready; raises DemoFailed if it ends or takes too long."""
        log = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        command = ["uv", "run", "serve", "--host", "127.0.0.1", "--port", str(port)]
        print(f"      $ {' '.join(command)}", flush=True)
        process = subprocess.Popen(command, cwd=project, stdout=log, stderr=subprocess.STDOUT)
        service = cls(project, f"http://127.0.0.1:{port}", process, log)
        try:
            service.wait_until_ready()
        except BaseException:
            service.stop()
            raise
        return service

    def wait_until_ready(self) -> None:
        """Polls the readiness probe."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                code = self.process.returncode
                raise DemoFailed(f"the service ended with exit code {code}: {self.last_words()}")
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2):
                    return
            except OSError:  # not listening yet, or 503 while it loads
                time.sleep(0.1)
        raise DemoFailed(f"the service was not ready in {START_SECONDS} s: {self.last_words()}")

    def example(self, script: str) -> dict[str, Any]:
        """What a script that prints JSON says when the project's own Python runs it."""
        command = ["uv", "run", "--no-sync", "python", "-c", script]
        done = subprocess.run(
            command, cwd=self.project, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise DemoFailed(f"no example row could be read: {done.stderr.strip()[-300:]}")
        row: dict[str, Any] = json.loads(done.stdout)
        return row

    def post(self, path: str, body: dict[str, Any]) -> str:
        """The body of the answer, which must be a 200."""
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as refusal:
            text = refusal.read().decode(errors="replace")
            raise DemoFailed(f"{path} answered {refusal.code}: {text}") from refusal
        except OSError as problem:
            raise DemoFailed(f"{path} could not be reached: {problem}.") from problem

    def last_words(self) -> str:
        """The end of what the service printed."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace").strip()[-600:]

    def stop(self) -> None:
        """Ends the service; uv passes the request on to it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
