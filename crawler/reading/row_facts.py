"""One row of a list: its link, whole title and date, from the element that holds them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.notice import Row
from crawler.reading.addresses import absolute, identity
from crawler.reading.dates import DateError, address_date, day_of, find_dates, parse_date
from crawler.reading.lines import HEADINGS, SILENT, fold, text_of, tidy

_QUOTED = re.compile(r"""['"]([^'"\s]{4,400})['"]""")
_PATH = re.compile(
    r"^(?:https?:)?/|^\.{1,2}/|\.(?:s?html?|jhtml|jsp|do|pdf|docx?|xlsx?)(?:\?|$)", re.I
)
_CUT = re.compile(r"(?:\.{2,}|…+|⋯+)\s*$")
_LABEL = re.compile(r"^\s*(?:\[[^\[\]]{1,10}\]|［[^［］]{1,10}］)\s*(?=\S)")
_BULLET = re.compile(r"^[·•・▪■◆●►▶»>\-*\s]+(?=[^\s\d])|\s*(?:NEW|new|New)!?$")
_NO_TITLE = re.compile(
    r"^(?:更多|more|首页|上一?页|下一?页|末页|尾页|详细|详情|查看|下载|返回|跳转|\d+|[<>«»\[\]]+"
    r"|[\[［][^\[\]［］]{1,10}[\]］]|\[?(?:查看|阅读)?(?:全文|详情|详细|更多)\]?)[>》»+.…\s]*$",
    re.I,
)
_TOLD = re.compile(r"标\s*题\s*[:：]\s*(.+?)\s*(?:\n|(?:发布|更新)?(?:时间|日期)\s*[:：]|$)", re.S)
_PINNED = re.compile(r"置\s*顶")
_YEAR = r"(?P<y>20\d\d)"
_SPLIT = (
    re.compile(rf"(?<!\d)(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?\s+{_YEAR}年?(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}年?\s+(?P<m>\d{{1,2}})\s?[-./月]\s?(?P<d>\d{{1,2}})日?(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})日?\s+{_YEAR}\s?[-./年]\s?(?P<m>\d{{1,2}})月?(?![\d-])"),
    re.compile(rf"(?<!\d){_YEAR}\s?[-./年]\s?(?P<m>\d{{1,2}})月?\s+(?P<d>\d{{1,2}})日?(?!\d)"),
)
_BLOCK = frozenset(("p", "div", "dt", "dd", "li", "td", *HEADINGS))
_TITLE_CLASS = re.compile(r"tit|(?:^|[-_ ])bt(?:$|[-_ ])|name", re.I)
SHORTEST = 4  # characters of a title; shorter links are buttons and categories


@dataclass(slots=True)
class Facts:
    """A row and whether its date was printed, or only stands in the address."""

    row: Row
    printed: bool
    anchor: HtmlElement


def link_of(element: HtmlElement) -> str:
    """The address an element leads to: `href`, or the first quoted in `onclick`; "" for none."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:", "data:")):
        return href
    script = f"{element.get('onclick') or ''} {href if href.startswith('javascript') else ''}"
    if len(script) > 4:
        for match in _QUOTED.finditer(script):
            if _PATH.search(match[1]):
                return match[1]
    return ""


def label_of(anchor: HtmlElement) -> str:
    """The anchor's text without its dates, or its `title` where the text is missing or cut."""
    text = _own_text(anchor)
    told = anchor.get("title")
    title = tidy(told) if told else ""
    if told and (match := _TOLD.search(told)):
        title = tidy(match[1])
    if title and text:
        a, b = fold(_CUT.sub("", text)), fold(title)
        cut = _CUT.search(text) and b.startswith(a[: max(4, len(a) - 2)])
        longer = len(b) > len(a) and b.startswith(a) and not find_dates(title[len(text) :])
        if cut or longer or len(a) < SHORTEST < len(b):
            text = title
    text = text or title
    return _BULLET.sub("", _LABEL.sub("", text, count=1)).strip()


def is_title(text: str) -> bool:
    return len(fold(text)) >= SHORTEST and not _NO_TITLE.match(text)


def facts_of(
    anchor: HtmlElement,
    row: HtmlElement,
    base: str,
    now: dt.datetime,
    evidence: str,
    beside: str = "",
    column: int | None = None,
) -> Facts | None:
    """The row that `anchor` links inside the element `row`; None when there is no address or no
    title. `beside`: text that stands between this row and the next one. `column`: the cell of a
    table row whose head says 发布日期."""
    link = link_of(anchor)
    title = label_of(anchor)
    if not link or not is_title(title):
        return None
    url = absolute(base, link)
    address = identity(url)
    if not address:
        return None
    pieces = list(_pieces(row, anchor))
    rest = " ".join(pieces)
    date: dt.date | None = None
    if column is not None and len(row) > column:
        cell = text_of(row[column])
        date = _printed(cell, [cell], now)
    date = date or _printed(rest, pieces, now)
    if date is None and beside:
        date = _printed(beside, beside.split(), now)
    printed = date is not None
    if date is None:
        date = address_date(url, now)
    pinned = bool(_PINNED.search(rest) or _PINNED.match(title))
    title = re.sub(r"^[\[【(（]?\s*置顶\s*[\]】)）]?\s*", "", title) or title
    return Facts(Row(url, address, title, date, pinned, evidence=evidence), printed, anchor)


