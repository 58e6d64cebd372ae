"""How much of a page is read, by its size.

The densest pages we know have 14 lines, 37 elements and 14 links in a thousand bytes, and large
ones not a third of that. Who is denser by far says nothing on so little room; such a page is read
so far, and says that it was cut.
"""

from typing import TypeVar

T = TypeVar("T")

MOST_LINES = 50_000  # of a page that are read; the largest lists of names have fewer
CELLS_A_LINE = 3  # so many cells of a table count as one line
MOST_LINKS = 6000  # of a page; no list shows more
_LEAST_LINES, _OF_A_LINE = 400, 90  # lines of any page; bytes of one beyond them
_LEAST_ELEMENTS, _OF_AN_ELEMENT, _MOST_ELEMENTS = 2000, 20, 100_000
_LEAST_LINKS, _OF_A_LINK = 350, 300  # of a page; half as many at least of what it embeds
_LEAST_ROWS, _OF_A_ROW = 300, 300
_MANY, _LAST = 600, 120  # lines of a text in which its facts stand, and its last ones
_SAMPLE = 800  # lines that tell how much prose there is


def most_lines(size: int) -> int:
    """How many lines are read of a page of `size` bytes; see CELLS_A_LINE."""
    return min(_LEAST_LINES + size // _OF_A_LINE, MOST_LINES)


def most_elements(size: int) -> int:
    """How many elements are looked at for lines."""
    return min(_LEAST_ELEMENTS + size // _OF_AN_ELEMENT, _MOST_ELEMENTS)


def ends_of(lines: list[T]) -> list[T]:
    """The lines in which the facts of a text stand: of a very long one the first and the last."""
    return lines if len(lines) <= _MANY + _LAST else [*lines[:_MANY], *lines[-_LAST:]]


def sample_of(lines: list[T]) -> tuple[list[T], int]:
    """Lines that stand for all when something is weighed: of very many every n-th, and n."""
    step = len(lines) // _SAMPLE + 1
    return (lines if step == 1 else lines[::step]), step


def most_links(size: int, embedded: bool = False) -> int:
    """How many links are looked at for rows; `embedded`: in a part of a page."""
    least = _LEAST_LINKS // 2 if embedded else _LEAST_LINKS
    return min(least + size // _OF_A_LINK, MOST_LINKS)


def most_rows(size: int) -> int:
    """How many rows of a list are read."""
    return min(_LEAST_ROWS + size // _OF_A_ROW, MOST_LINKS)
