"""The revisions' pointers into the WARC files, and files written anew without some records."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from crawler.address import canonical
from crawler.warc_rewrite import Placed, next_name, to_drop, write_without
from store import disk
from store.fit import key
from store.models import Notice, Revision, Row

FOLDER = "warc"
_STEP = "rewriting.json"  # names the two files while one takes the other's place
_PART = ".part"
_BATCH = 500


def folder() -> Path:
    """Where the WARC files lie."""
    return Path(settings.DATA) / FOLDER


def offset_of(record: str) -> int:
    """Where in its file a pointer leads; -1 for one that is none."""
    offset = record.rpartition("#")[2]
    return int(offset) if offset.isdecimal() else -1


def pointing() -> dict[str, int]:
    """How many revisions point into each file, by its name."""
    counted = Counter[str]()
    for record in Revision.objects.exclude(record="").values_list("record", flat=True).iterator():
        counted[record.rpartition("#")[0]] += 1
    return counted


def revisions_in(name: str) -> Iterator[Revision]:
    """The revisions that point into the file, without their contents."""
    found = Revision.objects.filter(record__startswith=f"{name}#").select_related("notice__source")
    yield from found.defer("html", "text", "facts").order_by("pk").iterator(chunk_size=_BATCH)


def is_of(revision: Revision, address: str) -> bool:
    """Whether a record of that canonical address can be the revision's page: it is the notice's
    own, or one of its rows', or one where no other notice is kept (the site led there)."""
    notice = revision.notice
    if key(address) == notice.address or address == canonical(notice.url):
        return True
    if Row.objects.filter(notice=notice, address=key(address)).exists():
        return True
    return not Notice.objects.filter(address=key(address)).exclude(pk=notice.pk).exists()


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went, or would go, out of a WARC."""

    records: int
    bytes: int


def drop_records(path: Path, drop: Callable[[Placed], bool], apply: bool = True) -> Dropped:
    """The file without the records for which `drop` says so; the revisions' pointers go with those
    that stay, and those of revisions whose record goes become empty. A file of which nothing but
    its own description stays is removed. With `apply` false only says what would come of it.

    Killed at any moment, each pointer is right, and `recover` finishes or undoes the step."""
    stays, goes = to_drop(path, drop)
    empty = all(record.kind == "warcinfo" for record in stays)
    size = path.stat().st_size
    kept = 0 if empty else sum(record.end - record.offset for record in stays)
    if not goes or not apply:
        return Dropped(len(goes), size - kept if goes else 0)
    if empty:
        stays = []
    new = next_name(path)
    part = new.with_name(new.name + _PART)
    places = write_without(path, stays, part)
    disk.write(path.parent / _STEP, json.dumps({"old": path.name, "new": new.name}))
    part.rename(new)
    disk.sync_folder(path.parent)
    _point(path.name, new.name, places)
    _finish(path, new)
    return Dropped(len(goes), size - kept)


@transaction.atomic
def _point(old: str, new: str, places: dict[int, int]) -> None:
    """All pointers into the old file at once."""
    moved = []
    found = Revision.objects.filter(record__startswith=f"{old}#").only("pk", "record")
    for revision in found.select_for_update():
        place = places.get(offset_of(revision.record))
        revision.record = "" if place is None else f"{new}#{place}"
        moved.append(revision)
    Revision.objects.bulk_update(moved, ["record"], batch_size=_BATCH)


def _finish(old: Path, new: Path) -> None:
    old.unlink(missing_ok=True)
    if new.exists() and not new.stat().st_size:
        new.unlink()
    disk.sync_folder(old.parent)
    (old.parent / _STEP).unlink()
    disk.sync_folder(old.parent)


def recover() -> None:
    """Finish or undo what a killed `drop_records` left. While nobody else writes."""
    here = folder()
    step = here / _STEP
    if step.is_file():
        names = json.loads(step.read_text(encoding="utf-8"))
        old, new = here / names["old"], here / names["new"]
        undone = Revision.objects.filter(record__startswith=f"{old.name}#").exists()
        if old.exists() and (undone or not new.exists()):
            new.unlink(missing_ok=True)
            step.unlink()
        else:
            _finish(old, new)
    for part in here.glob(f"*.warc.gz{_PART}") if here.is_dir() else ():
        part.unlink()
