"""One issue of the bulletin as data: the house, its entries, and the blocks a body is made of.

Plain dataclasses. Who fills them (the command, the desk, a file) is no concern of this room.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a paragraph of a notice is; each has a style of its own in the document."""

    BODY = "body"
    ADDRESSEE = "addressee"  # 主送机关
    HEADING = "heading"  # 一、
    SUBHEADING = "subheading"  # （一）
    CHAPTER = "chapter"  # 第一章
    TITLE = "title"  # title of a document that follows the covering letter
    ANNEX = "annex"  # a line that only says 附件1
    ATTACHMENT = "attachment"  # 附件：… and the numbered lines below it
    SIGNATURE = "signature"  # agency or date, right aligned


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, one line of text."""

    text: str
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by its upper left corner; `rows` and `columns` are how far it reaches."""

    row: int
    column: int
    text: str  # paragraphs separated by "\n"
    rows: int = 1
    columns: int = 1
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: cells by row, then column, never overlapping; places without one are empty."""

    height: int
    width: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Image:
    """A body image; its bytes are looked up in `Entry.images` by `src`."""

    src: str
    name: str = ""


Block = Text | Table | Image


@dataclass(slots=True)
class Entry:
    """One notice in an issue."""

    section: str
    title: str  # the editor's
    blocks: list[Block] = field(default_factory=list)
    doc_number: str = ""  # as it shall be printed; "" for none
    attachments: list[str] = field(default_factory=list)  # names; those the body lists are not
    # printed twice
    url: str = ""  # 相关链接
    images: dict[str, bytes] = field(default_factory=dict)  # src -> PNG, JPEG, GIF or BMP


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font names for the styles; Latin letters and digits have their own."""

    body: str = "宋体"
    heading: str = "黑体"
    latin: str = "Times New Roman"


@dataclass(slots=True)
class House:
    """What is the same in every issue."""

    firm: str
    title: str = "快讯"
    phone: str = ""
    website: str = ""
    running_footer: str = ""  # the firm's line on every page; "\n" breaks it
    closing: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)  # in their order
    fonts: Fonts = field(default_factory=Fonts)


@dataclass(slots=True)
class Issue:
    """One bulletin."""

    number: str  # "(2019) 0902 期"
    year: int
    month: int
    running: int  # which one of the month
    house: House
    entries: list[Entry] = field(default_factory=list)

    def by_section(self) -> list[tuple[str, list[Entry]]]:
        """The sections that have entries, in the house's order; sections the house does not list
        follow in the order they first appear. Within one, the entries' own order."""
        found: dict[str, list[Entry]] = {name: [] for name in self.house.sections}
        for entry in self.entries:
            found.setdefault(entry.section, []).append(entry)
        return [(name, entries) for name, entries in found.items() if entries]
