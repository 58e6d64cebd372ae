"""Dates as Chinese pages print them. One function for one date, one for all dates in a text.

Nothing is guessed: a text that is no date, an impossible one, one before 1949 or more than a week
ahead raises DateError; a month without a day is no date.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.clock import BEIJING

EARLIEST = dt.date(1949, 1, 1)
AHEAD = dt.timedelta(days=7)  # a page may be dated for the coming days, not for next month

_LONGEST = 300  # characters of one date with its label and white space

# One character for one, so that positions stay true.
_FOLD = str.maketrans(
    "０１２３４５６７８９：．／－–—−‐～〜（）［］【】〔〕\u3000\xa0",
    "0123456789:./-----~~()[][][]  ",
)
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLD))}]")
_ZERO = "〇○◯零ＯOoОоΟο0"
_DIGITS = dict.fromkeys(_ZERO, 0) | {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_DIGITS |= {"元": 1, "两": 2, "壹": 1, "贰": 2, "叁": 3}

_YEAR_ZH = rf"[一二][{_ZERO}一二三四五六七八九]{{3}}"
_DAY_ZH = rf"[{_ZERO}一二三四五六七八九十廿卅元]{{1,3}}"
_MONTH_ZH = re.compile(r"[一二三四五六七八九十元]\s?月")
_PART_ZH = re.compile(
    rf"(?P<year>{_YEAR_ZH})(?=\s?年)"
    r"|(?<![一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九元])(?=\s?月)"
    rf"|(?:(?<=月)|(?<=月\s)|(?<=[至到—－~-]))(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|[廿卅][一二三四五六七八九]?)(?=\s?日)"
)
_TIME = (
    r"(?:\s{0,3}[T,]?\s{0,3}(?:星期[一二三四五六日天]|周[一二三四五六日天])?\s{0,3}"
    r"(?P<half>上午|下午|晚上?|中午)?\s{0,3}"
    r"(?P<hour>[01]?\d|2[0-4])\s{0,3}(?::|时|点)\s{0,3}"
    r"(?:(?P<minute>[0-5]?\d)(?:\s{0,3}(?::|分)\s{0,3}(?P<second>[0-5]\d)?)?)?(?:\.\d+)?(?![\d:])"
    r"(?:(?P<utc>Z|[+-]00:?00)|\+0?8:?00)?)?"
)
_FULL = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<y>(?:19|20)\d\d)\s?(?:(?P<sep>[-/.])\s?(?P<m>1[0-2]|0?[1-9])\s?(?P=sep)\s?"
    r"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d|[-/]\d)"
    r"|年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?日)"
    rf"|(?P<yz>{_YEAR_ZH})\s?年\s?(?P<mz>{_DAY_ZH})\s?月\s?(?P<dz>{_DAY_ZH})\s?日"
    rf"){_TIME}"
)
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
# June 16, 2022; 16 Jun. 2022; Thu Jun 16 09:30:00 CST 2022
_ENGLISH = re.compile(
    r"(?<![A-Za-z\d])(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?\s)?"
    rf"(?P<m>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s"
    r"(?(d)|(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s)(?:\d\d:\d\d:\d\d\s[A-Z]{3,4}\s)?"
    r"(?P<y>(?:19|20)\d\d)(?!\d)",
    re.I,
)
# what every date with a year has
_MAY_BE = re.compile("(?:[1１][9９]|[2２][0０])[0-9０-９]{2}|年[^月]{1,6}月")
_LABEL = re.compile(r"^[一-鿿]{2,8}\s?:\s*")
_WRAP = re.compile(r"^[\[(<\s]+|[\])>\s]+$")
_MONTH_DAY = re.compile(rf"(?P<m>\d{{1,2}})\s?[-/.月]\s?(?P<d>\d{{1,2}})日?{_TIME}$")
# 09-11 + 2019, 29 + 2023-05: a date in two boxes
_Y_APART = r"(?P<y>20\d\d)"
_SPLIT = (
    re.compile(rf"(?<!\d)(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?\s+{_Y_APART}年?(?!\d)"),
    re.compile(rf"(?<!\d){_Y_APART}年?\s+(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})日?\s+{_Y_APART}\s?[-./年]\s?(?P<m>\d{{1,2}})月?(?![\d-])"
    ),
    re.compile(rf"(?<!\d){_Y_APART}\s?[-./年]\s?(?P<m>\d{{1,2}})月?\s+(?P<d>\d{{1,2}})日?(?!\d)"),
)
_SHORT = re.compile(
    r"(?<![\d.])(?P<y>\d\d)(?P<sep>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=sep)(?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?![\d./-])"
)
_CENTURY = 70  # two figures below it are of this one
_COMPACT = re.compile(r"t?((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:_.*)?$")
_EPOCH = re.compile(r"(\d{10})(\d{3})?$")
_AGO = re.compile(r"(\d{1,3}|半)\s?(秒钟?|分钟?|个?小时|天|日|周|个?星期)\s?(?:以?前)$")
_DAY_WORD = re.compile(rf"(?P<word>今[天日]|昨[天日]|前[天日]){_TIME}$")
_UNITS = {"秒": "seconds", "分": "minutes", "小": "hours", "天": "days", "日": "days"}

# What of an address names the day; the separators must hold it apart from other figures.
_ADDRESS = re.compile(
    r"[/_-]t?(?:(20\d\d|19\d\d)(\d\d)(\d\d)(?=[-_/.]|$)"
    r"|(20\d\d|19\d\d)[-/](1[0-2]|0?[1-9])[-/](3[01]|[12]\d|0?[1-9])(?:/|(?<=-\d\d)[-_.])"
    r"|(20\d\d)/(\d\d)(\d\d)/|(20\d\d)(\d\d)/(\d\d)/)"
    r"|/[PW]0(20\d\d)(\d\d)(\d\d)\d{6,}\."  # a file of TRS
)


class DateError(ValueError):
    """A text that is no date, or not one a page can carry."""


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: a `datetime` (Asia/Shanghai) when an hour is printed, else a `date`."""

    value: dt.date | dt.datetime
    start: int
    end: int

    @property
    def day(self) -> dt.date:
        return day_of(self.value)


