"""Headings and items of a text, by its numbering and its markup.

Numbering is told by its course: a paragraph that begins with `2.` is an item only when a `1.` went
before it. Of a numbered row those are headings that say little and have something below them; all
others are items.
"""

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.notice import PartKind
from crawler.reading.part.paragraph import LONGEST_HEADING, LONGEST_TITLE, Paragraph

_FIGURES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN = "一二三四五六七八九十百零〇"
# scheme -> level; the order of 党政机关公文格式 for the first four of notices
_LEVELS = {
    "编": 1,
    "章": 1,
    "节": 2,
    "条": 3,
    "一、": 1,
    "（一）": 2,
    "1.": 3,
    "（1）": 4,
    "1）": 5,
}
_RINGS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LEAD = re.compile(
    rf"第\s?(?P<division>[{_HAN}\d]{{1,6}})\s?(?P<unit>[编章节条])"
    rf"|(?P<han>[{_HAN}]{{1,5}})[、.．]"
    rf"|[（(](?P<han_round>[{_HAN}]{{1,5}})[）)]"
    r"|[（(](?P<round>\d{1,3})[）)]|(?P<half>\d{1,3})[）)]"
    r"|(?P<dots>\d{1,2}(?:[.．]\d{1,2}){1,3})[.．]?\s*(?=[一-鿿《“])"
    r"|(?P<plain>\d{1,3})\s?[、.．](?!\d)"
    rf"|(?P<ring>[{_RINGS}])"
)
_LEADS = frozenset(f"第（({_HAN}{_RINGS}")  # how a number may begin, but for figures
_BULLETS = "•●○◆◇■□▪★☆·➢-"
_BULLET = re.compile(rf"[{_BULLETS}]\s*\S")
_CURT = 14
_RUN_IN = re.compile(r"[^。，；：]{2,20}。[^。]")
_ENDS_SENTENCE = "。；;，,！!？?"
_SKIP = 1  # numbers that a page may leave out of a row
_BELOW_SIGNATURE = re.compile(r"公开|抄\s*送|印发|联系|盖章|签\s*发")  # what is no title there
_DEEPEST = 12  # numbered rows within one another


@dataclass(slots=True)
class _Row:
    """Paragraphs numbered one after the other."""

    scheme: str
    last: int
    members: list[int] = field(default_factory=list)


def number_rows(paragraphs: list[Paragraph]) -> None:
    """Headings and items by their numbering."""
    rows: list[_Row] = []
    open_rows: list[_Row] = []
    latest: dict[str, _Row] = {}  # of each scheme; （三） may go on below the next 一、
    row_of: dict[int, tuple[_Row, int]] = {}  # paragraph -> its row, and how deep that stands
    for at, paragraph in enumerate(paragraphs):
        if (kind := paragraph.kind) is not None:
            if kind is PartKind.ANNEX or (kind is PartKind.TITLE and paragraph.level == 1):
                open_rows, latest = [], {}  # another document counts anew
            continue
        if not (lead := _lead(paragraph.text)):
            continue
        scheme, number = lead
        depth = next((n for n, x in enumerate(open_rows) if x.scheme == scheme), None)
        if depth is not None and _goes_on(number, open_rows[depth].last):
            del open_rows[depth + 1 :]
        elif number == 1:
            del open_rows[len(open_rows) if depth is None else depth :]
            open_rows.append(_Row(scheme, 0))
            rows.append(open_rows[-1])
            latest[scheme] = open_rows[-1]
            del open_rows[:-_DEEPEST]
        elif depth is None and scheme in latest and _goes_on(number, latest[scheme].last):
            open_rows.append(latest[scheme])
        else:
            continue  # a figure that begins a sentence
        row = open_rows[-1]
        row.last = number
        row.members.append(at)
        row_of[at] = row, len(open_rows)
    divided = any(row.scheme == "编" for row in rows)
    for row in rows:
        alone = len(row.members) < 2
        if alone and row.scheme not in ("编", "章"):
            continue
        level = _level(row.scheme, divided)
        texts = {at: paragraphs[at].text for at in row.members}
        headings = {at for at, x in texts.items() if _may_head(x, row.scheme != "条")}
        below = sum(1 for at in headings if _has_below(paragraphs, at, row_of))
        led = below * 2 >= len(headings)
        curt = [at for at, x in texts.items() if _is_curt(x) and _has_below(paragraphs, at, row_of)]
        # （二）基本原则。 stands beside others of its kind, or beside （一）指导思想。坚持……
        if len(curt) * 2 > len(texts) or any(map(_RUN_IN.match, texts.values())):
            headings.update(curt)
        for at in row.members:
            heads = led and at in headings
            paragraphs[at].kind = PartKind.HEADING if heads else PartKind.ITEM
            paragraphs[at].level = level


