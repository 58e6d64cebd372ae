"""A notice's body, sanitised HTML or plain text, as the blocks an issue is made of.

Cleaning takes classes and styles away, so what a paragraph is (addressee, heading, signature,
attachment list) is recognised by its words and its place.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from lxml import etree

from bulletin.grid import grid, is_layout
from bulletin.issue import Block, Image, Role, Text
from bulletin.plain import one_line, printable

_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "iframe", "object"}
)
# The rest flows within a line.
_BREAKING = re.compile(
    "address|article|aside|blockquote|body|center|d[dlt]|div|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|table|t[rdh]|tbody|tfoot|thead|ul"
)

_NUMERAL = "一二三四五六七八九十百零〇"
_HEADING = re.compile(rf"[{_NUMERAL}]+、")
_SUBHEADING = re.compile(rf"[（(][{_NUMERAL}]+[）)]")
_CHAPTER = re.compile(rf"第[{_NUMERAL}\d]+[章节编](?:\s|$)")
_NUMBERED = re.compile(rf"[（(]?[{_NUMERAL}\d]+[）)、.．]|[①-⑳]|第[{_NUMERAL}\d]+[章节条]|[-•·]")
_DATE = re.compile(
    r"(?:\d{4}|[〇○零OＯ一二三四五六七八九]{4})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月"
    r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_AGENCY = re.compile(
    r"(?:部|委|会|厅|局|署|院|办|办公室|政府|处|司|科|室|中心|社|行|公司|集团|校|学|盟|组|所|站|队|关|窗口)"
    r"(?:[（(](?:代章|盖章|公章|印章|章)[）)])?$"
)
_ANNEX = re.compile(rf"附\s*(?:件|表|录)\s*[\d{_NUMERAL}]*")
_ATTACHED = re.compile(r"附\s*件?\s*[:：]|附\s*件\s*\d+\s*[:：]")
_ATTACHED_ITEM = re.compile(r"\d+\s*[.．、]|[（(]\d+[）)]|附\s*件\s*\d")
_EXTENSION = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar|7z|ofd|txt|jpe?g|png)$", re.I)
_SENTENCE = "。；;：:！!？?，,"
_MAX_COSIGNERS = 12


def read(
    html: str,
    text: str = "",
    *,
    titles: Iterable[str] = (),
    doc_number: str = "",
    attachments: Sequence[str] = (),
) -> list[Block]:
    """The body's blocks from `html`, or from `text` (one paragraph a line) when the HTML has none.

    A first line that repeats one of `titles` or the 文号 is left out: the entry prints them itself.
    `attachments` are the notice's attachment names, to know their lines in the body."""
    pieces = _Flow().read(html) if html.strip() else []
    if not pieces:
        lines = (one_line(line) for line in printable(text).split("\n"))
        pieces = [Text(line) for line in lines if line]
    pieces = _without_repeats(pieces, titles, doc_number)
    return _Roles(pieces, attachments).assigned()


def unlisted(blocks: Iterable[Block], names: Iterable[str]) -> list[str]:
    """Those attachment `names` that no attachment line of `blocks` prints."""
    printed = " ".join(
        _key(b.text) for b in blocks if isinstance(b, Text) and b.role is Role.ATTACHMENT
    )
    return [name for name in names if _key(name) not in printed]


def _key(text: str) -> str:
    """What of a title or a file name counts when two are compared."""
    return re.sub(r"[\W_]", "", _EXTENSION.sub("", one_line(text))).lower()


class _Flow:
    """Walks the HTML and cuts it into lines, tables and images."""

    def __init__(self) -> None:
        self.pieces: list[Block] = []
        self.line: list[str] = []
        self.role = Role.BODY

    def read(self, html: str) -> list[Block]:
        # As bytes: lxml refuses a str that declares an encoding.
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        root = etree.fromstring(printable(html).encode(), parser)
        if root is not None:
            self._walk(root)
            self._flush()
        return self.pieces

    def _flush(self) -> None:
        text = one_line("".join(self.line))
        self.line.clear()
        if text:
            self.pieces.append(Text(text, self.role))

    def _walk(self, node: etree._Element) -> None:
        tag = node.tag
        if tag in _SKIPPED:
            return
        if tag == "br":
            self._flush()
        elif tag == "img":
            self._image(node)
        elif tag == "table" and not is_layout(node):
            self._flush()
            self.pieces.extend(grid(node))
        else:
            self._element(node, str(tag))

    def _element(self, node: etree._Element, tag: str) -> None:
        breaking = _BREAKING.fullmatch(tag) is not None
        outer = self.role
        if breaking:
            self._flush()
        if re.fullmatch("h[1-6]", tag):
            self.role = Role.HEADING if tag < "h4" else Role.SUBHEADING
        if tag == "li":
            self.line.append(_marker(node))
        self._text(node.text, tag)
        for child in node:
            self._walk(child)
            self._text(child.tail, tag)
        if breaking:
            self._flush()
        self.role = outer

    def _text(self, text: str | None, tag: str) -> None:
        if not text:
            return
        if tag != "pre":
            self.line.append(text)
            return
        for line in text.split("\n"):
            self.line.append(line)
            self._flush()

    def _image(self, node: etree._Element) -> None:
        src = (node.get("src") or "").strip()
        name = one_line(node.get("title") or node.get("alt") or "")
        if src or name:
            self._flush()
            self.pieces.append(Image(src, name))


