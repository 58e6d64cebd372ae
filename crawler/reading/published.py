"""When a page was published, and the info line (发布时间, 来源) that stands by its title."""

import datetime as dt
import re
from dataclasses import dataclass

from crawler.reading.dates import (
    DateError,
    address_date,
    day_of,
    find_dates,
    parse_date,
)
from crawler.reading.header_table import HeaderTable
from crawler.reading.lines import Line, text_between
from crawler.reading.meta import Meta

_LABEL = re.compile(
    r"(?:发布|发稿|发表|公布|公开|上网|上传|录入|添加|信息)?\s*(?:日\s*期|时\s*间)\s*[:：]\s*"
    r"|发布于\s*[:：]?\s*"
)
_INFO = re.compile(
    r"来\s*源|字\s*体|字\s*号|浏览|阅读|点击|访问量|打\s*印|分\s*享|作\s*者|编\s*辑|发布|公布|收藏|供稿"
)
_NOT_INFO = re.compile(r"今天是|今日是|当前时间|欢迎|版权|备案|截止|截至|有效期|成文|施行")
_SOURCE = re.compile(r"^[\[【(（]?\s*(?:文章|信息|稿件|内容|新闻|消息)?来\s*源\s*[:：]")
_LONGEST = 160
_EARLY = 60  # among how many first lines it is sought when no title is known
_ABOVE, _BELOW = 6, 9  # how far from the title the info line may stand


@dataclass(frozen=True, slots=True)
class Published:
    value: dt.date | dt.datetime | None = None
    evidence: str = ""
    others: tuple[tuple[str, dt.date], ...] = ()  # (where, day) of places that say another day


def info_line(lines: list[Line], table: HeaderTable, title: int | None) -> int | None:
    """The line near the title that carries date and source; None when the page has none.
    `title`: the line on which the title ends, as far as known."""
    labelled: int | None = None
    for line in lines:
        if line.furniture or line.index in table.lines or not _may_inform(line):
            continue
        dates = find_dates(line.text)
        label = _LABEL.search(line.text)
        if dates and label and label.end() >= dates[0].start - 1:
            if title is None or title - _ABOVE <= line.index <= title + _BELOW:
                return line.index
            labelled = line.index if labelled is None else labelled
            continue
        if title is None:
            beside = line.index < _EARLY and _INFO.search(line.text) is not None
            beside = beside or (line.index < _BELOW and _near_info(lines, line.index))
        else:
            beside = title - _ABOVE <= line.index <= title + _BELOW
        if beside and not text_between(lines, title or 0, line.index):
            rest = line.text
            for date in reversed(dates):
                rest = rest[: date.start] + rest[date.end :]
            if (dates and (len(rest) < 8 or _INFO.search(rest))) or _SOURCE.match(line.text):
                return line.index
    return labelled


def _may_inform(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST or (line.linked and line.linked * 2 > len(text)):
        return False
    return not _NOT_INFO.search(text) and "。" not in text


def _near_info(lines: list[Line], index: int) -> bool:
    """Whether a line beside it carries source, font size or counter."""
    around = lines[max(0, index - 3) : index + 4]
    return any(len(x.text) < 60 and x.index != index and _INFO.search(x.text) for x in around)


def read_published(
    meta: Meta,
    table: HeaderTable,
    lines: list[Line],
    info: int | None,
    url: str,
    now: dt.datetime,
    selected: str = "",
    listed: dt.date | None = None,
) -> Published:
    """The day shown beside the title; else the table's 发布日期, the declared one, the list's, the
    address's. What a reader sees goes before what the page declares: a CMS often declares the
    moment it published anew. Places that name another day are told in `others`."""
    said: list[tuple[str, dt.date | dt.datetime]] = []

    def say(where: str, text: str) -> None:
        try:
            said.append((where, parse_date(text, now)))
        except DateError:
            dates = [x for x in find_dates(text) if x.day <= now.date() + dt.timedelta(days=7)]
            if dates:
                said.append((where, dates[0].value))

    if selected:
        say("selector", selected)
    if info is not None:
        # a line that only names the source has its date beside it
        beside = (info, info + 1, info - 1) if 0 < info < len(lines) - 1 else (info,)
        shown = [x for n in beside if (x := _shown(lines[n].text, now)) is not None]
        said += [("page", x) for x in shown[:1]]
    if "published" in table.values:
        say(f"table {table.labels['published']}", table.values["published"])
    if meta.published:
        say("meta PubDate", meta.published)
    if listed is not None:
        said.append(("row", listed))
    in_address = address_date(url, now)
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
    others = tuple(
        (w, day_of(v)) for w, v in said[1:] if w != "address" and day_of(v) != day_of(value)
    )
    return Published(value, where, others)


def _shown(text: str, now: dt.datetime) -> dt.date | dt.datetime | None:
    """The date of an info line: the labelled one, else its first."""
    dates = [x for x in find_dates(text) if x.day <= now.date() + dt.timedelta(days=7)]
    label = _LABEL.search(text)
    if label:
        after = [x for x in dates if x.start >= label.end() - 2]
        if after:
            return after[0].value
        try:
            return parse_date(text[label.end() :].split(" ")[0], now)
        except DateError:
            pass
    return dates[0].value if dates else None
