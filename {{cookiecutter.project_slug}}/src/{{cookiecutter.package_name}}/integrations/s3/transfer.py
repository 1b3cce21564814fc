"""Objects become files: in parts, several at a time, and where a former run stopped.

See `download` for what a later run goes on with.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.integrations.s3.checks import Checker
from {{ cookiecutter.package_name }}.integrations.s3.client import StoredObject
from {{ cookiecutter.package_name }}.integrations.s3.download import Download
from {{ cookiecutter.package_name }}.integrations.s3.errors import told
from {{ cookiecutter.package_name }}.integrations.s3.folder import Folder
from {{ cookiecutter.package_name }}.integrations.s3.parts import Piece
from {{ cookiecutter.package_name }}.integrations.s3.place import Place
from {{ cookiecutter.package_name }}.integrations.s3.progress import Tell
from {{ cookiecutter.package_name }}.integrations.s3.threads import Threads, threads
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_READ_BYTES = 256 << 10
_ATTEMPTS = 5
"""So often a part is asked for when the connection breaks while its bytes come."""
PAUSE_SECONDS = 0.5
"""Before the second attempt; twice as long before each that follows."""


class Transfer:
    """Fetches objects of one bucket to a folder; `tell` hears how many bytes arrived."""

    def __init__(self, client: Any, place: Place, folder: Folder, tell: Tell) -> None:
        self._client = client
        self._place = place
        self._folder = folder
        self._tell = tell

    def fetch(self, items: Sequence[StoredObject], workers: int) -> None:
        """Fetch each object to its file, whole and compared with what is known of its bytes.

        Raises DataError or DataNotFound at the first that fails; the parts of the others that
        arrived are kept for the next run.
        """
        self._folder.unfinished.mkdir(parents=True, exist_ok=True)
        with threads(workers) as crew:
            for item in items:
                checker = Checker(self._client, self._place.bucket, item.key, item.etag, item.size)
                download = Download(item, self._folder.unfinished, checker)
                self._tell(item.size - sum(piece.size for piece in download.missing))
                if not download.missing:
                    crew.begin(self._finish, download)
                for piece in download.missing:
                    crew.begin(self._fetch_part, crew, download, piece)

    def _fetch_part(self, crew: Threads, download: Download, piece: Piece) -> None:
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        with told(self._place.at(download.item.key)):
            for attempt in range(1, _ATTEMPTS + 1):
                # A request that fails was repeated by botocore; a body that breaks off is not.
                try:
                    self._copy(crew, self._body(download.item, piece), download.path, piece.start)
                    break
                except (HTTPClientError, IncompleteReadError):
                    if attempt == _ATTEMPTS or crew.stopped.is_set():
                        raise
                    crew.stopped.wait(PAUSE_SECONDS * 2 ** (attempt - 1))
        if crew.stopped.is_set():
            return
        self._tell(piece.size)
        if download.arrived(piece):
            self._finish(download)
        else:
            with told(self._place.at(download.item.key)):
                download.follow()

    def _body(self, item: StoredObject, piece: Piece) -> Any:
        asked = f"{piece.start}-{piece.stop - 1}"
        answer = self._client.get_object(
            Bucket=self._place.bucket,
            Key=item.key,
            Range=f"bytes={asked}",
            IfMatch=f'"{item.etag}"',
        )
        if answer.get("ContentRange") != f"bytes {asked}/{item.size}":
            raise DataError(
                f"{self._place.store} answered with other bytes of {self._place.at(item.key)} than "
                f"those asked for ({answer.get('ContentRange')}): data.endpoint_url must speak S3."
            )
        return answer["Body"]

    def _copy(self, crew: Threads, body: Any, path: Path, position: int) -> None:
        """The bytes of a part into the file; after an error elsewhere it stops early."""
        # As a context of its own the body would give bytes that nobody counts. Each call opens
        # the file anew, since threads share no position.
        with closing(body), path.open("r+b") as stream:
            stream.seek(position)
            while not crew.stopped.is_set() and (block := body.read(_READ_BYTES)):
                stream.write(block)

    def _finish(self, download: Download) -> None:
        item, place = download.item, self._place.at(download.item.key)
        with told(place):
            whole = download.is_whole()
        if not whole:
            download.discard()
            listed = item.sha256 is not None
            remedy = "upload it again with `upload --again`" if listed else "upload the object anew"
            raise DataError(
                f"{place} ('{item.name}') came with other bytes than those that its checksum "
                f"stands for: run the same command again; if it stays so, {remedy}."
            )
        self._folder.keep(item, download.sha256)
        download.finish(self._folder.file_of(item))
