"""Days and ranges of days as sentences print them: their shapes, and what they are in figures."""

import datetime as dt
import re
from collections.abc import Iterator

from crawler.reading.dates import in_figures
from crawler.reading.fact import period_words as words

_FOLD = str.maketrans(
    "０１２３４５６７８９：∶︰．—–－−‐‑─━ー﹣～〜∼", "0123456789:::.----------~~~", "[]【】［］"
)
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]")
_CLOCK = (
    r"(?:\s*(?P<{p}half>上午|下午|晚上?|中午)?\s*(?P<{p}hour>[01]?\d|2[0-4])\s*(?::|时|点)"
    r"\s*(?P<{p}minute>[0-5]\d|半)?\s*(?:分|[时点]|:[0-5]\d)?整?)?"
)
_WEEKDAY = r"(?:\s*[（(](?:星期|周)[一二三四五六日天][）)])?"
_DAY = (
    r"(?:(?P<{p}y>(?:19|20)\d\d)\s*[年/.-]\s*)?(?P<{p}m>1[0-2]|0?[1-9])\s*[月/.-]\s*"
    r"(?P<{p}d>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?" + _WEEKDAY
)
_ONE = _DAY.format(p="a") + _CLOCK.format(p="a")
_TWO = (
    rf"(?:{_DAY.format(p='b')}|(?P<bday>3[01]|[12]\d|0?[1-9])\s*[日号]{_WEEKDAY})"
    + _CLOCK.format(p="b")
)
# two days with what joins them
RANGE = re.compile(
    rf"(?<![\d.])(?:从|自)?\s*{_ONE}\s*(?:起|开始)?\s*[，,]?\s*"
    rf"(?:[-~]?[至到]|-+|~+|―+|一{{1,2}}(?=\s?\d)|(?P<end>[^\d。]{{0,8}}(?:结束|截止|终止)(?:时间|日期)\s*[:为是]?))\s*{_TWO}"
)
# a day with its clock and the word that makes it a last one
UNTIL = re.compile(
    rf"(?<![\d.]){_ONE}\s*(?:（含[^（）]{{0,4}}）|\(含[^()]{{0,4}}\)"
    r"|（[^（）。]{1,24}）(?=[之以]?前|截|为?止)|\([^()。]{1,24}\)(?=[之以]?前|截|为?止))?"
    r"\s*(?:[上下]午)?(?:下班)?日?"
    r"(?:(?:准时|自动|正式|统一)(?=截|结|关|停))?"
    r"(?P<tail>之前|以前|前(?!后|[期后]|海)|截止|截稿|为止|止|结束|关闭|停止|内)?"
)
MORE = re.compile(  # the hour that is told behind a range: （截止17时）
    r"^[^。；\d]{0,6}(?:截止|截至)[^\d]{0,6}"
    r"(?:(?P<chalf>上午|下午|晚上?)?\s*(?P<chour>[01]?\d|2[0-4])\s*[:时点]\s*(?P<cminute>[0-5]\d)?)"
)
OPENED = re.compile(  # 9月6日起受理
    rf"(?<![\d.]){_ONE}\s*(?:起|开始|起开始)?"
    r"(?:(?:正式|统一|集中|网上|线上)?(?:受理|接收|接受|开放|开通|填报|申报|报名|征集|启动))"
)
_REMARK = re.compile(
    r"(?<=时间|期限|日期|截止|截至)\s{0,2}[（(][^（()）\d]{0,30}[)）](?=\s{0,2}[:为是]?\s{0,2}\d)"
)
# how every day begins
FIGURE = re.compile(
    r"\d(?<![\d.]\d)(?:(?:(?<=1)9|(?<=2)0)\d\d\s*[年/.-]"
    r"|(?:(?<=1)[0-2]|(?<=0)[1-9]|(?<=[1-9]))\s*[月/.-])"
)
# 本月25日, 明年1月10日: told from the day of writing
_TOLD_MONTH = re.compile(r"[本这下]个?月\s?(?=(?:3[01]|[12]\d|0?[1-9])\s?[日号])")
_TOLD_YEAR = re.compile(r"[今本明去]年\s?(?=(?:1[0-2]|0?[1-9])\s?月)")
_YEARS_ON = {"今": 0, "本": 0, "明": 1, "去": -1}
_BACK, _FORTH = dt.timedelta(days=60), dt.timedelta(days=400)


