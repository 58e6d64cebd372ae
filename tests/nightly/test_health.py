"""What is said in the morning of sources and nights."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from crawler.clock import BEIJING
from crawler.notice import Arrival, RowState
from crawler.spider import NoticeSpider
from nightly.figures import figures
from nightly.health import ColumnHealth, Health, NightState, health
from nightly.held import NoColumn, release
from nightly.sources import Sources
from store import nights
from store.models import Night, Outcome, Row, Verdict

pytestmark = pytest.mark.django_db


class Sea(NoticeSpider):
    name = "sea"
    agency = "海洋局"
    columns = {"通知": "https://sea.gov.cn/t/", "公告": "https://sea.gov.cn/g/"}


class Hill(NoticeSpider):
    name = "hill"
    columns = {"通知": "https://hill.gov.cn/t/"}


class Resting(NoticeSpider):
    name = "resting"
    enabled = False
    columns = {"通知": "https://resting.gov.cn/t/"}


KNOWN = Sources({"hill": Hill, "resting": Resting, "sea": Sea})
START = dt.datetime(2026, 3, 1, 2, 30, tzinfo=BEIJING)


def a_night(day: int, *, finished: bool = True, archive: str = "") -> Night:
    now = START + dt.timedelta(days=day - 1)
    pk = nights.open_night(now.date(), now, archive)
    if finished:
        Night.objects.filter(pk=pk).update(finished=now + dt.timedelta(hours=1))
    return Night.objects.get(pk=pk)


def outcome(night: Night, source: str, column: str, verdict: Verdict, new: int = 0) -> None:
    nights.write_outcome(night.pk, source, column, verdict, f"因为 {verdict.label}", {})
    Outcome.objects.filter(night=night, column=nights.column_of(source, column)).update(new=new)


def a_row(night: Night, column: str, number: int, **more: Any) -> Row:
    fields = {"state": RowState.WAITING, "arrival": Arrival.NIGHT, **more}
    address = f"https://sea.gov.cn/t/{number}"
    return Row.objects.create(
        column=nights.column_of("sea", column),
        url=address,
        address=address,
        title=f"第 {number} 号通知",
        night=night,
        **fields,
    )


def told(found: Health) -> dict[tuple[str, str], ColumnHealth]:
    return {(s.name, c.name): c for s in found.sources for c in s.columns}


def morning(day: int) -> dt.datetime:
    return START + dt.timedelta(days=day - 1, hours=6)


def test_no_night_yet() -> None:
    found = health(KNOWN, timezone.now())
    assert found.state is NightState.NONE
    assert not found.well
    assert {s.name for s in found.sources} == {"hill", "resting", "sea"}


def test_worst_first_with_ages_and_counts() -> None:
    for day in range(1, 11):
        night = a_night(day)
        outcome(night, "sea", "通知", Verdict.OK, new=1)
        outcome(night, "sea", "公告", Verdict.OK if day < 8 else Verdict.BLOCKED)
        outcome(night, "hill", "通知", Verdict.QUIET)
    found = health(KNOWN, morning(10))
    assert found.state is NightState.DONE
    assert not found.well
    assert [(s.name, s.well) for s in found.sources] == [
        ("sea", False),
        ("resting", True),
        ("hill", True),
    ]
    assert [c.name for c in found.sources[0].columns] == ["公告", "通知"]
    columns = told(found)
    assert columns["sea", "公告"].age == "3 天前"
    assert columns["sea", "公告"].why == "因为 被拦截"
    assert columns["sea", "通知"].age == "最近一夜"
    assert (columns["sea", "通知"].week, columns["sea", "通知"].month) == (7, 10)
    assert columns["resting", "通知"].age == "从未成功"


def test_all_well() -> None:
    night = a_night(1)
    for source, column in (("sea", "通知"), ("sea", "公告"), ("hill", "通知")):
        outcome(night, source, column, Verdict.UNCHANGED)
    assert health(KNOWN, morning(1)).well


def test_a_column_that_the_last_night_did_not_read_is_not_well() -> None:
    outcome(a_night(1), "hill", "通知", Verdict.OK)
    night = a_night(2)
    for column in ("通知", "公告"):
        outcome(night, "sea", column, Verdict.OK)
    found = health(KNOWN, morning(2))
    assert not found.well
    assert told(found)["hill", "通知"].verdict is None
    assert told(found)["hill", "通知"].age == "1 天前"


def test_rows_that_wait_are_shown_with_the_reason_after_five_nights() -> None:
    night = a_night(1)
    for source, column in (("sea", "通知"), ("sea", "公告"), ("hill", "通知")):
        outcome(night, source, column, Verdict.OK)
    a_row(night, "通知", 1, tries=4, reason="超时未答复")
    assert health(KNOWN, morning(1)).well
    a_row(night, "通知", 2, tries=5, reason="连接被拒绝")
    a_row(night, "公告", 3, state=RowState.EXTERNAL)
    a_row(night, "公告", 4, held=True)
    columns = told(health(KNOWN, morning(1)))
    assert columns["sea", "通知"].waiting == 2
    assert [(s.title, s.reason, s.tries) for s in columns["sea", "通知"].stuck] == [
        ("第 2 号通知", "连接被拒绝", 5)
    ]
    assert not columns["sea", "通知"].well
    assert columns["sea", "公告"].external == 1
    assert columns["sea", "公告"].held == 1
    assert not columns["sea", "公告"].well

    assert release("sea", "公告") == 1
    assert release("sea", "公告") == 0
    assert told(health(KNOWN, morning(1)))["sea", "公告"].held == 0
    with pytest.raises(NoColumn, match="it has: "):
        release("sea", "通告")
    with pytest.raises(NoColumn, match="kuaixun sources"):
        release("lake", "通知")


def test_a_night_that_did_not_come_or_did_not_end_is_told() -> None:
    a_night(1)
    assert health(KNOWN, morning(2)).state is NightState.DONE
    late = health(KNOWN, morning(3))
    assert late.state is NightState.LATE
    assert "2 天前" in late.words
    assert not late.well
    outcome(a_night(3, finished=False), "sea", "通知", Verdict.OK)
    assert health(KNOWN, morning(3)).state is NightState.UNFINISHED


def test_a_bare_crawl_or_an_intake_is_no_night() -> None:
    night = a_night(1)
    for source, column in (("sea", "通知"), ("sea", "公告"), ("hill", "通知")):
        outcome(night, source, column, Verdict.OK, new=3)
    nights.current(morning(2).date())
    found = health(KNOWN, morning(1))
    assert found.well
    assert found.night == night.date
    assert told(found)["sea", "通知"].age == "最近一夜"
    assert health(KNOWN, morning(3)).state is NightState.LATE


def test_a_bare_crawl_alone_is_no_night() -> None:
    nights.current(morning(1).date())
    assert health(KNOWN, morning(1)).state is NightState.NONE


def test_a_host_whose_pages_were_taken_in_is_no_source_to_be_well() -> None:
    night = a_night(1)
    for source, column in (("sea", "通知"), ("sea", "公告"), ("hill", "通知")):
        outcome(night, source, column, Verdict.OK)
    nights.taken_in("gxj.linxi.gov.cn")
    nights.column_of("gxj.linxi.gov.cn", "手工收入")
    found = health(KNOWN, morning(1))
    assert found.well
    assert {source.name for source in found.sources} == {"sea", "hill", "resting"}


def test_a_replayed_night_of_long_ago_is_not_late() -> None:
    a_night(1, archive="x.warc.gz")
    found = health(KNOWN, morning(300))
    assert found.state is NightState.DONE
    assert "回放" in found.words


def test_a_source_whose_file_is_faulty_keeps_its_columns_in_view() -> None:
    night = a_night(1)
    outcome(night, "sea", "通知", Verdict.FAILED)
    found = health(Sources({}, {"sea": "SyntaxError: x"}), morning(1))
    assert told(found)["sea", "通知"].verdict is Verdict.FAILED
    assert not found.well


def test_figures_are_of_that_night_alone() -> None:
    first, second = a_night(1), a_night(2)
    a_row(first, "通知", 1, state=RowState.UNWANTED, date=dt.date(2026, 2, 3))
    a_row(second, "通知", 2, state=RowState.EXTERNAL)
    a_row(second, "通知", 3, tried=second, tries=1, reason="超时未答复")
    a_row(second, "通知", 4)
    a_row(second, "通知", 5, held=True)
    found = figures(second, "sea", "通知")
    assert (found.seen, found.external, found.unwanted) == (4, 1, 0)
    assert (found.untaken, found.reason, found.waiting, found.held) == (1, "超时未答复", 1, 1)
    assert found.newest == dt.date(2026, 3, 2)
    assert figures(first, "sea", "通知").unwanted == 1
    assert figures(first, "sea", "没有的栏目").newest is None
