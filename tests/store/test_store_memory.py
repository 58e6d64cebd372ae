"""The memory over nights: what is new, changed, moved, waiting, failed and gone."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from crawler.memory import Follow, Listed, Listing
from crawler.notice import (
    Arrival,
    Attachment,
    FailureKind,
    Notice,
    Retry,
    Row,
    RowState,
)
from store import files, models, nights
from store.dump import dump
from store.memory import Memory, release
from store.save import save, save_retry, unchanged

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Any]
FIRST, SECOND = "2019-09-11", "2019-09-12"
COLUMNS = ["通知", "公示"]


def wait(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def finish(night: str, verdict: str = "ok", column: str = "通知") -> None:
    """The column's outcome of that night is written: the night is through with it."""
    key = nights.current(day(night)).pk
    nights.write_outcome(key, "mee", column, verdict, "", {"listed": True})


def titles(rows: list[Row]) -> list[str]:
    return [row.title for row in rows]


# --- a column and its first list ------------------------------------------------------------


def test_an_unknown_column_is_fresh_and_asking_makes_none(memory: Make) -> None:
    state = wait(memory().column("mee", "通知"))
    assert (state.first_night, state.etag, state.usual_rows, state.follow) == (True, "", None, [])
    assert models.Column.objects.count() == 0


def test_rows_and_validators_are_written_together(memory: Make, listing: Make, row: Make) -> None:
    listed: Listed = wait(
        memory().write_list(listing([row(1), row(2)], last_modified="Wed, 11 Sep 2019"))
    )
    assert titles(listed.new) == ["关于第1件事的通知", "关于第2件事的通知"]
    assert (listed.changed, listed.moved, listed.known) == ([], [], 0)
    finish(FIRST)
    state = wait(memory(SECOND).column("mee", "通知"))
    assert not state.first_night
    assert (state.etag, state.last_modified) == ('"1"', "Wed, 11 Sep 2019")
    source = models.Source.objects.get()
    assert (source.agency, source.region, source.level) == ("生态环境部", "000000", "ministry")


