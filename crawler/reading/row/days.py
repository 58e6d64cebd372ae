"""The day of a row: which of the days that stand beside a title is the one it was published on.

A piece of text that is nothing but a day says more than a day in a sentence, one called 发布日期
more than one called nothing, and that more than the end of a period or a day called otherwise.
"""

import datetime as dt
import re
from dataclasses import dataclass

from crawler.reading.dates import DateError, day_of, find_dates, parse_date, split_dates

_AHEAD = dt.timedelta(days=7)  # a row may be dated for the coming days
_FIGURE = re.compile(r"\d|[今昨前刚半]")
_DAY_LIKE = re.compile(r"\d\s?[-./月年]\s?\d|\d{8}|[今昨前刚]")
_NAMED = re.compile(
    r"(?:发布|公开|公布|发表|上网|刊登|录入|添加)(?:的)?(?:时间|日期|于)?\s*[:：]?\s*[\[(（【]?\s*$"
)
# what is no day of publication, by the words before it
_OTHER = re.compile(
    r"(?:成文|生成|形成|印发|发文|签发|截止|截至|结束|到期|有效期?|失效|废止|实施|施行|生效|执行|开标"
    r"|开始|报名|征集|征求意见|公示|活动|调查|会议|举办|考试|答复|办结|受理|来信|提问|立案|处罚|决定|起始?|止)"
    r"(?:(?:时间|日期|期限|期间|期)(?:为|至|于)?\s*[:：]?|[至于]|\s*[:：])\s*[\[(（【]?\s*$"
    r"|[至到~～—–]\s*$"
)
_YEARLESS = re.compile(
    r"(?<![\d.:/年-])(?P<m>1[0-2]|0?[1-9])\s?[-./月]\s?(?P<d>3[01]|[12]\d|0?[1-9])日?(?![\d.:/年-])"
)
# 20 over 11月, in two boxes
_APART = (
    re.compile(r"(?<![\d.:/-])(?P<d>3[01]|[12]\d|0?[1-9])日?\s+(?P<m>1[0-2]|0?[1-9])月(?!\s?\d)"),
    re.compile(
        r"(?<![\d.:/-])(?P<m>1[0-2]|0?[1-9])月\s+(?P<d>3[01]|[12]\d|0?[1-9])日?(?![\d.:/-])"
    ),
)
_SHORT_YEAR = re.compile(r"\D?(\d\d)[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12]\d|0?[1-9])(?!\d)")
_AMERICAN = re.compile(r"\D?(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])/(20\d\d)(?!\d)")
_DAY_ALONE = re.compile(r"\D{0,3}(3[01]|[12]\d|0?[1-9])\s?日\D{0,3}")
_SENTENCE = re.compile(r"[。；，、]")
_SHORT = 40  # characters of a piece that tells of the row, not of the matter
_PIECE = 26  # characters of a piece that is a day and an hour
_BEFORE = 14  # characters before a day that may name it
_LONGEST = 2000  # characters looked at


@dataclass(slots=True, frozen=True)
class Day:
    """A day, and what of it was printed: the whole, the month and day, or the day of the month."""

    value: dt.date | None
    month_day: tuple[int, int] | None = None  # no year stood there: `value` is the latest such
    of_month: int | None = None  # nor a month: there is no value


class Days:
    """The days in the pieces of text beside a title; relative ones wait for a clock."""

    __slots__ = ("_alone", "_apart", "_pieces", "_ranked", "_split", "rest")

    def __init__(self, pieces: list[str], rest: str | None = None) -> None:
        self.rest = " ".join(pieces)[:_LONGEST] if rest is None else rest
        self._ranked: list[tuple[int, dt.date]] = []  # rank, day: in the order of the row
        self._split: list[dt.date] = []
        self._pieces: list[str] = []  # that may be a month and day, or a day by a word
        self._apart: list[tuple[int, int]] = []  # month, day: in two boxes
        self._alone: int | None = None  # the day of a month that stands elsewhere
        if not _FIGURE.search(self.rest):
            return
        bounds = _bounds(pieces) if rest is None else []
        place = 0
        for date in find_dates(self.rest):
            while place < len(bounds) - 1 and bounds[place][1] <= date.start:
                place += 1
            start, end = bounds[place] if bounds else (0, len(self.rest))
            before = self.rest[max(0, date.start - _BEFORE) : date.start]
            piece = self.rest[start:end]
            self._ranked.append((_rank(before, piece, date.end - date.start), date.day))
        self._split = list(split_dates(self.rest))
        short = [x for x in pieces if len(x) <= _PIECE]
        self._pieces = [x for x in short if _DAY_LIKE.search(x)]
        if not self._pieces and not self._ranked:
            found = (x.search(self.rest[:_SHORT]) or x.search(self.rest[-_SHORT:]) for x in _APART)
            self._apart = [(int(x["m"]), int(x["d"])) for x in found if x]
            days = (_DAY_ALONE.fullmatch(x) for x in short)
            self._alone = next((int(x[1]) for x in days if x), None)

    def day(self, now: dt.datetime) -> Day | None:
        """The day of publication; None when no day is printed."""
        if not (self._ranked or self._pieces or self._split or self._apart or self._alone):
            return None
        limit = now.date() + _AHEAD
        ranked = [x for x in self._ranked if x[1] <= limit]
        best = min(ranked, key=lambda x: x[0], default=None)
        if best is not None and best[0] <= 1:
            return Day(best[1])
        if day := next((x for x in self._split if x <= limit), None):
            return Day(day)
        if best is not None and best[0] == 2:
            return Day(best[1])
        return self._yearless(now) or (Day(best[1]) if best is not None else None)

    def _yearless(self, now: dt.datetime) -> Day | None:
        for piece in self._pieces:
            if (value := _day(piece, now)) is not None:
                match = None if _SHORT_YEAR.match(piece) else _YEARLESS.search(piece)
                return Day(value, (int(match["m"]), int(match["d"])) if match else None)
        for month, day in self._apart:
            if (value := _day(f"{month}-{day}", now)) is not None:
                return Day(value, (month, day))
        return Day(None, None, self._alone) if self._alone is not None else None


def _day(piece: str, now: dt.datetime) -> dt.date | None:
    """The day that a piece is: what `parse_date` reads, 26-11-20, 11/20/2026."""
    if match := _SHORT_YEAR.match(piece):
        piece = f"20{match[1]}-{match[2]}-{match[3]}"
    elif match := _AMERICAN.match(piece):
        piece = f"{match[3]}-{match[1]}-{match[2]}"
    try:
        return day_of(parse_date(piece, now))
    except DateError:
        return None


def _bounds(pieces: list[str]) -> list[tuple[int, int]]:
    """Where each piece stands in the text that they make."""
    found: list[tuple[int, int]] = []
    start = 0
    for piece in pieces:
        found.append((start, start + len(piece)))
        start += len(piece) + 1
    return found


def _rank(before: str, piece: str, size: int) -> int:
    """0 for a day called that of publication, 1 for a piece that is a day, 2 for a short piece with
    one, 3 for a day in a sentence, 4 for a day called otherwise."""
    if _NAMED.search(before):
        return 0
    if _OTHER.search(before):
        return 4
    if len(piece) <= size + 8:
        return 1
    return 2 if len(piece) <= _SHORT and not _SENTENCE.search(piece) else 3
