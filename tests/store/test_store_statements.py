"""What every notice of a night asks of the database is answered from an index, however much is
kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crawler.notice import Notice
from store.save import known, save

pytestmark = pytest.mark.django_db
NIGHT = dt.date(2019, 9, 11)


@pytest.mark.sqlite  # it reads SQLite's query plans
def test_no_statement_of_a_notice_scans_a_table(notice: Callable[..., Notice]) -> None:
    save(notice(1), NIGHT)
    with CaptureQueriesContext(connection) as asked:
        known("mee", notice(2).address)
        save(notice(2), NIGHT)
        known("mee", notice(2).address)
        save(notice(2), NIGHT)
    scans = {sql: plan for x in asked.captured_queries for sql, plan in _scan(x["sql"])}
    assert len(asked) > 10
    assert scans == {}


def _scan(sql: str) -> list[tuple[str, str]]:
    if not sql.startswith(("SELECT", "UPDATE", "\nSELECT", "\nUPDATE")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan: list[tuple[Any, ...]] = cursor.fetchall()
    return [(sql, step[3]) for step in plan if step[3].startswith("SCAN")]