def test_nothing_is_written_when_the_transaction_fails(
    memory: Make, listing: Make, row: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("store.lists._note_listed", fail)
    with pytest.raises(OSError, match="disk full"):
        wait(memory().write_list(listing([row(1)])))
    assert models.Row.objects.count() == models.Column.objects.count() == 0


def test_known_addresses_of_a_column(memory: Make, listing: Make, row: Make) -> None:
    wait(memory().write_list(listing([row(1), row(2)])))
    asked = [row(2).address, row(3).address]
    assert wait(memory().known("mee", "通知", asked)) == {row(2).address}
    assert wait(memory().known("mee", "公示", asked)) == set()


def test_platform_ids_are_remembered(memory: Make) -> None:
    wait(memory().remember_ids("mee", "通知", {"webId": "8"}))
    assert wait(memory().column("mee", "通知")).ids == {"webId": "8"}
    assert wait(memory().column("mee", "通知")).first_night


def test_the_source_facts_and_the_night_come_from_the_crawler() -> None:
    class Mee(Spider):
        name = "mee"
        agency = "生态环境部"

    made = Memory.from_crawler(get_crawler(Mee, {"NIGHT_NOW": "2019-09-11T23:30:00Z"}))
    wait(made.refused("mee", "通知", "https://example.com/", "不是本来源的网站"))
    assert models.Source.objects.get().agency == "生态环境部"
    assert models.Night.objects.get().date == day(SECOND)


# --- the same list again --------------------------------------------------------------------


def test_the_same_list_twice_in_a_night_changes_nothing(
    memory: Make, listing: Make, row: Make, notice: Make
) -> None:
    wait(memory().write_list(listing([row(1), row(2)])))
    save(notice(1), day(FIRST))
    before = dump()
    again: Listed = wait(memory().write_list(listing([row(1), row(2)])))
    assert dump() == before
    assert (again.new, again.changed, again.known) == ([], [], 2)
    # what was not kept yet is fetched as a waiting row
    assert [r.address for r in wait(memory().waiting("mee", COLUMNS))] == [row(2).address]


def test_the_page_to_follow_is_kept_with_the_rows_until_it_was_read(
    memory: Make, listing: Make, row: Make
) -> None:
    second = Follow("https://www.mee.gov.cn/index_1.html", 2, "等人确认")
    wait(memory().write_list(listing([row(1)], follow=second)))
    assert wait(memory(SECOND).column("mee", "通知")).follow == [second]
    third = Follow("https://www.mee.gov.cn/index_2.html", 3)
    wait(memory(SECOND).write_list(listing([row(1), row(9)])))  # page 1 again: known
    wait(memory(SECOND).write_list(listing([row(2)], page=2, asked=second.url, follow=third)))
    assert wait(memory(SECOND).column("mee", "通知")).follow == [third]
    wait(memory(SECOND).unfollow("mee", "通知", third.url))
    assert wait(memory(SECOND).column("mee", "通知")).follow == []


def test_a_later_page_is_asked_for_on_five_nights_and_then_told(
    memory: Make, listing: Make, row: Make
) -> None:
    second = Follow("https://www.mee.gov.cn/index_1.html", 2)
    wait(memory().write_list(listing([row(1)], follow=second)))
    for night in range(5):
        assert wait(memory().column("mee", "通知")).follow
        tonight = memory(day(FIRST) + dt.timedelta(night))
        for _ in range(2):  # once a night, however often it is run
            wait(tonight.follow_failed("mee", "通知", second.url, "返回 403"))
    assert wait(memory().column("mee", "通知")).follow == []
    assert "连续 5 夜读不到" in models.Problem.objects.get().detail


def test_a_row_known_since_the_gap_is_not_known_before_it(
    memory: Make, listing: Make, row: Make
) -> None:
    wait(memory().write_list(listing([row(1)])))
    wait(memory(SECOND).write_list(listing([row(2), row(1)])))
    addresses = [row(1).address, row(2).address]
    assert wait(memory(SECOND).known("mee", "通知", addresses)) == set(addresses)
    assert wait(memory(SECOND).known("mee", "通知", addresses, SECOND)) == {row(1).address}


def test_a_site_that_was_down_does_not_make_a_missing_page_gone(
    memory: Make, listing: Make, row: Make
) -> None:
    wait(memory().write_list(listing([row(1)])))
    for night in (FIRST, SECOND):
        wait(memory(night).failed("mee", row(1).address, "503", FailureKind.UNREACHABLE))
    wait(memory("2019-09-13").gone("mee", row(1).address, "页面返回 404"))
    assert models.Row.objects.get().state == "waiting"


def test_a_host_that_may_be_visited_now_is_no_longer_external(
    memory: Make, listing: Make, row: Make
) -> None:
    outside = replace(row(1), state=RowState.EXTERNAL)
    wait(memory().write_list(listing([outside])))
    found: Listed = wait(memory(SECOND).write_list(listing([row(1)])))
    assert [r.address for r in found.new] == [row(1).address]
    assert len(wait(memory(SECOND).waiting("mee", COLUMNS))) == 1


def test_a_finished_night_run_again_has_nothing_new(memory: Make, listing: Make, row: Make) -> None:
    wait(memory().write_list(listing([row(1)])))
    finish(FIRST)
    before = dump()
    again: Listed = wait(memory().write_list(listing([row(1)])))
    assert (again.new, again.changed, again.moved, again.known) == ([], [], [], 1)
    assert dump() == before


def test_the_usual_rows_are_the_median_of_three_earlier_nights(
    memory: Make, listing: Make, row: Make
) -> None:
    for night, count in enumerate((10, 30, 20), start=1):
        asked = memory(f"2019-09-0{night}")
        assert wait(asked.column("mee", "通知")).usual_rows is None
        wait(asked.write_list(listing([row(n) for n in range(count)])))
        wait(asked.write_list(listing([row(n) for n in range(100, 107)], page=2)))
    assert wait(memory("2019-09-04").column("mee", "通知")).usual_rows == 20
    # tonight's own list is no earlier night
    assert wait(memory("2019-09-03").column("mee", "通知")).usual_rows is None


def test_thirty_nights_are_counted(memory: Make, listing: Make, row: Make) -> None:
    for night in range(35):
        wait(memory(day(FIRST) + dt.timedelta(night)).write_list(listing([row(1)])))
    counts = models.Column.objects.get().row_counts
    assert len(counts) == 30
    assert counts[-1] == ["2019-10-15", 1]


def test_pages_behind_the_first_leave_the_validators(
    memory: Make, listing: Make, row: Make
) -> None:
    wait(memory().write_list(listing([row(1)])))
    wait(memory().write_list(listing([row(2)], page=2, etag="")))
    column = models.Column.objects.get()
    assert (column.etag, column.row_counts) == ('"1"', [[FIRST, 1, 1]])


def test_an_address_listed_twice_is_one_row(memory: Make, listing: Make, row: Make) -> None:
    listed = wait(memory().write_list(listing([row(1, pinned=True), row(2), row(1)])))
    assert [r.address for r in listed.new] == [row(1).address, row(2).address]
    assert models.Row.objects.count() == 2


# --- states ---------------------------------------------------------------------------------


def test_rows_keep_the_state_and_arrival_they_carry(memory: Make, listing: Make, row: Make) -> None:
    rows = [
        row(1, state=RowState.EXTERNAL),
        row(2, state=RowState.UNWANTED, arrival=Arrival.BASELINE),
        row(3, arrival=Arrival.BASELINE),
    ]
    wait(memory().write_list(listing(rows)))
    kept = models.Row.objects.order_by("address").values_list("state", "arrival")
    assert list(kept) == [
        ("external", "night"),
        ("unwanted", "baseline"),
        ("waiting", "baseline"),
    ]
    assert [r.address for r in wait(memory().waiting("mee", COLUMNS))] == [row(3).address]


def test_a_row_whose_notice_is_kept_by_another_column_is_kept(
    memory: Make, listing: Make, row: Make, notice: Make
) -> None:
    wait(memory().write_list(listing([row(1)])))
    save(notice(1), day(FIRST))
    listed = wait(memory().write_list(listing([row(1)], column="公示")))
    assert [r.state for r in listed.new] == [RowState.KEPT]
    assert wait(memory().waiting("mee", COLUMNS)) == []


def test_fresh_is_where_the_source_has_no_notice_and_had_none(
    memory: Make, listing: Make, row: Make, notice: Make
) -> None:
    wait(memory(FIRST).write_list(listing([row(1), row(2)])))
    save(notice(1), day(FIRST))
    models.Notice.objects.update(address=row(9).address)  # the site has moved it
    listed = wait(memory(SECOND).write_list(listing([row(1), row(3), row(9)], column="公示")))
    assert listed.fresh == {row(3).address}
    again = wait(memory(SECOND).write_list(listing([row(1), row(3)], column="公示")))
    assert again.fresh == set()


def test_back_fill_asks_unwanted_rows_back(memory: Make, listing: Make, row: Make) -> None:
    wait(memory().write_list(listing([row(1, state=RowState.UNWANTED)])))
    finish(FIRST)
    assert wait(memory(SECOND).write_list(listing([row(1)]))).new == []
    asked = listing([row(1)], backfill=True)
    assert len(wait(memory(SECOND).write_list(asked)).new) == 1
    assert [r.arrival for r in wait(memory(SECOND).waiting("mee", COLUMNS))] == [Arrival.BACKFILL]


def test_held_rows_wait_for_a_person(memory: Make, listing: Make, row: Make) -> None:
    wait(memory().write_list(listing([row(1), row(2)], hold="列表有 100 条")))
    assert wait(memory().waiting("mee", COLUMNS)) == []
    assert models.Row.objects.filter(held=True).count() == 2
    assert set(models.Row.objects.values_list("reason", flat=True)) == {"列表有 100 条"}
    assert release("mee", "通知") == 2
    assert len(wait(memory().waiting("mee", COLUMNS))) == 2


def test_waiting_rows_come_oldest_first_and_once(memory: Make, listing: Make, row: Make) -> None:
    wait(memory().write_list(listing([row(2)])))
    wait(memory(SECOND).write_list(listing([row(1), row(2)], column="公示")))
    waiting: list[Row] = wait(memory(SECOND).waiting("mee", COLUMNS))
    assert [(r.address, r.column) for r in waiting] == [
        (row(2).address, "通知"),
        (row(1).address, "公示"),
    ]
    assert wait(memory().waiting("miit", COLUMNS)) == []


# --- changes in the list --------------------------------------------------------------------


@pytest.fixture
def kept(memory: Make, listing: Make, row: Make, notice: Make) -> None:
    """Three rows were listed in the first night, and their notices kept."""
    wait(memory().write_list(listing([row(n, date=f"2019-09-{12 - n:02}") for n in (1, 2, 3)])))
    for number in (1, 2, 3):
        save(notice(number), day(FIRST))
    finish(FIRST)


@pytest.mark.usefixtures("kept")
def test_a_kept_row_with_another_title_is_fetched_again_until_it_was(
    memory: Make, listing: Make, row: Make
) -> None:
    tonight = [row(1, "关于第1件事的更正通知", "2019-09-11"), row(2), row(3, date="2019-09-09")]
    listed = wait(memory(SECOND).write_list(listing(tonight)))
    assert [r.address for r in listed.changed] == [row(1).address]
    assert listed.known == 3
    # killed here: the row still waits
    assert [r.address for r in wait(memory(SECOND).waiting("mee", COLUMNS))] == [row(1).address]
    assert wait(memory(SECOND).write_list(listing(tonight))).changed == []
    unchanged("mee", row(1).address)
    assert wait(memory(SECOND).waiting("mee", COLUMNS)) == []


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("title", "date", "changed"),
    [
        ("关于第2件事的通知", "2019-09-12", True),
        ("关于第2件事的通知", None, False),  # a reader that sees no dates says nothing new
        ("关于第2件事…", "2019-09-10", False),  # nor does one that sees cut titles
        ("关于第2件事 的通知", "2019-09-10", False),
        ("关于第2件大事…", "2019-09-10", True),
    ],
)
def test_what_counts_as_a_change(
    memory: Make, listing: Make, row: Make, title: str, date: str | None, changed: bool
) -> None:
    listed = wait(memory(SECOND).write_list(listing([row(2, title, date)])))
    assert bool(listed.changed) is changed
    if not changed:
        now = models.Row.objects.get(address=row(2).address)
        assert "".join(now.title.split()) == "关于第2件事的通知"
        assert now.date == day("2019-09-10")


