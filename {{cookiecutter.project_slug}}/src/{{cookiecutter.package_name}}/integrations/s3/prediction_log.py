"""A prediction log in S3: written, read and pruned."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from {{ cookiecutter.package_name }}.integrations.prediction_log.kinds import Piece
from {{ cookiecutter.package_name }}.integrations.s3 import log_files
from {{ cookiecutter.package_name }}.integrations.s3.client import connect, listed
from {{ cookiecutter.package_name }}.integrations.s3.errors import told
from {{ cookiecutter.package_name }}.integrations.s3.find import folder_of
from {{ cookiecutter.package_name }}.integrations.s3.log_files import Kind, LogFile, day_of
from {{ cookiecutter.package_name }}.integrations.s3.multipart import crc32
from {{ cookiecutter.package_name }}.integrations.s3.place import Place, Purpose
from {{ cookiecutter.package_name }}.integrations.s3.threads import threads
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError, StoreUnavailable
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection
from {{ cookiecutter.package_name }}.schemas.prediction_log import LoggedLabel, LoggedRequest

_PURPOSE = Purpose(
    prefix="the URL's ",
    verb="use",
    answered="take",
    rights="s3:ListBucket on bucket '{bucket}', and s3:GetObject, s3:PutObject and, to prune, "
    "s3:DeleteObject on its objects",
    again="try again",
)
_THREADS = 4
_LIGHT = [name for name in log_files.SCHEMAS["requests"].names if name != "inputs"]
_PIECE_REQUESTS = 500


class S3Log:
    """A `PredictionStore`, and a `Reader` of it, below one prefix of a bucket."""

    preferred_seconds = 60.0
    """What is to be written had better be gathered so long: each write makes a file."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @cached_property
    def _client(self) -> Any:
        return connect(self._place, _THREADS, _PURPOSE)

    def open(self) -> None:
        """Ask the bucket for a first key: a wrong name or key is told now, not with the rows."""
        with self._told():
            self._client.list_objects_v2(
                Bucket=self._place.bucket, Prefix=folder_of(self._place), MaxKeys=1
            )

    def write(self, requests: Sequence[LoggedRequest], labels: Sequence[LoggedLabel]) -> None:
        """A file for each day, whole or not there; what is there already is overwritten by itself.

        Where only some files could be written, the next attempt writes those again: a reader
        sees no request twice.
        """
        kinds: list[tuple[Kind, Any]] = [("requests", requests), ("labels", labels)]
        for kind, records in kinds:
            for name, content in log_files.files_of(kind, records):
                with self._told():
                    self._client.put_object(
                        Bucket=self._place.bucket,
                        Key=f"{self._folder(kind)}{name}",
                        Body=content,
                        ContentType="application/vnd.apache.parquet",
                        ChecksumCRC32=crc32(content),
                    )

    def prune(self, before: float) -> int:
        """Delete the files of whole days that are older; the day of `before` itself stays."""
        day, count = day_of(before), 0
        for kind in log_files.SCHEMAS:
            old = [file for file in self._files(kind) if file.day < day]
            with self._told(), threads(_THREADS) as crew:
                for file in old:
                    crew.begin(self._delete, file.key)
            count += sum(file.count for file in old) if kind == "requests" else 0
        return count

    def pieces(
        self, asked: Selection, *, newest_first: bool = False, inputs: bool = True
    ) -> Iterator[Piece]:
        """See `Reader`. A day is read at a time, and the labels that were told since its start."""
        days: dict[str, list[LogFile]] = defaultdict(list)
        for file in self._files("requests"):
            if _may_hold(file, asked):
                days[file.day].append(file)
        if not days:
            return
        labels = self._labels(min(days))
        for day in sorted(days, reverse=newest_first):
            yield from self._day(days[day], asked, labels, newest_first=newest_first, inputs=inputs)

    def totals(self) -> None:
        """See `Reader`: every file would have to be read."""

    def close(self) -> None:
        """Close idle connections."""
        if "_client" in self.__dict__:
            self._client.close()
            del self._client

    def _day(
        self,
        files: list[LogFile],
        asked: Selection,
        labels: dict[tuple[str, int], LoggedLabel],
        *,
        newest_first: bool,
        inputs: bool,
    ) -> Iterator[Piece]:
        # Files of one day may overlap, since several processes write; a request may be in two.
        seen: set[str] = set()
        for file in sorted(files, key=lambda file: file.first, reverse=newest_first):
            table = self._read("requests", file, None if inputs else _LIGHT)
            rows = table.sort_by([("at", "descending" if newest_first else "ascending")])
            for batch in rows.to_batches(_PIECE_REQUESTS):
                found = [
                    LoggedRequest(**{"inputs": '{"columns":[],"rows":[]}', **row})
                    for row in batch.to_pylist()
                    if row["id"] not in seen and _is_meant(row, asked)
                ]
                seen.update(request.id for request in found)
                ids = [(each.request_id, row) for each in found for row in range(each.rows)]
                yield Piece(found, {place: labels[place] for place in ids if place in labels})

    def _labels(self, day: str) -> dict[tuple[str, int], LoggedLabel]:
        newest: dict[tuple[str, int], LoggedLabel] = {}
        for file in self._files("labels"):
            if file.day < day:
                continue
            for row in self._read("labels", file, None).to_pylist():
                label = LoggedLabel(**row)
                place = (label.request_id, label.row)
                former = newest.get(place, label)
                newest[place] = max(former, label, key=lambda each: (each.at, each.id))
        return newest

    def _folder(self, kind: Kind) -> str:
        return f"{folder_of(self._place)}{kind}/"

    def _files(self, kind: Kind) -> list[LogFile]:
        folder = self._folder(kind)
        with self._told():
            found = listed(self._client, self._place.bucket, folder)
            described = (log_files.described(folder, item.key) for item in found)
            return [file for file in described if file is not None]

    def _read(self, kind: Kind, file: LogFile, columns: list[str] | None) -> Any:
        with self._told():
            answer = self._client.get_object(Bucket=self._place.bucket, Key=file.key)
            content = answer["Body"].read()
        return log_files.read(kind, content, columns, f"{self._place.at(file.key)}")

    def _delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._place.bucket, Key=key)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with told(self._place, _PURPOSE):
                yield
        except StoreUnavailable:
            raise
        except ProjectError as error:
            raise StoreUnavailable(f"The prediction log cannot be used. {error}") from error


def _may_hold(file: LogFile, asked: Selection) -> bool:
    early = asked.since is not None and file.day < day_of(asked.since)
    return not early and (asked.until is None or file.first < asked.until + 0.001)


def _is_meant(row: dict[str, Any], asked: Selection) -> bool:
    since = asked.since if asked.since is not None else float("-inf")
    until = asked.until if asked.until is not None else float("inf")
    return since <= row["at"] < until and asked.version in (None, row["version"])
