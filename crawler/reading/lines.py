"""The lines of a page: what a person reads, one block of text after the other.

One walk over the tree serves all readers of a notice; the tree is not changed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, Response

from crawler.reading.limits import CELLS_A_LINE
from crawler.reading.walk import walk

BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"}
    | {"dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"}
    | {"h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol"}
    | {"p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
SILENT = frozenset(
    {"script", "style", "head", "noscript", "template", "select", "textarea", "button", "svg"}
    | {"canvas", "object", "embed", "map", "audio", "video", "iframe", "input", "datalist"}
)
HEAD = 400  # lines among which title, info line and table of any page stand
CELLS = frozenset(("td", "th"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FURNITURE = frozenset(("nav", "header", "footer", "form"))
_MAY_HOLD = frozenset(("header", "form"))  # those that may hold what a page is for
_MARKED = BLOCKS | {"a", "br"}  # what the walk takes note of
_PLAIN = BLOCKS - CELLS - HEADINGS - _FURNITURE - {"tr"}  # of which nothing is noted
_TEXTS = frozenset(("p", *HEADINGS))
_LONG = 300  # characters beyond which folding takes its time
_MUCH = 500  # characters that no form for searching or writing shows
_NAMES = 400  # characters of class and id
_DEEPEST = 500  # elements within one another; browsers nest no deeper
_MOST_LINES, _MOST_ELEMENTS = 2000, 20_000  # of a part of a page
_MOST_IN_LINK = 120  # elements
_MOST_PARTS = 400  # pieces of text that a short one may consist of
_SHORT = 4  # of a paragraph or heading that says something
_MOST_BROKEN = 5000  # lines of a page that are kept as they were typed
_HEADER = 40  # elements that the header of a text has at most
_TEXT_BOXES = frozenset(("article", "main"))
_NEAR_BOX = 6  # blocks between such a box and the header of its text
_MANY_FORMS = 50  # no page has so many; those after it are not looked into
_TITLE_NAME = re.compile(r"title|(?:^|[_-])(?:bt|tit|biaoti)(?:$|[_-])|tit$|(?:_|-)bt$", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_WHITE_SPACE = re.compile(r"white-space\s*:\s*(pre\b|break-spaces)?", re.I)
_BREAK = re.compile(r"\r\n?|\n")
# what libxml2 parses but does not let back into a tree
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile(r"[。；：:，]$")
_SPACE = re.compile(r"[\s\u3000\xa0\u2002-\u2005\u2008-\u200a]+")
# and half a character, which JSON can hold and nothing can store
_ZERO_WIDTH = re.compile(
    "[\u200b-\u200f\u2028-\u202e\u2060\ufeff\xad\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]+"
)
# A line break of the source inside Chinese text is no space.
_SOURCE_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)


@dataclass(slots=True, eq=False)
class Line:
    """One block of text."""

    index: int
    text: str  # one line, spaces folded to one
    element: HtmlElement  # the block it stands in
    linked: int = 0  # how many of its characters are links
    heading: bool = False  # inside h1 to h6
    row: HtmlElement | None = None  # the table row it stands in
    cell: HtmlElement | None = None
    furniture: bool = False  # inside nav, header, footer or form
    anchors: Sequence[HtmlElement] = ()

    weight: int | None = None  # reckoned once, by `crawler.reading.text.furniture.weight`
    button: bool | None = None  # by `crawler.reading.text.furniture.is_furniture`
    footer: bool | None = None  # by `crawler.reading.text.furniture`
    _plain: str | None = None

    @property
    def plain(self) -> str:
        """How lines are compared: `fold(text)`."""
        if self._plain is None:
            self._plain = fold(self.text)
        return self._plain


def root_of(response: Response) -> HtmlElement | None:
    """The one parsed tree of a page; None when the response is no HTML."""
    if not isinstance(response, HtmlResponse):
        return None
    root = response.selector.root
    return root if isinstance(root, HtmlElement) else None


def fold(text: str) -> str:
    """NFKC without any white space or zero-width characters: how texts are compared."""
    return _folded(text) if len(text) <= _LONG else _folded_once(text)


@lru_cache(maxsize=64)
def _folded_once(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if text.isprintable():  # nothing but spaces to take out
        return text.replace(" ", "")
    return "".join(_ZERO_WIDTH.sub("", text).split())


def tidy(text: str) -> str:
    """One line, spaces folded to one, zero-width characters gone."""
    text = text.strip()
    if not text.isprintable():
        text = _unbroken(text)
    elif "  " not in text:
        return text
    return " ".join(text.split())


def _unbroken(text: str) -> str:
    text = _ZERO_WIDTH.sub("", text)
    return _SOURCE_BREAK.sub("", text) if "\n" in text or "\r" in text else text


def _set_line(text: str) -> str:
    """The same for a line of a text: a gap of full width stays one (第一章　总则)."""
    if "\u3000" not in text:
        return tidy(text)
    text = text.strip()
    if "\u3000" not in text:
        return tidy(text)
    text = _unbroken(text).strip()
    return _SPACE.sub(lambda gap: "\u3000" if "\u3000" in gap[0] else " ", text)


def hidden(element: HtmlElement) -> bool:
    """Whether the element itself is hidden by its own attributes."""
    return _hides(element, element.get("style"))


def _hides(element: HtmlElement, style: str | None) -> bool:
    if style and "none" in style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def text_of(element: HtmlElement, most: int | None = None) -> str:
    """The text of one element on one line, scripts left out. `most`: no more than about so many
    characters and elements are looked at, for texts of which longer ones do not count."""
    parts: list[str] = []
    room = most
    for part in texts_of(element):
        if room is not None:
            room -= len(part) + 1
            if room < 0:
                parts.append(part[:most])
                break
        if part:
            parts.append(part)
    return tidy("".join(parts))


def link_text(anchor: HtmlElement, most: int) -> str:
    """The text of a link, which ends where a browser ends it: where the next one opens."""
    if not len(anchor):
        return tidy((anchor.text or "")[:most])
    parts = [anchor.text or ""]
    for child in islice(anchor.iterdescendants(), _MOST_IN_LINK):
        tag = child.tag
        if tag == "a":
            break
        if tag == "br":
            parts.append(" ")
        elif isinstance(tag, str) and tag not in SILENT and child.text:
            parts.append(child.text)
        if child.tail:
            parts.append(child.tail)
    return tidy("".join(x[:most] for x in parts))


def short_text(element: HtmlElement, most: int) -> str:
    """The text of an element that has no more than `most` characters, else ""; of a large one
    only the beginning is looked at."""
    parts: list[str] = []
    size = 0
    for part in texts_of(element):
        size += len("".join(part.split()))
        if size > most or len(parts) > _MOST_PARTS:
            return ""
        parts.append(part)
    text = tidy("".join(parts))
    return text if len(text) <= most else ""


def texts_of(element: HtmlElement) -> Iterator[str]:
    """What stands under an element, piece by piece, "" where an element has none."""
    if isinstance(element.tag, str):
        yield element.text or ""
    for child in element.iterdescendants():
        tag = child.tag
        if tag == "br":
            yield " "
        elif isinstance(tag, str) and tag not in SILENT:
            yield child.text or ""
        yield child.tail or ""


def holders_of(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """All that the elements stand in; every way up is gone once."""
    found: set[HtmlElement] = set()
    for element in elements:
        parent = element.getparent()
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parent.getparent()
    return found


def read_lines(root: HtmlElement, with_hidden: bool = False) -> list[Line]:
    """The lines under `root`, which is a part of a page."""
    return read_some(root, with_hidden, _MOST_LINES, _MOST_ELEMENTS)[0]


def read_some(
    root: HtmlElement, with_hidden: bool, most: int, most_elements: int
) -> tuple[list[Line], bool]:
    """The lines under `root` in the order of the page, up to `most` of them (more in the cells
    of tables) and out of so many elements; and whether there are more."""
    reading = _Walk(root, with_hidden, most, most_elements)
    return reading.lines(), reading.cut


class _Walk:
    def __init__(self, root: HtmlElement, with_hidden: bool, most: int, most_elements: int) -> None:
        self.root = root
        self.with_hidden = with_hidden
        self.room = CELLS_A_LINE * most
        self.most_elements = most_elements
        self.cut = False
        self.done: list[Line] = []
        self.texts: list[str] = []
        self.linked = 0
        self.anchors: list[HtmlElement] = []
        # what the walk stands in, innermost last
        self.blocks: list[HtmlElement] = [root]
        self.rows: list[HtmlElement] = []
        self.cells: list[HtmlElement] = []
        self.furniture: list[HtmlElement] = []
        self.kept: list[tuple[HtmlElement, bool]] = []  # whether line breaks are lines there
        self.broken = 0  # lines that stand in a text kept as it was typed
        self.headings = self.links = 0
        self.forms = 0
        self.floor: HtmlElement | None = None  # the block that stands for all that are too deep

    def lines(self) -> list[Line]:
        root, shown = self.root, not self.with_hidden
        silent, marked, plain, kept, texts = SILENT, _MARKED, _PLAIN, self.kept, self.texts
        blocks = self.blocks
        room = self.most_elements
        skipped = False  # the end that comes next is of an element that is not read
        depth = 0
        steps = walk(root)
        enter, leave, say, flush = self._enter, self._leave, self._say, self._flush
        for event, element in steps:
            if event == "start":
                room -= 1
                if room < 0 or self.room < 1:
                    self.cut = True
                    break
                tag = element.tag
                style = element.get("style")
                if tag in silent or (
                    shown
                    and (
                        (style and "none" in style and _HIDDEN.search(style))
                        or element.get("hidden") is not None
                    )
                ):
                    steps.skip_subtree()
                    skipped = True
                    continue
                depth += 1
                if depth == _DEEPEST:
                    self.floor = blocks[-1]
                if tag in plain:
                    if texts:
                        flush()
                    blocks.append(element)
                elif tag in marked:
                    enter(element, tag)
                if tag == "pre" or (style and "white-space" in style):
                    self._keep(element, tag, style or "")
                if (text := element.text) and (texts or not text.isspace()):
                    if kept or self.links:
                        say(text)
                    else:
                        texts.append(text)
                continue
            if event == "end":
                if skipped:
                    skipped = False
                else:
                    tag = element.tag
                    if tag in plain:
                        if texts:
                            flush()
                        blocks.pop()
                    elif tag in marked:
                        leave(element, tag)
                    if kept and kept[-1][0] is element:
                        kept.pop()
                    if depth == _DEEPEST:
                        self.floor = None
                    depth -= 1
            # a line does not begin with white space
            if (text := element.tail) and (texts or not text.isspace()) and element is not root:
                if kept or self.links:
                    say(text)
                else:
                    texts.append(text)
        if self.texts:
            self._flush()
        return self.done

    def _keep(self, element: HtmlElement, tag: str, style: str) -> None:
        said = _WHITE_SPACE.search(style)
        self.kept.append((element, bool(said[1]) if said else tag == "pre"))

    def _say(self, text: str) -> None:
        if self.kept and self.kept[-1][1] and self.broken < _MOST_BROKEN:
            *lines, text = _BREAK.split(text, _MOST_BROKEN)
            self.broken += len(lines)
            for line in lines:
                self.texts.append(line)
                if self.links:
                    self.linked += len(line.strip())
                self._flush()
        self.texts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def _enter(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self.links += 1
            self.anchors.append(element)
            return
        if self.texts:
            self._flush()
        if tag == "br":
            return
        self.blocks.append(element)
        if tag == "tr":
            self.rows.append(element)
        elif tag in CELLS:
            self.cells.append(element)
        elif tag in HEADINGS:
            self.headings += 1
        elif tag in _FURNITURE and not (tag in _MAY_HOLD and self._is_page(element)):
            self.furniture.append(element)

    def _leave(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self.links -= 1
            return
        if tag == "br":
            return
        if self.texts:
            self._flush()
        self.blocks.pop()
        if tag == "tr":
            self.rows.pop()
        elif tag in CELLS:
            self.cells.pop()
        elif tag in HEADINGS:
            self.headings -= 1
        elif self.furniture and self.furniture[-1] is element:
            self.furniture.pop()

    def _is_page(self, element: HtmlElement) -> bool:
        """Whether a form is not one to fill in, a header not the site's; inside furniture it does
        not matter."""
        if element.tag == "header":
            inside = any(x.tag in _TEXT_BOXES for x in self.blocks[-_NEAR_BOX:])
            return bool(self.furniture) or _heads_text(element, inside)
        self.forms += 1
        return bool(self.furniture) or self.forms > _MANY_FORMS or _holds_text(element)

    def _flush(self) -> None:
        texts = self.texts
        text = _set_line("".join(texts) if len(texts) > 1 else texts[0])
        if text:
            in_cell = self.cells and self.cells[-1] is self.blocks[-1]
            self.room -= 1 if in_cell else CELLS_A_LINE
            self.done.append(
                Line(
                    len(self.done),
                    text,
                    self.blocks[-1] if self.floor is None else self.floor,
                    self.linked,
                    self.headings > 0,
                    self.rows[-1] if self.rows else None,
                    self.cells[-1] if self.cells else None,
                    bool(self.furniture),
                    self.anchors or (),
                )
            )
            if self.anchors:  # one without a text of its own waits for the next line
                self.anchors = []
        self.texts.clear()
        self.linked = 0


def _heads_text(header: HtmlElement, inside: bool) -> bool:
    """Whether a header is that of a text, with its title, and not the site's, with its menu.
    `inside`: it stands in an <article> or <main>."""
    tags = [x.tag for x in islice(header.iterdescendants(), _HEADER)]
    return len(tags) < _HEADER and (inside or "a" not in tags) and not HEADINGS.isdisjoint(tags)


def _holds_text(form: HtmlElement) -> bool:
    """Whether a form is not one to fill in but holds the page: ASP.NET and VSB put all in one."""
    depth = told = shown = 0  # in how many paragraphs and headings; what the outer one says; all
    for event, element in walk(form):
        tag = element.tag
        text = element.text if event == "start" and tag not in SILENT else None
        if tag in _TEXTS:
            depth += 1 if event == "start" else -1 if event == "end" else 0
            told = told if depth else 0
        for part in (text, element.tail if event != "start" and element is not form else None):
            if part and (size := len("".join(part.split()))):
                shown += size
                told += size if depth else 0
                if told >= _SHORT or shown > _MUCH:
                    return True
    return False


def sums(values: dict[HtmlElement, int]) -> dict[HtmlElement, int]:
    """What stands in every element: its own value and those of all below it."""
    depths: dict[HtmlElement, int] = {}
    for element in values:
        way: list[HtmlElement] = []
        current: HtmlElement | None = element
        while current is not None and current not in depths:
            way.append(current)
            current = current.getparent()
        depth = depths[current] if current is not None else 0
        for step in reversed(way):
            depth += 1
            depths[step] = depth
    totals = dict.fromkeys(depths, 0) | values
    for element in sorted(depths, key=lambda x: -depths[x]):
        parent = element.getparent()
        if parent is not None and totals[element]:
            totals[parent] += totals[element]
    return totals


class Within:
    """Whether elements stand in one of some boxes, or are one; every way up is gone once."""

    def __init__(self, boxes: Iterable[HtmlElement]) -> None:
        self._known = dict.fromkeys(boxes, True)

    def __contains__(self, element: HtmlElement) -> bool:
        known = self._known
        if (told := known.get(element)) is not None:
            return told
        way: list[HtmlElement] = []
        current: HtmlElement | None = element
        while current is not None and current not in known:
            way.append(current)
            current = current.getparent()
        found = current is not None and known[current]
        known.update(dict.fromkeys(way, found))
        return found


def text_between(lines: list[Line], one: int, other: int) -> bool:
    """Whether a sentence stands between two lines, so that they do not belong together."""
    low, high = min(one, other), max(one, other)
    return any(len(x.text) > 12 and _SENTENCE_END.search(x.text) for x in lines[low:high])


def below(ancestor: HtmlElement, element: HtmlElement) -> HtmlElement:
    """The child of `ancestor` on the way to `element`; `element` itself when there is none."""
    last = element
    for parent in element.iterancestors():
        if parent is ancestor:
            return last
        last = parent
    return last


def called_title(element: HtmlElement) -> bool:
    """Whether the element or its parent calls itself a title by class or id."""
    for candidate in (element, element.getparent()):
        if candidate is None:
            return False
        names = f"{candidate.get('class') or ''} {candidate.get('id') or ''}"[:_NAMES]
        if names != " " and any(_TITLE_NAME.search(name) for name in names.split()):
            return True
    return False
