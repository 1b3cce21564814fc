"""Files to a place from which readers take them as one table: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from {{ cookiecutter.package_name }}.integrations.s3.client import connect
from {{ cookiecutter.package_name }}.integrations.s3.errors import told
from {{ cookiecutter.package_name }}.integrations.s3.local import Described, describe, gather
from {{ cookiecutter.package_name }}.integrations.s3.place import UPLOAD, Place
from {{ cookiecutter.package_name }}.integrations.s3.progress import progress
from {{ cookiecutter.package_name }}.integrations.s3.sender import Sender
from {{ cookiecutter.package_name }}.integrations.s3.target import Target


@dataclass(frozen=True)
class Options:
    """How to upload.

    `again` sends what is there already, too; `prune` deletes afterwards what the manifest does
    not list; `dry_run` only says what would be done.
    """

    workers: int
    again: bool = False
    prune: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Done:
    """What an upload did, or would do: how many files and bytes of how many, and so on."""

    files: int
    sent: int
    sent_bytes: int
    published: bool
    pruned: int


def upload(source: Path, place: Place, options: Options) -> Done:
    """Upload a file, or all tables below a folder; the manifest comes last.

    Readers have the former upload until then. Raises ConfigError, DataNotFound or DataError with
    one sentence about what is wrong.
    """
    local = gather(source)
    with told(place, UPLOAD):
        client = connect(place, options.workers, UPLOAD)
    target = Target(client, place)
    target.look()
    with progress("reading", sum(file.size for file in local)) as tell:
        files = describe(local, options.workers, tell)
    lacking = _lacking(files, target, options)
    entries = [file.entry for file in files]
    published = target.is_published(entries)
    total = sum(file.entry.size for file in lacking)
    if not options.dry_run:
        with progress("uploading", total) as tell:
            Sender(client, place, target.folder, tell).send(lacking, options.workers)
        if not published:
            target.publish(entries)
    pruned = 0
    if options.prune:
        dry = options.dry_run
        pruned = len(target.leftovers(entries)) if dry else target.prune(options.workers)
    return Done(len(files), len(lacking), total, not published, pruned)


def _lacking(files: Sequence[Described], target: Target, options: Options) -> list[Described]:
    """The files to send: one of each content, and none that is there."""
    there = {} if options.again else target.there()
    by_key = {file.entry.key: file for file in files}
    return [file for key, file in by_key.items() if there.get(key) != file.entry.size]
