"""What nothing points at any more, removed: pages of old nights, files, logs."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from crawler.warc_rewrite import Placed
from store import disk, records
from store.held import held_files, is_file_name

_NIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.r\d+)?\.(?:warc\.gz|log)")

Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes, or would go, of one kind."""

    name: str
    records: int  # of a WARC; else 0
    bytes: int


@dataclass(slots=True)
class Pruned:
    """What went, or would go."""

    warcs: list[Gone] = field(default_factory=list)
    files: list[Gone] = field(default_factory=list)
    logs: list[Gone] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(gone.bytes for gone in [*self.warcs, *self.files, *self.logs])


def prune(before: dt.date, *, apply: bool = False, tick: Tick = lambda _: None) -> Pruned:
    """Of nights before that day: WARC records that no revision points at (lists, error pages,
    304s, hashes of files) and logs; and files older than that day that nothing points at.

    Without `apply` only says what would go. What a revision, a review or an issue points at stays:
    reviews and issues point at notices, whose revisions all stay. The night's lock is the caller's.
    Raises store.disk.Busy, OSError; a rerun goes on where a killed one was ended."""
    with disk.alone(Path(settings.DATA)):
        if apply:
            records.recover()
        pruned = Pruned()
        for path in _of_nights(records.folder(), before):
            held = {records.offset_of(r.record) for r in records.revisions_in(path.name)}
            made = records.drop_records(path, _nobody(held), apply)
            if made.records:
                pruned.warcs.append(Gone(path.name, made.records, made.bytes))
            tick("warc")
        pruned.files = list(_files(before, apply, tick))
        for path in _of_nights(Path(settings.DATA) / "logs", before):
            pruned.logs.append(Gone(path.name, 0, path.stat().st_size))
            if apply:
                path.unlink()
        return pruned


def _nobody(held: set[int]) -> Callable[[Placed], bool]:
    return lambda record: record.offset not in held


def _of_nights(folder: Path, before: dt.date) -> list[Path]:
    """The folder's files that are named for a night before that day."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        named = _NIGHT.fullmatch(path.name)
        if named and named[1] < before.isoformat():
            found.append(path)
    return found


def _files(before: dt.date, apply: bool, tick: Tick) -> list[Gone]:
    folder = Path(settings.MEDIA_ROOT)
    held = held_files()
    gone = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        tick("files")
        if path.name in held or not is_file_name(path.name):
            continue
        stat = path.stat()
        # a file is on the disk before the notice that has it
        if dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC).astimezone().date() < before:
            gone.append(Gone(path.name, 0, stat.st_size))
            if apply:
                path.unlink()
    return gone
