"""Load by wrk: https://github.com/wg/wrk (Debian and Ubuntu: `apt install wrk`)."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local file = io.open("{body}", "rb")
wrk.method = "POST"
wrk.body = file:read("*all")
wrk.headers["Content-Type"] = "{kind}"
file:close()

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n{{"requests": %d, "micros": %d, "failed": %d, "p50": %d, "p99": %d, "longest": %d}}\\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True)
class Load:
    """What a server did under load: `p50`, `p99` and `longest` are milliseconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def demand() -> None:
    """End with a sentence where wrk is missing."""
    for tool, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if shutil.which(tool) is None:
            raise SystemExit(f"'{tool}' is not on PATH: install it (`apt install {package}`).")


def load(url: str, body: bytes, kind: str, connections: int, seconds: int, core: int) -> Load:
    """Ask without a pause over so many connections, from one core."""
    with tempfile.TemporaryDirectory() as folder:
        content, script = Path(folder, "body"), Path(folder, "ask.lua")
        content.write_bytes(body)
        script.write_text(SCRIPT.format(body=content, kind=kind))
        command = ["taskset", "--cpu-list", str(core), "wrk", "--latency", "--timeout", "20s"]
        command += ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", str(script), url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise SystemExit(f"wrk ended with {done.returncode}: {done.stdout}{done.stderr}")
    told = json.loads(lines[-1])
    return Load(
        told["requests"],
        told["micros"] / 1e6,
        told["failed"],
        *(told[name] / 1000 for name in ("p50", "p99", "longest")),
    )
