"""Tables as grids: which tables hold data, and which cell stands in which place of them.

Spans come from pages: they are cut to the table, so that no figure on a page makes a grid larger
than the page itself could.
"""

from dataclasses import dataclass, field

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.reading.lines import CONTROL, text_of

MOST_COLUMNS = 200  # no page shows more; what a span reaches beyond them is cut
MOST_PLACES = 200_000  # places of one grid; a table that is larger still is kept without spans
_CELLS = ("td", "th")


@dataclass(slots=True, eq=False)
class Cell:
    """One cell; in a grid it stands in every place that it spans."""

    text: str  # one line
    row: int  # of its upper left corner, from 0
    column: int
    rows: int = 1  # how many it spans, within the grid
    columns: int = 1
    head: bool = False  # a `th`, or in a `thead`
    element: HtmlElement | None = field(default=None, repr=False)


Grid = list[list[Cell]]


def data_tables(root: HtmlElement) -> list[HtmlElement]:
    """The tables under `root` (itself included) that hold data, in order; those that only place
    text on the page are none."""
    return [table for table in root.iter("table") if not is_layout(table)]


def is_layout(table: HtmlElement) -> bool:
    """Whether a table only places text: it holds other tables, or has one column."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return all(len(_cells(row)) <= 1 for row in table.iter("tr"))


def grid(table: HtmlElement) -> Grid:
    """Rows of places, all of one length; a merged cell stands in all of its own places, and a
    place that the page leaves out has a cell without text."""
    rows = [row for row in table.iter("tr") if _table_of(row) is table]
    bare = len(rows) * min(MOST_COLUMNS, _widest(rows)) > MOST_PLACES
    found: list[dict[int, Cell]] = [{} for _ in rows]
    width = 0
    for at, row in enumerate(rows):
        column = 0
        head = (parent := row.getparent()) is not None and parent.tag == "thead"
        for element in _cells(row):
            while column in found[at]:
                column += 1
            if column >= MOST_COLUMNS:
                break
            tall = 1 if bare else _span(element, "rowspan", len(rows) - at)
            wide = 1 if bare else _span(element, "colspan", MOST_COLUMNS - column)
            cell = Cell(text_of(element), at, column, tall, wide, head, element)
            cell.head = head or element.tag == "th"
            for line in found[at : at + tall]:
                for place in range(column, column + wide):
                    line.setdefault(place, cell)
            column += wide
            width = max(width, column)
    return [
        [line[place] if place in line else Cell("", at, place) for place in range(width)]
        for at, line in enumerate(found)
    ]


def head_rows(table: Grid) -> int:
    """How many rows at the top are headings: those of head cells only; else the first row and
    those that its merged cells reach into, when all of it is filled with short words."""
    marked = 0
    while marked < len(table) and all(cell.head for cell in table[marked]):
        marked += 1
    if marked or len(table) < 2:
        return marked
    top = table[0]
    if len({id(cell) for cell in top}) < 2 or not all(_is_heading(cell.text) for cell in top):
        return 0
    reach = max(cell.rows for cell in top)
    return reach if reach < len(table) else 0


def tables_in(markup: str) -> list[Grid]:
    """The data tables of a notice's HTML that say something, as grids, in order: those of its
    parts of kind `table`."""
    try:
        root = html.fromstring(f"<div>{CONTROL.sub('', markup)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return []  # no markup, no table
    if not isinstance(root, HtmlElement):
        return []
    grids = (grid(table) for table in data_tables(root))
    return [one for one in grids if any(cell.text for row in one for cell in row)]


def _is_heading(text: str) -> bool:
    return 0 < len(text) <= 30 and not text.replace(".", "").isdigit()


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in _CELLS]


def _table_of(row: HtmlElement) -> HtmlElement | None:
    return next((x for x in row.iterancestors() if x.tag == "table"), None)


def _widest(rows: list[HtmlElement]) -> int:
    """Columns of the widest row, spans counted."""
    return max(
        (sum(_span(x, "colspan", MOST_COLUMNS) for x in _cells(row)) for row in rows), default=0
    )


def _span(element: HtmlElement, name: str, most: int) -> int:
    said = (element.get(name) or "").strip()[:6]
    if not (said.isascii() and said.isdigit()):
        return 1
    number = int(said)
    if name == "rowspan" and number == 0:  # to the end of its table
        return most
    return max(1, min(number, most))