def folded(text: str, day: dt.date | None) -> str:
    """A text with its days in the one form that the shapes here know; `day` is when it was written,
    from which 本月 and 明年 are told."""
    # most have little to fold, which `translate` does not know
    plain = _FOLDED.sub(_fold_one, in_figures(text))
    if day is not None:
        plain = _with_figures(plain, day)
    return _REMARK.sub("", plain) if "（" in plain or "(" in plain else plain


def _with_figures(text: str, day: dt.date) -> str:
    """The months and years that are told from the day of writing, in figures; not those of a
    rule for every month."""
    if "年" in text:
        text = _TOLD_YEAR.sub(lambda x: f"{day.year + _YEARS_ON[x[0][0]]}年", text)
    if "月" in text and _TOLD_MONTH.search(text) and not words.EVERY_MONTH.search(text):
        following = (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        months = {"下": following}
        text = _TOLD_MONTH.sub(
            lambda x: "{0.year}年{0.month}月".format(months.get(x[0][0], day)), text
        )
    return text


def _fold_one(match: re.Match[str]) -> str:
    return match[0].translate(_FOLD)


def ranges(sentence: str) -> Iterator[re.Match[str]]:
    """What `RANGE` finds, tried only where a figure stands."""
    at = 0
    while figure := FIGURE.search(sentence, at):
        found = RANGE.match(sentence, _from(sentence, at, figure.start()))
        if found is not None:
            yield found
        at = found.end() if found is not None else figure.end()


def _from(sentence: str, start: int, figure: int) -> int:
    """Where a range begins whose first figure stands at `figure`: with the 从 before it, or the
    space, but not before `start`."""
    at = figure
    while at > start and sentence[at - 1].isspace():
        at -= 1
    begins = at - 1 if at > start and sentence[at - 1] in "从自" else at
    for place in (begins, at):
        if place == 0 or not (sentence[place - 1] == "." or sentence[place - 1].isdecimal()):
            return place
    return min(at + 1, figure)


def last_days(sentence: str) -> Iterator[re.Match[str]]:
    """What `UNTIL` finds, tried only where a figure stands."""
    at = 0
    while figure := FIGURE.search(sentence, at):
        found = UNTIL.match(sentence, figure.start())
        if found is not None:
            yield found
        at = found.end() if found is not None else figure.end()


def days_in(match: re.Match[str], day: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day of a range; None for both when it is none. `day`: as `day_in`."""
    opens = day_in(match, "a", day)
    if opens is None:
        return None, None
    try:
        if match["bday"]:
            closes = opens.replace(day=int(match["bday"]))
        else:
            year = int(match["by"]) if match["by"] else opens.year
            closes = dt.date(year, int(match["bm"]), int(match["bd"]))
            if closes < opens and not match["by"]:
                closes = closes.replace(year=year + 1)
    except ValueError:
        return None, None
    if not opens <= closes <= opens + _FORTH:
        return None, None
    return opens, closes


def day_in(match: re.Match[str], prefix: str, day: dt.date | None) -> dt.date | None:
    """The day in the groups that begin with `prefix`; None for an impossible one, or one far from
    `day`, by which the year is told where none is printed."""
    year, month, number = match[f"{prefix}y"], match[f"{prefix}m"], match[f"{prefix}d"]
    try:
        if year:
            stated = dt.date(int(year), int(month), int(number))
        elif day is None or "月" not in match[0]:
            return None
        else:
            stated = dt.date(day.year, int(month), int(number))
            if stated < day - _BACK:
                stated = stated.replace(year=day.year + 1)
    except ValueError:
        return None
    if day is not None and not day - _BACK <= stated <= day + _FORTH:
        return None
    return stated


def time_in(match: re.Match[str], prefix: str) -> dt.time | None:
    """The hour in the groups that begin with `prefix`."""
    groups = match.groupdict()
    hour = groups.get(f"{prefix}hour")
    if not hour:
        return None
    figure = int(hour)
    if groups.get(f"{prefix}half") in ("下午", "晚", "晚上") and figure < 12:
        figure += 12
    if figure == 24:
        return dt.time(23, 59)  # the end of that day, not the start of the next
    minute = groups.get(f"{prefix}minute") or "0"
    return dt.time(figure, 30 if minute == "半" else int(minute))
