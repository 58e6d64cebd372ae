"""The info line (发布时间, 来源) that stands by a title, and what it tells of the day."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from crawler.reading.dates import Found, find_dates, short_dates, split_dates
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.lines import HEAD, Line
from crawler.reading.pieces import apart, pieces_of

_DAY_OR_HOUR = r"(?:日\s*期|时\s*间)"
_VERB = (
    r"(?:发\s*布|发\s*稿|发\s*表|公\s*布|公\s*开|上\s*网|上\s*传|上\s*线|录\s*入|添\s*加|加\s*入|创\s*建"
    r"|刊\s*登|刊\s*发|推\s*送|挂\s*网|入\s*库|提\s*交)"
)
_OWN = re.compile(rf"{_VERB}\s*{_DAY_OR_HOUR}|(?:发布|发表|刊发)于|发\s*布\s*(?=[:：]\s*\d{{4}})")
_UPDATED = re.compile(rf"(?:更\s*新|修\s*改|编\s*辑|答\s*复|回\s*复)\s*{_DAY_OR_HOUR}")
_BARE = re.compile(rf"(?:写信|来信|留言|提问|咨询)?{_DAY_OR_HOUR}\s*[:：]")
# what a date is called that is not the day of publication; a clock
_OTHER = re.compile(
    r"(?:成\s*文|施行|实施|生效|截止|截至|有效|失效|废止|印发|签发|发文|落款|生成|制发|报名|开标|征集|公示|开始|结束|起始|起止|开放|活动|会议|培训|考试|访谈|受理|办理|举办|报送|交易"
    r"|通过|批准|修订|修正|到期)[^\s:：]{0,4}\s*[:：]?\s*$"
    r"|(?:今天|今日|当前|现在|北京|系统)\s*(?:是|时间|日期)?\s*[:：]?\s*$"
)
_INFO = re.compile(
    r"来\s*源|稿\s*源|字\s*体|字\s*号|浏览|阅读|点击|访问量|打\s*印|分\s*享|作\s*者|编\s*辑|发布|公布|(?<!加入)收藏|供稿|撰稿"
    r"|(?i:updated?|source|posted|published)\s?:"
)
_NEVER = re.compile(r"欢迎|版权|备案|设为首页|今天是|今日是|copyright|all rights", re.I)
_SOURCE = re.compile(r"^[\[【(（]?\s*(?:文章|信息|稿件|内容|新闻|消息)?[来稿]\s*源\s*[:：]")
_WEEKDAY = re.compile(r"\s*(?:星期|周)[一二三四五六日天]")
_REMARK = re.compile(r"通过|修订|修正|批准|会议|施行|起$|公布$")  # （2019年9月11日某会议通过）
_WRITTEN_OUT = re.compile(r"^[（(]?[^\s:：]{4}年[^\s]{1,3}月[^\s]{1,3}日[)）]?$")
_FIGURE = re.compile(r"\d")
_SENTENCE = re.compile(r"[。，；：！？]")
_ENDS = re.compile(r"[。；：:，]$")
_MONTH_DAY = re.compile(
    r"(?<![\d.:/-])(?P<m>1[0-2]|0?[1-9])(?:[-/.]|月)(?P<d>3[01]|[12]\d|0?[1-9])日?(?![\d./:-])"
    r"(?:\s{1,3}(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d))?"
)
_MOST_LABELLED = 60  # lines with a day called so; a list has so many
_LONGEST = 160
_EARLY = 60  # among how many first lines it is sought when no title is known
_ABOVE, _BELOW = 6, 9  # how far from the title the info line may stand
_LABEL = 12  # characters of a label before a date
_HANDICAP = 1.5  # of what stands above the title: a list may end there
_BOX = 20  # characters of a box with a date and an hour
_BARS = "|｜/·"  # what holds the parts of an info line apart
_REST = 8  # characters beside a date that need no word to say what they are
_BESIDE = 40  # the same when the line begins or ends with the date


class Told(IntEnum):
    """How well a line says that its date is the one of publication."""

    SOURCE = 1  # names the source, without a date
    WEAK = 2  # 更新时间; a date written out as under a text
    PLAIN = 3  # a date among counters and sources
    LABELLED = 4  # 时间：
    PUBLISHED = 5  # 发布时间：


@dataclass(frozen=True, slots=True)
class Place:
    """A line that tells a date of the page. `partial`: month, day, hour and minute, when it tells
    no year."""

    index: int
    told: Told
    dates: tuple[Found, ...] = ()
    partial: tuple[int, int, dt.time | None] | None = None
    relative: str = ""  # 3天前


def info_line(
    lines: list[Line],
    table: HeaderTable,
    title: tuple[int | None, int | None],
    near: list[Place],
) -> int | None:
    """The line near the title that carries date and source, else one anywhere that is labelled
    发布时间; None when the page has none. `title`: the lines of the title, as far as known;
    `near`: its `near_places`."""
    dated = [x for x in near if x.told > Told.WEAK]
    far = None if dated else labelled_place(lines, table, title)
    chosen = next(iter(dated), None) or next((x for x in near if x.told), None) or far
    return chosen.index if chosen else None


def near_places(
    lines: list[Line], table: HeaderTable, title: tuple[int | None, int | None]
) -> list[Place]:
    """The lines beside the title that tell a date or the source, the best first: below the title
    before those above it, until a sentence comes."""
    if title[0] is None or title[1] is None:
        return _without_title(lines, table)
    places = [x for line in lines[title[0] : title[1]] if (x := _behind_title(line, lines))]
    places += _along(lines, islice(lines, title[1], HEAD), table, _BELOW)
    if any(x.told >= Told.LABELLED and x.dates for x in places):
        return sorted(places, key=lambda place: -place.told)
    above = lines[max(0, title[0] - _EARLY) : title[0]]
    found = _along(lines, reversed(above), table, _ABOVE, upward=True)
    upper = [x for x in found if x.told > Told.WEAK or not _signs(lines, x.index)]
    ranked: list[tuple[float, Place]] = [(-place.told, place) for place in places]
    ranked += [(_HANDICAP - place.told, place) for place in upper]
    return [place for _, place in sorted(ranked, key=lambda pair: pair[0])]


def _signs(lines: list[Line], index: int) -> bool:
    """Whether a date is the day of a text that stands above it: an order that makes known what
    the title names."""
    return any(len(x.text) > 12 and _ENDS.search(x.text) for x in lines[max(0, index - 4) : index])


def _behind_title(line: Line, lines: list[Line]) -> Place | None:
    """What the boxes behind the title tell in its own line."""
    pieces = pieces_of(line)
    tail = " ".join(pieces[1:])
    place = _place(line, lines, tail) if tail and find_dates(tail) else None
    if place is None or not place.dates:
        return None
    alone = len(tail) <= _BOX and pieces[-1][:2].isdigit()
    return place if place.told > Told.PLAIN or alone or _INFO.search(tail) else None


def _along(
    lines: list[Line], way: Iterable[Line], table: HeaderTable, most: int, upward: bool = False
) -> Iterator[Place]:
    """What stands on the way from the title. Above it a date without a label belongs to it only
    when nothing stands between: there are clocks and lists."""
    adjoining = True
    for line in way:
        if line.index in table.lines:
            continue
        most -= 1
        if most < 0:
            return
        place = None if line.furniture else _place(line, lines)
        if place is not None:
            if not upward or place.told > Told.PLAIN or (adjoining and not line.linked):
                yield place
        elif len(line.text) > 12 and _ENDS.search(line.text):
            return
        adjoining = adjoining and place is not None


def _without_title(lines: list[Line], table: HeaderTable) -> list[Place]:
    found = []
    for line in lines[:_EARLY]:
        row = line.linked * 3 > len(line.text) and not _INFO.search(line.text)
        if row or line.furniture or line.index in table.lines:
            continue
        place = _place(line, lines)
        if place is not None and (place.told > Told.PLAIN or _in_company(lines, line.index)):
            found.append(place)
        elif len(line.text) > 40 and _ENDS.search(line.text) and found:
            break
    return sorted(found, key=lambda place: -place.told)


def _in_company(lines: list[Line], index: int) -> bool:
    """Whether a line carries source, font size or counter, stands at the top beside one, or
    between a line that may be a title and a text."""
    if _INFO.search(lines[index].text):
        return True
    if 0 < index < len(lines) - 1:
        above, following = lines[index - 1], lines[index + 1 : index + 3]
        title = len(above.text) > _REST and not above.linked and not _SENTENCE.search(above.text)
        if title and any(len(x.text) > 12 and _ENDS.search(x.text) for x in following):
            return True
    around = lines[max(0, index - 3) : index + 4]
    return index < _BELOW and any(len(x.text) < 60 and _INFO.search(x.text) for x in around)


def labelled_place(
    lines: list[Line], table: HeaderTable, title: tuple[int | None, int | None]
) -> Place | None:
    """A line labelled 发布时间 away from the title: below the text, else above it."""
    above: list[Place] = []
    below: list[Place] = []
    for line in lines[:HEAD]:
        if line.furniture or line.index in table.lines or len(line.text) > _LONGEST:
            continue
        text = line.text
        # every label ends so, and most lines need not be searched for one
        if not ("间" in text or "期" in text or "布" in text or "于" in text):
            continue
        if not _OWN.search(text) and not _BARE.search(text):
            continue
        place = _place(line, lines)
        if place is None or place.told < Told.LABELLED:
            continue
        later = title[1] is None or line.index >= title[1]
        (below if later else above).append(place)
        if len(below) + len(above) > _MOST_LABELLED:
            break
    for places in (below, above):  # several are those of a list
        if len({x.day for place in places for x in place.dates}) == 1:
            return places[0]
    return None


def _place(line: Line, lines: list[Line], boxes: str = "") -> Place | None:
    """What a line, or only some boxes of it, tells of the page's date; None when it is no info
    line."""
    text = boxes or line.text
    if len(text) > _LONGEST or "。" in text or (line.linked and line.linked * 2 > len(text)):
        return None
    if _NEVER.search(text):
        return None
    dates = find_dates(text)
    if not dates and _FIGURE.search(text):
        text = boxes or apart(line)
        dates = find_dates(text)
        if not dates and len(text) <= _BESIDE and (day := next(split_dates(text), None)):
            return Place(line.index, Told.PLAIN, (Found(day, 0, len(text)),))
    if dates:
        place = _dated(line.index, text, dates)
        plain = place is not None and place.told == Told.PLAIN
        return None if plain and line.heading and not boxes and len(text) > _BESIDE else place
    label = _OWN.search(text) or _BARE.search(text)
    if label is not None:
        for date in short_dates(text):
            told_by = _called(text[: date.start][-24:], bool(_INFO.search(text)))
            if told_by is not None and told_by >= Told.LABELLED:
                return Place(line.index, told_by, (date,))
        rest = text[label.end() :].strip("：:\xa0 ]】")
        if not rest and line.index + 1 < len(lines):  # the date has a block of its own
            following = lines[line.index + 1]
            dates = find_dates(following.text) if len(following.text) <= _REST * 4 else []
            if dates and dates[0].start <= 1:
                told = Told.PUBLISHED if _OWN.search(text) else Told.LABELLED
                return Place(line.index, told, tuple(dates[:1]))
        if rest and re.search(r"前|[天日]", rest):
            return Place(line.index, Told.LABELLED, relative=rest.split(" ")[0])
    if match := _MONTH_DAY.search(text):
        rest = text[: match.start()] + text[match.end() :]
        if _INFO.search(rest) or label is not None or len(rest.strip()) <= 2:
            hour, minute = match["hour"], match["minute"]
            time = dt.time(int(hour), int(minute)) if hour else None
            return Place(line.index, Told.PLAIN, (), (int(match["m"]), int(match["d"]), time))
    return Place(line.index, Told.SOURCE) if _SOURCE.match(line.text) else None


def _dated(index: int, text: str, dates: list[Found]) -> Place | None:
    told: list[tuple[Told, Found]] = []
    start = 0
    for date in dates:
        before, start = text[start : date.start], date.end
        said = _called(before[-24:], bool(_INFO.search(text)))
        if said is not None:
            told.append((said, date))
    best = max((x for x, _ in told), default=Told.PLAIN)
    if told and best != Told.PLAIN:
        return Place(index, best, tuple(x for said, x in told if said == best))
    rest = text
    for date in reversed(dates):
        rest = rest[: date.start] + rest[date.end :]
    if not told:
        return Place(index, Told.SOURCE) if _SOURCE.match(text) else None
    informs = bool(_INFO.search(rest))
    if not informs and (_WEEKDAY.match(text[dates[0].end :]) or _REMARK.search(rest)):
        return None
    bare = rest.strip(" \xa0[]【】()（）|｜")
    edge = dates[0].start <= 2 or dates[-1].end >= len(text) - 2
    edge = edge or _is_apart(text, dates)
    if not informs and len(bare) >= _REST and (len(bare) > _BESIDE or not edge):
        return None
    if not informs and bare and _SENTENCE.search(bare):
        return None
    kept = tuple(x for _, x in told)
    if not bare and _WRITTEN_OUT.match(text.replace(" ", "")):
        return Place(index, Told.WEAK, kept)
    return Place(index, Told.PLAIN, kept)


def _is_apart(text: str, dates: list[Found]) -> bool:
    """Whether bars, or spaces around figures, hold the date apart from what stands beside it."""
    before, own, after = (
        text[: dates[0].start],
        text[dates[0].start : dates[-1].end],
        text[dates[-1].end :],
    )
    if before.rstrip()[-1:] in _BARS and after.lstrip()[:1] in _BARS:
        return True
    return before.endswith(" ") and after.startswith(" ") and "年" not in own


def _called(before: str, informs: bool) -> Told | None:
    """How the words before a date call it; None when they name another day."""
    if _OTHER.search(before):
        return None
    label = before.rstrip(" \xa0:：[]【】()（）")
    if _ends_with(_UPDATED, label):
        return Told.WEAK
    if _ends_with(_OWN, label) or (label.endswith("发布") and label != before):
        return Told.PUBLISHED
    bare = _BARE.search(before[-_LABEL:])
    if bare is None or not _ends_with(_BARE, before.rstrip(" \xa0[]【】()（）")):
        return Told.PLAIN
    glued = re.match(r"[一-鿿]", before[-_LABEL:][bare.start() - 1 : bare.start()])
    return Told.LABELLED if informs or not glued else None  # 报名时间：


def _ends_with(label: re.Pattern[str], text: str) -> bool:
    end = text[-_LABEL:]
    return any(match.end() == len(end) for match in label.finditer(end))
