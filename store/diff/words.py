"""What in a line is one word to a reader and must not be cut: a date, a sum, a telephone number."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What such a word is."""

    DATE = "date"
    TERM = "term"  # how long: 5个工作日
    SUM = "sum"
    COUNT = "count"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"  # 文号
    NAME = "name"  # of something that digits belong to: an address of the web, a standard


@dataclass(frozen=True, slots=True)
class Word:
    """One of them and where it stands in its line."""

    kind: Kind
    start: int
    end: int
    text: str


_DIGIT = "〇零○一二三四五六七八九"
_YEAR = rf"(?:\d{{4}}|[{_DIGIT}]{{4}})"
_SMALL = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"  # a month or a day
_FIGURE = r"\d{1,30}(?:[,，]\d{3}(?!\d)){0,8}(?:\.\d{1,9})?"
_CHINESE = r"[一二三四五六七八九十百千万亿两零]{1,12}"
_AMOUNT = rf"(?:{_FIGURE}(?:\s?[-—~～至]\s?{_FIGURE})?|{_CHINESE})"
_TIME = (
    r"(?:\s?[（(]?(?:星期|周)[一二三四五六日天][）)]?)?\s?(?:上午|下午|晚上?|中午|凌晨)?\s?"
    r"(?:\d{1,2}\s?[:：]\s?\d{2}(?:[:：]\d{2})?|\d{1,2}[时点](?!间)(?:\d{1,2}分|半|整)?)"
)
_UNIT = (
    r"(?:[%％‰]|个百分点|平方(?:公里|千米|米)|立方米|千瓦时?|兆瓦|公里|千米|公顷"
    r"|[万亿]?(?:家|个|项|人|名|户|件|份|批|次|台|套|吨|亩|页|篇|种|类|条|款|位|所|座|辆|倍|岁"
    r"|级|期|届|轮|组|只|米|分(?!机))|[万亿])"
)
_WORD = re.compile(
    rf"""
    (?P<name>(?:https?://|www\.)[A-Za-z0-9_./?=&%\#:~+-]{{1,500}}
      |[A-Za-z][A-Za-z/.-]{{0,20}}\s?\d[A-Za-z0-9_./-]{{0,40}}(?<![./-]))
    |(?P<email>[A-Za-z0-9][A-Za-z0-9._+-]{{0,63}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,5}})
    |(?P<number>(?:(?![据照按见和与及的由在对依为])[\u4e00-\u9fff]){{1,15}}
      [〔\[［（(【]\s?\d{{4}}\s?[〕\]］）)】]\s?(?:第\s?)?\d{{1,5}}\s?号)
    |(?P<date>(?:{_YEAR}\s?年\s?)?{_SMALL}\s?月\s?(?:{_SMALL}\s?[日号]|[底末初]|[上中下]旬)(?:{_TIME})?
      |{_YEAR}\s?年(?:\s?{_SMALL}\s?月份?|度|[底末初])?
      |(?<!\d)\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}(?![\d.-])(?:{_TIME})?
      |\d{{1,2}}\s?月份?(?!\d)|\d{{1,2}}\s?日(?!内|均|常)(?:{_TIME})?
      |\d{{1,2}}\s?[:：]\s?\d{{2}}(?![\d:：])|\d{{1,2}}[时点](?!间)(?:\d{{1,2}}分|半|整)?)
    |(?P<sum>(?:人民币\s?|[¥￥]\s?)?{_AMOUNT}\s?(?:[十百千]?[万亿]|[百千])?[余多]?(?:美|欧|日|港)?元
      |[¥￥]\s?{_FIGURE})
    |(?P<term>{_AMOUNT}\s?(?:个?(?:工作日|自然日|交易日)|日内|天|周(?!年|边)|个月|年(?!度|代|版)|小时|分钟))
    |(?P<count>第?\s?{_AMOUNT}\s?{_UNIT})
    |(?P<phone>(?:[（(]?0\d{{2,3}}[）)]?\s?[-—－–]?\s?[2-9]\d{{6,7}}|1[3-9]\d{{9}}
      |[48]00\s?[-—－–]?\s?\d{{3,4}}\s?[-—－–]?\s?\d{{3,4}}|[2-9]\d{{6,7}})
      (?:\s?(?:转|[-—－–])\s?\d{{1,5}})?(?!\d))
    |(?P<bare>{_FIGURE})
    """,
    re.X,
)
_CALLS = re.compile(r"电\s?话|传\s?真|手\s?机|联系|咨询|热线|\btel\b|\bfax\b", re.I)
_LEADS = re.compile(
    r"\s*[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)、.．](?!\d)"
)  # 1. （二）
_PART_OF = re.compile(r"(?:附件|附表|图|表|第)\s?$")  # 附件1 is a name, no count
_DAY = re.compile(
    rf"(?:(?P<y>{_YEAR})\s?年\s?)?(?P<m>{_SMALL})\s?月\s?(?P<d>{_SMALL})\s?[日号]"
    r"|(?P<y2>\d{4})[-./](?P<m2>\d{1,2})[-./](?P<d2>\d{1,2})"
)


def words_of(line: str) -> list[Word]:
    """The words of a line that are kept whole, in order. The number that only counts its
    paragraphs (`1.`, `（二）`) is none."""
    found: list[Word] = []
    led = _LEADS.match(line)
    calls = None
    for match in _WORD.finditer(line, led.end() if led else 0):
        kind, (start, end) = match.lastgroup or "", match.span()
        if kind == "phone" and match[0][0] in "23456789" and "-" not in match[0]:
            calls = _CALLS.search(line) is not None if calls is None else calls
            kind = "phone" if calls or match[0][:3] in ("400", "800") else "bare"
        if kind == "bare":
            named = _PART_OF.search(line[max(0, start - 4) : start]) is not None
            kind = Kind.NAME if named else Kind.COUNT
        found.append(Word(Kind(kind), start, end, match[0]))
    return found


def masked(line: str) -> str:
    """The line with each such word as one sign for its kind: two lines that differ only in them
    come out the same."""
    out, at = [], 0
    for word in words_of(line):
        out += [line[at : word.start], chr(0xE000 + list(Kind).index(word.kind))]
        at = word.end
    return "".join([*out, line[at:]])


def days_of(text: str) -> Iterator[tuple[int | None, int, int]]:
    """(year or None, month, day) of each whole date in the text."""
    for match in _DAY.finditer(text):
        if match["m2"]:
            yield int(match["y2"]), int(match["m2"]), int(match["d2"])
            continue
        year = _figure(match["y"]) if match["y"] else None
        yield year, _figure(match["m"]), _figure(match["d"])


def is_day(text: str, day: dt.date) -> bool:
    """Whether a date in the text is that day, as far as it says: a year may be left out."""
    return any(
        (month, number) == (day.month, day.day) and year in (None, day.year)
        for year, month, number in days_of(text)
    )


def _figure(text: str) -> int:
    """19, 二〇一九, 十九, 廿三 -> the figure."""
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(str(max(0, _DIGIT.index(char) - 2)) for char in text))
    tens, _, ones = text.partition("十")
    return 10 * (_DIGIT.index(tens) - 2 if len(tens) == 1 else 1) + (
        _DIGIT.index(ones) - 2 if len(ones) == 1 else 0
    )
