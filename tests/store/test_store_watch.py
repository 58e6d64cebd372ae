"""Which kept pages are asked for again, and what becomes of those that the site takes down."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from crawler.memory import Watched
from crawler.notice import FailureKind, Notice, Row
from store import models, nights, watch
from store.issues import Pick, make
from store.memory import Memory
from store.models import ReviewState
from store.reviews import decide
from store.save import save, unchanged

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
HOUSE = {"firm": "某公司"}


def wait(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


@pytest.fixture
def tonight(memory: Make) -> Memory:
    """The memory of a night that follows the decisions of a test: those are made today."""
    made: Memory = memory(timezone.localdate() + dt.timedelta(days=1))
    return made


def later(memory: Make, days: int) -> Memory:
    made: Memory = memory(timezone.localdate() + dt.timedelta(days=days))
    return made


def watched(memory: Memory, source: str = "mee") -> list[str]:
    found: list[Watched] = wait(memory.watched(source))
    return [one.row.address for one in found]


def candidate(notice: Notice, state: ReviewState = ReviewState.CANDIDATE) -> None:
    decide(notice.source, notice.address, state, "申报通知")


def events() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    told = models.ReviewEvent.objects.exclude(what="decided").order_by("pk")
    return [(event.what, event.before, event.after) for event in told]


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (ReviewState.CANDIDATE, True),
        (ReviewState.PUBLISHED, True),
        (ReviewState.LATER, False),
        (ReviewState.REJECTED, False),
        (ReviewState.NONE, False),
    ],
)
def test_candidates_and_what_was_published_are_watched(
    tonight: Memory, notice: Make, state: ReviewState, asked: bool
) -> None:
    one = notice(1)
    save(one, NIGHT)
    save(notice(2), NIGHT)
    candidate(one, state)
    assert watched(tonight) == ([one.address] if asked else [])
    assert watched(tonight, "miit") == []


def test_thirty_days_after_the_decision_it_ends(memory: Make, notice: Make) -> None:
    one = notice(1)
    save(one, NIGHT)
    candidate(one)
    assert watched(later(memory, 29)) == [one.address]
    assert watched(later(memory, 31)) == []


def test_a_revision_does_not_prolong_it(memory: Make, notice: Make) -> None:
    one = notice(1)
    save(one, NIGHT)
    candidate(one)
    models.ReviewEvent.objects.update(at=timezone.now() - dt.timedelta(days=40))
    save(notice(1, text="请办好另一件事。"), NIGHT)
    assert [what for what, *_ in events()] == ["revised"]
    assert watched(later(memory, 0)) == []


def test_an_issue_of_these_weeks_is_watched_and_an_imported_old_one_is_not(
    memory: Make, notice: Make
) -> None:
    one = notice(1)
    save(one, NIGHT)
    make("(2019) 0902 期", HOUSE, [Pick(one.source, one.address, "申报通知")])
    assert watched(memory("2019-10-20")) == [one.address]
    assert watched(later(memory, 1)) == []
    candidate(one, ReviewState.PUBLISHED)
    models.ReviewEvent.objects.update(who=watch.IMPORTED)
    assert watched(later(memory, 1)) == []


def test_the_one_decided_on_and_the_origin_are_asked_for_not_every_repost(
    tonight: Memory, notice: Make
) -> None:
    same = {
        "title": "关于印发绿色工厂评价办法的通知",
        "doc_number": "工信部节〔2019〕1号",
        "issuers": ["生态环境部"],
    }
    origin = notice(1, **same)
    first, second = (
        notice(n, source=source, **same) for n, source in ((2, "beijing_jxj"), (3, "huaibei_jxj"))
    )
    for one in (origin, first, second):
        save(one, NIGHT)
    models.Source.objects.filter(name="mee").update(agency="生态环境部")
    save(notice(4, source="ningxia_gxt", **same), NIGHT)
    candidate(second)
    assert models.Family.objects.count() == 1
    family = models.Family.objects.select_related("origin__source").get()
    assert family.origin is not None
    sources = ("mee", "beijing_jxj", "huaibei_jxj", "ningxia_gxt")
    found = {source for source in sources if watched(tonight, source)}
    assert found == {"huaibei_jxj", family.origin.source.name}


def test_a_forgotten_one_is_never_asked_for(tonight: Memory, notice: Make) -> None:
    one = notice(1)
    save(one, NIGHT)
    candidate(one)
    kept = models.Notice.objects.get()
    models.Tombstone.objects.create(
        source=kept.source, address=kept.address, reason="", who="", at=timezone.now()
    )
    assert watched(tonight) == []


def test_it_is_asked_for_as_its_list_has_it_with_the_validators_of_its_page(
    tonight: Memory, notice: Make, row: Make, listing: Make
) -> None:
    wait(tonight.write_list(listing([row(1, "关于第1件事的…")])))
    save(notice(1, etag='"7"', last_modified="Wed, 11 Sep 2019 00:00:00 GMT"), NIGHT)
    candidate(notice(1))
    (one,) = wait(tonight.watched("mee"))
    assert (one.row.title, one.row.column) == ("关于第1件事的…", "通知")
    assert (one.etag, one.last_modified) == ('"7"', "Wed, 11 Sep 2019 00:00:00 GMT")


def test_validators_of_the_page_that_a_row_leads_on_to_are_no_use_for_the_row(
    tonight: Memory, notice: Make, row: Make, listing: Make
) -> None:
    wait(tonight.write_list(listing([row(1)])))
    save(notice(1, url="https://www.mee.gov.cn/b/9.html", etag='"7"'), NIGHT)
    candidate(notice(1))
    (one,) = wait(tonight.watched("mee"))
    assert (one.row.url, one.etag) == ("https://www.mee.gov.cn/a/1.html", "")


def test_one_without_a_row_is_asked_for_with_what_its_page_was_read_with(
    tonight: Memory, notice: Make
) -> None:
    save(notice(1, row_title="列表上的题", row_date=dt.date(2019, 9, 10)), NIGHT)
    candidate(notice(1))
    (one,) = wait(tonight.watched("mee"))
    assert (one.row.title, one.row.date) == ("列表上的题", dt.date(2019, 9, 10))
    assert isinstance(one.row, Row)


def test_validators_follow_the_page(notice: Make, tonight: Memory) -> None:
    def kept() -> tuple[str, str]:
        return models.Notice.objects.values_list("etag", "last_modified").get()

    save(notice(1, etag='"1"', last_modified="x" * 101), NIGHT)
    assert kept() == ('"1"', "")  # one that was cut would be of no page
    save(notice(1, text="请办好另一件事。", etag='"2"'), NIGHT)
    assert kept() == ('"2"', "")
    unchanged("mee", notice(1).address, "", "Thu, 12 Sep 2019 00:00:00 GMT")
    assert kept() == ("", "Thu, 12 Sep 2019 00:00:00 GMT")
    wait(tonight.confirmed("mee", notice(1).address, '"3"'))
    assert kept() == ('"3"', "Thu, 12 Sep 2019 00:00:00 GMT")


def test_a_page_taken_down_is_an_event_and_so_is_its_return(tonight: Memory, notice: Make) -> None:
    one = notice(1)
    save(one, NIGHT)
    candidate(one)
    for _ in range(2):  # once, however often it is found out
        wait(tonight.vanished("mee", one.address, "页面返回 404"))
    assert models.Notice.objects.get().gone == tonight.now
    place, day = {"source": "mee", "address": one.address}, tonight.now.date().isoformat()
    gone = ("gone", place, place | {"gone": day, "reason": "页面返回 404"})
    assert events() == [gone]
    assert watched(tonight) == [one.address]  # it may come back
    wait(tonight.confirmed("mee", one.address))
    assert models.Notice.objects.get().gone is None
    assert events() == [gone, ("back", place | {"gone": day}, place)]


@pytest.mark.parametrize("how", ["the same", "revised", "unchanged"])
def test_it_is_back_whichever_way_it_answers(tonight: Memory, notice: Make, how: str) -> None:
    one = notice(1)
    save(one, NIGHT)
    candidate(one)
    wait(tonight.vanished("mee", one.address, "页面返回 410"))
    if how == "unchanged":
        unchanged("mee", one.address)
    else:
        save(one if how == "the same" else notice(1, text="请办好另一件事。"), NIGHT)
    assert models.Notice.objects.get().gone is None
    assert "back" in [what for what, *_ in events()]


def test_nobody_decided_on_it_then_it_is_only_said_of_the_notice(
    tonight: Memory, notice: Make
) -> None:
    one = notice(1)
    save(one, NIGHT)
    wait(tonight.vanished("mee", one.address, "页面返回 404"))
    assert models.Notice.objects.get().gone is not None
    assert events() == []
    wait(tonight.vanished("mee", "https://www.mee.gov.cn/a/9.html", "页面返回 404"))  # not kept


def test_an_address_that_the_page_has_left_says_nothing(
    tonight: Memory, notice: Make, row: Make, listing: Make
) -> None:
    wait(tonight.write_list(listing([row(1)])))
    save(notice(1), NIGHT)
    candidate(notice(1))
    moved = "https://www.mee.gov.cn/b/1.html"
    models.Notice.objects.update(url=moved, address=moved)
    kept = models.Row.objects.get()
    kept.pk, kept.url, kept.address = None, moved, moved
    kept.save()
    wait(tonight.vanished("mee", row(1).address, "页面返回 404"))
    assert models.Notice.objects.get().gone is None
    assert watched(tonight) == [moved]


def test_a_page_that_a_list_leads_to_in_vain_for_three_nights_is_told_likewise(
    memory: Make, notice: Make, row: Make, listing: Make
) -> None:
    today = timezone.localdate()
    wait(memory(today).write_list(listing([row(1)])))
    save(notice(1), today)
    candidate(notice(1))
    wait(memory(today).write_list(listing([row(1, "关于另一件事的通知")])))
    for day in range(3):
        assert events() == []
        tonight = memory(today + dt.timedelta(days=day))
        wait(tonight.failed("mee", row(1).address, "页面返回 404", FailureKind.MISSING))
        if day == 2:
            wait(tonight.gone("mee", row(1).address, "页面返回 404"))
    assert [what for what, *_ in events()] == ["gone"]


def test_the_outcome_counts_what_was_watched_and_what_vanished(
    tonight: Memory, notice: Make
) -> None:
    day = tonight.now.date()
    save(notice(1), NIGHT)
    save(notice(2), NIGHT)
    wait(tonight.vanished("mee", notice(1).address, "页面返回 404"))
    night = nights.open_night(day, tonight.now)
    for _ in range(2):  # a second run of the night
        counts = {"listed": True, "requests": 3, "watched": 2}
        nights.write_outcome(night, "mee", "通知", "ok", "", counts)
    outcome = models.Outcome.objects.get()
    assert (outcome.requests, outcome.watched, outcome.vanished) == (6, 4, 1)
