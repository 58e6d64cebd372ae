"""A line of a notice's text on its way to being a part, and what is known of the notice."""

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.notice import Attachment, PartKind
from crawler.reading.fact.signature import Signature
from crawler.reading.lines import Line

TITLE_PARTS = 5  # lines one title may be broken into
LONGEST_TITLE = 80  # of a line of one
LONGEST_HEADING = 60


@dataclass(slots=True)
class Paragraph:
    """One line of the text."""

    text: str
    lines: list[Line]
    kind: PartKind | None = None
    level: int = 0
    table: HtmlElement | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the other readers found, by which parts are recognised."""

    title: str = ""
    number: str = ""  # 文号 in the one form
    signature: Signature = field(default_factory=Signature)
    attachments: tuple[Attachment, ...] = ()


def mark(paragraphs: list[Paragraph], places: range, kind: PartKind, level: int = 0) -> None:
    """Say of the paragraphs in `places` what they are."""
    for at in places:
        paragraphs[at].kind, paragraphs[at].level = kind, level