@pytest.mark.usefixtures("kept")
def test_a_held_list_asks_for_nothing_again(memory: Make, listing: Make, row: Make) -> None:
    listed = wait(memory(SECOND).write_list(listing([row(2, "别的")], hold="列表只有 1 条")))
    assert listed.changed == []
    assert wait(memory(SECOND).waiting("mee", COLUMNS)) == []


@pytest.mark.usefixtures("kept")
def test_a_moved_address_is_no_new_notice(
    memory: Make, listing: Make, row: Make, notice: Make
) -> None:
    moved = row(12, "关于第2件事的通知", "2019-09-10")
    tonight = [row(1, date="2019-09-11"), moved, row(3, date="2019-09-09")]
    listed = wait(memory(SECOND).write_list(listing(tonight)))
    assert listed.moved == [moved]
    assert listed.new == []
    # its page is read: it may say something else at the new address
    (asked,) = wait(memory(SECOND).waiting("mee", COLUMNS))
    assert asked.address == moved.address
    assert models.Notice.objects.filter(address=moved.address).count() == 1
    assert models.Notice.objects.count() == 3
    unchanged("mee", moved.address)
    assert wait(memory(SECOND).waiting("mee", COLUMNS)) == []
    again = wait(memory(SECOND).write_list(listing(tonight)))
    assert (again.new, again.moved) == ([], [])
    # the page at its old address is still the same notice
    save(notice(2), day(SECOND))
    assert models.Notice.objects.count() == 3
    assert not models.Notice.objects.filter(address=row(2).address).exists()


