"""Servers to measure: started on one core, watched through `/proc`, stopped. Linux only."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
READY_SECONDS = 120


def two_cores() -> tuple[int, int]:
    """One core for the server and one for whoever asks it."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("Serving is measured on two cores, and this process may use one.")
    return cores[0], cores[1]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(url: str, body: bytes | None = None, kind: str = "application/json") -> bytes | None:
    """What the URL answers with 200; None where it does not."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})
    try:
        with DIRECT.open(request, timeout=30) as response:
            content: bytes = response.read()
            return content if response.status == 200 else None
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def family(process: int) -> list[int]:
    """A process and all that it started, and they, as far as they live."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found = [process]
    for one in found:  # grows as it goes
        found += parents.get(one, [])
    return found


def cpu_seconds(process: int) -> float:
    """CPU that a process and its descendants have used, those that ended included."""
    ticks = 0
    for one in family(process):
        try:
            text = Path(f"/proc/{one}/stat").read_text()
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # its own, and that of children that ended
    return ticks / TICKS


def resident(process: int) -> float:
    """PSS of a process and its descendants in MiB: shared pages are counted once."""
    kilobytes = 0
    for one in family(process):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += sum(map(int, re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)))
    return kilobytes / 1024


class Server:
    """A running server."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str, ready: float) -> None:
        self.process = process
        self.url = url
        self.ready_seconds = ready

    def pause(self) -> None:
        """Let it do nothing, as if it were not there, until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        for one in family(self.process.pid):
            os.kill(one, number)


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    port: int,
    probe: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    core: int | None = None,
) -> Iterator[Server]:
    """A server from its start until the block ends; ready when `probe` answers 200."""
    where = () if core is None else ("taskset", "--cpu-list", str(core))
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as words:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*where, *command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        try:
            while asked(url + probe) is None:
                if process.poll() is not None or time.perf_counter() - began > READY_SECONDS:
                    words.seek(0)
                    said = words.read()[-2000:].decode(errors="replace")
                    raise SystemExit(f"{name} did not become ready:\n{said}")
                time.sleep(0.01)
            server = Server(process, url, time.perf_counter() - began)
            try:
                yield server
            finally:
                server.resume()
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a server and what it started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        process.wait()
