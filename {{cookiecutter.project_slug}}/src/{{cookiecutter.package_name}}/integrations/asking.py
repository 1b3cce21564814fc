"""One question to a process that answers with one line of JSON and ends."""

import json
import subprocess
import sys
from typing import Any


class NoReply(Exception):
    """The process was late, failed, or said nothing; the text is the last that it wrote."""


def ask(module: str, *arguments: str, seconds: float) -> dict[str, Any]:
    """What `python -m module` answers to these arguments; NoReply where there is no answer."""
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoReply(f"no answer in {seconds:.0f} s") from error
    # An interpreter may greet before the module runs, and libraries print what they like.
    answers = [line for line in child.stdout.splitlines() if line.startswith("{")]
    if child.returncode or not answers:
        told = child.stderr.strip().splitlines()
        raise NoReply(told[-1] if told else f"exit code {child.returncode}")
    answer: dict[str, Any] = json.loads(answers[-1])
    return answer
