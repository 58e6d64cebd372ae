"""Fills an empty store for `kuaixun bench store`, by bulk insertion, as nights would have."""

import datetime as dt
import html
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import store
from crawler.clock import BEIJING
from crawler.notice import Notice, content_hash
from crawler.reading.fact.citations import read_citations
from kuaixun.bench.store_corpus import Planted, stories
from kuaixun.bench.store_words import AGENCIES

COLUMN = "通知公告"
BUILT, MEASURED = dt.date(2020, 12, 30), dt.date(2020, 12, 31)  # the two nights
_CHUNK = 150  # stories that one process makes at a time
_WORKERS = 2
_AHEAD = 4  # chunks that are made before they are written


@dataclass(slots=True)
class Prepared:
    """A notice ready to be kept, with all that save would work out."""

    planted: Planted
    notice: Notice
    fields: dict[str, Any]
    facts: dict[str, Any]
    hashes: bytes
    bands: list[int]
    citations: dict[str, str]


@dataclass(slots=True)
class Truth:
    """Which document each notice is, by its key."""

    documents: dict[int, int] = field(default_factory=dict)  # notice -> document
    members: dict[int, list[int]] = field(default_factory=dict)  # document -> notices

    def add(self, notice: int, document: int) -> None:
        self.documents[notice] = document
        self.members.setdefault(document, []).append(notice)


def as_notice(planted: Planted) -> Notice:
    """The notice as the pipelines hand it over."""
    page = planted.copy
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in page.text.split("\n"))
    notice = Notice(
        source=page.agency.source,
        column=COLUMN,
        url=planted.address,
        address=planted.address,
        title=page.title,
        published=dt.datetime.combine(page.published, dt.time(), BEIJING),
        written=page.written,
        doc_number=page.number,
        doc_number_printed=page.printed,
        issuers=list(page.issuers),
        html=paragraphs,
        text=page.text,
        region=page.agency.region,
        record=f"{BUILT}.warc.gz#0",
        reader="bench",
    )
    notice.citations = read_citations(notice.title, notice.text, notice.doc_number)
    notice.content_hash = content_hash(notice)
    return notice


def prepare(seed: int, first: int, after: int) -> list[list[Prepared]]:
    """The stories `first` up to, not including, `after`. Runs in a process of its own."""
    return [[_prepared(one) for one in story] for story in stories(seed, first, after)]


def _prepared(planted: Planted) -> Prepared:
    from store.citations import rows_of
    from store.likeness import Face
    from store.save import facts_of, fields_of

    notice = as_notice(planted)
    face = Face(notice.title, notice.doc_number, read=lambda: notice.text)
    return Prepared(
        planted,
        notice,
        fields_of(notice),
        facts_of(notice),
        face.fingerprint.packed,
        sorted(set(face.bands)),
        rows_of(notice.citations),
    )


def build(
    notices: int, held: int, seed: int, show: Callable[[int], None]
) -> tuple[list[Planted], Truth]:
    """Fill the empty store with `notices` less about `held` of them, which are returned in the
    order of their days, and the truth about those that were kept. `show` is told how many are."""
    writer = _Writer()
    left: list[Planted] = []
    made = 0
    for story in _made(seed, notices):
        base_held = False
        for one in story:
            planted = one.planted
            if planted.revises:
                keep = not (base_held or _is_held(planted.address + "?", held / notices))
            else:
                made += 1
                base_held = _is_held(planted.address, held / notices)
                keep = not base_held
            if keep:
                writer.add(one)
            else:
                left.append(planted)
        show(writer.count)
        if made >= notices:
            break
    writer.finish()
    left.sort(key=lambda one: (one.copy.published, one.revises))
    return left, writer.truth


def _is_held(address: str, share: float) -> bool:
    return zlib.crc32(address.encode()) < share * (1 << 32)


def _made(seed: int, notices: int) -> Iterator[list[Prepared]]:
    """Stories without end, made by other processes a little ahead."""
    if notices < 2000:  # not worth a process
        for first in range(0, 1 << 40, _CHUNK):
            yield from prepare(seed, first, first + _CHUNK)
    with ProcessPoolExecutor(_WORKERS, get_context("spawn"), initializer=store.setup) as pool:
        coming: list[Future[list[list[Prepared]]]] = []
        first = 0
        try:
            while True:
                while len(coming) < _AHEAD:
                    coming.append(pool.submit(prepare, seed, first, first + _CHUNK))
                    first += _CHUNK
                yield from coming.pop(0).result()
        finally:
            pool.shutdown(cancel_futures=True)


