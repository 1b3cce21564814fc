"""Whether a process that said who it is still lives."""

import os
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_START_FIELD = 19
"""Of `/proc/<id>/stat`, counted from the state, which follows the name in brackets."""


def identity() -> str:
    """Name of this process among all that run on this kernel; "" where the system does not tell."""
    kernel, started = _kernel(), _started(os.getpid())
    return f"{kernel} {os.getpid()} {started}" if kernel and started else ""


def is_gone(stated: str) -> bool:
    """Whether that process ended; False where this one cannot know, being somewhere else."""
    kernel, _, process = stated.partition(" ")
    if not kernel or kernel != _kernel():
        return False
    number, _, started = process.partition(" ")
    return number.isdecimal() and _started(int(number)) != started


def _kernel() -> str:
    """Boot and process namespace: a container has numbers of its own."""
    try:
        return f"{_BOOT.read_text().strip()}/{_NAMESPACE.stat().st_ino}"
    except OSError:  # not Linux
        return ""


def _started(process: int) -> str | None:
    """When it started, in ticks since boot, so that a number that is used again tells."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[_START_FIELD]