def _marker(item: etree._Element) -> str:
    """What a browser would print before an item of a numbered list, unless the text has its own."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    if _NUMBERED.match(one_line(str(item.xpath("string()")))):
        return ""
    start = parent.get("start") or ""
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
    return f"{first + sum(1 for _ in item.itersiblings('li', preceding=True))}. "


def _without_repeats(pieces: list[Block], titles: Iterable[str], doc_number: str) -> list[Block]:
    known = {_key(title) for title in titles} - {""}
    joined = ""
    for count, piece in enumerate(pieces[:4], start=1):  # a title is broken in four lines at most
        if not isinstance(piece, Text):
            break
        joined += _key(piece.text)
        if joined in known:
            pieces = pieces[count:]
            break
    first = pieces[0] if pieces else None
    if isinstance(first, Text) and doc_number and _key(first.text) == _key(doc_number):
        pieces = pieces[1:]
    return pieces


class _Roles:
    """Says of each paragraph what it is."""

    def __init__(self, pieces: Sequence[Block], attachments: Sequence[str]) -> None:
        self.pieces = pieces
        self.names = {_key(name) for name in attachments} - {""}
        self.roles: dict[int, Role] = {}

    def assigned(self) -> list[Block]:
        if self.pieces and isinstance(self.pieces[0], Text) and _addresses(self.pieces[0].text):
            self.roles[0] = Role.ADDRESSEE
        self._attachments()
        self._signatures()
        return [
            Text(piece.text, self.roles.get(at) or _by_words(piece))
            if isinstance(piece, Text)
            else piece
            for at, piece in enumerate(self.pieces)
        ]

    def _attachments(self) -> None:
        inside = bare = False
        for at, piece in enumerate(self.pieces):
            if not isinstance(piece, Text):
                inside = bare = False
                continue
            opening = _ATTACHED.match(piece.text)
            named = _key(_ATTACHED_ITEM.sub("", piece.text, count=1)) in self.names
            if opening and len(piece.text) <= 200:
                inside, bare = True, opening.end() == len(piece.text)
            elif inside and (_ATTACHED_ITEM.match(piece.text) or named):
                bare = False
            elif bare and _title_like(piece.text) and not _signs(piece.text):
                bare = False  # 附件： and one name without a number below it
            elif not named:
                inside = bare = False
                continue
            self.roles[at] = Role.ATTACHMENT

    def _signatures(self) -> None:
        for at, piece in enumerate(self.pieces):
            if at == 0 or not isinstance(piece, Text) or at in self.roles:
                continue
            date = _DATE.search(piece.text)
            if not date or date.end() != len(piece.text):
                continue
            before = piece.text[: date.start()].strip()
            if before and not _signs(before):
                continue
            self.roles[at] = Role.SIGNATURE
            if not before:
                self._signers(at)
            self._title_after(at + 1)

    def _signers(self, date_at: int) -> None:
        """The lines right above a date that name agencies."""
        for at in range(date_at - 1, max(date_at - 1 - _MAX_COSIGNERS, 0), -1):
            piece = self.pieces[at]
            if not isinstance(piece, Text) or at in self.roles or not _signs(piece.text):
                return
            self.roles[at] = Role.SIGNATURE

    def _title_after(self, at: int) -> None:
        """A document printed after the covering letter's signature begins with its title."""
        if at < len(self.pieces) and self._is(at, _ANNEX.fullmatch):
            self.roles[at] = Role.ANNEX
            at += 1
        # A title has something below it; a lone line is a remark.
        if at + 1 < len(self.pieces) and self._is(at, _title_like):
            self.roles[at] = Role.TITLE

    def _is(self, at: int, test: Callable[[str], object]) -> bool:
        piece = self.pieces[at]
        return isinstance(piece, Text) and at not in self.roles and bool(test(piece.text))


def _by_words(piece: Text) -> Role:
    text = piece.text
    if _ANNEX.fullmatch(text) and len(text) <= 6:
        return Role.ANNEX
    if len(text) <= 60 and text[-1] not in _SENTENCE:
        if _CHAPTER.match(text):
            return Role.CHAPTER
        if _SUBHEADING.match(text):
            return Role.SUBHEADING
    if _HEADING.match(text) and len(text) <= 45 and text[-1] not in "。；;，,":
        return Role.HEADING
    # Some sites set whole paragraphs as headings.
    return piece.role if len(text) <= 60 and text[-1] not in "。；;" else Role.BODY


def _addresses(text: str) -> bool:
    """主送机关: agencies or people and a colon, no sentence."""
    return text[-1] in "：:" and not re.search("[。；]|如下|下列|现将|决定|工作.$", text)


def _title_like(text: str) -> bool:
    return (
        len(text) <= 80
        and not any(c in "。；;：:" for c in text)
        and text[0] not in "（(【"
        and not _NUMBERED.match(text)
    )


def _signs(text: str) -> bool:
    """Only the names of agencies, one or several apart by spaces."""
    if len(text) > 60 or any(c in _SENTENCE for c in text) or _NUMBERED.match(text):
        return False
    return bool(_AGENCY.search(text))
