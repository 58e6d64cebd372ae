"""Who issued a notice: header table, heading of an order, signature, title, source line."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.reading.dates import find_dates
from crawler.reading.fact.agencies import is_agency, is_press, split_agencies
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.lines import Line
from crawler.reading.meta import Meta

_PREFIX = re.compile(
    r"^(.{2,160}?)(?:等[一二三四五六七八九十\d]+(?:个)?(?:部门|单位|部委))?\s*"
    r"(?:关于|印发|转发|发布|公布|批转|征求|公开征|令|公告|通告|决定)"
)
_AND_MORE = re.compile(r"等(?:[一二三四五六七八九十\d]{1,3}个?)?(?:部门|单位|部委)$")
_OFFICE = re.compile(
    r"^(.{2,60}?)\s*(?:令|公\s?告|通\s?告)"
    r"(?:\s*[（(〔\[]?(?:(?:19|20)\d\d)?[）)〕\]]?\s*年?\s*第?\s*[\d一二三四五六七八九十百]{1,5}\s*号[）)]?)?$"
)
_APPROVED = re.compile(
    r"^(?:本标准)?(?:已?由|经)?([一-鿿、]{3,60}?)(?:于)?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日)?(?:批准|发布)"
    r"[，。,]"
)
_SOURCE = re.compile(
    r"(?:来\s*源|(?:发布|发起|公开|提供|责任)(?:机构|单位|部门|者))\s*[:：]\s*[\[【]?([^\s|｜\[\]【】]{2,40})"
)
# the label of the next box, which no space holds apart
_NEXT = re.compile(
    r"(?:(?:发布|更新|发表|公布|发稿|录入|成文)?(?:时间|日期)|(?:浏览|点击|阅读|访问)(?:次数|量|数)?"
    r"|作者|(?:责任)?编辑|字[号体])\s*[:：]"
)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_BARS = re.compile(r"[\s|｜]+")
_ABOUT = re.compile(r"^(?:关于|印发|转发)")
_HEAD = 8
_INFO = 160  # characters of an info line
_PARTS = 5  # of it


@dataclass(frozen=True, slots=True)
class Issuers:
    names: list[str] = field(default_factory=list)
    evidence: str = ""


def read_issuers(
    table: HeaderTable,
    signed: list[str],
    title: str,
    body: list[Line],
    meta: Meta,
    info: str,
    selected: str = "",
) -> Issuers:
    """The issuers as printed, in order; none when no place names any."""
    stated = table.values.get("issuers", "")
    told = _names(stated) or ([stated] if 1 < len(stated) <= 40 else [])
    places: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("selector", lambda: _names(selected)),
        ("signature", lambda: signed if _leads(told, signed) else []),
        ("table", lambda: told),
        ("order", lambda: _of_order(body)),
        ("signature", lambda: signed),
        ("body", lambda: _of_head(body)),
        ("title", lambda: _of_title(title)),
        ("approval", lambda: _of_approval(body)),
        ("source", lambda: _of_source(info, table.values.get("source", ""), meta)),
    )
    for where, look in places:
        if names := look():
            return Issuers(list(dict.fromkeys(names)), where)
    return Issuers()


def _leads(told: list[str], signed: list[str]) -> bool:
    """Whether the table names only the first of several that sign: 某局, 某局等三部门."""
    if len(told) != 1 or len(signed) < 2:
        return False
    first = _AND_MORE.sub("", told[0])
    if first == signed[0] or first == told[0]:
        return first == signed[0]
    return all(x in signed for x in _names(first) or [first])


def _names(text: str) -> list[str]:
    return split_agencies(text) if text else []


def _of_order(body: list[Line]) -> list[str]:
    """中华人民共和国某部令, above its number."""
    for line in body[:2]:
        if match := _OFFICE.match(line.text):
            return _names(match[1])
    return []


def _of_approval(body: list[Line]) -> list[str]:
    """Who approved a standard, in the sentence of its own that says so."""
    for line in body:
        text = line.text
        may = len(text) < 80 and ("批准" in text or "发布" in text)
        match = _APPROVED.match(text) if may else None
        if match and (names := _names(match[1])):
            return names
    return []


def _of_head(body: list[Line]) -> list[str]:
    """The agencies that head a text, before 关于…; the lines may be broken anywhere."""
    joined = ""
    for line in body[:_HEAD]:
        if _ABOUT.match(line.text):
            return _names(joined) if joined else []
        if len(line.text) > 80 or line.row is not None:
            return []
        joined = f"{joined} {line.text}" if joined else line.text
        if not _could_be(line.text):
            return []
    return []


def _could_be(text: str) -> bool:
    return not re.search(r"[。：:；《》〔]", text)


def _of_title(title: str) -> list[str]:
    match = _PREFIX.match(title)
    return _names(match[1]) if match else []


def _of_source(info: str, stated: str, meta: Meta) -> list[str]:
    match = _SOURCE.search(info)
    labelled = _NEXT.split(match[1])[0] if match else ""
    for said in (labelled, stated, meta.source, meta.issuer):
        first = said.split()[:1]  # 来源：某局 浏览：12次
        if first and not is_press(said):
            names = _names(said) or _names(first[0])
            if names:
                return names
    return _beside_date(info)


def _beside_date(info: str) -> list[str]:
    """The agency that stands without a label before or behind the day an info line begins with."""
    parts = [x for x in _BARS.split(info[:_INFO])[:_PARTS] if x and not _CLOCK.fullmatch(x)]
    dates = [at for at, part in enumerate(parts[:2]) if _is_day(part)]
    for at in dates:
        for beside in (parts[at + 1 : at + 2], parts[at - 1 : at] if at else []):
            if beside and is_agency(beside[0]) and not is_press(beside[0]):
                return beside
    return []


def _is_day(part: str) -> bool:
    dates = find_dates(part)
    return len(dates) == 1 and dates[0].start == 0 and dates[0].end >= len(part) - 1
