"""The sample notices: one text file each under samples/notices/<source>/, read into SampleNotice.

The front matter holds the facts that a reader must find; the body is what the page shows.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from samples.sites import COLUMNS, SITES, Column

FOLDER = Path(__file__).with_name("notices")
NIGHTS = {1: dt.date(2019, 9, 11), 2: dt.date(2019, 9, 12)}


class MalformedNoticeError(ValueError):
    """A notice file that breaks the format; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class SampleAttachment:
    """One anchor of a page. `name` is what a reader sees, `kind` what the address answers:
    docx doc xls xlsx pdf zip, html-as-doc (an error page named .doc) or broken (404)."""

    name: str
    kind: str
    about: str = ""  # what the made file says


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `sign` for a signature line, `heading` for a line that the page sets in bold."""

    text: str
    sign: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by line; `^` merges with the cell above, `<` with the cell to the left."""

    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The place of attachment `number` (from 1)."""

    number: int


@dataclass(frozen=True, slots=True)
class Image:
    """A body image."""

    name: str


Block = Para | Table | Link | Image


@dataclass(frozen=True, slots=True)
class SampleNotice:
    """One notice as it stands in one night: the expected facts and what its page shows."""

    source: str
    slug: str  # the file's stem
    columns: tuple[str, ...]
    url: str  # absolute, as the list links it
    title: str
    published: dt.date | dt.datetime
    kind: str
    issuers: tuple[str, ...] = ()
    row_title: str = ""  # cut anchor text; "" when the list shows the whole title
    row_date: dt.date | None = None
    meta_date: dt.date | None = None  # when the meta PubDate differs from the shown date
    written: dt.date | None = None
    doc_number: str | None = (
        None  # None: the page has none; "": an empty cell; 无: the cell says so
    )
    number_in_text: bool = False
    header: bool = False
    source_line: str = ""
    opens: dt.date | None = None
    closes: dt.date | None = None
    closes_time: str = ""
    nights: tuple[int, ...] = (1, 2)
    traits: tuple[str, ...] = ()
    family: str = ""
    pinned: bool = False
    direct: bool = False  # the row links straight to a PDF made of the body
    body_pdf: bool = False  # the page only shows its first attachment
    fails_night1: bool = False
    attachments: tuple[SampleAttachment, ...] = ()
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """`source/slug`, as traits.toml names it."""
        return f"{self.source}/{self.slug}"

    @property
    def day(self) -> dt.date:
        """The date by which its row is ordered."""
        if self.row_date:
            return self.row_date
        return self.published.date() if isinstance(self.published, dt.datetime) else self.published

    @property
    def external(self) -> bool:
        """Its row leads to another site; there is no page."""
        return "external-row" in self.traits

    @property
    def paragraphs(self) -> list[str]:
        """The body as a reader sees it, in order: no tables, anchors or images."""
        return [block.text for block in self.blocks if isinstance(block, Para)]

    @property
    def tables(self) -> list[list[list[str]]]:
        """The body's tables with merged cells spelt out again."""
        return [spelt_out(block) for block in self.blocks if isinstance(block, Table)]


@dataclass(frozen=True, slots=True)
class OldRow:
    """A row of a list that is older than the sample nights look back: it has no page."""

    source: str
    column: str
    url: str
    title: str
    date: dt.date


def load(night: int | None = None) -> list[SampleNotice]:
    """Every sample notice, by source and slug: as on night 1 or 2 (only those whose row stands
    that night), or, without `night`, as first published. MalformedNoticeError names a bad file."""
    found = [
        read(path)
        for path in sorted(FOLDER.glob("*/*.txt"))
        if not path.name.endswith(".night2.txt")
    ]
    if night is None:
        return found
    return [_tonight(notice, night) for notice in found if night in notice.nights]


def _tonight(notice: SampleNotice, night: int) -> SampleNotice:
    revised = FOLDER / notice.source / f"{notice.slug}.night2.txt"
    if night == 2 and revised.exists():
        return replace(read(revised), slug=notice.slug, nights=notice.nights)
    return notice


def old_rows() -> list[OldRow]:
    """The rows of every <source>/older.toml."""
    rows = []
    for path in sorted(FOLDER.glob("*/older.toml")):
        source = path.parent.name
        for entry in tomllib.loads(path.read_text("utf-8"))["row"]:
            column = _column(source, entry["column"], path)
            url = urljoin(column.url, entry["address"])
            rows.append(OldRow(source, column.name, url, entry["title"], entry["date"]))
    return rows


def read(path: Path) -> SampleNotice:
    """One notice file."""
    source = path.parent.name
    try:
        _, front, body = re.split(r"^\+\+\+\s*$", path.read_text("utf-8"), maxsplit=2, flags=re.M)
        facts: dict[str, Any] = tomllib.loads(front)
    except ValueError as error:
        raise MalformedNoticeError(f"{path}: {error}") from error
    names = facts.pop("column")
    columns = (names,) if isinstance(names, str) else tuple(names)
    column = _column(source, columns[0], path)
    attachments = tuple(SampleAttachment(**entry) for entry in facts.pop("attachments", []))
    url = urljoin(column.url, facts.pop("address"))
    if "nights" not in facts:
        day = facts["published"]
        day = day.date() if isinstance(day, dt.datetime) else day
        facts["nights"] = [1, 2] if day <= NIGHTS[1] else [2]
    for name in columns:
        _column(source, name, path)
    lists = {
        name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()
    }
    more: dict[str, Any] = lists  # checked by the constructor's names
    try:
        return SampleNotice(
            source=source,
            slug=path.name.split(".")[0],
            columns=columns,
            url=url,
            attachments=attachments,
            blocks=tuple(_blocks(body, len(attachments), path)),
            **more,
        )
    except TypeError as error:
        raise MalformedNoticeError(f"{path}: {error}") from error


def _column(source: str, name: str, path: Path) -> Column:
    try:
        return COLUMNS[source, name]
    except KeyError:
        known = "、".join(column.name for column in SITES[source].columns)
        raise MalformedNoticeError(f"{path}: no column {name!r}; there are {known}") from None


_HEADING = re.compile(r"^(第[一二三四五六七八九十]+[章节]|[一二三四五六七八九十]+、)")


def _blocks(body: str, attachments: int, path: Path) -> Iterator[Block]:
    lines = [line.strip() for line in body.splitlines()]
    table: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if table:
            if len({len(cells) for cells in table}) > 1:
                raise MalformedNoticeError(f"{path}: a table with lines of unequal length")
            yield Table(tuple(table))
            table = []
        if not line:
            continue
        if anchor := re.fullmatch(r"\{(\d+)\}", line):
            number = int(anchor[1])
            if not 0 < number <= attachments:
                raise MalformedNoticeError(f"{path}: {line} names no attachment")
            yield Link(number)
        elif line.startswith("!image"):
            yield Image(line.removeprefix("!image").strip())
        elif line.startswith(">>"):
            yield Para(line.removeprefix(">>").strip(), sign=True)
        else:
            bold = bool(_HEADING.match(line)) and len(line) <= 30 and line[-1] not in "。；："
            yield Para(line, heading=bold)


def spelt_out(table: Table) -> list[list[str]]:
    """The table with each merged cell's text in every place it covers."""
    grid: list[list[str]] = []
    for cells in table.lines:
        line: list[str] = []
        for at, cell in enumerate(cells):
            line.append(grid[-1][at] if cell == "^" else line[-1] if cell == "<" else cell)
        grid.append(line)
    return grid