@pytest.mark.usefixtures("kept")
def test_a_twin_on_the_same_list_is_a_new_notice(memory: Make, listing: Make, row: Make) -> None:
    twin = row(12, "关于第2件事的通知", "2019-09-10")
    old = row(2, date="2019-09-10")
    listed = wait(memory(SECOND).write_list(listing([twin, old, row(3, date="2019-09-09")])))
    assert listed.new == [twin]
    assert listed.moved == []


@pytest.mark.usefixtures("kept")
def test_a_twin_of_what_may_stand_on_the_next_page_is_a_new_notice(
    memory: Make, listing: Make, row: Make
) -> None:
    tonight = [row(1, date="2019-09-11"), row(12, "关于第2件事的通知", "2019-09-10")]
    assert titles(wait(memory(SECOND).write_list(listing(tonight))).new) == ["关于第2件事的通知"]


@pytest.mark.usefixtures("kept")
def test_a_whole_list_may_move(memory: Make, listing: Make, row: Make) -> None:
    tonight = [row(n + 10, f"关于第{n}件事的通知", f"2019-09-{12 - n:02}") for n in (1, 2, 3)]
    assert wait(memory(SECOND).write_list(listing(tonight))).moved == tonight


# --- pages that cannot be had ---------------------------------------------------------------


def test_a_failed_page_waits_with_its_reason_and_counts_nights(
    memory: Make, listing: Make, row: Make
) -> None:
    wait(memory().write_list(listing([row(1)])))
    for night in (FIRST, FIRST, SECOND):
        wait(memory(night).failed("mee", row(1).address, f"{night} 超时"))
    kept = models.Row.objects.get()
    assert (kept.state, kept.tries, kept.reason) == ("waiting", 2, "2019-09-12 超时")
    assert len(wait(memory(SECOND).waiting("mee", COLUMNS))) == 1