def day_of(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def moment_of(value: dt.date | dt.datetime) -> dt.datetime:
    """The aware moment; midnight in Beijing when no hour is known."""
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime(value.year, value.month, value.day, tzinfo=BEIJING)


def parse_date(text: str, now: dt.datetime) -> dt.date | dt.datetime:
    """The one date that `text` is, after a label ("发布时间：") and brackets.

    Relative words and a month and day without a year count from `now` and are never ahead of it.
    Raises DateError on anything else."""
    if len(text) > _LONGEST:
        raise DateError(f"no date: {text[:40]!r}…")
    plain = text.translate(_FOLD).strip()
    plain = _WRAP.sub("", _LABEL.sub("", _WRAP.sub("", plain)))
    if len(plain) > 60:
        raise DateError(f"no date: {text[:40]!r}…")
    value = _absolute(plain) or _relative(plain, _aware(now))
    if value is None:
        raise DateError(f"no date: {text!r}")
    return _plausible(value, _aware(now), text)


def find_dates(text: str) -> list[Found]:
    """All dates with a year in `text`, in order. Impossible ones are left out; those ahead of
    today are not, since a text may speak of the future."""
    found: list[Found] = []
    if not _MAY_BE.search(text):
        return found
    for match in _FULL.finditer(_folded(text)):
        value = _from_match(match)
        if value is not None and day_of(value) >= EARLIEST:
            found.append(Found(value, match.start(), match.end()))
    return found or _find_english(text)


def _folded(text: str) -> str:
    """`text` with `_FOLD`, place for place; most have little to fold, which `translate` does not
    know."""
    return _FOLDED.sub(lambda match: chr(_FOLD[ord(match[0])]), text)


def _find_english(text: str) -> list[Found]:
    found: list[Found] = []
    if not text.isascii():
        return found
    for match in _ENGLISH.finditer(text):
        try:
            month, day = _MONTHS[match["m"].lower()], int(match["d"] or match["d2"])
            found.append(Found(dt.date(int(match["y"]), month, day), match.start(), match.end()))
        except ValueError:
            continue
    return found


def split_dates(text: str) -> Iterator[dt.date]:
    """The dates that stand in two pieces with a space between: `09-11 2019`, `29 2023-05`."""
    if "20" not in text or len(text.split(None, 1)) < 2:
        return
    for shape in _SPLIT:
        if match := shape.search(text):
            try:
                yield dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue


def short_dates(text: str) -> list[Found]:
    """The dates whose year is printed with two figures (`15-08-20`); only for places that call
    what stands there a date, since numbers of rooms and versions look alike."""
    found = []
    for match in _SHORT.finditer(_folded(text)):
        year = int(match["y"])
        try:
            day = dt.date(
                year + (2000 if year < _CENTURY else 1900), int(match["m"]), int(match["d"])
            )
        except ValueError:
            continue
        found.append(Found(day, match.start(), match.end()))
    return found


def address_date(url: str, now: dt.datetime) -> dt.date | None:
    """The day an address names (`t20190911_1.html`, `/art/2019/9/9/`, `/2019-11/26/`,
    `P020190906534120187365.pdf`) or None."""
    path = url.split("//", 1)[-1].partition("/")
    for match in _ADDRESS.finditer("/" + path[2].split("?", 1)[0]):
        y, m, d = (x for x in match.groups() if x)
        try:
            return day_of(_plausible(dt.date(int(y), int(m), int(d)), _aware(now), url))
        except ValueError:
            continue
    return None


def from_epoch(number: float, now: dt.datetime) -> dt.datetime:
    """The moment of Unix seconds or milliseconds. Raises DateError when it is no such figure."""
    seconds = number / 1000 if number > 1e11 else float(number)
    if not 1e8 < seconds < 1e10:
        raise DateError(f"no moment: {number}")
    moment = dt.datetime.fromtimestamp(seconds, BEIJING)
    _plausible(moment, _aware(now), str(number))
    return moment


def _aware(now: dt.datetime) -> dt.datetime:
    return now.astimezone(BEIJING) if now.tzinfo else now.replace(tzinfo=BEIJING)


def _plausible(value: dt.date | dt.datetime, now: dt.datetime, text: str) -> dt.date | dt.datetime:
    day = day_of(value)
    if not EARLIEST <= day <= now.date() + AHEAD:
        raise DateError(f"not a date a page can carry: {text!r}")
    return value


def _absolute(text: str) -> dt.date | dt.datetime | None:
    if match := _FULL.match(text):
        return _from_match(match) if match.end() == len(text) else None
    if match := _COMPACT.match(text):
        try:
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
            if match[4] is None:
                return day
            return dt.datetime.combine(
                day, dt.time(int(match[4]), int(match[5]), int(match[6] or 0)), BEIJING
            )
        except ValueError:
            return None
    if match := _EPOCH.match(text):
        return dt.datetime.fromtimestamp(int(match[1]), BEIJING)
    return None


def _from_match(match: re.Match[str]) -> dt.date | dt.datetime | None:
    try:
        if match["yz"]:
            year = int("".join(str(_DIGITS[c]) for c in match["yz"]))
            day = dt.date(year, _number(match["mz"]), _number(match["dz"]))
        else:
            day = dt.date(
                int(match["y"]), int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
            )
        return _with_time(day, match)
    except ValueError:
        return None


def _with_time(day: dt.date, match: re.Match[str]) -> dt.date | dt.datetime:
    if match["hour"] is None:
        return day
    hour = int(match["hour"])
    if match["half"] in ("下午", "晚", "晚上") and hour < 12:
        hour += 12
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    if hour == 24:
        if minute or second:
            raise ValueError("after midnight")
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), BEIJING)
    zone = dt.UTC if match["utc"] else BEIJING
    return dt.datetime.combine(day, dt.time(hour, minute, second), zone).astimezone(BEIJING)


