"""The parts of a notice: what each of its lines is, by its words, its numbering and its place."""

from itertools import islice

from lxml.html import HtmlElement

from crawler.notice import Part, PartKind
from crawler.reading.lines import Line, Within
from crawler.reading.part.head import read_head
from crawler.reading.part.images import with_images
from crawler.reading.part.numbering import mark_by_markup, number_rows
from crawler.reading.part.paragraph import Known, Paragraph
from crawler.reading.part.tables import is_layout
from crawler.reading.part.tail import read_attached, read_signed
from crawler.reading.text.body import Body, line_of
from crawler.reading.text.media import body_images

_RUNS = frozenset(
    (
        *(PartKind.TITLE, PartKind.LETTERHEAD, PartKind.ADDRESSEE, PartKind.TABLE),
        *(PartKind.SIGNATURE, PartKind.ATTACHMENTS),
    )
)
_TABLE_ABOVE = 4  # a row stands in its table, or in a tbody of it
_MOST_LINES = 2000  # no document has more, but for a table; what comes after them is one part


def read_parts(body: Body, printed: list[list[Line]], known: Known, base: str = "") -> list[Part]:
    """The parts of a text; `printed` are the lines of the body, read once for all.

    They cover those lines once, in order; an image covers none and stands where it is on the page.
    `base` is what addresses of images are relative to."""
    told = printed[:_MOST_LINES]
    paragraphs = [Paragraph(line_of(group), group) for group in told]
    _tables(paragraphs, body.elements)
    read_head(paragraphs, known)
    read_attached(paragraphs, known)
    read_signed(paragraphs, known)
    number_rows(paragraphs)
    mark_by_markup(paragraphs)
    parts = _joined(paragraphs)
    if len(printed) > _MOST_LINES:
        _add_rest(parts, paragraphs[-1].table, printed)
    images = body_images(*body.elements)
    if not images:
        return parts
    return with_images(parts, printed, body, images, known, base)


def _add_rest(parts: list[Part], table: HtmlElement | None, printed: list[list[Line]]) -> None:
    """What comes after the last line that was looked at: the rest of its table, and one part."""
    at = parts[-1].after
    if table is not None:
        within = Within([table])
        while at < len(printed) and printed[at][0].element in within:
            at += 1
        parts[-1].after = at
    if at < len(printed):
        parts.append(Part(PartKind.PARAGRAPH, at, len(printed)))


def _tables(paragraphs: list[Paragraph], boxes: list[HtmlElement]) -> None:
    within = Within(boxes)
    known: dict[HtmlElement, bool] = {}
    for paragraph in paragraphs:
        line = paragraph.lines[0]
        if line.row is None and line.element.tag != "caption":
            continue
        inner = line.row if line.row is not None else line.element
        near = islice(inner.iterancestors(), _TABLE_ABOVE)
        table = next((x for x in near if x.tag == "table"), None)
        if table is None:
            continue
        if table not in known:
            known[table] = table in within and not is_layout(table)
        if known[table]:
            paragraph.kind, paragraph.table = PartKind.TABLE, table


def _joined(paragraphs: list[Paragraph]) -> list[Part]:
    """A part a paragraph; those that belong together in one."""
    parts: list[Part] = []
    before: Paragraph | None = None
    for at, paragraph in enumerate(paragraphs):
        kind = paragraph.kind or PartKind.PARAGRAPH
        alike = before is not None and (before.kind, before.level) == (kind, paragraph.level)
        if alike and kind in _RUNS and before is not None and before.table is paragraph.table:
            parts[-1].after = at + 1
        else:
            parts.append(Part(kind, at, at + 1, paragraph.level))
        before = paragraph
    return parts
