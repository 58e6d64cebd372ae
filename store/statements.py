"""The statements that every notice of a night runs, written out.

The ORM takes 0.2 to 0.9 ms to build one of them, again for every notice; SQLite answers it in
0.01. Plain SQL that SQLite and PostgreSQL both take; what is rarer goes through the ORM.
"""

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Field, ForeignKey, IntegerField, Model, TextField

from crawler.notice import RowState
from store.models import Column, Night, Source

M = TypeVar("M", bound=Model)

_AT = """
SELECT 0 AS moved, n.id FROM store_notice n
WHERE n.source_id = (SELECT id FROM store_source WHERE name = %s) AND n.address = %s
UNION ALL SELECT 1 AS moved, n.id FROM store_row r JOIN store_notice n ON n.id = r.notice_id
WHERE n.source_id = (SELECT id FROM store_source WHERE name = %s) AND r.address = %s
ORDER BY 1, 2 LIMIT 1
"""
_NEWEST = """
SELECT content_hash, reader, record FROM store_revision
WHERE notice_id = %s ORDER BY number DESC LIMIT 1
"""
_NIGHT = "SELECT id, date FROM store_night WHERE date = %s"
_PLACE = """
SELECT c.id, c.source_id, c.name, s.id, s.name, s.agency, s.region, s.level,
    (SELECT id FROM store_night WHERE date = %s),
    COALESCE(
        (SELECT n.id FROM store_notice n WHERE n.source_id = s.id AND n.address = %s),
        (SELECT MIN(n.id) FROM store_row r JOIN store_notice n ON n.id = r.notice_id
         WHERE n.source_id = s.id AND r.address = %s)),
    EXISTS (SELECT 1 FROM store_tombstone t WHERE t.source_id = s.id AND t.address = %s)
FROM store_column c JOIN store_source s ON s.id = c.source_id
WHERE s.name = %s AND c.name = %s
"""
_KEPT_AT = """
SELECT address FROM store_notice WHERE source_id = %s AND address IN ({places})
UNION SELECT r.address FROM store_row r JOIN store_notice n ON n.id = r.notice_id
WHERE n.source_id = %s AND r.address IN ({places})
"""
# The indices hold no empty keys, and SQLite takes them only for a query that says the same.
_CANDIDATES = """
SELECT n.id, n.family_id, n.number_key, n.doc_number, s.hashes
FROM store_notice n LEFT JOIN store_signature s ON s.notice_id = n.id
WHERE n.id IN ({met}) AND n.family_id <> %s {written}
"""
_BY_NUMBER = "SELECT id FROM store_notice WHERE number_key = %s AND NOT (number_key = '')"
_BY_TITLE = "SELECT id FROM store_notice WHERE title_key = %s AND NOT (title_key = '')"
_BY_BANDS = "SELECT notice_id FROM store_band WHERE key IN ({keys})"
_WRITTEN = "AND (n.written IS NULL OR n.written = %s OR n.number_key = %s)"
_MEMBERS = """
SELECT n.id, n.family_id, n.title, n.doc_number, n.issuers, n.written, s.name, s.agency, s.region,
    n.published, n.address, n.joined_by, n.joined_how, n.joined_to_id, g.hashes
FROM store_notice n JOIN store_source s ON s.id = n.source_id
LEFT JOIN store_signature g ON g.notice_id = n.id
WHERE n.{which} IN ({keys})
"""
_SIDES = "SELECT id, family_id FROM store_notice WHERE family_id IN ({keys})"
_SIGNATURE = "SELECT hashes, bands FROM store_signature WHERE notice_id = %s"
_SIGN = """
INSERT INTO store_signature (notice_id, hashes, bands) VALUES (%s, %s, %s)
ON CONFLICT (notice_id) DO UPDATE SET hashes = excluded.hashes, bands = excluded.bands
"""
_TEXT = "SELECT text FROM store_revision WHERE notice_id = %s ORDER BY number DESC LIMIT 1"
_JOINED = """
UPDATE store_notice SET joined_by = %s, joined_how = %s, joined_to_id = %s WHERE id = %s
"""
_DECISIONS = """
SELECT f.id, (SELECT state FROM store_review r WHERE r.family_id = f.id),
    EXISTS (SELECT 1 FROM store_entry e WHERE e.family_id = f.id),
    EXISTS (SELECT 1 FROM store_reviewevent v WHERE v.family_id = f.id)
        OR EXISTS (SELECT 1 FROM store_family m WHERE m.merged_into_id = f.id)
FROM store_family f WHERE f.id IN ({keys})
"""
_PARTED = """
SELECT DISTINCT n.family_id, m.family_id FROM store_apart a
JOIN store_notice n ON n.id = a.one_id JOIN store_notice m ON m.id = a.other_id
WHERE a.one_id IN (SELECT id FROM store_notice WHERE family_id IN ({keys}))
AND m.family_id IN ({keys}) AND m.family_id <> n.family_id
"""
_ORIGIN = "UPDATE store_family SET origin_id = %s WHERE id = %s"
_ROWS_KEPT = """
UPDATE store_row SET state = %s, held = %s, reason = '', fault = '', notice_id = %s
WHERE address = %s AND column_id IN (
    SELECT c.id FROM store_column c JOIN store_source s ON s.id = c.source_id WHERE s.name = %s)
"""


