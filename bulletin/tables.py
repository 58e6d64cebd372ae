"""A table as WordprocessingML: as wide as the text, merged cells kept, its head on every page."""

from bulletin.issue import Cell, Table
from bulletin.plain import one_line, width
from bulletin.styles import TEXT_WIDTH
from bulletin.wml import Node, paragraph, text_run, w

# Style and its letter size in twentieths of a point: the first in which the columns fit is taken.
_SIZES = (("KxCell", 210), ("KxCellSmall", 180), ("KxCellTiny", 150))
_MARGINS = 150  # both cell margins and a hair
_LONG = 18.0  # em: a column wants no more than this before the others have theirs
_NARROW = 2.0  # em: an empty column
_PRESSED = 3.0  # em: rather smaller letters than fewer on a line
_SHORT = 6.0  # em: up to here a column is not pressed while another is longer
_CENTRED = 9.0  # em: a column of such short cells is centred
_ROW_IN_ONE_PIECE = 160.0  # em in its longest cell: longer rows may break across pages


def table(source: Table) -> Node:
    """The w:tbl of a table. A paragraph must follow it."""
    wants, needs = _demands(source)
    style, em = next(
        (
            (style, em)
            for style, em in _SIZES
            if sum(min(need, _PRESSED) for need in needs) * em + _MARGINS * source.width
            <= TEXT_WIDTH
        ),
        _SIZES[-1],
    )
    widths = _widths(wants, needs, em)
    centred = [want <= _CENTRED for want in wants]
    head = _head(source)
    node = w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val="TableGrid"),
            w("tblW", w=sum(widths), type="dxa"),
            w("jc", val="center"),
            w("tblLayout", type="fixed"),
            w("tblLook", val="04A0"),
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in widths)),
    )
    places: dict[tuple[int, int], Cell] = {
        (cell.row + down, cell.column): cell for cell in source.cells for down in range(cell.rows)
    }
    for row in range(source.height):
        node.append(_row(source, row, places, widths, centred, style, row < head))
    return node


def _row(
    source: Table,
    row: int,
    places: dict[tuple[int, int], Cell],
    widths: list[int],
    centred: list[bool],
    style: str,
    head: bool,
) -> Node:
    properties = w("trPr")
    here = [places[row, column] for column in range(source.width) if (row, column) in places]
    if max((width(cell.text) for cell in here), default=0) <= _ROW_IN_ONE_PIECE:
        properties.append(w("cantSplit"))
    if head:
        properties.append(w("tblHeader"))
    node = w("tr", *([properties] if len(properties) else []))
    column = 0
    while column < source.width:
        cell = places.get((row, column)) or Cell(row, column, "")
        reach = column + cell.columns
        middle = cell.head or head or centred[column]
        node.append(_cell(cell, row, sum(widths[column:reach]), style, middle))
        column = reach
    return node


def _cell(cell: Cell, row: int, wide: int, style: str, middle: bool) -> Node:
    properties = w("tcPr", w("tcW", w=wide, type="dxa"))
    if cell.columns > 1:
        properties.append(w("gridSpan", val=cell.columns))
    if cell.rows > 1:
        properties.append(w("vMerge", val="restart" if row == cell.row else "continue"))
    properties.append(w("vAlign", val="center"))
    aligned = (w("jc", val="center"),) if middle else ()
    lines = cell.text.split("\n") if row == cell.row else [""]
    return w(
        "tc",
        properties,
        *(
            paragraph(style, *([text_run(one_line(line))] if line else []), properties=aligned)
            for line in lines
        ),
    )


def _head(source: Table) -> int:
    """How many rows are the head: the leading ones of th cells or a first one of short words, with
    all rows that their merged cells reach into; 0 when that is most of the table."""
    first = [cell for cell in source.cells if cell.row == 0]
    worded = all(cell.text and width(cell.text) <= 14 for cell in first)
    if not (worded or all(cell.head for cell in first)):
        return 0
    rows = max(cell.row + cell.rows for cell in first)
    while any(cell.row == rows for cell in source.cells) and all(
        cell.head for cell in source.cells if cell.row == rows
    ):
        rows += 1
    return rows if rows * 2 <= source.height and rows <= 4 else 0


def _demands(source: Table) -> tuple[list[float], list[float]]:
    """For each column, in em: how wide it would like to be, and the least it needs."""
    wants = [_NARROW] * source.width
    needs = [_NARROW] * source.width
    for cell in source.cells:
        if cell.columns == 1 and cell.text:
            lines = [width(line) for line in cell.text.split("\n")]
            wants[cell.column] = max(wants[cell.column], min(max(lines), _LONG))
            needs[cell.column] = max(needs[cell.column], min(max(lines), _SHORT))
    return wants, needs


def _widths(wants: list[float], needs: list[float], em: int) -> list[int]:
    """Column widths in twentieths of a point that fill the text's width exactly."""
    room = TEXT_WIDTH - _MARGINS * len(wants)
    least, most = sum(needs) * em, sum(wants) * em
    if most <= room or least >= room:  # stretch what is wanted, or press what is needed
        base = wants if most <= room else needs
        shares = [share * max(room, 0) / sum(base) for share in base]
    else:
        spare = (room - least) / (most - least)
        shares = [
            (need + (want - need) * spare) * em for want, need in zip(wants, needs, strict=True)
        ]
    margin = min(_MARGINS, TEXT_WIDTH // len(wants))
    widths = [int(share) + margin for share in shares]
    widths[-1] += TEXT_WIDTH - sum(widths)
    return widths
