"""Whole processes, timed side by side: wall time, CPU time and peak memory from the kernel."""

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """One finished process: seconds of wall clock and of CPU, MiB of peak resident memory."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Command:
    """Something to time: what it is called in the table, its arguments and where it runs.

    `leaves` are files or folders that it makes; they are removed before the next command starts.
    """

    name: str
    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] | None = None
    leaves: Sequence[Path] = ()


def run_once(command: Command) -> Sample:
    """Run to the end; a failure is an error with the command's last words."""
    # Whether bytecode is kept must not decide a comparison: the first, uncounted round keeps it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(command.environment or {})}
    began = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = words.decode(errors="replace")[-1500:]
        raise SystemExit(f"{command.name} ended with {process.returncode}:\n{tail}")
    for path in command.leaves:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleaved(commands: Sequence[Command], runs: int) -> dict[str, list[Sample]]:
    """Every command in turn, `runs` times after one round that is not counted.

    In turn, because a shared machine drifts: neighbours in time can be compared.
    """
    samples: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for counted in [False, *[True] * runs]:
        for command in commands:
            sample = run_once(command)
            if counted:
                samples[command.name].append(sample)
    return samples


def median(samples: Sequence[Sample], figure: str) -> float:
    """The median of one figure: wall, cpu or peak."""
    return statistics.median(getattr(sample, figure) for sample in samples)


def paired_ratio(samples: Sequence[Sample], base: Sequence[Sample], figure: str) -> float:
    """The median of round-by-round ratios to the base."""
    pairs = zip(samples, base, strict=True)
    return statistics.median(getattr(a, figure) / getattr(b, figure) for a, b in pairs)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
