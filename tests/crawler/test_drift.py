"""Which rows of a changed list may be used, and when a list's next page is asked for."""

import datetime as dt

import pytest

from crawler.drift import count_drift, distrust
from crawler.notice import Row
from crawler.paging import Reach, stop_reason

TODAY = dt.date(2019, 9, 12)


def rows(count: int, *, dated: int | None = None, path: str = "/a/t{}.html") -> list[Row]:
    dated = count if dated is None else dated
    return [
        Row(
            url=f"https://x.gov.cn{path.format(i)}",
            address=f"https://x.gov.cn{path.format(i)}",
            title=f"第{i}条",
            date=TODAY - dt.timedelta(days=i) if i < dated else None,
        )
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (rows(4), "4 条有日期"),
        (rows(10, dated=7), "只有 7 条有日期"),
        ([*rows(6), *rows(1, path="/other/dir/{}.html")], "同一种形式"),
    ],
)
def test_rows_of_a_stand_in_are_refused_with_the_reason(found: list[Row], word: str) -> None:
    assert word in distrust(found, set(), TODAY)


def test_a_date_ahead_is_refused() -> None:
    found = rows(6)
    found[0].date = TODAY + dt.timedelta(days=1)
    assert "今天之后" in distrust(found, set(), TODAY)


def test_one_known_row_or_five_alike_are_enough() -> None:
    assert distrust(rows(5), set(), TODAY) == ""
    assert distrust(rows(2, dated=0), {"https://x.gov.cn/a/t1.html"}, TODAY) == ""


@pytest.mark.parametrize(
    ("count", "usual", "drift"),
    [
        (20, None, False),
        (20, 20, False),
        (101, 20, True),
        (100, 20, False),
        (6, 20, True),
        (7, 20, False),
        (3, 0, False),
    ],
)
def test_five_times_more_or_a_third_is_drift(count: int, usual: int | None, drift: bool) -> None:
    assert bool(count_drift(count, usual)) is drift


ORDINARY = Reach(first_night=False, since=None)


def addresses(found: list[Row]) -> set[str]:
    return {row.address for row in found}


def test_rows_all_unknown_ask_for_the_next_page() -> None:
    assert stop_reason(rows(5), set(), ORDINARY) == ""


def test_a_known_last_row_stops_but_a_pinned_or_an_upper_one_does_not() -> None:
    found = rows(5)
    assert stop_reason(found, addresses(found[4:]), ORDINARY) == "遇到已知的行"
    assert stop_reason(found, addresses(found[:1]), ORDINARY) == ""
    found[4].pinned = True
    assert stop_reason(found, addresses(found[4:]), ORDINARY) == ""


def test_the_first_night_reads_one_page_and_a_back_fill_goes_to_its_day() -> None:
    found = rows(5)
    assert stop_reason(found, set(), Reach(True, None)) == "首夜只读第一页"
    everything = addresses(found)
    assert stop_reason(found, everything, Reach(True, dt.date(2019, 1, 1))) == ""
    assert "2019-09-10" in stop_reason(found, everything, Reach(False, dt.date(2019, 9, 10)))