def _number(text: str) -> int:
    """十一, 廿三, 三十, 二〇 -> a figure below 40; raises ValueError on anything else."""
    if text[0] in "廿卅":
        tens, rest = (20 if text[0] == "廿" else 30), text[1:].lstrip("十")
    elif "十" in text:
        head, _, rest = text.partition("十")
        if len(head) > 1:
            raise ValueError(text)
        tens = 10 * (_DIGITS.get(head, 0) if head else 1)
    elif len(text) <= 2:
        return int("".join(str(_DIGITS[c]) for c in text))
    else:
        raise ValueError(text)
    if len(rest) > 1 or rest in ("十", "廿", "卅"):
        raise ValueError(text)
    return tens + (_DIGITS[rest] if rest else 0)


def in_figures(text: str) -> str:
    """The text with the Chinese numerals of its dates as figures, for whoever matches dates in
    prose by shapes of their own.

    >>> in_figures("二〇二三年三月七日至十三日")
    '2023年3月7日至13日'
    """
    if not _MONTH_ZH.search(text):
        return text
    return _PART_ZH.sub(_figure, text)


def _figure(match: re.Match[str]) -> str:
    if match["year"]:
        return "".join(str(_DIGITS[c]) for c in match["year"])
    try:
        return str(_number(match[0]))
    except (KeyError, ValueError):
        return match[0]


def _relative(text: str, now: dt.datetime) -> dt.date | dt.datetime | None:
    if text in ("刚刚", "刚才"):
        return now
    if match := _AGO.match(text):
        amount = 0.5 if match[1] == "半" else float(match[1])
        unit = match[2].removeprefix("个")[0]
        if unit in "周星":
            return now.date() - dt.timedelta(days=7 * amount)
        delta = dt.timedelta(**{_UNITS[unit]: amount})
        return now.date() - delta if unit in "天日" else now - delta
    try:
        if match := _DAY_WORD.match(text):
            back = {"今": 0, "昨": 1, "前": 2}[match["word"][0]]
            return _with_time(now.date() - dt.timedelta(days=back), match)
        if match := _MONTH_DAY.match(text):
            return _with_time(_last(int(match["m"]), int(match["d"]), now.date()), match)
    except ValueError:
        return None
    return None


def _last(month: int, day: int, today: dt.date) -> dt.date:
    """The latest such day that is not ahead of today (29 February may be years back)."""
    for year in range(today.year, today.year - 5, -1):
        try:
            candidate = dt.date(year, month, day)
        except ValueError:
            continue
        if candidate <= today:
            return candidate
    raise ValueError("no such day")
