"""When a page was published: the day it shows, declares, or has in its address."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.reading.dates import AHEAD, DateError, address_date, day_of, find_dates, parse_date
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.info_line import Place, Told, labelled_place
from crawler.reading.lines import Line
from crawler.reading.meta import Meta

# `var pubtime = "2023-09-27 10:11:05"`, `"pubDate": "2019-…"`
_SCRIPTED = re.compile(
    r"(?:fb(?:sj|rq)|pub(?:lish(?:ed)?)?_?(?:date|time)|date_?published|(?:doc)?rel_?time|article_?date"
    r"|issue_?(?:date|time)|fabu(?:shijian|riqi))[\"']?\s{0,3}[:=]\s{0,3}[\"']([^\"'<>]{8,30})[\"']",
    re.I,
)
_LOOKED_AT = 1000  # characters of a line that may hold a date
_SCRIPTS, _SCRIPT = 60, 20_000  # scripts looked at, and characters of each


@dataclass(frozen=True, slots=True)
class Published:
    value: dt.date | dt.datetime | None = None
    evidence: str = ""
    others: tuple[tuple[str, dt.date], ...] = ()  # (where, day) of places that say another day


def read_published(
    root: HtmlElement,
    meta: Meta,
    table: HeaderTable,
    lines: list[Line],
    title: tuple[int | None, int | None],
    near: list[Place],
    url: str,
    now: dt.datetime,
    selected: str = "",
    listed: dt.date | None = None,
) -> Published:
    """The day shown beside the title; else the table's 发布日期, one labelled elsewhere, the
    declared one, the list's, an 更新时间, one in a script, the address's. What a reader sees goes
    before what the page declares: a CMS often declares the moment it published anew. Places that
    name another day are told in `others`. `near`: the `near_places` of the title."""
    said: list[tuple[str, dt.date | dt.datetime]] = []
    limit = now.date() + AHEAD

    def say(where: str, text: str) -> None:
        try:
            said.append((where, parse_date(text, now)))
        except DateError:
            dates = [x for x in find_dates(text[:_LOOKED_AT]) if x.day <= limit]
            if dates:
                said.append((where, dates[0].value))

    if selected:
        say("selector", selected)
    shown = [x for place in near if place.told > Told.WEAK for x in place.dates if x.day <= limit]
    said += [("page", x.value) for x in shown[:1]]
    if not shown:
        for place in near:
            if place.relative:
                say("page", place.relative)
    if "published" in table.values:
        say(f"table {table.labels['published']}", table.values["published"])
    far = None if shown else labelled_place(lines, table, title)
    if far is not None:
        said += [("page", x.value) for x in far.dates[:1] if x.day <= limit]
    if meta.published:
        say("meta PubDate", meta.published)
    if listed is not None:
        said.append(("row", listed))
    weak = [x for place in near if place.told == Told.WEAK for x in place.dates if x.day <= limit]
    if not said:
        said += [("page", x.value) for x in weak[:1]]
    in_address = address_date(url, now)
    partial = next((x.partial for x in near if x.partial), None)
    if partial is not None and not shown:
        others = [day_of(v) for _, v in said] + ([in_address] if in_address else [])
        value = _whole(partial, others, now)
        if value is not None:
            said.insert(0, ("page", value))
    if not said:
        for text in _scripted(root):
            say("script", text)
    if in_address is not None:
        said.append(("address", in_address))
    if not said:
        return Published()
    where, value = said[0]
    if not isinstance(value, dt.datetime):
        # the same day with an hour elsewhere says more
        fuller = [v for w, v in said[1:] if isinstance(v, dt.datetime) and v.date() == value]
        if fuller and fuller[0].time() != dt.time(0):
            value = fuller[0]
    others_said = tuple(
        (w, day_of(v)) for w, v in said[1:] if w != "address" and day_of(v) != day_of(value)
    )
    return Published(value, where, others_said)


def _whole(
    partial: tuple[int, int, dt.time | None], others: list[dt.date], now: dt.datetime
) -> dt.date | dt.datetime | None:
    """A month and day with the year of another place that names the same day, else the latest."""
    month, day, time = partial
    same = next((x for x in others if (x.month, x.day) == (month, day)), None)
    try:
        found = same or day_of(parse_date(f"{month}-{day}", now))
    except DateError:
        return None
    if time is None or not same:
        return found
    return dt.datetime.combine(found, time, now.tzinfo)


def _scripted(root: HtmlElement) -> Iterator[str]:
    """The dates that scripts call the one of publication."""
    for script in islice(root.iter("script"), _SCRIPTS):
        match = _SCRIPTED.search((script.text or "")[:_SCRIPT])
        if match:
            yield match[1]
            return