def mark_by_markup(paragraphs: list[Paragraph]) -> None:
    """What only the markup tells: headings without a number, items of lists."""
    free = [x for x in paragraphs if x.kind is None]
    headings = [x for x in free if x.lines[0].heading and all(line.heading for line in x.lines)]
    for paragraph in headings if len(headings) * 2 <= len(free) else []:
        if _may_head(paragraph.text):
            paragraph.kind, paragraph.level = PartKind.HEADING, 1
    for paragraph in free:
        if paragraph.kind is None:
            text = paragraph.text
            listed = text[0] in _BULLETS and _BULLET.match(text) is not None
            listed = listed or _in_list(paragraph.lines[0].element)
            paragraph.kind = PartKind.ITEM if listed else PartKind.PARAGRAPH


def begins_numbered(text: str) -> bool:
    """Whether a line begins with what may be a number of a row."""
    return _LEAD.match(text) is not None


def may_title(text: str) -> bool:
    """Whether a line may be of the title of a document that is printed below a notice."""
    return (
        len(text) <= LONGEST_TITLE
        and not any(c in "。；;：:\t" for c in text)
        and text[0] not in "（(【"
        and not _BELOW_SIGNATURE.search(text)
        and not begins_numbered(text)
        and not _BULLET.match(text)
    )


def _goes_on(number: int, last: int) -> bool:
    """Whether a number follows another; a page may leave one out, or print one twice."""
    return 0 < number - last <= 1 + _SKIP or number == last > 1


def _lead(text: str) -> tuple[str, int] | None:
    """(scheme, number) of the numbering that a line begins with."""
    if text[0] not in _LEADS and not text[0].isdecimal():
        return None  # as most
    match = _LEAD.match(text)
    if match is None:
        return None
    name = match.lastgroup or ""
    said = match[name]
    if name == "unit":
        number = match["division"]
        return match["unit"], int(number) if number.isdecimal() else _han(number)
    if name == "dots":
        *above, last = re.split("[.．]", said)
        return ".".join(["", *above]), int(last)
    if name == "ring":
        return "1）", _RINGS.index(said) + 1
    scheme = {"han": "一、", "han_round": "（一）", "round": "（1）", "half": "1）"}.get(name, "1.")
    return scheme, _han(said) if name.startswith("han") else int(said)


def _han(text: str) -> int:
    """一百二十三 as a figure; 0 of what is none."""
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _FIGURES[char]
    return total + digit


def _level(scheme: str, divided: bool) -> int:
    if scheme.startswith("."):
        return 2 + scheme.count(".") + 1
    return _LEVELS[scheme] + (divided and scheme in ("章", "节", "条"))


def _may_head(text: str, colon: bool = True) -> bool:
    """Whether a line is short and no sentence; `colon`: it may end with one."""
    if len(text) > LONGEST_HEADING or text[-1] in _ENDS_SENTENCE or "。" in text:
        return False
    return text[-1] not in "：:" or (colon and len(text) <= LONGEST_HEADING // 2)


def _is_curt(text: str) -> bool:
    """Whether a line is a heading although it ends like a sentence: （二）基本原则。"""
    return len(text) <= _CURT and text[-1] == "。" and not re.search("[，；：]", text)


def _has_below(paragraphs: list[Paragraph], at: int, row_of: dict[int, tuple[_Row, int]]) -> bool:
    """Whether a numbered line has something of its own below it: text, a table, deeper rows."""
    if at + 1 >= len(paragraphs):
        return False
    if at + 1 in row_of:
        return row_of[at + 1][1] > row_of[at][1]
    return paragraphs[at + 1].kind in (None, PartKind.TABLE)


def _in_list(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.tag == "li" or (parent is not None and parent.tag == "li")
