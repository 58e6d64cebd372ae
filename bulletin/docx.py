"""An issue as a DOCX in the house layout: the editable original.

The contents are a real field, already filled. Its page numbers come from laying the document out;
without LibreOffice they are left open, and the result says so.
"""

import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.shared import Emu

from bulletin import layout
from bulletin.blocks import unlisted
from bulletin.files import write_whole
from bulletin.issue import Entry, Image, Issue, Role, Table, Text
from bulletin.links import web_address
from bulletin.pictures import BadPicture, fitted
from bulletin.plain import one_line, printable, width
from bulletin.styles import CONTENTS_INDENT, TEXT_WIDTH, blank
from bulletin.tables import table
from bulletin.wml import (
    Node,
    bookmarked,
    complex_field,
    field_end,
    field_start,
    paragraph,
    run,
    text_run,
    w,
)

UNKNOWN_PAGE = "…"
_PASSES = 4
_CONTENTS_LINE = (TEXT_WIDTH - CONTENTS_INDENT) / 240  # em
_CONTENTS_ROOM = 3.0  # em: a short leader and the page number
_STYLE = {
    Role.BODY: "KxBody",
    Role.ADDRESSEE: "KxAddressee",
    Role.HEADING: "KxHeading",
    Role.SUBHEADING: "KxSubheading",
    Role.CHAPTER: "KxChapter",
    Role.TITLE: "KxTitle",
    Role.ANNEX: "KxAnnex",
    Role.ATTACHMENT: "KxAttachment",
    Role.SIGNATURE: "KxSignature",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the contents."""

    level: int  # 1 a section, 2 a notice
    title: str
    page: int | None = None  # None: not known


@dataclass(slots=True)
class Built:
    """What was written."""

    path: Path
    pages: int | None  # None: not laid out
    contents: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # Chinese sentences for the editor


def build(issue: Issue, path: Path, *, made: dt.datetime, seconds: float = 120) -> Built:
    """Writes the issue to `path`, whole or not at all, and tells what an editor should know.

    `made`, aware, is the date of the document's properties: the same issue and date give the same
    bytes. `seconds` bounds one layout. Raises OSError when the file cannot be written."""
    writer = _Writer(issue, made)
    data = writer.write([])
    pages: list[int] = []
    total = None
    warnings = list(writer.warnings)
    try:
        with layout.Office(seconds) as office:
            for _ in range(_PASSES):
                laid = layout.read(office.pdf(data))
                found = [page for _, page in laid.headings]
                if len(found) != len(writer.headings) or not all(found):
                    raise layout.LayoutFailed("排版结果里的标题与目录不一致，请检查标题后重新生成")
                total = laid.pages
                if found == pages:
                    break
                pages = found
                data = writer.write(pages)
            else:
                warnings.append("目录页码几次排版后仍不稳定，请在 Word 中更新目录后核对")
    except layout.LayoutFailed as error:
        pages, total = [], None
        data = writer.write(pages)
        warnings.append(f"目录页码没有填上：{error}；也可以在 Word 或 WPS 中右击目录，选“更新域”")
    write_whole(path, data)
    contents = [
        Line(level, title, pages[at] if pages else None)
        for at, (level, title) in enumerate(writer.headings)
    ]
    return Built(path, total, contents, warnings)


class _Writer:
    """Writes one issue; `write` may be called again with other page numbers."""

    def __init__(self, issue: Issue, made: dt.datetime) -> None:
        self.issue = issue
        self.made = made.astimezone(dt.UTC).replace(tzinfo=None)
        self.headings = [
            line
            for section, entries in issue.by_section()
            for line in [(1, f"[{one_line(section)}]"), *((2, _title(e)) for e in entries)]
        ]
        self.warnings: list[str] = []

    def write(self, pages: list[int]) -> bytes:
        """The document with these page numbers in its contents, one a heading; [] for none."""
        self.warnings = [] if self.issue.entries else ["本期没有条目"]
        self._begin()
        self._front(pages)
        self._body()
        self._closing()
        self._footer()
        self._properties()
        packed = io.BytesIO()
        self.document.save(packed)
        return _repacked(packed.getvalue())

    def _begin(self) -> None:
        self.document = blank(self.issue.house.fonts)
        self.end: Node = self.document.element.body.sectPr
        self.written = 0  # headings so far

    def _put(self, *nodes: Node) -> None:
        for node in nodes:
            self.end.addprevious(node)

    def _line(self, style: str, text: str) -> None:
        self._put(paragraph(style, text_run(one_line(text))))

    def _front(self, pages: list[int]) -> None:
        """The title block and the contents: the first page."""
        house = self.issue.house
        self._line("KxFirm", house.firm)
        self._line("Title", _spaced(house.title))
        self._line("KxNumber", self.issue.number)
        self._line("TOCHeading", _spaced("目录"))
        opening = field_start(r'TOC \o "1-2" \h \z \u')
        for at, (level, title) in enumerate(self.headings):
            mark = _mark(at)
            page = str(pages[at]) if pages else UNKNOWN_PAGE
            link = w(
                "hyperlink",
                *_contents_title(title),
                run(w("tab")),
                *complex_field(rf"PAGEREF {mark} \h", page),
                anchor=mark,
                history="1",
            )
            self._put(paragraph(f"TOC{level}", *opening, link))
            opening = []
        self._put(paragraph("Normal", *opening, field_end()))

    def _heading(self, style: str) -> None:
        at = self.written
        title = text_run(self.headings[at][1])
        first = (w("pageBreakBefore"),) if at == 0 else ()
        self._put(paragraph(style, *bookmarked(_mark(at), at, title), properties=first))
        self.written += 1

    def _body(self) -> None:
        for _, entries in self.issue.by_section():
            self._heading("Heading1")
            for entry in entries:
                self._heading("Heading2")
                self._entry(entry)

    def _entry(self, entry: Entry) -> None:
        if one_line(entry.doc_number):
            self._line("KxDocNumber", entry.doc_number)
        for block in entry.blocks:
            if isinstance(block, Text):
                self._text(block)
            elif isinstance(block, Table):
                # Without a paragraph between, two tables become one.
                self._put(paragraph("KxGap"), table(block), paragraph("KxGap"))
            else:
                self._image(entry, block)
        names = [one_line(name) for name in unlisted(entry.blocks, entry.attachments)]
        for number, name in enumerate(names, start=1):
            label = "附件：" if number == 1 else ""
            numbered = f"{number}. {name}" if len(names) > 1 else name
            self._text(Text(label + numbered, Role.ATTACHMENT))
        if entry.url:
            self._line("KxLinkLabel", "相关链接：")
            self._put(paragraph("KxLink", self._link(entry.url)))

    def _text(self, block: Text) -> None:
        item = block.role is Role.ATTACHMENT and not block.text.startswith("附")
        self._line("KxAttachmentItem" if item else _STYLE[block.role], block.text)

    def _link(self, url: str) -> Node:
        """A live link; an address that is not of the web stays text."""
        shown = one_line(url)
        target = web_address(url)
        if not target:
            return text_run(shown, latin=True)
        link = w("hyperlink", text_run(shown, style="Hyperlink", latin=True), history="1")
        name = self.document.part.relate_to(target, RT.HYPERLINK, is_external=True)
        link.set(qn("r:id"), name)
        return link

    def _image(self, entry: Entry, image: Image) -> None:
        name = one_line(image.name)
        body = entry.images.get(image.src)
        if body is None:
            self._line("KxPicture", f"〔图：{name}〕" if name else "〔图〕")
            return
        try:
            picture = fitted(body)
        except BadPicture as error:
            self.warnings.append(f"《{_title(entry)}》的图片{name}没有放进去：{error}")
            self._line("KxPicture", f"〔图：{name}〕" if name else "〔图〕")
            return
        inline = self.document.part.new_pic_inline(
            io.BytesIO(body), Emu(picture.width), Emu(picture.height)
        )
        inline.docPr.set("descr", name or "图")
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice takes none for 9 points
            inline.set(side, "0")
        self._put(paragraph("KxPicture", w("r", w("drawing", inline))))

    def _closing(self) -> None:
        for at, line in enumerate(self.issue.house.closing):
            space = (w("spacing", before="480"),) if at == 0 else ()
            self._put(paragraph("KxClosing", text_run(one_line(line)), properties=space))

    def _footer(self) -> None:
        footer = self.document.sections[0].footer
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        for line in printable(self.issue.house.running_footer).split("\n"):
            if line.strip():
                element.append(paragraph("Footer", text_run(one_line(line))))
        element.append(
            paragraph("Footer", text_run("— "), *complex_field("PAGE", "1"), text_run(" —"))
        )

    def _properties(self) -> None:
        about, house = self.document.core_properties, self.issue.house
        about.title = one_line(f"{house.title} {self.issue.number}")[:255]
        about.author = about.last_modified_by = one_line(house.firm)[:255]
        about.created = about.modified = self.made
        about.language = "zh-CN"
        about.comments = about.subject = about.keywords = about.category = ""
        about.revision = 1


def _title(entry: Entry) -> str:
    return one_line(entry.title) or "（无标题）"


def _spaced(title: str) -> str:
    """快 讯: a title of two characters is set with a space."""
    return " ".join(title) if len(title) == 2 else title


def _contents_title(title: str) -> list[Node]:
    """A title in the contents. One that just fills its last line would push the leader and the page
    number down alone, so it is broken before its last three characters."""
    left = -width(title) % _CONTENTS_LINE
    if left >= _CONTENTS_ROOM or len(title) <= 3:
        return [text_run(title)]
    return [text_run(title[:-3]), run(w("br")), text_run(title[-3:])]


def _mark(at: int) -> str:
    return f"_Toc{at + 1:08d}"


def _repacked(data: bytes) -> bytes:
    """The package with fixed times and order, so that the same issue gives the same bytes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        # [Content_Types].xml first: some readers know a DOCX by it.
        for name in sorted(old.namelist(), key=lambda name: (not name.startswith("["), name)):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # the same on every system
            new.writestr(member, old.read(name))
    return packed.getvalue()
