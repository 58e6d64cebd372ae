"""`kuaixun reread` on the two sample nights: what it reads is what the nights read."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.nights.nightly_runs import Dump, difference, dump, kuaixun

# What an older reader might have kept, all over the store.
SPOILED = """
UPDATE store_revision SET title = 'x', text = 'x', html = '<p>x</p>', content_hash = 'x',
    reader = '0', facts = json_set(facts, '$.evidence', json('{}'), '$.doc_number', 'x');
UPDATE store_notice SET title = 'x', doc_number = 'x', issuers = '[]', closes = NULL,
    kind = '其他通知', section = '', topics = '[]', reasons = '{}', title_key = 'x';
UPDATE store_attachment SET kind = 'file', name = 'x' WHERE sha256 = '';
DELETE FROM store_problem WHERE notice_id IS NOT NULL AND code NOT LIKE 'attachment%';
"""


def summary(folder: Path, *words: str) -> dict[str, Any]:
    last = kuaixun(folder, "reread", "--json", *words).splitlines()[-1]
    found: dict[str, Any] = json.loads(last)["summary"]
    return found


def test_the_same_readers_change_nothing(copied: Path, kept: Dump) -> None:
    told = summary(copied)
    revisions = len(kept["Revision"])
    assert told["read"] == told["unchanged"] == told["revisions"] == revisions
    assert (told["changed"], told["stamped"]) == (0, 0)


def test_what_was_misread_is_as_if_it_had_been_read_well(copied: Path, kept: Dump) -> None:
    with closing(sqlite3.connect(copied / "kuaixun.sqlite3")) as database:
        database.executescript(SPOILED)
    told = summary(copied, "--apply")
    assert told["changed"] == told["revisions"]
    assert difference(dump(copied), kept) == []
    assert summary(copied, "--apply")["unchanged"] == told["revisions"]
