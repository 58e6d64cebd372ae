"""Does all that is kept agree: files, WARC records, rows? Nothing here writes.

Each check yields findings; what it holds in memory at a time is the hashes of the files, the
revisions of one WARC, or a batch of notices.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone

from crawler.archive import NoRecord
from crawler.archive import read as read_record
from crawler.notice import RowState
from crawler.warc_rewrite import Placed, placed
from store import disk, families, models, records
from store.files import PART
from store.held import held_files, is_file_name

_BATCH = 500

Tick = Callable[[str], None]

_RESTORE = "Put it back from a backup (kuaixun db restore)."
_AGAIN = "The next night may fetch it again; else put it back from a backup (kuaixun db restore)."
_TELL = "This should not happen: report it; a backup from before it is well (kuaixun db restore)."
_FORGET = "Run kuaixun notice forget again: it finishes."
_PRUNE = "Nothing needs it: kuaixun db prune --before DATE --apply removes it."


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree."""

    code: str  # a stable word, e.g. file.missing
    what: str  # what it is, where, and what is wrong
    remedy: str


def check(*, quick: bool = False, tick: Tick = lambda _: None) -> Iterator[Finding]:
    """Everything that does not agree. `quick` reads no file's and no page's content."""
    yield from _database(quick)
    yield from _files(quick, tick)
    yield from _warcs(quick, tick)
    yield from _notices(tick)
    for rows in (_revisions, _families, _decisions, _list_rows, _tombstones, _signatures):
        yield from rows()


def _database(quick: bool) -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return  # the server holds its constraints itself
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(10)" if quick else "PRAGMA integrity_check(10)")
        for (said,) in cursor.fetchall():
            if said != "ok":
                yield Finding("database.damaged", f"the database file: {said}", _RESTORE)
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, other, _ in cursor.fetchall():
            words = f"{table} row {row} points at a row of {other} that is not there"
            yield Finding("row.dangling", words, _TELL)


def _files(quick: bool, tick: Tick) -> Iterator[Finding]:
    folder = Path(settings.MEDIA_ROOT)
    there = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    for sha256, (size, said) in held_files().items():
        path = there.pop(sha256, None)
        if path is None:
            yield Finding("file.missing", f"the file {sha256} of {said} is not there", _AGAIN)
        elif size is not None and path.stat().st_size != size:
            words = f"the file {sha256} of {said} has {path.stat().st_size} bytes, not {size}"
            yield Finding("file.changed", words, _RESTORE)
        elif not quick and disk.sha256_of(path) != sha256:
            yield Finding("file.changed", f"the file {sha256} of {said} has other bytes", _RESTORE)
        tick("files")
    for name in sorted(there):
        if name.endswith(PART):
            words = f"{name} is half of a file, of a night that runs or was killed"
            yield Finding("file.half", words, "The next night sweeps it.")
        elif is_file_name(name):
            yield Finding("file.orphan", f"no attachment points at the file {name}", _PRUNE)
        else:
            words = f"{name} in the folder of the files is none of ours"
            yield Finding("file.strange", words, "Move it elsewhere.")


def _warcs(quick: bool, tick: Tick) -> Iterator[Finding]:
    folder = Path(settings.DATA) / records.FOLDER
    pointing = records.pointing()
    for name, count in sorted(pointing.items()):
        path = folder / name
        if not path.is_file():
            words = f"{count} revisions point into {name}, which is not there"
            yield Finding("warc.missing", words, _RESTORE)
        elif quick:
            yield from _beyond(path)
        tick("records")
    if quick or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.warc.gz")):
        yield from _warc(path, tick)


def _beyond(path: Path) -> Iterator[Finding]:
    """Pointers behind the end of their file."""
    size = path.stat().st_size
    for revision in records.revisions_in(path.name):
        if records.offset_of(revision.record) >= size:
            words = f"{_named(revision)} points behind the end of {path.name}"
            yield Finding("record.missing", words, _RESTORE)


