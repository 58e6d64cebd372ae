"""One row of a list: its link, whole title and date, from the element that holds them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from crawler.notice import Row
from crawler.reading.addresses import LONGEST_LINK, absolute, identity
from crawler.reading.dates import address_date, find_dates
from crawler.reading.lines import (
    HEADINGS,
    SILENT,
    fold,
    hidden,
    link_text,
    text_of,
    texts_of,
    tidy,
)
from crawler.reading.row.days import Day, Days
from crawler.reading.row.scripts import Functions

_QUOTED = re.compile(r"""['"]([^'"\s]{4,400})['"]""")
_PATH = re.compile(
    r"^(?:https?:)?/|^\.{1,2}/|\.(?:s?html?|jhtml|jsp|do|pdf|docx?|xlsx?)(?:\?|$)", re.I
)
# a run of dots is tried from its start alone
_CUT = re.compile(r"(?:(?<!\.)\.{2,}+|(?<!…)…++|(?<!⋯)⋯++)\s*+$")
_LABEL = re.compile(r"^\s*(?:\[[^\[\]]{1,10}\]|［[^［］]{1,10}］)\s*(?=\S)")
_BULLET = re.compile(r"^[·•・▪■◆●►▶»>\-*\s]+(?=[^\s\d])|\s*(?:NEW|new|New)!?$")
_NO_TITLE = re.compile(
    r"^(?:更多|more|首页|上一?页|下一?页|末页|尾页|详细|详情|查看|下载|返回|跳转|\d+|[<>«»\[\]]++"
    r"|[\[［][^\[\]［］]{1,10}[\]］]|(?:https?://|www\.)[\w./?=&%:~+-]*+|[\w-]+\.(?:gov|com|org)[\w./-]*+"
    r"|\[?(?:点击|继续)?(?:查看|阅读|浏览|了解)?(?:全文|详情|详细|更多|阅读)\]?)[→>》»+.…\s]*$",
    re.I,
)
_NAMED = re.compile(r"^[一-鿿]{0,4}(?:名称|标题|题名)\s?[:：]\s?")
_GO_ON = re.compile(
    r"[\[【(（]?(?:点击|继续|进入)?(?:查看|阅读|浏览|了解)?(?:全文|详情|详细|详细内容|更多|阅读)[\]】)）→>》»+.…\s]*"
)
_TOLD = re.compile(
    r"标\s*题\s*[:：]\s*([^\r\n]+?)\s*(?:[\r\n]|(?:作\s*者|来\s*源|点击(?:数|次数|率)?|浏览(?:次数|量)?"
    r"|(?:发布|更新|录入)?(?:时间|日期))\s*[:：]|$)"
)
_PINNED = re.compile(r"置\s*顶")
_BLOCK = frozenset(("p", "div", "dt", "dd", "li", "td", *HEADINGS))
_TITLE_CLASS = re.compile(r"tit|(?:^|[-_ ])bt(?:$|[-_ ])|name", re.I)
_MOST_PARTS, _MOST_BLOCKS = 60, 12  # elements, and blocks, that a link may hold
_LONGEST = 2000  # characters looked at for a title or date
_NAMES = 400  # of a class
_WORD = re.compile(r"[^\W\d_].{0,40}?[^\W\d_]")
# a day in the words of a link, before or after the title
_DATE = r"\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\s\d{1,2}:\d\d(?::\d\d)?)?"
_ENDS = re.compile(
    rf"\s?[\[(（【]\s?((?:20)?{_DATE}|\d{{1,2}}[-./]\d{{1,2}}|20\d\d年\d{{1,2}}月\d{{1,2}}日)\s?[\])）】]$"
    rf"|\s?((?<![\d.-])20{_DATE}|(?<=\s)\d\d[-/]\d\d)$"
)
_BEGINS = re.compile(
    rf"[\[(（【]\s?((?:20)?{_DATE}|\d{{1,2}}[-./]\d{{1,2}})\s?[\])）】]\s?"
    rf"|(20{_DATE}|\d\d[-/]\d\d(?=\s))\s?(?![\d-]|拟|受理|审批|作出|批准|[起至前后])"
)
_DAY_PART = re.compile(
    r"(?:3[01]|[12]\d|0?[1-9])日?|20\d\d年?|(?:1[0-2]|0?[1-9])月|20\d\d[-./年]\d{1,2}月?"
)
_DAY_NAMED = re.compile(r"(?:时间|日期)\s?[:：]\s?20\d\d\s?[-./年]")
_TELLS = 60  # characters of a piece that tells when and whence
_TITLE = 200  # characters of a whole title
_CARD = 3  # levels from a picture's link up to its card
_FILE = re.compile(r"^\S+\.(?:jpe?g|png|gif|bmp|webp)$|^[\w\s.-]+$|图片|照片|缩略图", re.I | re.A)
_MOST_CELLS = 24  # of a row that is a link
_MOST_PIECES = 100  # texts of a row; what has more is no row
_MOST_STEPS = 300  # elements and texts of a row that are looked at
DATA_LINKS = ("data-href", "data-url", "data-link")
SHORTEST = 4  # characters of a title; shorter links are buttons and categories


@dataclass(slots=True)
class Facts:
    """A row and whether its date was printed, or only stands in the address."""

    row: Row
    printed: bool
    anchor: HtmlElement
    day: Day | None = None  # what of the date was printed


class Links:
    """The addresses that elements lead to, each read once; `root`: whose scripts tell what the
    page's own functions do."""

    def __init__(self, root: HtmlElement | None = None) -> None:
        self._root = root
        self._functions: Functions | None = None
        self._links: dict[HtmlElement, str] = {}

    def of(self, element: HtmlElement) -> str:
        """`link_of`, or the address that a function of the page makes; "" for none."""
        if (link := self._links.get(element)) is None:
            link = self._links[element] = link_of(element) or self._made(element)
        return link

    def _made(self, element: HtmlElement) -> str:
        code = (element.get("onclick") or element.get("href") or "")[:LONGEST_LINK]
        if self._root is None or "(" not in code or code.startswith(("http", "/")):
            return ""
        if self._functions is None:
            scripts = (x.text or "" for x in self._root.iter("script"))
            self._functions = Functions("\n".join(scripts))
        return self._functions.link(code)