def main_anchor(element: HtmlElement) -> HtmlElement | None:
    """The anchor of an element that is a row: itself, else the first with a title; a nested list
    is not looked into before all else failed."""
    if link_of(element):
        return element
    nested: HtmlElement | None = None
    best: HtmlElement | None = None
    for anchor in element.iter("a"):
        if not link_of(anchor) or not is_title(label_of(anchor)):
            continue
        inner = next((x for x in anchor.iterancestors() if x is element or x.tag == "li"), element)
        if inner is not element:
            nested = nested if nested is not None else anchor
            continue
        if best is None:
            best = anchor
    if best is None and nested is None:
        for child in element.iter():
            if isinstance(child.tag, str) and child.get("onclick") and link_of(child):
                return child
    return best if best is not None else nested


def _own_text(anchor: HtmlElement) -> str:
    """The anchor's words: of its heading or title part if it has parts, dates left out."""
    if len(anchor):
        blocks = [x for x in anchor.iterdescendants() if x.tag in _BLOCK]
        for block in blocks:
            if block.tag in HEADINGS or _TITLE_CLASS.search(block.get("class") or ""):
                text = text_of(block)
                if is_title(text) and not _only_date(text):
                    return text
        for block in blocks:
            text = text_of(block)
            if is_title(text) and not _only_date(text) and not len(block.findall(".//p")):
                return text
    parts = [x for x in _texts(anchor) if not _only_date(x)]
    return tidy(" ".join(parts)) if len(parts) < 2 else _joined(anchor)


def _joined(anchor: HtmlElement) -> str:
    parts: list[str] = [anchor.text or ""]
    for child in anchor:
        if isinstance(child.tag, str) and child.tag not in SILENT:
            text = text_of(child)
            if not _only_date(text):
                parts.append(" " if child.tag == "br" else text)
        parts.append(child.tail or "")
    return tidy("".join(parts))


def _only_date(text: str) -> bool:
    plain = text.strip("[]【】()（） \t\r\n")
    if not plain or len(plain) > 22 or not plain[0].isdigit():
        return False
    dates = find_dates(plain)
    if dates:
        return dates[0].start == 0 and dates[0].end == len(plain)
    return bool(re.fullmatch(r"\d{1,2}\s?[-./月]\s?\d{1,2}日?|20\d\d[-./年]\d{1,2}月?", plain))


def _texts(element: HtmlElement) -> Iterator[str]:
    for part in element.itertext():
        text = tidy(str(part))
        if text:
            yield text


def _pieces(row: HtmlElement, anchor: HtmlElement) -> Iterator[str]:
    """The texts of a row without the title: dates inside the anchor, all outside of it but the
    texts of other links and of lists nested in the row."""
    if row is anchor:
        yield from (x for x in _texts(anchor) if _only_date(x) or _PINNED.search(x))
        return
    inside = set(anchor.iterancestors())
    stack: list[HtmlElement | str] = [row]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            text = tidy(item)
            if text:
                yield text
            continue
        below: list[HtmlElement | str] = []
        if item is anchor:
            below = [x for x in _texts(anchor) if _only_date(x)]
        elif isinstance(item.tag, str) and item.tag not in SILENT:
            if item.text:
                below.append(item.text)
            for child in item:
                keep = child is anchor or child in inside
                if keep or (child.tag not in ("a", "ul", "ol")):
                    below.append(child)
                if child.tail:
                    below.append(child.tail)
        stack.extend(reversed(below))


def _printed(rest: str, pieces: list[str], now: dt.datetime) -> dt.date | None:
    """The day that stands in the words of a row beside its title."""
    limit = now.date() + dt.timedelta(days=7)
    dates = [x for x in find_dates(rest) if x.day <= limit]
    if dates:
        for date in dates:
            if re.search(r"(?:发布|公开|公布)(?:时间|日期)?\s*[:：]?\s*$", rest[: date.start]):
                return date.day
        return dates[0].day
    if not any(c.isdigit() for c in rest) and not re.search(r"今天|昨天|前天|刚刚", rest):
        return None
    for shape in _SPLIT:
        if match := shape.search(rest):
            try:
                day = dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if day <= limit:
                return day
    for piece in pieces:
        if len(piece) <= 20:
            try:
                return day_of(parse_date(piece, now))
            except DateError:
                continue
    return None
