"""What exports, the command and the bulletin read."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from crawler.notice import Attachment, Problem
from crawler.report import ColumnReport
from store import issues, models, nights, queries
from store.issues import Pick
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT, NEXT = dt.date(2019, 9, 11), dt.date(2019, 9, 12)
PAGE = "https://www.mee.gov.cn/a/1.html"
REVISED = "各有关单位：第1件事改在下月办，其余照旧。"


def judged(night: dt.date, source: str, column: str, verdict: str, why: str = "") -> None:
    pk = nights.current(night).pk
    nights.write_outcome(pk, source, column, verdict, why, asdict(ColumnReport()))


def test_a_nights_outcomes_stand_worst_first() -> None:
    for source, verdict in [("mee", "ok"), ("miit", "failed"), ("a", "ok"), ("b", "drift")]:
        judged(NIGHT, source, "通知", verdict)
    judged(NEXT, "mee", "通知", "unchanged")
    table = queries.outcomes(NIGHT)
    assert [(line.source, str(line.verdict)) for line in table] == [
        ("miit", "failed"),
        ("b", "drift"),
        ("a", "ok"),
        ("mee", "ok"),
    ]
    assert [line.source for line in queries.outcomes()] == ["mee"]
    assert queries.outcomes(dt.date(2000, 1, 1)) == []


def test_without_a_night_there_is_no_table() -> None:
    assert queries.outcomes() == []


@pytest.fixture
def kept(notice: Make) -> None:
    annex = Attachment(
        f"{PAGE}.pdf",
        f"{PAGE}.pdf",
        "申报表",
        sha256="a" * 64,
        media_type="application/pdf",
        size=9,
    )
    save(notice(1, section="政策文件", attachments=[annex]), NIGHT)
    save(notice(1, text=REVISED, attachments=[annex], problems=[Problem("a", "甲")]), NEXT)
    save(notice(1, source="miit", text=REVISED), NEXT)
    save(notice(2), NIGHT)


@pytest.mark.usefixtures("kept")
def test_candidates_are_told_with_their_newest_state() -> None:
    assert queries.candidates() == []
    decide("mee", PAGE, "candidate", "", "编辑的标题")
    decide("mee", PAGE.replace("1.html", "2.html"), "later")
    (candidate,) = queries.candidates()
    assert (candidate.title, candidate.notice.title) == ("编辑的标题", "关于第1件事的通知")
    assert (candidate.notice.text, candidate.notice.revision) == (REVISED, 2)
    assert candidate.notice.problems == ["甲"]
    assert [(file.name, file.size) for file in candidate.notice.attachments] == [("申报表", 9)]
    assert candidate.also_at == [PAGE]
    (later,) = queries.candidates(models.ReviewState.LATER)
    assert later.title == "关于第2件事的通知"


@pytest.mark.usefixtures("kept")
def test_an_issue_has_all_a_bulletin_prints() -> None:
    second = PAGE.replace("1.html", "2.html")
    issues.make(
        "(2019) 0902 期",
        {"firm": "某公司"},
        [Pick("mee", second, "申报通知", "乙"), Pick("mee", PAGE, "政策文件", "甲")],
    )
    models.Entry.objects.filter(position=1).update(text="编辑改过的正文")
    told = queries.issue("(2019) 0902 期")
    assert (told.year, told.month, told.running, told.house) == (2019, 9, 2, {"firm": "某公司"})
    assert [(e.position, e.section, e.title, e.edited) for e in told.entries] == [
        (1, "申报通知", "乙", True),
        (2, "政策文件", "甲", False),
    ]
    assert [e.text for e in told.entries] == ["编辑改过的正文", REVISED]
    notice = told.entries[1].notice
    assert notice is not None
    assert notice.url == PAGE
    with pytest.raises(LookupError, match="0903"):
        queries.issue("(2019) 0903 期")


@pytest.mark.usefixtures("kept")
def test_the_dump_is_whole_and_tells_no_keys_times_or_offsets() -> None:
    decide("mee", PAGE, "candidate")
    decide("mee", PAGE, "later")
    told = queries.dump()
    assert json.loads(json.dumps(told)) == told
    assert sorted(told) == sorted(
        model.__name__
        for model in models.Source._meta.apps.get_app_config("store").get_models()
        if model not in (models.User, models.Band, models.EntryBand)
    )
    assert {revision["record"] for revision in told["Revision"]} == {"2019-09-11.warc.gz"}
    names = {name for records in told.values() for record in records for name in record}
    assert not {"id", "started", "seconds"} & names
    assert {notice["family"] for notice in told["Notice"]} == {
        f"mee {PAGE}",
        f"mee {PAGE.replace('1.html', '2.html')}",
    }
    assert [event["after"]["state"] for event in told["ReviewEvent"]] == ["candidate", "later"]
    assert [event["place"] for event in told["ReviewEvent"]] == [0, 1]


def test_the_dump_does_not_depend_on_the_order_of_writing(notice: Make) -> None:
    from django.db import transaction

    def told(order: list[int]) -> Any:
        with transaction.atomic():
            for number in order:
                save(notice(number), NIGHT)
            found = queries.dump()
            transaction.set_rollback(True)
        return found

    assert told([1, 2, 3]) == told([3, 1, 2])
    assert told([1, 2]) != told([1, 2, 3])