def link_of(element: HtmlElement) -> str:
    """The address an element leads to: `href`, what a script reads of it (`data-href`), or the
    first quoted in `onclick`; "" for none."""
    href = (element.get("href") or "").strip()
    if len(href) > LONGEST_LINK:
        return ""
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:", "data:")):
        return href
    for name in DATA_LINKS:
        value = (element.get(name) or "").strip()
        if value and len(value) <= LONGEST_LINK and _PATH.search(value):
            return value
    told = (element.get("onclick") or "")[:LONGEST_LINK]
    script = f"{told} {href if href.startswith('javascript') else ''}"
    if len(script) > 4:
        for match in _QUOTED.finditer(script):
            if _PATH.search(match[1]):
                return match[1]
    return ""


def label_of(anchor: HtmlElement) -> str:
    """The anchor's text without its dates, or its `title` where the text is missing or cut."""
    text = _own_text(anchor)
    told = (anchor.get("title") or "")[:_LONGEST]
    title = tidy(told)
    if told and (match := _TOLD.search(told)):
        title = tidy(match[1])
    if title and text:
        a, b = fold(_CUT.sub("", text)), fold(title)
        cut = _CUT.search(text) and b.startswith(a[: max(4, len(a) - 2)])
        longer = len(b) > len(a) and b.startswith(a) and not find_dates(title[len(text) :])
        if cut or longer or len(a) < SHORTEST < len(b):
            text = title
    if not (text or title) or _GO_ON.fullmatch(text or title):
        text = _pictured(anchor) or text
    text = text or title
    return _BULLET.sub("", _LABEL.sub("", text, count=1)).strip()


def is_title(text: str) -> bool:
    """Whether a text has the length and the words of a title; figures alone are none."""
    return _says(fold(text)) and not _NO_TITLE.match(text)


def _says(plain: str) -> bool:
    return len(plain) >= SHORTEST and _WORD.search(plain) is not None


