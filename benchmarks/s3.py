"""Files to and from a real S3 server: the project's commands against boto3's own transfers.

Needs a project with S3. The server is the one that its tests start.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from measure import table

BUCKET = "bench"
REGION = "us-east-1"
PEERS = {
    "fetch": "download_file",
    "fetch again, all there": "download_file",
    "upload": "upload_file",
    "upload again, all there": "upload_file",
}
GOALS = {"fetch": "≤ 1.5", "upload": "≤ 1.5"}


class Work:
    """What is timed, each on the same bytes; made inside the project's own Python."""

    def __init__(self, package: str, url: str, content: Path) -> None:
        boto3: Any = import_module("boto3")
        self.content = content
        self.folder = content.parent
        self.round = 0
        self.place = {"endpoint_url": url, "region": REGION}
        self.boto = boto3.client("s3", endpoint_url=url, region_name=REGION)
        self.boto.create_bucket(Bucket=BUCKET)
        self.modules = {
            name: import_module(f"{package}.integrations.s3.{name}")
            for name in ("place", "source", "upload")
        }
        self.boto.upload_file(str(content), BUCKET, "plain/content.parquet")

    def upload_file(self) -> None:
        """boto3's own upload."""
        self.boto.upload_file(str(self.content), BUCKET, f"theirs/{self.round}.parquet")

    def download_file(self) -> None:
        """boto3's own download."""
        target = self.folder / "theirs.parquet"
        target.unlink(missing_ok=True)
        self.boto.download_file(BUCKET, "plain/content.parquet", str(target))

    def upload(self) -> None:
        """The command's work, to a place that is empty in each round."""
        place = self.modules["place"].Place.below(BUCKET, f"ours/{self.round}", **self.place)
        uploading = self.modules["upload"]
        uploading.upload(self.content, place, uploading.Options(workers=8))

    def fetch(self) -> None:
        """What `prepare` does before it reads rows, with nothing there yet."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.fetch_again()

    def fetch_again(self) -> None:
        """The same, with all there: the file is compared with its record."""
        source = self.modules["source"].S3Table(
            name="bench",
            bucket=BUCKET,
            prefix="plain",
            objects="content.parquet",
            workers=8,
            **self.place,
        )
        with source.open() as rows:
            assert rows.version.startswith("sha256:")


def timed(work: Callable[[], None]) -> dict[str, float]:
    """Seconds of wall clock and of this process's CPU."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall": wall,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }


def inside(project: Path, mib: int, runs: int) -> None:
    """All rounds, within the project's Python; prints the samples."""
    np, pa, pq = map(import_module, ("numpy", "pyarrow", "pyarrow.parquet"))
    sys.path.insert(0, str(project / "tests" / "fixtures"))
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    server: Any = import_module("s3_server")
    with tempfile.TemporaryDirectory(prefix="bench-s3-") as name:
        folder = Path(name)
        os.environ.update(
            AWS_ACCESS_KEY_ID=server.ADMIN[0],
            AWS_SECRET_ACCESS_KEY=server.ADMIN[1],
            NO_PROXY="127.0.0.1",
            PROJECT_ROOT=name,
        )
        content, rows = folder / "content.parquet", mib << 14  # 8 columns of 8 bytes
        draws = np.random.default_rng(1)
        columns = {f"x{place}": draws.normal(size=rows) for place in range(8)}
        pq.write_table(pa.table(columns), content, compression="none", use_dictionary=False)
        (folder / "store").mkdir()
        with server.seaweed(folder / "store") as store:
            work = Work(package, store.url, content)
            print(json.dumps(rounds(work, runs)))


def rounds(work: Work, runs: int) -> dict[str, list[dict[str, float]]]:
    """Every transfer in turn, after one round that is not counted."""
    steps = {
        "upload_file": work.upload_file,
        "upload": work.upload,
        "upload again, all there": work.upload,
        "download_file": work.download_file,
        "fetch": work.fetch,
        "fetch again, all there": work.fetch_again,
    }
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in steps}
    for work.round in range(runs + 1):
        for name, step in steps.items():
            sample = timed(step)
            if work.round:
                samples[name].append(sample)
    return samples


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project with S3, set up")
    parser.add_argument("--mib", type=int, default=512, help="MiB of the file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--python", type=Path, help="another Python than the project's .venv")
    options = parser.parse_args()
    project = options.project.resolve()
    if options.inside:
        return inside(project, options.mib, options.runs)
    own = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    python = options.python or project / ".venv" / own
    given = ["--mib", str(options.mib), "--runs", str(options.runs), "--inside"]
    done = subprocess.run(
        [str(python), __file__, str(project), *given],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    samples = json.loads(done.stdout)
    rows = [
        [
            name,
            f"{statistics.median(sample['wall'] for sample in taken):.2f}",
            f"{options.mib / statistics.median(sample['wall'] for sample in taken):.0f}",
            f"{statistics.median(sample['cpu'] for sample in taken):.2f}",
            ratio(taken, samples[PEERS[name]]) if name in PEERS else "1.00",
            GOALS.get(name, ""),
        ]
        for name, taken in samples.items()
    ]
    print(f"{options.mib} MiB, medians of {options.runs}, {os.cpu_count()} cores\n")
    print(table(["transfer", "wall s", "MiB/s", "CPU s", "wall / boto3", "goal"], rows))
    return None


def ratio(taken: list[dict[str, float]], base: list[dict[str, float]]) -> str:
    """The median of round-by-round ratios of wall time."""
    pairs = zip(taken, base, strict=True)
    return f"{statistics.median(a['wall'] / b['wall'] for a, b in pairs):.2f}"


if __name__ == "__main__":
    main()