def _warc(path: Path, tick: Tick) -> Iterator[Finding]:
    # read first: what a night appends meanwhile is pointed at only later
    pointing = list(records.revisions_in(path.name))
    size = path.stat().st_size
    places: dict[int, Placed] = {}
    whole = end = 0
    for record in placed(path):
        places[record.offset] = record
        whole, end = whole + record.end - record.offset, record.end
        tick("records")
    if whole < end:
        words = f"{path.name}: {end - whole} bytes between whole records are damaged"
        yield Finding("warc.damaged", words, f"What it held is lost, unless: {_RESTORE}")
    elif end < size:
        words = f"{path.name} ends in a record that is torn"
        yield Finding("warc.torn", words, "A run of that night cuts it; nothing points at it.")
    for revision in pointing:
        found = places.get(records.offset_of(revision.record))
        if found is None:
            words = f"{_named(revision)}: no whole record at {revision.record}"
            yield Finding("record.missing", words, _RESTORE)
        elif not records.is_of(revision, found.address):
            words = f"{_named(revision)}: the record {revision.record} is of {found.url}"
            yield Finding("record.strange", words, _RESTORE)
        elif fault := _unreadable(path.parent, revision.record):
            words = f"{_named(revision)}: the record {revision.record} cannot be read: {fault}"
            yield Finding("record.unreadable", words, _RESTORE)


def _unreadable(folder: Path, record: str) -> str:
    try:
        read_record(folder, record)
    except NoRecord as fault:
        return str(fault)
    return ""


def _named(revision: models.Revision) -> str:
    return f"{revision.notice.address} of {revision.notice.source.name}, revision {revision.number}"


_FACTS = ("doc_number", "doc_number_printed", "issuers", "index_number")


def _notices(tick: Tick) -> Iterator[Finding]:
    """The notice is what its newest revision says."""
    newest = models.Revision.objects.filter(notice=OuterRef("pk")).order_by("-number")
    found = (
        models.Notice.objects.select_related("source")
        .annotate(
            newest=Subquery(newest.values("pk")[:1]),
            told_title=Subquery(newest.values("title")[:1]),
            told_facts=Subquery(newest.values("facts")[:1]),
        )
        .order_by("pk")
    )
    for notice in found.iterator(chunk_size=_BATCH):
        tick("notices")
        if notice.newest is None:
            words = f"{notice.address} of {notice.source.name} has no revision"
            yield Finding("notice.empty", words, _TELL)
            continue
        facts: dict[str, Any] = notice.told_facts or {}
        wrong = [name for name in _FACTS if name in facts and facts[name] != getattr(notice, name)]
        if notice.told_title != notice.title:
            wrong.append("title")
        wrong += [n for n in ("published", "written") if n in facts and not _same_day(notice, n)]
        if facts.get("period") is not None:
            wrong += _of_period(notice, facts["period"])
        if wrong:
            words = f"{notice.address} of {notice.source.name} is not as its newest revision says: "
            yield Finding("notice.differs", words + ", ".join(wrong), _REREAD)


_REREAD = "kuaixun reread --apply reads it anew from the archive."


def _same_day(notice: models.Notice, name: str) -> bool:
    told, kept = notice.told_facts.get(name), getattr(notice, name)  # type: ignore[attr-defined]
    if not told or not kept:
        return not told and not kept
    if isinstance(kept, dt.datetime):
        moment = dt.datetime.fromisoformat(told)
        # kept without a zone it is Beijing's, as in the notice
        return moment in (kept, timezone.make_naive(kept))
    return bool(dt.date.fromisoformat(told) == kept)


def _of_period(notice: models.Notice, period: dict[str, Any]) -> list[str]:
    wrong = []
    for name in ("opens", "closes"):
        kept = getattr(notice, name)
        if (period.get(name) or None) != (kept.isoformat() if kept else None):
            wrong.append(name)
    return wrong


def _revisions() -> Iterator[Finding]:
    gaps = (
        models.Notice.objects.annotate(
            many=Count("revisions"), low=Min("revisions__number"), high=Max("revisions__number")
        )
        .filter(many__gt=0)
        .exclude(low=1, high=F("many"))
        .select_related("source")
    )
    for notice in gaps.iterator(chunk_size=_BATCH):
        words = f"{notice.address} of {notice.source.name}: revisions are not numbered 1 to n"
        yield Finding("revision.gap", words, _TELL)


