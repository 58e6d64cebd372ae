"""Every migration after the first, on the database that the spine's demo left."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.store import spine

# filled anew by later migrations
REFILLED = {"store_notice": {"number_key", "title_key"}}

LATER = """
import datetime as dt, json
import store
store.migrate()
from crawler.notice import Notice, content_hash
from store import models
from store.nights import BEIJING, open_night
from store.save import save

def repost(old, host, **more):
    newest = old.revisions.latest("number")
    facts = dict(
        source=host, column="转载", url=f"https://{host}/a.html", address=f"https://{host}/a.html",
        title=old.title, published=dt.datetime(2019, 9, 13, tzinfo=BEIJING), text=newest.text,
        html=newest.html, record="2019-09-13.warc.gz#1", reader="1",
    )
    made = Notice(**(facts | more))
    made.content_hash = content_hash(made)
    saved = save(made, dt.date(2019, 9, 13))
    kept = models.Notice.objects.get(address=made.address)
    return [saved, kept.family_id == old.family_id, kept.family.origin_id == old.pk]

alone = models.Notice.objects.exclude(doc_number="").order_by("pk").last()
texts = {r.notice_id: len(r.text) for r in models.Revision.objects.order_by("number")}
unnumbered = models.Notice.objects.filter(doc_number="")
long = max(unnumbered, key=lambda notice: (texts[notice.pk], notice.pk))
before = {
    "notices": models.Notice.objects.count(),
    "signed": models.Signature.objects.count(),
    "banded": models.Band.objects.values("notice").distinct().count(),
    "with_text": sum(1 for length in texts.values() if length),
    "without_topic": models.Notice.objects.filter(topic_key="").count(),
    "families": models.Family.objects.count(),
    "reviews": models.Review.objects.count(),
    "entries": models.Entry.objects.count(),
    "entries_known_again": models.Entry.objects.exclude(title_key="").count(),
    "reasons_without_strength": models.Notice.objects.exclude(joined_by="").filter(
        joined_how="").count(),
}
open_night(dt.date(2019, 9, 13), dt.datetime(2019, 9, 13, 2, 30, tzinfo=BEIJING))
numbered = repost(
    alone, "by-number.gov.cn", doc_number=alone.doc_number, issuers=list(alone.issuers))
print(json.dumps({
    **before,
    "by_number": numbered,
    "by_text": repost(long, "by-text.gov.cn"),
    "reviews_after": models.Review.objects.count(),
}))
"""


@pytest.fixture
def left(tmp_path: Path, own_process: dict[str, str]) -> dict[str, str]:
    """The environment of a process whose database is the spine's: as it lay there, or carried to
    PostgreSQL, which brings it to today."""
    file = spine.lay(tmp_path / "kuaixun.sqlite3")
    if connection.vendor == "postgresql":
        copy = [sys.executable, "-m", "kuaixun", "db", "copy", str(file)]
        subprocess.run([*copy, own_process["KUAIXUN_DATABASE_URL"]], env=own_process, check=True)
    return own_process


def run(env: dict[str, str], code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_is_there_the_keys_are_filled_and_the_next_night_joins(left: dict[str, str]) -> None:
    told = run(left, LATER)
    assert told["notices"] == told["signed"] == 148
    assert told["banded"] == told["with_text"]
    assert told["families"] == 146
    assert told["without_topic"] < 30, "most titles say what they are about"
    assert told["reasons_without_strength"] == 0
    assert told["reviews"] == told["reviews_after"] == told["entries"] == 9
    assert told["entries_known_again"] == 9
    assert told["by_number"] == ["new", True, True]
    assert told["by_text"] == ["new", True, True]


@pytest.mark.sqlite  # on PostgreSQL the copy has compared them
def test_all_that_the_spine_kept_stands_as_it_stood(
    tmp_path: Path, own_process: dict[str, str]
) -> None:
    old = spine.lay(tmp_path / "old.sqlite3")
    new = spine.lay(tmp_path / "kuaixun.sqlite3")
    run(own_process, "import store; store.migrate(); print(0)")
    for table, names in spine.columns(old).items():
        kept = [name for name in names if name not in REFILLED.get(table, ())]
        before, after = spine.rows(old, table, kept), spine.rows(new, table, kept)
        if table.startswith(("auth_", "django_")):
            assert before == after[: len(before)], table  # new tables have their rights
        else:
            assert before == after, table


@pytest.mark.sqlite
def test_its_only_migration_was_the_first(tmp_path: Path) -> None:
    file = spine.lay(tmp_path / "spine.sqlite3")
    applied = spine.rows(file, "django_migrations", ["id", "app", "name"])
    assert [name for _, app, name in applied if app == "store"] == ["0001_spine"]
