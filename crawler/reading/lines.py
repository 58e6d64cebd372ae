"""The lines of a page: what a person reads, one block of text after the other.

One walk over the tree serves all readers of a notice; the tree is not changed.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, Response

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
CELLS = frozenset(("td", "th"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FURNITURE = frozenset(("nav", "header", "footer", "form"))
_TEXTS = frozenset(("p", *HEADINGS))
_MUCH = 500  # characters that no form for searching or writing shows
_TITLE_NAME = re.compile(r"title|(?:^|[_-])(?:bt|tit|biaoti)(?:$|[_-])|tit$|(?:_|-)bt$", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
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
_NO_SPACE = re.compile(r"\s+")


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
    anchors: list[HtmlElement] = field(default_factory=list)

    weight: int | None = None  # reckoned once, by `crawler.reading.body.weight`
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
    return _NO_SPACE.sub("", _ZERO_WIDTH.sub("", unicodedata.normalize("NFKC", text)))


def tidy(text: str) -> str:
    """One line, spaces folded to one, zero-width characters gone."""
    return _SPACE.sub(" ", _SOURCE_BREAK.sub("", _ZERO_WIDTH.sub("", text))).strip()


def _set_line(text: str) -> str:
    """The same for a line of a text: a gap of full width stays one (第一章　总则)."""
    if "\u3000" not in text:
        return tidy(text)
    text = _SOURCE_BREAK.sub("", _ZERO_WIDTH.sub("", text)).strip()
    return _SPACE.sub(lambda gap: "\u3000" if "\u3000" in gap[0] else " ", text)


def hidden(element: HtmlElement) -> bool:
    """Whether the element itself is hidden by its own attributes."""
    style = element.get("style")
    if style and "none" in style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def text_of(element: HtmlElement) -> str:
    """The text of one element on one line, scripts left out."""
    parts = [element.text or ""] if isinstance(element.tag, str) else []
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and child.tag not in SILENT and child.text:
            parts.append(child.text)
        if child.tag == "br":
            parts.append(" ")
        if child.tail:
            parts.append(child.tail)
    return tidy("".join(parts))


def read_lines(root: HtmlElement, with_hidden: bool = False) -> list[Line]:
    """All lines under `root` in the order of the page."""
    return _Walk(root, with_hidden).lines()


class _Walk:
    def __init__(self, root: HtmlElement, with_hidden: bool) -> None:
        self.root = root
        self.with_hidden = with_hidden
        self.done: list[Line] = []
        self.texts: list[str] = []
        self.linked = 0
        self.anchors: list[HtmlElement] = []
        # what the walk stands in, innermost last
        self.blocks: list[HtmlElement] = [root]
        self.rows: list[HtmlElement] = []
        self.cells: list[HtmlElement] = []
        self.furniture: list[HtmlElement] = []
        self.headings = self.links = 0

    def lines(self) -> list[Line]:
        texts = self.texts
        walk = etree.iterwalk(self.root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in SILENT or (not self.with_hidden and hidden(element)):
                    walk.skip_subtree()
                    continue
                self._enter(element, tag)
                if element.text:
                    texts.append(element.text)
                    if self.links:
                        self.linked += len(element.text.strip())
                continue
            if event == "end" and not (tag in SILENT or (not self.with_hidden and hidden(element))):
                self._leave(element, tag)
            if element.tail and element is not self.root:
                texts.append(element.tail)
                if self.links:
                    self.linked += len(element.tail.strip())
        self._flush()
        return self.done

    def _enter(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS:
            self._flush()
            self.blocks.append(element)
            if tag == "tr":
                self.rows.append(element)
            elif tag in CELLS:
                self.cells.append(element)
            elif tag in HEADINGS:
                self.headings += 1
            elif tag in _FURNITURE and not (tag == "form" and _holds_text(element)):
                self.furniture.append(element)
        elif tag == "br":
            self._flush()
        elif tag == "a":
            self.links += 1
            self.anchors.append(element)

    def _leave(self, element: HtmlElement, tag: str) -> None:
        if tag in BLOCKS:
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
        elif tag == "a":
            self.links -= 1

    def _flush(self) -> None:
        if not self.texts:
            return
        text = _set_line("".join(self.texts))
        if text:
            self.done.append(
                Line(
                    len(self.done),
                    text,
                    self.blocks[-1],
                    self.linked,
                    self.headings > 0,
                    self.rows[-1] if self.rows else None,
                    self.cells[-1] if self.cells else None,
                    bool(self.furniture),
                    self.anchors,
                )
            )
            self.anchors = []  # one without a text of its own waits for the next line
        self.texts.clear()
        self.linked = 0


def _holds_text(form: HtmlElement) -> bool:
    """Whether a form is not one to fill in but holds the page: ASP.NET and VSB put all in one."""
    if any(len(text_of(x)) >= 4 for x in form.iter(*_TEXTS)):
        return True
    return len(text_of(form)) > _MUCH


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
        names = f"{candidate.get('class') or ''} {candidate.get('id') or ''}"
        if any(_TITLE_NAME.search(name) for name in names.split()):
            return True
    return False
