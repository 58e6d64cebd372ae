"""The links of a page that have a title, by the path of tags in which they stand."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.lines import CELLS, holders_of
from crawler.reading.row.facts import DATA_LINKS, SHORTEST, RowReader

_LINKS = etree.XPath(
    "descendant-or-self::*[@*][(self::a and @href) or @onclick or"
    f" {' or '.join(f'@{x}' for x in DATA_LINKS)}]"
)
_WRAPPERS = frozenset(("b", "strong", "font", "span", "em", "i", "u", "small", "big"))
_REPEATED = 3
_FULL = 22  # a title of so many characters counts wholly
_MOST_HELD = 6  # links inside a link
_MOST_CELLS = 21  # of a row


def by_path(
    root: HtmlElement, rows: RowReader, most: int
) -> tuple[dict[int, list[HtmlElement]], bool]:
    """The links that have a title, by their path of tags, and whether there are more than the
    `most` that are looked at; of neighbours with one address only the one with the longest
    text."""
    paths = _Paths()
    groups: dict[int, list[HtmlElement]] = defaultdict(list)
    last: tuple[str, int, HtmlElement] | None = None  # link, path, anchor
    holders: set[HtmlElement] | None = None
    links = list(islice(_links(root), most + 1))
    cut = len(links) > most
    links = links[:most]
    crowded = _crowded(links)
    for element in links:
        if element in crowded:
            continue
        link = rows.link(element)
        if not link:
            continue
        if element.tag != "a":
            if holders is None:
                linked = (x for x in links if x.tag == "a" and rows.link(x) and rows.titled(x))
                holders = holders_of(linked)
            if element in holders:
                continue
        if not rows.titled(element):
            continue
        if last is not None and last[0] == link and _near(last[2], element):
            if _weight(rows.plain(element)) <= _weight(rows.plain(last[2])):
                continue
            groups[last[1]].pop()
        path = paths.of(element)
        groups[path].append(element)
        last = (link, path, element)
    for path, anchors in groups.items():  # the column's own link in every row
        times = Counter(rows.link(x) for x in anchors)
        if len(times) > 1:
            groups[path] = [x for x in anchors if times[rows.link(x)] < _REPEATED]
    return groups, cut


def _links(root: HtmlElement) -> Iterator[HtmlElement]:
    """What may lead somewhere, in the order of the page."""
    found = _LINKS(root)
    return (x for x in (found if isinstance(found, list) else ()) if isinstance(x, HtmlElement))


def _crowded(links: list[HtmlElement]) -> set[HtmlElement]:
    """The links that hold more of them than a row does: a link left open, a script's block."""
    above: dict[HtmlElement, HtmlElement | None] = {}  # element -> the link it stands in
    own = set(links)
    for link in links:
        way = [link]
        current = link.getparent()
        while current is not None and current not in own and current not in above:
            way.append(current)
            current = current.getparent()
        holder = current if current is None or current in own else above[current]
        above.update(dict.fromkeys(way, holder))
    held: Counter[HtmlElement] = Counter()
    for link in reversed(links):
        if (holder := above[link]) is not None:
            held[holder] += 1 + held[link]
    return {link for link, count in held.items() if count > _MOST_HELD}


class _Paths:
    """A number for every path of tags; elements of one path have one number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}  # (path above, tag) -> path
        self._known: dict[HtmlElement, int] = {}
        self._places: dict[HtmlElement, int] = {}  # of cells in their rows

    def of(self, element: HtmlElement) -> int:
        way: list[HtmlElement] = []
        current: HtmlElement | None = element
        while current is not None and current not in self._known:
            way.append(current)
            current = current.getparent()
        path = self._known[current] if current is not None else 0
        for step in reversed(way):
            tag = step.tag
            if tag not in _WRAPPERS:
                name = f"{tag}{self._place(step)}" if tag in CELLS else tag
                path = self._numbers.setdefault((path, name), len(self._numbers) + 1)
            self._known[step] = path
        return path

    def _place(self, cell: HtmlElement) -> int:
        """How many elements of the row stand before a cell, counted from the last known."""
        before = cell.itersiblings(etree.Element, preceding=True)
        place = 0
        for one in islice(before, _MOST_CELLS):
            place += 1
            if (known := self._places.get(one)) is not None:
                place += known
                break
        place = self._places[cell] = min(place, _MOST_CELLS)
        return place


def _weight(title: str) -> tuple[bool, int]:
    """How much a title tells: words before an index code, then the longer one."""
    return len([c for c in title[:_FULL] if c > "\u2e7f"]) >= SHORTEST, len(title)


def _near(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two links stand in one row: a common parent at most three levels up."""
    chain = {one, *islice(one.iterancestors(), 3)}
    return any(x in chain for x in islice(other.iterancestors(), 3))
