"""A notice forgotten: its text, files and pages removed, and a tombstone laid in its place.

In this order, so that a kill leaves something that a rerun finishes: the tombstone (from here on no
crawl touches it), the pages in the WARC files, the files, and the notice itself last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from crawler import archive
from crawler.address import canonical
from crawler.warc_rewrite import Placed
from store import disk, families, files, links, models, records, tombstones
from store.fit import key
from store.held import held_files
from store.lookup import kept_elsewhere
from store.reread import UNLISTED

Tick = Callable[[str], None]  # told of each WARC file that was gone through

FORGOTTEN = "（已遗忘）"  # the title of a notice of which only the shell is left


class NothingThere(LookupError):
    """No notice is kept at that address; says so."""


class Several(LookupError):
    """Several sources keep a notice there; names them."""

    def __init__(self, sources: list[str]) -> None:
        super().__init__(", ".join(sources))
        self.sources = sources


class Decided(RuntimeError):
    """Editors decided on the notice or printed it; says what."""


@dataclass(slots=True)
class Forgotten:
    """What was removed."""

    source: str
    address: str
    shell: bool = False  # an empty notice stays, that decisions and issues point at
    revisions: int = 0
    files: int = 0
    records: int = 0  # of the WARC files
    other_addresses: list[str] = field(default_factory=list)  # tombstones beside the address's own


@dataclass(slots=True)
class _Trace:
    """All by which a notice may be found outside of the database."""

    pages: set[str]  # kept forms: its own, its rows', and those that the site led to from there
    attachments: set[str]  # kept forms, of no other notice's
    files: set[str]  # SHA-256, of no other notice's


def forget(
    address: str,
    *,
    reason: str,
    who: str,
    source: str = "",
    even_decided: bool = False,
    tick: Tick = lambda _: None,
) -> Forgotten:
    """Remove the notice at that canonical address and see that it never comes back.

    One that editors decided on or printed is refused, unless `even_decided`: then an empty shell
    stays for the review, the events and the entries, which keep what editors wrote themselves. The
    night's lock is the caller's. Raises NothingThere, Several, Decided, store.disk.Busy, OSError;
    a rerun finishes what a killed one began, and says so by what it finds."""
    with disk.alone(Path(settings.DATA)):
        records.recover()
        notice = _find(address, source)
        if (why := _decided(notice)) and not even_decided:
            raise Decided(why)
        trace = _trace(notice)
        done = Forgotten(notice.source.name, notice.address, revisions=notice.revisions.count())
        done.other_addresses = sorted(trace.pages - {notice.address})
        _lay(notice, trace.pages, reason, who)
        done.records = _drop_pages(trace, tick)
        for sha256 in trace.files:
            path = files.path(sha256)
            done.files += path.exists()
            path.unlink(missing_ok=True)
        _overwrite()
        done.shell = _remove(notice)
        _wipe()
        return done


def _find(address: str, source: str) -> models.Notice:
    here = Q(address=key(address)) | Q(rows__address=key(address))
    found = models.Notice.objects.filter(here).select_related("source", "family").distinct()
    if source:
        found = found.filter(source__name=source)
    notices = list(found.order_by("source__name", "pk"))
    sources = sorted({notice.source.name for notice in notices})
    if len(sources) > 1:
        raise Several(sources)
    for notice in notices:
        if notice.address == key(address):
            return notice
    if notices:
        return notices[0]
    stones = models.Tombstone.objects.filter(address=key(address))
    if source:
        stones = stones.filter(source__name=source)
    if stone := stones.first():
        raise NothingThere(f"{address} was forgotten on {timezone.localtime(stone.at):%Y-%m-%d}")
    raise NothingThere(f"no notice {address} is kept" + (f" of {source}" if source else ""))


def _decided(notice: models.Notice) -> str:
    """What editors did with the notice itself, in Chinese; "" when nothing."""
    said = []
    review = models.Review.objects.filter(notice=notice).first()
    if review and review.state != models.ReviewState.NONE:
        said.append(f"编辑已定为“{review.get_state_display()}”")
    issues = models.Issue.objects.filter(entries__notice=notice).order_by("number").distinct()
    if numbers := [issue.number for issue in issues]:
        said.append(f"已收入 {'、'.join(numbers)}")
    return "，".join(said)


def _trace(notice: models.Notice) -> _Trace:
    rows = list(notice.rows.all())
    pages = {notice.address, *(row.address for row in rows)}
    pages |= {key(canonical(url)) for url in (notice.url, *(row.url for row in rows))}
    pages |= _laid(notice)
    for record in notice.revisions.exclude(record="").values_list("record", flat=True):
        try:
            led = key(canonical(archive.read(records.folder(), record).url))
        except archive.NoRecord:  # removed already, or lost
            continue
        if not kept_elsewhere(notice, led):
            pages.add(led)
    attached = {address for address, _ in _attached(notice)}
    others = models.Attachment.objects.exclude(revision__notice=notice)
    shared = others.filter(address__in=attached).values_list("address", flat=True)
    own_files = {sha256 for _, sha256 in _attached(notice) if sha256}
    return _Trace(
        pages=pages,
        attachments=attached - set(shared),
        files=own_files - held_files(without=notice.pk).keys(),
    )


def _laid(notice: models.Notice) -> set[str]:
    """Where a run that was killed has laid tombstones for it already."""
    stones = models.Tombstone.objects.filter(source=notice.source)
    own = stones.filter(address=notice.address).first()
    return set(stones.filter(at=own.at).values_list("address", flat=True)) if own else set()


def _attached(notice: models.Notice) -> Iterator[tuple[str, str]]:
    listed = models.Attachment.objects.filter(revision__notice=notice)
    yield from listed.values_list("address", "sha256")
    for facts in notice.revisions.values_list("facts", flat=True):
        for file in facts.get(UNLISTED, []):
            yield file["address"], file.get("sha256", "")


@transaction.atomic
def _lay(notice: models.Notice, addresses: set[str], reason: str, who: str) -> None:
    told = {"reason": reason, "who": who[:150], "at": timezone.now()}
    for address in sorted(addresses):
        models.Tombstone.objects.get_or_create(source=notice.source, address=address, defaults=told)
    tombstones.settle_rows(notice.source.name, addresses)


def _drop_pages(trace: _Trace, tick: Tick) -> int:
    """Whatever the archive holds of its pages and of its own files, on whatever night."""

    def is_its_own(record: Placed) -> bool:
        where = key(record.address)
        return where in trace.pages or where in trace.attachments

    here = records.folder()
    count = 0
    for path in sorted(here.glob("*.warc.gz")) if here.is_dir() else ():
        count += records.drop_records(path, is_its_own).records
        tick("warc")
    return count


@transaction.atomic
def _remove(notice: models.Notice) -> bool:
    """The notice out of the database, or emptied when something must go on pointing at it."""
    families.lock()
    family = notice.family
    models.Problem.objects.filter(column__source=notice.source, url=notice.url).delete()
    shell = _is_pointed_at(notice)
    if shell:
        _empty(notice)
    else:
        models.Family.objects.filter(origin=notice).update(origin=None)
        links.leave(notice)
        notice.delete()
    if family.notices.exists():
        families.settle(family.pk)
    else:
        models.Family.objects.filter(pk=family.pk).delete()
    return shell


def _is_pointed_at(notice: models.Notice) -> bool:
    for model in (models.Review, models.Entry):
        if model._default_manager.filter(notice=notice).exists():
            return True
    if notice.family.notices.exclude(pk=notice.pk).exists():
        return False
    here = Q(family=notice.family) | Q(family__merged_into=notice.family)
    history = (models.Review, models.ReviewEvent, models.Entry)
    return any(model._default_manager.filter(here).exists() for model in history)


def _empty(notice: models.Notice) -> None:
    """No more than that there was a notice: where, when it was kept, and in which family."""
    kept = {"id", "source", "column", "url", "address", "arrival", "night", "family", "kind"}
    for one in models.Notice._meta.concrete_fields:
        if one.name not in kept:
            setattr(notice, one.attname, one.get_default())
    notice.title, notice.gone = FORGOTTEN, timezone.now()
    notice.save()
    night = notice.revisions.latest("number").night
    notice.revisions.all().delete()
    models.Revision.objects.create(
        notice=notice, number=1, night=night, title=FORGOTTEN, facts={}, record=""
    )
    for model in (models.Signature, models.Band, models.Link, models.Citation, models.Problem):
        model._default_manager.filter(notice=notice).delete()
    links.settle(notice)  # what was about it looks for another copy


def _overwrite() -> None:
    """Let SQLite write zeros over what it deletes from here on."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def _wipe() -> None:
    """Nothing of what was deleted stays in the database's files."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM store_notice, store_revision, store_attachment, store_row")