def notice_at(source: str, address: str) -> int | None:
    """The key of the source's notice at that kept address, or of the one that stood there before
    the site moved it."""
    row = _one(_AT, source, address, source, address)
    return row[1] if row else None


def newest_of(notice: int) -> tuple[str, str, str] | None:
    """(content_hash, reader, record) of the notice's newest revision."""
    row = _one(_NEWEST, notice)
    return (row[0], row[1], row[2]) if row else None


def night_of(date: dt.date) -> Night | None:
    """The night of that date; what is not its date is loaded when it is asked for."""
    row = _one(_NIGHT, date)
    return Night.from_db(DEFAULT_DB_ALIAS, ["id", "date"], [row[0], date]) if row else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a notice goes. What is not the name of a night, column or source is loaded when it is
    asked for."""

    night: Night | None  # None: not begun
    column: Column  # with its source
    kept: int | None  # the key of the notice that is kept at the address
    forgotten: bool  # a notice was, and is not to come back


def place_of(date: dt.date, source: str, column: str, address: str) -> Place | None:
    """All that `save` asks before it writes, in one statement: `night_of`, the column and
    `notice_at`. None when the column is new."""
    row = _one(_PLACE, date, address, address, address, source, column)
    if row is None:
        return None
    # from_db takes the fields in the model's order
    found = Column.from_db(DEFAULT_DB_ALIAS, ["id", "source_id", "name"], row[:3])
    fields = ["id", "name", "agency", "region", "level"]
    found.source = Source.from_db(DEFAULT_DB_ALIAS, fields, row[3:8])
    night = row[8] and Night.from_db(DEFAULT_DB_ALIAS, ["id", "date"], [row[8], date])
    return Place(night, found, row[9], bool(row[10]))


def kept_at(source: int, addresses: Collection[str]) -> set[str]:
    """Those of the kept addresses at which the source has a notice, or had one before it moved."""
    if not addresses:
        return set()
    statement = _KEPT_AT.format(places=", ".join(["%s"] * len(addresses)))  # no values in it
    with _connection().cursor() as cursor:
        cursor.execute(statement, [source, *addresses, source, *addresses])
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A notice of another family that may be the same document."""

    notice: int
    family: int
    number_key: str
    doc_number: str
    hashes: bytes  # b"": it has no text


def candidates(
    number_key: str, title_key: str, bands: Sequence[int], written: dt.date | None, family: int
) -> list[Candidate]:
    """Notices of other families that have one of the keys ("" meets nobody), but for those that
    were written on another day and have another number."""
    # not asked with "" either, which PostgreSQL takes for half the table, and reads it all
    ways = [(_BY_NUMBER, [number_key]), (_BY_TITLE, [title_key])]
    ways = [way for way in ways if way[1] != [""]]
    values: list[Any] = [value for _, keys in ways for value in keys]
    met = [statement for statement, _ in ways]
    if bands:
        met.append(_BY_BANDS.format(keys=_places(bands)))
        values += bands
    if not met:
        return []
    values += [family, written, number_key] if written else [family]
    statement = _CANDIDATES.format(met=" UNION ".join(met), written=_WRITTEN if written else "")
    with _connection().cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [Candidate(a, b, c, d, bytes(hashes or b"")) for a, b, c, d, hashes in rows]


def members(which: str, keys: Collection[int]) -> list[list[Any]]:
    """What `families.Member` has of the notices: those of the families ("family_id"), or those of
    these keys ("id")."""
    with _connection().cursor() as cursor:
        cursor.execute(_MEMBERS.format(which=which, keys=_places(keys)), [*keys])
        return [_as_python(row) for row in cursor.fetchall()]


def _as_python(row: Sequence[Any]) -> list[Any]:
    """SQLite has days and JSON as strings, moments without their zone."""
    found = list(row)
    if isinstance(found[4], str):
        found[4] = json.loads(found[4])
    if isinstance(found[5], str):
        found[5] = dt.date.fromisoformat(found[5])
    if isinstance(found[9], str):
        found[9] = dt.datetime.fromisoformat(found[9])
    if found[9] and found[9].tzinfo is None:
        found[9] = found[9].replace(tzinfo=dt.UTC)
    found[14] = bytes(found[14] or b"")
    return found


