"""Revisions as they are kept, told apart: what a night changed in which notice."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Attachment, Period
from store import models
from store.revisions import NoRevision, between, revised_on
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
FIRST, SECOND = dt.date(2019, 9, 11), dt.date(2019, 9, 12)
TABLE = "请按下表办理：\n事项\t截止时间\n网上填报\t9月{day}日"
PARTS = [("paragraph", 0, 1), ("table", 1, 3)]


def test_a_deadline_in_a_table_that_moved_by_a_digit(notice: Make) -> None:
    for night, day in ((FIRST, 20), (SECOND, 26)):
        closes = Period(closes=dt.date(2019, 9, day), sentence=f"网上填报 9月{day}日")
        save(notice(1, text=TABLE.format(day=day), period=closes), night)
    (one,) = revised_on(SECOND)
    assert (one.source, one.column, one.number) == ("mee", "通知", 2)
    told = [(x.matter.label, x.before, x.after, x.now) for x in one.changes]
    assert told == [("截止日期", "9月20日", "9月26日", "网上填报 截止时间：9月26日")]
    assert list(revised_on(FIRST)) == []


def test_a_file_that_was_changed(notice: Make) -> None:
    for night, name, sha in ((FIRST, "1", "a"), (SECOND, "2", "b")):
        url = f"https://www.mee.gov.cn/{name}.docx"
        save(notice(1, attachments=[Attachment(url, url, "申报表.docx", sha256=sha * 64)]), night)
    found = between(models.Notice.objects.get())
    assert [(x.matter.label, x.after) for x in found.changes] == [("附件更换", "申报表.docx")]


def test_any_two_can_be_compared(notice: Make) -> None:
    for day in (20, 23, 26):
        save(notice(1, text=TABLE.format(day=day)), FIRST)
    kept = models.Notice.objects.get()
    assert [(x.before, x.after) for x in between(kept, 1, 3).changes] == [("9月20日", "9月26日")]
    assert [(x.before, x.after) for x in between(kept, 3, 1).changes] == [("9月26日", "9月20日")]
    assert [(x.before, x.after) for x in between(kept, last=2).changes] == [("9月20日", "9月23日")]
    assert not between(kept, 2, 2)
    with pytest.raises(NoRevision, match="没有第 9 版；这条通知有：第 1、2、3 版"):
        between(kept, last=9, first=1)
    with pytest.raises(NoRevision):
        between(kept, last=1)