class _Writer:
    """Writes notices by many at once, with keys that it gives out itself."""

    _MANY = 500  # notices a transaction

    def __init__(self) -> None:
        from store import models

        self.truth = Truth()
        self.count = 0
        self._revisions = 0
        self._night = models.Night.objects.create(
            date=BUILT, now=dt.datetime.combine(BUILT, dt.time(2), BEIJING), started=_NOW
        )
        self._columns = _columns()
        self._families: dict[int, int] = {}  # document -> family
        self._origins: dict[int, tuple[tuple[Any, ...], int]] = {}  # family -> best so far
        self._pending: list[Prepared] = []
        self._addresses: dict[str, int] = {}  # of the story that is being written

    def add(self, one: Prepared) -> None:
        if not one.planted.revises:
            self.count += 1
            if len(self._pending) >= self._MANY:
                self._write()
        self._pending.append(one)

    def finish(self) -> None:
        """Write what is left, the families' origins, and let the engine count its rows."""
        from django.db import connection, transaction

        self._write()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE store_family SET origin_id = %s WHERE id = %s",
                [(notice, family) for family, (_, notice) in self._origins.items()],
            )
            # every member is like the origin, which is like nobody
            cursor.execute(
                "UPDATE store_notice SET joined_to_id = (SELECT origin_id FROM store_family f "
                "WHERE f.id = store_notice.family_id)"
            )
            cursor.execute(
                "UPDATE store_notice SET joined_how = '', joined_by = '', joined_to_id = NULL "
                "WHERE joined_to_id = id"
            )
        _reset_keys()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as the server does by itself in time

    def _write(self) -> None:
        from django.db import connection, transaction

        from store import families, models

        rows: dict[type, list[Any]] = {
            kind: [] for kind in (models.Family, models.Notice, models.Revision)
        }
        signatures: list[tuple[int, bytes, bytes]] = []
        bands: list[tuple[int, int]] = []
        citations: list[tuple[int, str, str]] = []
        latest: dict[str, Prepared] = {}  # a page's last state in this batch
        for one in self._pending:
            latest[one.notice.address] = one
        numbers: dict[str, int] = {}
        for one in self._pending:
            address = one.notice.address
            if address not in numbers:
                numbers[address] = 0
                self._keep(rows, latest[address])
                key = self._addresses[address]
                shown = latest[address]
                signatures.append((key, shown.hashes, families.pack(shown.bands)))
                bands += [(band, key) for band in shown.bands]
                citations += [(key, *cited) for cited in shown.citations.items()]
            numbers[address] += 1
            rows[models.Revision].append(self._revision(one, numbers[address]))
        with transaction.atomic():
            for kind, some in rows.items():
                kind._default_manager.bulk_create(some)  # type: ignore[attr-defined]
            with connection.cursor() as cursor:
                for statement, values in (
                    (_SIGNATURE, signatures),
                    (_BAND, bands),
                    (_CITATION, citations),
                ):
                    cursor.executemany(statement, values)
        self._pending.clear()
        self._addresses.clear()

    def _keep(self, rows: dict[type, list[Any]], one: Prepared) -> None:
        from store import models

        planted, notice = one.planted, one.notice
        key = len(self.truth.documents) + 1
        self._addresses[notice.address] = key
        family = self._families.get(planted.document)
        if family is None:
            family = self._families[planted.document] = len(self._families) + 1
            rows[models.Family].append(models.Family(pk=family))
        source, column = self._columns[notice.source]
        rows[models.Notice].append(
            models.Notice(
                pk=key,
                source_id=source,
                column_id=column,
                url=notice.url,
                address=notice.address,
                arrival=notice.arrival,
                night=self._night,
                family_id=family,
                joined_how=models.Strength.TITLE,
                joined_by="标题相同，正文相近",
                **one.fields,
            )
        )
        agency = planted.copy.agency
        own = any(agency.name in x or x in agency.name for x in notice.issuers)
        rank = (not own, planted.copy.published, agency.region != "000000", agency.source)
        self._origins[family] = min(
            self._origins.get(family, ((True, dt.date.max), 0)), (rank, key)
        )
        self.truth.add(key, planted.document)

    def _revision(self, one: Prepared, number: int) -> Any:
        from store import models

        self._revisions += 1
        notice = one.notice
        return models.Revision(
            pk=self._revisions,
            notice_id=self._addresses[notice.address],
            number=number,
            night=self._night,
            content_hash=notice.content_hash,
            reader=notice.reader,
            record=notice.record,
            title=notice.title,
            html=notice.html,
            text=notice.text,
            facts=one.facts,
        )


_NOW = dt.datetime(2020, 12, 30, 2, tzinfo=BEIJING)
_SIGNATURE = "INSERT INTO store_signature (notice_id, hashes, bands) VALUES (%s, %s, %s)"
_BAND = "INSERT INTO store_band (key, notice_id) VALUES (%s, %s)"
_CITATION = "INSERT INTO store_citation (notice_id, number, printed) VALUES (%s, %s, %s)"


def _columns() -> dict[str, tuple[int, int]]:
    """Every agency's source with its one column: name -> their keys."""
    from store import models

    found = {}
    for agency in AGENCIES:
        source = models.Source.objects.create(
            name=agency.source, agency=agency.name, region=agency.region, level=agency.level
        )
        column = models.Column.objects.create(source=source, name=COLUMN)
        found[agency.source] = (source.pk, column.pk)
    return found


def _reset_keys() -> None:
    """Let the next keys follow those that were given out here."""
    from django.core.management.color import no_style
    from django.db import connection

    from store import models

    statements = connection.ops.sequence_reset_sql(
        no_style(), [models.Family, models.Notice, models.Revision]
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