def sides(families: Collection[int]) -> dict[int, int]:
    """Of which family each notice of the families is."""
    with _connection().cursor() as cursor:
        cursor.execute(_SIDES.format(keys=_places(families)), [*families])
        return dict(cursor.fetchall())


def signature_of(notice: int) -> tuple[bytes, bytes] | None:
    """(hashes, bands) as they are kept."""
    row = _one(_SIGNATURE, notice)
    return (bytes(row[0]), bytes(row[1])) if row else None


def sign(notice: int, hashes: bytes, bands: bytes) -> None:
    """Keep the notice's signature in place of an earlier one."""
    _run(_SIGN, notice, hashes, bands)


def put_bands(notice: int, keys: Sequence[int]) -> None:
    if keys:
        places = ", ".join(["(%s, %s)"] * len(keys))
        values = [value for key in keys for value in (key, notice)]
        _run(f"INSERT INTO store_band (key, notice_id) VALUES {places}", *values)  # noqa: S608


def drop_bands(notice: int, keys: Sequence[int]) -> None:
    if keys:
        statement = f"DELETE FROM store_band WHERE key IN ({_places(keys)}) AND notice_id = %s"  # noqa: S608
        _run(statement, *keys, notice)


def text_of(notice: int) -> str:
    """The text of the notice's newest revision."""
    row = _one(_TEXT, notice)
    return row[0] if row else ""


def set_joined(notice: int, words: str, how: str, to: int | None) -> None:
    _run(_JOINED, words, how, to, notice)


@dataclass(frozen=True, slots=True)
class Decision:
    """What editors made of a family."""

    state: str = ""  # of its review; "": none
    published: bool = False  # it stands in an issue
    history: bool = False  # of events, or of families that were merged into it

    @property
    def is_any(self) -> bool:
        return bool(self.state or self.published or self.history)


def decisions(families: Collection[int]) -> dict[int, Decision]:
    with _connection().cursor() as cursor:
        cursor.execute(_DECISIONS.format(keys=_places(families)), [*families])
        return {row[0]: Decision(row[1] or "", *map(bool, row[2:])) for row in cursor.fetchall()}


def parted(families: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of the families of which editors have split a notice from one of the other's."""
    with _connection().cursor() as cursor:
        cursor.execute(_PARTED.format(keys=_places(families)), [*families, *families])
        return {(row[0], row[1]) for row in cursor.fetchall()}


def move_families(families: Collection[int], to: int) -> None:
    """All notices of the families, and what was merged into them, are of that family now."""
    places = _places(families)
    _run(f"UPDATE store_notice SET family_id = %s WHERE family_id IN ({places})", to, *families)  # noqa: S608
    _run(
        f"UPDATE store_family SET merged_into_id = %s WHERE merged_into_id IN ({places})",  # noqa: S608
        *(to, *families),
    )


def drop_families(families: Collection[int]) -> None:
    """Families that have no notice and that nobody decided on."""
    if families:
        _run(f"DELETE FROM store_family WHERE id IN ({_places(families)})", *families)  # noqa: S608


def _places(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def insert(new: M) -> M:
    """Keep a new object and give it its key, as its save() would; nobody listens to signals.
    Returns the object itself."""
    statement, fields = _insertion(type(new))
    own = _connection()
    values = []
    for field, plain in fields:
        value = getattr(new, field.attname)
        if not (plain and type(value) in _AS_IT_IS):
            value = field.get_db_prep_save(field.pre_save(new, True), own)
        values.append(value)
    row = _one(statement, *values)
    assert row
    new.pk = row[0]
    new._state.adding, new._state.db = False, DEFAULT_DB_ALIAS
    return new


_AS_IT_IS = frozenset({str, int, type(None)})  # what a database takes for a plain field
_PLAIN = (CharField, TextField, IntegerField, ForeignKey)


@cache
def _insertion(model: type[Model]) -> tuple[str, list[tuple["Field[Any, Any]", bool]]]:
    """The statement, and its fields: those that are plain keep strings and numbers as they are."""
    meta, quote = model._meta, _connection().ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {key}"  # noqa: S608
    return statement, [(field, isinstance(field, _PLAIN)) for field in fields]


def set_origin(family: int, notice: int) -> None:
    _run(_ORIGIN, notice, family)


def rows_kept(source: str, address: str, notice: int) -> None:
    """The source's rows at that kept address have led to the notice: they wait no more."""
    _run(_ROWS_KEPT, RowState.KEPT.value, False, notice, address, source)


def _connection() -> BaseDatabaseWrapper:
    # django.db.connection looks it up again for each attribute
    return connections[DEFAULT_DB_ALIAS]


def _one(statement: str, *values: Any) -> Sequence[Any] | None:
    with _connection().cursor() as cursor:
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
        return row


def _run(statement: str, *values: Any) -> None:
    with _connection().cursor() as cursor:
        cursor.execute(statement, values)
