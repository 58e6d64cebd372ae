"""Rows with several links: one notice and what belongs to it, or several notices. Links that share
one day are one row; a row with a day for each link is several."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice, pairwise

from lxml.html import HtmlElement

from crawler.reading.lines import SILENT, hidden, tidy
from crawler.reading.row.facts import RowReader

_DAY = re.compile(r"\d\s?[-./年月]\s?\d|\d\s?日")
_REPEATED = 3  # rows in which a link says the same
_FULL = 22  # a title of so many characters counts wholly
_FIRST = 0.6  # of the longest title: enough for the first
_FEW = 6  # links of a row; what has more is a list
_MOST = 400  # elements and texts of a row
_LONGEST = 400  # characters of a text


def one_a_row(
    lists: list[list[tuple[HtmlElement, HtmlElement]]], reader: RowReader
) -> set[HtmlElement]:
    """The links to keep of lists that are rows in truth, each with one notice and links about it;
    empty when each list is one, or each link a notice. Lists are of (anchor, row element)."""
    held: dict[HtmlElement, list[HtmlElement]] = {}
    alone: list[HtmlElement] = []
    for rows in lists:
        for anchor, row in rows:
            container = row.getparent()
            if container is None or row.tag in ("li", "tr"):
                alone.append(anchor)
            else:
                held.setdefault(container, []).append(anchor)
    several = {x: links for x, links in held.items() if 1 < len(links) <= _FEW}
    if len(several) < 2 or len(several) * 2 < len(held) or not _beside_each_other(several):
        return set()
    says = Counter(reader.plain(x) for links in held.values() for x in links)
    kept: dict[HtmlElement, list[HtmlElement]] = {}
    for container, links in several.items():
        own = [x for x in links if says[reader.plain(x)] < _REPEATED]
        kept[container] = own or links[:1]
    dated = days = 0
    for container, links in kept.items():
        found = sum(1 for _, text in parts_of(container, set(links)) if text)
        dated += found > 0
        days += found
    if dated * 2 >= len(kept) and days * 4 <= dated * 5:
        kept = {container: [_main(links, reader)] for container, links in kept.items()}
    chosen = {x for links in kept.values() for x in links}
    if len(chosen) == sum(map(len, several.values())):
        return set()
    rest = (x for container, links in held.items() if container not in several for x in links)
    return chosen | set(rest) | set(alone)


def parts_of(row: HtmlElement, anchors: set[HtmlElement]) -> list[tuple[HtmlElement, str]]:
    """The links of a row in its order, each with the text that holds its day: what stands between
    it and the next one, or the one before; "" where there is no day."""
    order: list[HtmlElement] = []
    texts: list[list[str]] = [[]]
    stack: list[HtmlElement | str] = [row]
    for _ in range(_MOST):
        if not stack:
            break
        item = stack.pop()
        if isinstance(item, str):
            texts[-1].append(item[:_LONGEST])
            continue
        if item in anchors:
            order.append(item)
            texts.append([])
            below = [x for x in islice(item.itertext(), _FEW) if len(x) < 20 and _DAY.search(x)]
            texts[-1].extend(map(str, below))
            continue
        if (
            not isinstance(item.tag, str)
            or item.tag in SILENT
            or (item is not row and hidden(item))
        ):
            continue
        inner: list[HtmlElement | str] = [item.text] if item.text else []
        for child in islice(item, _MOST):
            inner.append(child)
            if child.tail:
                inner.append(child.tail)
        stack.extend(reversed(inner))
    joined = [tidy(" ".join(x)) for x in texts]
    found = [x if _DAY.search(x) else "" for x in joined]
    after, before = found[1:], found[:-1]
    days = after if sum(map(bool, after)) >= sum(map(bool, before)) else before
    return list(zip(order, days, strict=True))


def _main(links: list[HtmlElement], reader: RowReader) -> HtmlElement:
    """The link of the notice itself: the first, unless it says much less than another."""
    sizes = [min(len(reader.plain(x)), _FULL) for x in links]
    return next(x for x, size in zip(links, sizes, strict=True) if size >= _FIRST * max(sizes))


def _beside_each_other(containers: Iterable[HtmlElement]) -> bool:
    """Whether most follow one another under one parent."""
    parents = [x.getparent() for x in containers]
    return sum(one is other for one, other in pairwise(parents)) * 2 >= len(parents) - 1
