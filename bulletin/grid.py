"""An HTML table as a grid: spans resolved, so that every office program draws the same."""

from collections.abc import Iterator

from lxml import etree

from bulletin.issue import Block, Cell, Table, Text
from bulletin.plain import one_line

MAX_COLUMNS = 63  # Word takes no more
_MAX_SPAN = 100  # columns one cell may take; rows are clipped to the table
_PARTS = ("thead", "tbody", "tfoot")
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"})


def is_layout(table: etree._Element) -> bool:
    """True for a table that only places text: one column, or tables within its cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    return all(len(row) <= 1 for row in (list(_cells(row)) for row in _rows(table)))


def grid(table: etree._Element) -> list[Block]:
    """The table, or its rows as lines when it is wider than any office program takes; an empty
    table gives nothing."""
    cells = list(_placed(table))
    if not any(cell.text for cell in cells):
        return []
    # A column where no cell begins (colspan="1000") is no column; the rest close up.
    starts = sorted({cell.column for cell in cells})
    at = {column: number for number, column in enumerate(starts)}
    height = max(cell.row for cell in cells) + 1
    closed = [
        Cell(
            cell.row,
            at[cell.column],
            cell.text,
            min(cell.rows, height - cell.row),
            sum(1 for start in starts if cell.column <= start < cell.column + cell.columns),
            cell.head,
        )
        for cell in cells
    ]
    closed.sort(key=lambda cell: (cell.row, cell.column))
    if len(starts) <= MAX_COLUMNS:
        return [Table(height, len(starts), closed)]
    lines: dict[int, list[str]] = {}
    for cell in closed:
        if cell.text:
            lines.setdefault(cell.row, []).append(cell.text.replace("\n", " "))
    return [Text("\u3000".join(line)) for line in lines.values()]


def _placed(table: etree._Element) -> Iterator[Cell]:
    """Every cell at its place, by HTML's own rule: the next free one of its row."""
    rows = list(_rows(table))
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        c = 0
        for node in _cells(row):
            while (r, c) in taken:
                c += 1
            high = min(_span(node, "rowspan"), len(rows) - r)
            wide = 1
            while wide < _span(node, "colspan") and (r, c + wide) not in taken:
                wide += 1
            taken.update((r + y, c + x) for y in range(high) for x in range(wide))
            yield Cell(r, c, _text(node), high, wide, node.tag == "th")
            c += wide


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _PARTS:
            yield from child.iterchildren("tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return row.iterchildren("td", "th")


def _span(cell: etree._Element, name: str) -> int:
    stated = (cell.get(name) or "").strip()
    if not (stated.isascii() and stated.isdigit()):
        return 1
    # rowspan=0 means "to the end"; a colspan of 0 is none.
    number = int(stated[:6])
    if name == "rowspan":
        return number or 10**6
    return min(max(number, 1), _MAX_SPAN)


def _text(cell: etree._Element) -> str:
    """The cell's paragraphs, "\\n" between them."""
    lines: list[list[str]] = [[]]
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        if node is not cell and node.tag in _BREAKS:
            lines.append([])
        if event == "start":
            lines[-1].append(_figure(node) if node.tag == "img" else node.text or "")
        elif node is not cell:
            lines[-1].append(node.tail or "")
    found = (one_line("".join(line)) for line in lines)
    return "\n".join(line for line in found if line)


def _figure(image: etree._Element) -> str:
    name = image.get("title") or image.get("alt") or ""
    return f"〔图：{name}〕" if name else "〔图〕"