@dataclass(slots=True)
class _Words:
    """What a row says by itself, whatever the day is."""

    url: str
    address: str
    title: str
    pieces: list[Days]  # what is seen, what is hidden, what the link's `title` tells
    pinned: bool


class RowReader:
    """Reads the links of one tree; what does not hang on the clock is read once."""

    def __init__(self, base: str, root: HtmlElement | None = None) -> None:
        self.base = base
        self.link = Links(root).of
        self._addresses: dict[str, tuple[str, str]] = {}  # link -> joined, canonical
        # as shown, folded, whether it is a title
        self._labels: dict[HtmlElement, tuple[str, str, bool]] = {}
        self._words: dict[tuple[HtmlElement, HtmlElement], _Words | None] = {}
        self._main: dict[HtmlElement, HtmlElement | None] = {}

    def label(self, anchor: HtmlElement) -> str:
        """`label_of`, read once."""
        return self._label(anchor)[0]

    def plain(self, anchor: HtmlElement) -> str:
        """The label, folded."""
        return self._label(anchor)[1]

    def titled(self, anchor: HtmlElement) -> bool:
        """Whether the label is a title."""
        return self._label(anchor)[2]

    def main_anchor(self, element: HtmlElement) -> HtmlElement | None:
        """`main_anchor`, sought once."""
        if element not in self._main:
            self._main[element] = main_anchor(element, self)
        return self._main[element]

    def facts(
        self,
        anchor: HtmlElement,
        row: HtmlElement,
        now: dt.datetime,
        evidence: str,
        beside: Days | None = None,
        column: int | None = None,
    ) -> Facts | None:
        """The row that `anchor` links inside the element `row`; None when there is no address or
        no title. `beside`: text that stands between this row and the next one. `column`: the cell
        of a table row whose head says 发布日期."""
        words = self._words_of(anchor, row)
        if words is None:
            return None
        day: Day | None = None
        if column is not None and len(row) > column:
            day = Days([text_of(row[column], _LONGEST)]).day(now)
        for days in words.pieces if day is None else ():
            if day := days.day(now):
                break
        if day is None and beside is not None:
            day = beside.day(now)
        date = day.value if day is not None else None
        printed = date is not None
        if date is None:
            date = address_date(words.url, now)
        found = Row(
            words.url, words.address, words.title, date, pinned=words.pinned, evidence=evidence
        )
        return Facts(found, printed, anchor, day)

    def _label(self, anchor: HtmlElement) -> tuple[str, str, bool]:
        if (found := self._labels.get(anchor)) is None:
            label = label_of(anchor)
            plain = fold(label)
            titled = _says(plain) and not _NO_TITLE.match(label)
            found = self._labels[anchor] = (label, plain, titled)
        return found

    def _address(self, link: str) -> tuple[str, str]:
        if (found := self._addresses.get(link)) is None:
            url = absolute(self.base, link)
            found = self._addresses[link] = (url, identity(url))
        return found

    def _words_of(self, anchor: HtmlElement, row: HtmlElement) -> _Words | None:
        key = (anchor, row)
        if key not in self._words:
            self._words[key] = self._read(anchor, row)
        return self._words[key]

    def _read(self, anchor: HtmlElement, row: HtmlElement) -> _Words | None:
        link = self.link(anchor)
        if not link or not self.titled(anchor):
            return None
        url, address = self._address(link)
        if not address:
            return None
        title = self.label(anchor)
        if _CUT.search(title):
            title = _whole(title, row, anchor) or title
        seen, unseen = _pieces(row, anchor, link)
        told = (anchor.get("title") or "")[:_LONGEST]
        # a day glued to the words that the link's `title` repeats is the document's own
        if not any(c.isdigit() for x in seen for c in x):
            rest, day = _apart(title)
            if day and not (tidy(told) == title and len(rest) + len(day) == len(title)):
                title = rest
                seen.append(day)
        more = told.split() if tidy(told) != title else []
        pieces = [Days(seen)] + [Days(x) for x in (unseen, more) if x]
        pinned = bool(_PINNED.search(pieces[0].rest) or _PINNED.match(title))
        if "置顶" in title:
            title = re.sub(r"^[\[【(（]?\s*置顶\s*[\]】)）]?\s*", "", title) or title
        return _Words(url, address, title, pieces, pinned)


