"""The body's HTML: only structure is kept, and only what is known to be harmless.

The page's markup is walked once and written anew: any wrapper becomes paragraphs, so that empty
ones vanish and no block stands in another by accident. nh3 has the last word on the result.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from itertools import groupby
from urllib.parse import urljoin, urlsplit

import nh3
from lxml import etree
from lxml.etree import _Element as Element

from crawler.address import canonical
from pipelines.wording import one_line, visible

ATTACHMENT = "attachment:"  # scheme of an image's src: the address of the notice's own attachment


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _words("h1 h2 h3 h4 h5 h6 p br table tbody tr th td ul ol li img a sub sup")
ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "src"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
SCHEMES = {"http", "https", "mailto", ATTACHMENT.rstrip(":")}

_LAST_WORD = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    link_rel=None,  # nobody follows a link but by hand
)

_HEADINGS = _words("h1 h2 h3 h4 h5 h6")
_BLOCKS = _words(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure footer form header hr html legend li main nav p pre section summary tbody td tfoot th "
    "thead tr ucapcontent"
)
# Their content is no text of the notice.
_DROPPED = _words(
    "applet audio base button canvas embed frame frameset head iframe input link map math meta "
    "noscript object option script select style svg template textarea title video"
)
_OWN_WAYS = _DROPPED | _HEADINGS | _words("br img a sub sup table ul ol menu dir")
_DEPTH = 120  # deeper nesting is no document: its text is taken, its structure is not
_SPAN = re.compile(r"\s*0*([1-9]\d{0,2})\s*")
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.S)
_SPACE = re.compile(r"\s+")
_REFERS = re.compile("&(?!(?:amp|lt|gt|quot|nbsp);)")  # may stand for what no reader can see
_UNSAFE = re.compile(r"[\s<>\"\\]")


def sanitised(markup: str, base: str, images: set[str]) -> str:
    """`markup` as headings, paragraphs, lists, tables, links and images; "" when nothing is left.

    `base` makes links absolute. Of images only those whose canonical address is in `images` stay,
    with the src "attachment:<canonical address>": a reader's browser asks no one for them.
    Applied again it changes nothing."""
    source = visible(markup)
    if not source.strip():
        return ""
    # huge_tree as Scrapy does; etree's own, as lxml.html makes every element in Python
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(f"<body>{source}</body>".encode(), parser)
    writer = _Writer(base, images, visible if _REFERS.search(source) else str)
    writer.flow(root)
    clean = _LAST_WORD.clean("".join(writer.blocks()))
    return _BARE_LINK.sub(r"\1", clean)  # nh3 did not like the address


class _Writer:
    """Walks elements and collects blocks; text that stands in none becomes a paragraph."""

    def __init__(
        self, base: str, images: set[str], visible: Callable[[str], str], depth: int = 0
    ) -> None:
        self.base, self.images, self.visible, self.depth = base, images, visible, depth
        self.done: list[str] = []
        self.tag = "p"
        self.link = ""
        self.script = ""  # "sub" or "sup": m³ must not become m3
        # (kind, link, script, content); kind is "text", "img" or "br"
        self.run: list[tuple[str, str, str, str]] = []
        self.marked = False  # whether the run holds more than words

    def blocks(self) -> list[str]:
        """What was written."""
        self._flush()
        return self.done

    def flow(self, element: Element) -> None:
        """The content of an element that is itself not kept."""
        if self.depth > _DEPTH:
            self._text("".join(map(str, element.itertext())))
            return
        self.depth += 1
        if text := element.text:
            self._text(text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                if tag in _OWN_WAYS:
                    self._child(child, tag)
                elif tag in _BLOCKS:
                    if self.run:
                        self._flush()
                    only = None if self.link or self.script else _only_text(child)
                    if only is None:
                        self.flow(child)
                        self._flush()
                    elif content := self._content(only):
                        self.done.append(f"<{self.tag}>{content}</{self.tag}>")
                else:
                    self.flow(child)
            if tail := child.tail:
                self._text(tail)
        self.depth -= 1

    def _child(self, child: Element, tag: str) -> None:
        """A tag that is neither a block like any other nor a wrapper."""
        if tag in _DROPPED:
            return
        if tag == "br":
            self.run.append(("br", "", "", ""))
            self.marked = True
        elif tag == "img":
            self._image(child)
        elif tag == "a":
            outer, self.link = self.link, self.link or self._href(child)
            self.flow(child)
            self.link = outer
        elif tag in ("sub", "sup"):
            outer, self.script = self.script, self.script or tag
            self.flow(child)
            self.script = outer
        elif tag in _HEADINGS:
            self._flush()
            outer, self.tag = self.tag, tag
            self.flow(child)
            self._flush()
            self.tag = outer
        elif tag == "table":
            self._table(child)
        else:
            self._list(child)

    def _inside(self, element: Element) -> str:
        """The content of a cell or list item; a single paragraph needs no tags."""
        if (only := _only_text(element)) is not None:
            return self._content(only)
        writer = _Writer(self.base, self.images, self.visible, self.depth + 1)
        writer.flow(element)
        blocks = writer.blocks()
        if len(blocks) == 1 and blocks[0].startswith("<p>"):
            return blocks[0][3:-4]
        return "".join(blocks)

    def _table(self, table: Element) -> None:
        self._flush()
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if sum(map(len, cells)) <= 1:  # a frame around text, not a table
            self.flow(table)
            self._flush()
            return
        for caption in table.iterchildren("caption"):
            self.flow(caption)
            self._flush()
        written = [[(cell, self._inside(cell)) for cell in row] for row in cells if row]
        if not any(content for row in written for _, content in row):
            return
        lines = ("".join(_cell(cell, content) for cell, content in row) for row in written)
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        self.done.append(f"<table><tbody>{body}</tbody></table>")

    def _list(self, element: Element) -> None:
        self._flush()
        if any(child.tag != "li" for child in element if isinstance(child.tag, str)):
            self.flow(element)
            self._flush()
            return
        items = [content for item in element.iterchildren("li") if (content := self._inside(item))]
        if not items:
            return
        tag = "ol" if element.tag == "ol" else "ul"
        start = _SPAN.fullmatch(element.get("start") or "") if tag == "ol" else None
        opening = f'<ol start="{start[1]}">' if start and start[1] != "1" else f"<{tag}>"
        body = "".join(f"<li>{item}</li>" for item in items)
        self.done.append(f"{opening}{body}</{tag}>")

    def _image(self, element: Element) -> None:
        source = element.get("src") or ""
        if source.startswith(ATTACHMENT):
            address = source.removeprefix(ATTACHMENT)
        else:
            address = canonical(joined) if (joined := self._join(source)) else ""
        if address in self.images:
            alt = html.escape(one_line(element.get("alt") or ""))
            self.run.append(
                (
                    "img",
                    self.link,
                    "",
                    f'<img alt="{alt}" src="{ATTACHMENT}{html.escape(address)}">',
                )
            )
            self.marked = True

    def _href(self, element: Element) -> str:
        href = (element.get("href") or "").strip()
        if href.lower().startswith("mailto:"):
            return "" if _UNSAFE.search(href) else "mailto:" + href[7:]
        return "" if href.startswith("#") else self._join(href)

    def _join(self, address: str) -> str:
        """The absolute http(s) address, or "" when it is none."""
        try:
            url = urljoin(self.base, address.strip())
            parts = urlsplit(url)
            good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a broken port or IPv6 host
            return ""
        return url if good and not _UNSAFE.search(url) else ""

    def _text(self, text: str) -> None:
        if not self.run and text.isspace():
            return  # nor does a paragraph begin with a space
        if self.link or self.script:
            # A link or an index without words is no link.
            marks = (self.link, self.script) if self.visible(text).strip() else ("", "")
            self.run.append(("text", *marks, text))
            self.marked = True
        else:
            self.run.append(("text", "", "", text))

    def _content(self, text: str) -> str:
        """What a paragraph of nothing but `text` holds."""
        content = unicodedata.normalize("NFC", " ".join(self.visible(text).split()))
        return html.escape(content.strip(" "), quote=False)

    def _flush(self) -> None:
        """End the paragraph: what stands in the run, one space between words, none at its ends."""
        if not self.run:
            return
        if not self.marked:  # nearly every paragraph
            content = self._content("".join([piece[3] for piece in self.run]))
            self.run = []
            if content:
                self.done.append(f"<{self.tag}>{content}</{self.tag}>")
            return
        self.marked = False
        pieces: list[tuple[str, str, str, str]] = []
        after_space = True
        for (kind, link, script), group in groupby(self.run, key=lambda piece: piece[:3]):
            content = "".join(piece[3] for piece in group)
            if kind == "br":
                after_space = True
                if pieces and pieces[-1][0] == "br":
                    continue
            elif kind == "img":
                after_space = False
            else:
                content = unicodedata.normalize("NFC", _SPACE.sub(" ", self.visible(content)))
                content = content.removeprefix(" ") if after_space else content
                if not content:
                    continue
                after_space = content.endswith(" ")
            pieces.append((kind, link, script, content))
        self.run = []
        while pieces and (pieces[0][0] == "br"):
            pieces.pop(0)
        while pieces and (pieces[-1][0] == "br" or pieces[-1][3] == " "):
            pieces.pop()
        if pieces and pieces[-1][0] == "text":
            *marks, content = pieces[-1]
            pieces[-1] = (marks[0], marks[1], marks[2], content.rstrip(" "))
        if pieces:
            body = "".join(
                _inline(kind, link, script, "".join(piece[3] for piece in group))
                for (kind, link, script), group in groupby(pieces, key=lambda piece: piece[:3])
            )
            self.done.append(f"<{self.tag}>{body}</{self.tag}>")


def _only_text(element: Element) -> str | None:
    """The text of an element that holds one and nothing else, in however many wrappers; None for
    any other."""
    while len(element) == 1:
        child = element[0]
        tag, before, after = child.tag, element.text, child.tail
        if (
            not isinstance(tag, str)
            or tag in _OWN_WAYS
            or (before and not before.isspace())
            or (after and not after.isspace())
        ):
            return None
        element = child
    return None if len(element) else element.text or ""


def _inline(kind: str, link: str, script: str, content: str) -> str:
    if kind == "br":
        return "<br>"
    piece = html.escape(content, quote=False) if kind == "text" else content
    piece = f"<{script}>{piece}</{script}>" if script else piece
    return f'<a href="{html.escape(link)}">{piece}</a>' if link else piece


def _cell(cell: Element, content: str) -> str:
    spans = "".join(
        f' {name}="{span[1]}"'
        for name in ("colspan", "rowspan")
        if (span := _SPAN.fullmatch(cell.get(name) or "")) and span[1] != "1"
    )
    return f"<{cell.tag}{spans}>{content}</{cell.tag}>"
