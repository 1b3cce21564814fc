"""A worker process at the other end of two pipes: commands to it, answers from it."""

import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any

_EXIT_SECONDS = 5.0


class Child:
    """A process that runs `module`; `end` it, or it lives until this process does."""

    def __init__(self, module: str) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
            # Ctrl-C goes to a whole group of processes; what becomes of the run is decided here.
            start_new_session=True,
        )
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in _pipe(self._process.stdout):
            if line.startswith("{"):  # an interpreter may greet before the module runs
                self._answers.put(json.loads(line))
        self._answers.put(None)

    @property
    def process(self) -> int:
        """The child's process id."""
        return self._process.pid

    def send(self, command: Mapping[str, object]) -> None:
        """Pass a command on; where the child is gone, waiting for its answer will say so."""
        pipe = _pipe(self._process.stdin)
        try:
            pipe.write(json.dumps(command) + "\n")
            pipe.flush()
        except (BrokenPipeError, ValueError):  # a ValueError means that our end is closed
            return

    def answer(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None where the child ended. Raises queue.Empty after `seconds`."""
        answer = self._answers.get(timeout=seconds)
        if answer is None:
            self._answers.put(None)  # the end stays the end for whoever asks next
        return answer

    def last_words(self) -> str:
        """The last line that the child wrote to standard error."""
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.poll()}"

    def end(self) -> None:
        """Let the child go, by force where it does not."""
        # A command that could not be written is still in the buffer, and closing tries again.
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        try:
            self._process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        _pipe(self._process.stdout).close()
        self._complaints.close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("The worker process was started without pipes.")
    return stream