def dated_by(fact: Facts, beside: Days, now: dt.datetime) -> Facts:
    """The row with the day that stands beside it, if it prints none of its own."""
    day = beside.day(now) if not fact.printed else None
    if day is None:
        return fact
    row = replace(fact.row, date=day.value or fact.row.date)
    return Facts(row, day.value is not None, fact.anchor, day)


def main_anchor(element: HtmlElement, reader: RowReader) -> HtmlElement | None:
    """The anchor of an element that is a row: itself, else the first with a title; a nested list
    is not looked into before all else failed."""
    if reader.link(element):
        return element
    nested: HtmlElement | None = None
    for anchor in islice(element.iter("a"), _MOST_PARTS):
        if not reader.link(anchor) or not reader.titled(anchor):
            continue
        inner = next((x for x in anchor.iterancestors() if x is element or x.tag == "li"), element)
        if inner is not element:
            nested = nested if nested is not None else anchor
            continue
        return anchor
    if nested is None:
        for child in element.iter(etree.Element):
            if child.get("onclick") and reader.link(child):
                return child
    return nested


def _own_text(anchor: HtmlElement) -> str:
    """The anchor's words: of its heading or title part if it has parts, dates left out; of a row
    that is a link itself the cell or part with most to say."""
    if not len(anchor):
        text = tidy((anchor.text or "")[:_LONGEST])
        return "" if _only_date(text) else text
    if len(anchor):
        # a browser closes a link where the next one opens
        parts = takewhile(lambda x: x.tag != "a", anchor.iterdescendants())
        blocks = [x for x in islice(parts, _MOST_PARTS) if x.tag in _BLOCK][:_MOST_BLOCKS]
        for block in blocks:
            if block.tag in HEADINGS or _TITLE_CLASS.search((block.get("class") or "")[:_NAMES]):
                text = _joined(block)
                if is_title(text) and not _only_date(text):
                    return text
        if anchor.tag in ("tr", "li") and (text := _longest(anchor)):
            return text
        for block in blocks:
            text = _joined(block)
            below = next(block.iterdescendants("p"), None)
            if is_title(text) and not _only_date(text) and below is None:
                return text
    texts = [x for x in islice(_texts(anchor), _MOST_PARTS) if not _is_day(x)]
    return tidy(" ".join(texts)) if len(texts) < 2 else _joined(anchor)


def _joined(anchor: HtmlElement) -> str:
    parts: list[str] = [anchor.text or ""]
    for child in islice(anchor, _MOST_PARTS):
        if isinstance(child.tag, str) and child.tag not in SILENT:
            text = link_text(child, _LONGEST)
            if not _is_day(text):
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


def _is_day(text: str) -> bool:
    """Whether a piece of a link is a day, alone or named (发布时间：…), or the part of one that has
    a box of its own."""
    if _only_date(text) or _DAY_PART.fullmatch(text):
        return True
    return len(text) <= _TELLS and _DAY_NAMED.search(text) is not None


def _texts(element: HtmlElement) -> Iterator[str]:
    if not len(element):
        if text := tidy((element.text or "")[:_LONGEST]):
            yield text
        return
    if next(element.iterdescendants("a"), None) is not None:
        if text := link_text(element, _LONGEST):
            yield text
        return
    for part in islice(texts_of(element), 4 * _MOST_PARTS):
        text = tidy(part[:_LONGEST])
        if text:
            yield text


def _longest(row: HtmlElement) -> str:
    """The longest text among a row's parts that is a title."""
    parts = [x for x in islice(row, _MOST_CELLS) if isinstance(x.tag, str) and x.tag not in SILENT]
    if row.tag != "tr" and len(parts) == 1:
        parts = [x for x in islice(parts[0], _MOST_CELLS) if isinstance(x.tag, str)]
    texts = (link_text(x, _LONGEST) for x in parts if not hidden(x))
    titles = [x for x in texts if is_title(x) and not _only_date(x)]
    return max(titles, key=len, default="")