def test_a_page_that_is_gone_is_asked_for_no_more(
    memory: Make, listing: Make, row: Make, notice: Make
) -> None:
    wait(memory().write_list(listing([row(1), row(2)])))
    save(notice(1), day(FIRST))
    retitled = replace(row(1), title="改了标题的通知")
    wait(memory(FIRST).write_list(listing([retitled, row(2)])))
    for night in (FIRST, FIRST, SECOND):  # a list may be published before its pages
        for number in (1, 2):
            wait(memory(night).gone("mee", row(number).address, "页面返回 404"))
    assert len(wait(memory(SECOND).waiting("mee", COLUMNS))) == 2
    for number in (1, 2):
        wait(memory("2019-09-13").gone("mee", row(number).address, "页面返回 404"))
    assert wait(memory("2019-09-13").waiting("mee", COLUMNS)) == []
    assert set(models.Row.objects.values_list("state", "reason")) == {("gone", "页面返回 404")}
    assert models.Notice.objects.get().gone is not None
    save(notice(1), day(SECOND))
    assert models.Notice.objects.get().gone is None


def test_a_refusal_is_kept_once(memory: Make) -> None:
    for night in (FIRST, FIRST, SECOND):
        wait(memory(night).refused("mee", "通知", "https://example.com/", "不是本来源的网站"))
    problem = models.Problem.objects.get()
    assert (problem.code, problem.detail) == ("refused", "不是本来源的网站")
    assert (problem.night.date, problem.notice) == (day(FIRST), None)


# --- files that cannot be had ---------------------------------------------------------------


def annex(**more: Any) -> Attachment:
    address = "https://www.mee.gov.cn/a/1.pdf"
    return Attachment(address, address, "申报表", **more)


@pytest.fixture
def lacking(notice: Make) -> Notice:
    """A kept notice whose annex could not be had in the first night."""
    made: Notice = notice(1, attachments=[annex(problem="服务器返回 500")])
    save(made, day(FIRST))
    return made


def retry(attachment: Attachment) -> Retry:
    return Retry("mee", "https://www.mee.gov.cn/a/1.html", attachment)


@pytest.mark.usefixtures("lacking")
def test_a_file_is_asked_for_once_a_night_on_five_nights(memory: Make) -> None:
    assert wait(memory(FIRST).retries("mee")) == []
    for night in ("2019-09-12", "2019-09-13", "2019-09-14", "2019-09-15"):
        asked = wait(memory(night).retries("mee"))
        assert [(r.notice_address, r.attachment.address) for r in asked] == [
            ("https://www.mee.gov.cn/a/1.html", "https://www.mee.gov.cn/a/1.pdf")
        ]
        save_retry(retry(annex(problem=f"{night} 服务器返回 500")), day(night))
        save_retry(retry(annex(problem=f"{night} 服务器返回 500")), day(night))
        assert wait(memory(night).retries("mee")) == []
    assert wait(memory("2019-09-16").retries("mee")) == []
    kept = models.Attachment.objects.get()
    assert (kept.tries, kept.problem) == (5, "2019-09-15 服务器返回 500")


@pytest.mark.usefixtures("lacking")
def test_a_file_that_came_is_no_problem_any_more(memory: Make) -> None:
    assert models.Problem.objects.count() == 1
    sha256 = files.put(b"%PDF-1.4")
    came = annex(sha256=sha256, size=8, media_type="application/pdf", text="申报表")
    for _ in range(2):
        save_retry(retry(came), day(SECOND))
    kept = models.Attachment.objects.get()
    assert (kept.sha256, kept.size, kept.text, kept.problem) == (sha256, 8, "申报表", "")
    assert models.Problem.objects.count() == 0
    assert wait(memory("2019-09-13").retries("mee")) == []


def test_only_the_newest_revision_asks_for_files(
    memory: Make, notice: Make, lacking: Notice
) -> None:
    save(notice(1, text="改过的通知，没有附件了。"), day(SECOND))
    assert wait(memory("2019-09-13").retries("mee")) == []


def test_a_retry_for_nothing_kept_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"a/1\.html"):
        save_retry(retry(annex()), day(FIRST))


def test_the_memory_fills_the_protocol(memory: Make, listing: Make) -> None:
    from crawler.memory import Memory as Protocol

    one: Protocol = memory()
    empty: Listing = listing([])
    assert wait(one.write_list(empty)) == Listed()
