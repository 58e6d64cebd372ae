"""The statements that every notice of a night runs, written out.

The ORM takes 0.2 to 0.9 ms to build one of them, again for every notice; SQLite answers it in
0.01. Plain SQL that SQLite and PostgreSQL both take; what is rarer goes through the ORM.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model

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
_COLUMN = """
SELECT c.id, c.source_id, c.name, s.id, s.name, s.agency, s.region, s.level
FROM store_column c JOIN store_source s ON s.id = c.source_id
WHERE s.name = %s AND c.name = %s
"""
# The indices hold no empty keys, and SQLite takes them only for a query that says the same.
_MEETING = """
SELECT id FROM store_notice
WHERE number_key = %s AND NOT (number_key = '') AND family_id <> %s
UNION SELECT id FROM store_notice
WHERE title_key = %s AND NOT (title_key = '') AND family_id <> %s
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


def known_column(source: str, column: str) -> Column | None:
    """The column with its source, None when it is new; what is not its name is loaded when it is
    asked for."""
    row = _one(_COLUMN, source, column)
    if row is None:
        return None
    # from_db takes the fields in the model's order
    found = Column.from_db(DEFAULT_DB_ALIAS, ["id", "source_id", "name"], row[:3])
    fields = ["id", "name", "agency", "region", "level"]
    found.source = Source.from_db(DEFAULT_DB_ALIAS, fields, row[3:])
    return found


def meeting(number_key: str, title_key: str, family: int) -> list[int]:
    """Keys of the notices of other families that have one of the two keys; "" meets nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_MEETING, [number_key, family, title_key, family])
        return [row[0] for row in cursor.fetchall()]


def insert(new: M) -> M:
    """Keep a new object and give it its key, as its save() would; nobody listens to signals.
    Returns the object itself."""
    statement, fields = _insertion(type(new))
    values = [field.get_db_prep_save(field.pre_save(new, True), connection) for field in fields]
    row = _one(statement, *values)
    assert row
    new.pk = row[0]
    new._state.adding, new._state.db = False, DEFAULT_DB_ALIAS
    return new


@cache
def _insertion(model: type[Model]) -> tuple[str, list["Field[Any, Any]"]]:
    meta, quote = model._meta, connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {key}"  # noqa: S608
    return statement, fields


def set_origin(family: int, notice: int) -> None:
    _run(_ORIGIN, notice, family)


def rows_kept(source: str, address: str, notice: int) -> None:
    """The source's rows at that kept address have led to the notice: they wait no more."""
    _run(_ROWS_KEPT, RowState.KEPT.value, False, notice, address, source)


def _one(statement: str, *values: Any) -> Sequence[Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
        return row


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
