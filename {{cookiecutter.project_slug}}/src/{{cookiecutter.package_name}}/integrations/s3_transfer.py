"""Objects become files: in parts, several at a time, and where a former run stopped.

A part that has arrived is noted beside the file that is being made. That file is named for the
object's ETag, so a run that comes later goes on with it if, and only if, the object is the same.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3_checks import Checker
from {{ cookiecutter.package_name }}.integrations.s3_client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3_errors import Place, told
from {{ cookiecutter.package_name }}.integrations.s3_folder import Folder
from {{ cookiecutter.package_name }}.schemas.errors import DataError

PART_BYTES = 8 << 20
_READ_BYTES = 256 << 10
_ATTEMPTS = 5
"""So often a part is asked for when the connection breaks while its bytes come."""
PAUSE_SECONDS = 0.5
"""Before the second attempt; twice as long before each that follows."""


class _Download:
    """One object on its way to one file; its parts are fetched by several threads."""

    def __init__(self, item: StoredObject, unfinished: Path) -> None:
        token = hashlib.sha256(f"{item.key} {item.etag} {item.size} {PART_BYTES}".encode())
        self.item = item
        self.path = unfinished / token.hexdigest()[:24]
        self._noted = self.path.with_suffix(".parts")
        self._lock = threading.Lock()
        self.missing = self._open()
        self._left = len(self.missing)

    def _open(self) -> list[int]:
        """The parts that are not there yet, by their first byte; makes the file if it is new."""
        starts = range(0, self.item.size, PART_BYTES)
        if not self.path.is_file() or not self._noted.is_file():
            self._noted.write_text("")
            self.path.write_bytes(b"")
        there = {int(line) for line in self._noted.read_text().split("\n")[:-1]}
        return [start for start in starts if start not in there]

    def write(self, position: int, block: bytes) -> None:
        """Bytes at their place; each call opens the file anew, as threads share no position."""
        with self.path.open("r+b") as stream:
            stream.seek(position)
            stream.write(block)

    def arrived(self, start: int) -> bool:
        """Note a part; whether it was the last that was missing."""
        with self._lock:
            with self._noted.open("a") as stream:
                stream.write(f"{start}\n")
            self._left -= 1
            return self._left == 0

    def discard(self) -> None:
        """Forget all that has arrived."""
        self.path.unlink(missing_ok=True)
        self._noted.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """The file takes its place among the others."""
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        self._noted.unlink()


class Transfer:
    """Fetches objects of one bucket to a folder; `tell` hears how many bytes arrived."""

    def __init__(
        self, client: Any, place: Place, folder: Folder, tell: Callable[[int], None]
    ) -> None:
        self._client = client
        self._place = place
        self._folder = folder
        self._tell = tell
        self._stopped = threading.Event()

    def fetch(self, items: Sequence[StoredObject], workers: int) -> None:
        """Fetch each object to its file, whole and compared with the store's checksum.

        Raises DataError or DataNotFound at the first that fails; the parts of the others that
        arrived are kept for the next run.
        """
        self._folder.unfinished.mkdir(parents=True, exist_ok=True)
        pool = ThreadPoolExecutor(workers, thread_name_prefix="s3")
        try:
            futures: list[Future[None]] = []
            for item in items:
                download = _Download(item, self._folder.unfinished)
                self._tell(item.size - self._bytes_missing(download))
                if not download.missing:
                    futures.append(pool.submit(self._attempt, self._finish, download))
                for start in download.missing:
                    fetching = pool.submit(self._attempt, self._fetch_part, download, start)
                    futures.append(fetching)
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()
        finally:
            self._stopped.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _attempt(self, work: Callable[..., None], *arguments: object) -> None:
        """Work of one thread; if it fails, those that follow are not begun."""
        try:
            work(*arguments)
        except BaseException:
            self._stopped.set()
            raise

    def _bytes_missing(self, download: _Download) -> int:
        size = download.item.size
        return sum(min(PART_BYTES, size - start) for start in download.missing)

    def _of(self, item: StoredObject) -> Place:
        place = self._place
        return Place(place.bucket, item.key, place.endpoint_url, place.region)

    def _fetch_part(self, download: _Download, start: int) -> None:
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        stop = min(start + PART_BYTES, download.item.size)
        with told(self._of(download.item)):
            for attempt in range(1, _ATTEMPTS + 1):
                if self._stopped.is_set():
                    return
                # A request that fails was repeated by botocore; a body that breaks off is not.
                body = self._body(download.item, start, stop)
                try:
                    self._copy(body, download, start)
                    break
                except (HTTPClientError, IncompleteReadError):
                    if attempt == _ATTEMPTS:
                        raise
                    self._stopped.wait(PAUSE_SECONDS * 2 ** (attempt - 1))
        if self._stopped.is_set():
            return
        self._tell(stop - start)
        if download.arrived(start):
            self._finish(download)

    def _body(self, item: StoredObject, start: int, stop: int) -> Any:
        answer = self._client.get_object(
            Bucket=self._place.bucket,
            Key=item.key,
            Range=f"bytes={start}-{stop - 1}",
            IfMatch=f'"{item.etag}"',
        )
        if answer.get("ContentRange") != f"bytes {start}-{stop - 1}/{item.size}":
            raise DataError(
                f"{self._place.store} answered with other bytes of {self._of(item)} than those "
                f"asked for ({answer.get('ContentRange')}): data.endpoint_url must speak S3."
            )
        return answer["Body"]

    def _copy(self, body: Any, download: _Download, position: int) -> None:
        """The bytes of a part into the file; after an error elsewhere it stops early."""
        # As a context of its own the body would give bytes that nobody counts.
        with closing(body):
            while not self._stopped.is_set() and (block := body.read(_READ_BYTES)):
                download.write(position, block)
                position += len(block)

    def _finish(self, download: _Download) -> None:
        item, place = download.item, self._of(download.item)
        with told(place):
            checker = Checker(self._client, place.bucket)
            whole = checker.is_whole(download.path, item.key, item.etag)
        if not whole:
            download.discard()
            raise DataError(
                f"{place} came with other bytes than those that its checksum stands for: run the "
                "same command again; if it stays so, upload the object anew."
            )
        self._folder.keep(item, download.path)
        download.finish(self._folder.file_of(item))
