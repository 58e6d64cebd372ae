"""The year of rows that print only month and day: told by the address, by a heading above them
(2025年, 2026年11月), or by the order of the list, whose days do not rise on the way down."""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from crawler.reading.dates import address_date
from crawler.reading.lines import SILENT, tidy
from crawler.reading.row.facts import Facts
from crawler.reading.walk import walk

_AHEAD = dt.timedelta(days=7)
_NEAR = dt.timedelta(days=62)  # between the day a page was made and the one it is dated
_RISE = dt.timedelta(days=60)  # more is another year, less a row out of order
_OUT_OF_ORDER = dt.timedelta(days=14)
_FRESH = dt.timedelta(days=31)
_ON_TOP, _BELOW = 2, 5  # rows that may be pinned without saying so; rows below them at least
_IN_ADDRESS = re.compile(r"/(20\d\d)/(?!\d\d?/)|[/_-](20\d\d)[-/]?(0[1-9]|1[0-2])(?=[/_-])")
_HEADING = re.compile(
    r"\W?(20\d\d)\s?(?:年度?)?(?:\s?[-./]?\s?(1[0-2]|0?[1-9])\s?月份?)?\W?|(1[0-2]|0?[1-9])\s?月份?"
)
_LONG = 16  # characters of a text that holds such a heading
_ABOVE = 3  # levels from the list up to what holds its first heading
_MOST = 20_000  # elements looked at

_Heading = tuple[int, int | None]  # year, month


def settle(facts: Sequence[Facts | None], rows: list[HtmlElement], now: dt.datetime) -> None:
    """Give the facts whose day was printed without its year, or without its month, the day it is.
    `rows`: their elements, in the order of the page."""
    bare = [x for x in facts if x is not None and x.day is not None and _is_bare(x)]
    if not bare:
        return
    headings = _headings(rows)
    limit = now.date() + _AHEAD
    falls = _falls([x.row.date for x in facts if x is not None and x.row.date is not None])
    above: list[dt.date] = []
    for place, (fact, row) in enumerate(zip(facts, rows, strict=True)):
        if fact is None:
            continue
        day = fact.day
        if day is not None and _is_bare(fact):
            heading = headings.get(row)
            if day.month_day is not None:
                told = _told(fact.row.url, day.month_day, heading, now)
                if told is not None and told <= limit:
                    fact.row.date = told
                elif fact.row.date and above and falls and not fact.row.pinned:
                    fresh = place <= _ON_TOP and len(facts) - place >= _BELOW
                    fresh = fresh and now.date() - fact.row.date < _FRESH
                    fact.row.date = fact.row.date if fresh else _falling(fact.row.date, above[-2:])
            elif day.of_month is not None and heading is not None and heading[1] is not None:
                fact.row.date = _date(heading[0], heading[1], day.of_month) or fact.row.date
                fact.printed = fact.row.date is not None
        if fact.row.date is not None and not fact.row.pinned:
            above.append(fact.row.date)


def _is_bare(fact: Facts) -> bool:
    return fact.day is not None and bool(fact.day.month_day or fact.day.of_month)


def _told(
    url: str, month_day: tuple[int, int], heading: _Heading | None, now: dt.datetime
) -> dt.date | None:
    """The day in the year that address or heading tell; None when neither does."""
    near = address_date(url, now)
    if near is None and (match := _IN_ADDRESS.search(url.split("//", 1)[-1])):
        if match[1]:
            return _date(int(match[1]), *month_day)
        near = _date(int(match[2]), int(match[3]), 15)
    if near is not None:
        days = (_date(near.year + n, *month_day) for n in (-1, 0, 1))
        close = [x for x in days if x is not None and abs(x - near) <= _NEAR]
        if close:
            return min(close, key=lambda x: abs(x - near))
    return _date(heading[0], *month_day) if heading is not None else None


def _falls(days: list[dt.date]) -> bool:
    """Whether a list goes down in time: hardly a row is later than the one above."""
    rises = sum(other > one for one, other in pairwise(days))
    return rises * 3 <= len(days)


def _falling(day: dt.date, above: list[dt.date]) -> dt.date:
    """The day of the latest year in which it does not lie far after the row above, nor after the
    one above that: a row out of order is no end of a year."""
    while day - above[-1] > _RISE and day - max(above) > _OUT_OF_ORDER:
        earlier = _date(day.year - 1, day.month, day.day)
        if earlier is None:
            break
        day = earlier
    return day


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _headings(rows: list[HtmlElement]) -> dict[HtmlElement, _Heading | None]:
    """The year, and month if told, that stands above each row. Years in a line of their own, one
    after the other, are a menu and tell nothing."""
    marks = set(rows)
    box = rows[0]
    last = {rows[-1], *rows[-1].iterancestors()}
    levels = _ABOVE
    for parent in rows[0].iterancestors():
        box = parent
        if parent in last:
            levels -= 1
        if levels == 0 or parent.tag == "body":
            break
    found: dict[HtmlElement, _Heading | None] = {}
    current: _Heading | None = None
    used = True  # by a row since it was read
    steps = walk(box)
    for event, element in islice(steps, 2 * _MOST):
        text = element.text if event == "start" else element.tail
        if event == "start":
            if element in marks:
                found[element] = current
                used = True
                steps.skip_subtree()
                continue
            if element.tag in SILENT:
                steps.skip_subtree()
                continue
        if not text or len(text) > 4 * _LONG or not text.strip():
            continue
        match = _HEADING.fullmatch(tidy(text))
        if match is None:
            continue
        if match[1] is None:
            current = (current[0], int(match[3])) if current is not None else None
            continue
        year = int(match[1])
        menu = not used and (current is None or current[0] != year)
        current = None if menu else (year, int(match[2]) if match[2] else None)
        used = False
    return found