def _families() -> Iterator[Finding]:
    found = models.Family.objects.annotate(many=Count("notices")).select_related(
        "origin", "merged_into"
    )
    for family in found.filter(merged_into=None, many=0).iterator(chunk_size=_BATCH):
        yield Finding("family.empty", f"family {family.pk} has no notice", _TELL)
    for family in found.exclude(merged_into=None).filter(many__gt=0).iterator(chunk_size=_BATCH):
        words = f"family {family.pk} was merged into another and has notices still"
        yield Finding("family.merged", words, _TELL)
    for family in found.exclude(merged_into__merged_into=None).iterator(chunk_size=_BATCH):
        words = f"family {family.pk} was merged into one that is merged itself"
        yield Finding("family.merged", words, _TELL)
    lacking = found.filter(merged_into=None, many__gt=0, origin=None)
    for family in lacking.iterator(chunk_size=_BATCH):
        yield Finding("family.origin", f"family {family.pk} has no origin", _TELL)
    strange = found.exclude(origin=None).exclude(origin__family=F("pk"))
    for family in strange.iterator(chunk_size=_BATCH):
        words = f"the origin of family {family.pk} is of another family"
        yield Finding("family.origin", words, _TELL)


def _decisions() -> Iterator[Finding]:
    """Reviews and entries are of a notice of their family, or of what that was merged into."""
    for model in (models.Review, models.Entry):
        found = model._default_manager.exclude(notice=None).exclude(family=None)
        strange = found.exclude(notice__family=F("family")).exclude(
            notice__family=F("family__merged_into")
        )
        for one in strange.select_related("notice", "family").iterator(chunk_size=_BATCH):
            words = (
                f"{model.__name__.lower()} {one.pk} of family {one.family_id}: its notice "
                f"{one.notice and one.notice.address} is of family "
                f"{one.notice and one.notice.family_id}"
            )
            yield Finding(f"{model.__name__.lower()}.strange", words, _TELL)


def _list_rows() -> Iterator[Finding]:
    rows = models.Row.objects.select_related("column__source")
    for row in rows.filter(state=RowState.KEPT, notice=None).iterator(chunk_size=_BATCH):
        words = f"{row.address} in {row.column} is kept, but no notice is"
        yield Finding("row.empty", words, "kuaixun nightly --since DAY asks for it anew.")
    strange = rows.exclude(notice=None).exclude(notice__source=F("column__source"))
    for row in strange.iterator(chunk_size=_BATCH):
        words = f"{row.address} in {row.column} led to a notice of another source"
        yield Finding("row.strange", words, _TELL)


def _tombstones() -> Iterator[Finding]:
    """Of what was forgotten nothing is left but an empty shell."""
    here = models.Notice.objects.filter(
        source=OuterRef("source"), address=OuterRef("address")
    ).exclude(revisions__text="", revisions__record="")
    for stone in (
        models.Tombstone.objects.annotate(left=Subquery(here.values("pk")[:1]))
        .exclude(left=None)
        .select_related("source")
    ):
        words = f"{stone.address} of {stone.source.name} is to be forgotten, and is kept still"
        yield Finding("tombstone.kept", words, _FORGET)


def _signatures() -> Iterator[Finding]:
    """A signature has its bands, and no band is without one."""
    spread = Counter[int]()
    for notice, many in (
        models.Band.objects.values_list("notice").annotate(many=Count("pk")).order_by().iterator()
    ):
        spread[notice] = many
    signed = models.Signature.objects.values_list("notice", "bands", "notice__address")
    for notice, bands, address in signed.iterator(chunk_size=_BATCH):
        if spread.pop(notice, 0) != len(set(families.unpack(bytes(bands)))):
            words = f"{address}: its bands are not those of its signature"
            yield Finding("signature.bands", words, _REREAD)
    for notice in spread:
        yield Finding("signature.bands", f"notice {notice} has bands and no signature", _REREAD)
    lacking = models.Notice.objects.filter(Q(signature=None), ~Q(revisions__text="")).distinct()
    for notice_of in lacking.select_related("source").iterator(chunk_size=_BATCH):
        words = f"{notice_of.address} of {notice_of.source.name} has a text and no signature"
        yield Finding("signature.missing", words, _REREAD)