def _pictured(anchor: HtmlElement) -> str:
    """The title of a link that is but a picture or a button: the heading of the card it stands in,
    or what the picture shows."""
    card: HtmlElement = anchor
    for parent in islice(anchor.iterancestors(), _CARD):
        links = sum(1 for _ in islice((x for x in parent.iter("a") if x is not anchor), 1))
        if links or parent.tag in ("body", "html", "form"):
            break
        card = parent
    headings: list[str] = []
    if card is not anchor:
        for part in islice(card.iterdescendants(), _MOST_PARTS):
            named = part.tag in HEADINGS or (
                part.tag in _BLOCK and _TITLE_CLASS.search((part.get("class") or "")[:_NAMES])
            )
            if named and is_title(text := link_text(part, _LONGEST)) and not _only_date(text):
                headings.append(text)
    if len(headings) == 1:
        return headings[0]
    shown = (tidy((x.get("alt") or "")[:_LONGEST]) for x in islice(anchor.iter("img"), 3))
    return next((x for x in shown if is_title(x) and not _FILE.search(x)), "")


def _apart(title: str) -> tuple[str, str]:
    """A title, and the day that stood before or after it in the same words; a day that the words
    go on from (2026-11-18拟作出的…) is the title's own."""
    match = _ENDS.search(title) or _BEGINS.match(title)
    if match is None:
        return title, ""
    rest = tidy(title[: match.start()] or title[match.end() :])
    return (rest, next(x for x in match.groups() if x)) if is_title(rest) else (title, "")


def _whole(cut: str, row: HtmlElement, anchor: HtmlElement) -> str:
    """The title that a cut one begins, where it stands whole in the row: in a hidden box, in the
    `title` of a cell; "" where it stands nowhere."""
    stem = fold(_CUT.sub("", cut))
    found: list[str] = []
    for part in islice(row.iter(etree.Element), _MOST_PARTS if len(stem) >= SHORTEST else 0):
        if part is anchor or part.tag in SILENT:
            continue
        for text in (part.get("title"), part.get("alt"), link_text(part, _LONGEST)):
            title = _NAMED.sub("", tidy((text or "")[:_LONGEST]))
            plain = fold(title)
            whole = len(stem) < len(plain) <= _TITLE and plain.startswith(stem)
            if whole and not _CUT.search(title):
                found.append(title)
    return min(found, key=len, default="")  # what is longer holds more than the title


def _pieces(row: HtmlElement, anchor: HtmlElement, link: str) -> tuple[list[str], list[str]]:
    """The texts of a row without the title, those seen and those hidden: dates inside the anchor,
    all outside of it but the texts of other links and of lists nested in the row. A link to the
    same page counts as text, and so does a day that is a link."""
    seen: list[str] = []
    unseen: list[str] = []
    if row is anchor and row.tag == "a":
        seen = [x for x in _texts(anchor) if _is_day(x) or _PINNED.search(x)]
        return seen[:_MOST_PIECES], []
    inside = set(takewhile(lambda x: x is not row, anchor.iterancestors()))
    stack: list[tuple[HtmlElement | str, bool]] = [(row, False)]
    steps = 0
    while stack and len(seen) + len(unseen) < _MOST_PIECES and steps < _MOST_STEPS:
        item, veiled = stack.pop()
        steps += 1
        if isinstance(item, str):
            text = tidy(item[:_LONGEST])
            if text:
                (unseen if veiled else seen).append(text)
            continue
        below: list[HtmlElement | str] = []
        if item is anchor and item is not row:
            below = [x for x in _texts(anchor) if _is_day(x)]
        elif isinstance(item.tag, str) and item.tag not in SILENT:
            veiled = veiled or (item is not row and item not in inside and hidden(item))
            if item.text:
                below.append(item.text)
            for child in islice(item, _MOST_STEPS - steps):
                steps += 1
                keep = child is anchor or child in inside or child.tag not in ("a", "ul", "ol")
                if keep:
                    below.append(child)
                elif child.tag == "a":
                    text = link_text(child, _LONGEST)
                    if (child.get("href") or "").strip() == link or _only_date(text):
                        below.append(text)
                if child.tail:
                    below.append(child.tail)
        stack.extend((x, veiled) for x in reversed(below))
    return seen, unseen
