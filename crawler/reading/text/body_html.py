"""The HTML of a body: as the page has it, without the page's furniture."""

import copy
from itertools import takewhile

from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler.reading.addresses import absolute
from crawler.reading.lines import CONTROL, holders_of
from crawler.reading.text.body import Body

_LINKING = ("a", "img", "iframe", "embed", "video")


def body_html(body: Body, base: str) -> str:
    """The body's inner HTML with absolute links and without its furniture; the page's own tree
    is copied, not changed."""
    gone = _whole(body) if body.dropped else set()
    hit = gone | holders_of(gone)
    parts = []
    for element in body.elements:
        links = any(True for _ in element.iter(*_LINKING))
        inside = gone if element in hit else set()
        clean = _cleaned(element, inside, base) if inside or links else element
        whole = lxml_html.tostring(clean, encoding="unicode", with_tail=False)
        if len(body.elements) == 1:
            whole = whole[whole.index(">") + 1 : whole.rindex("<")] if "</" in whole else whole
        parts.append(whole.strip())
    return "\n".join(parts)


def _cleaned(element: HtmlElement, gone: set[HtmlElement], base: str) -> HtmlElement:
    """A copy of an element without those that are `gone`, its links absolute."""
    clone = copy.deepcopy(element)
    clone.tail = None
    doomed: list[HtmlElement] = []
    if gone:
        # both at once: in a deep tree one after the other takes the way up to the root each
        originals, twins = list(element.iter()), list(clone.iter())
        doomed = [y for x, y in zip(originals, twins, strict=True) if x in gone]
    known: dict[str, str] = {}
    for twin in clone.iter(*_LINKING):
        for name in ("href", "src"):
            value = twin.get(name)
            if value and not value.startswith(("#", "javascript:", "data:", "mailto:")):
                if (whole := known.get(value)) is None:
                    whole = known[value] = CONTROL.sub("", absolute(base, value))
                twin.set(name, whole)
    _drop([twin for twin in doomed if twin is not clone])
    return clone


def _drop(elements: list[HtmlElement]) -> None:
    """Take elements out of their tree, not the text behind them; neighbours in one go, since the
    text grows with each."""
    doomed = set(elements)
    for first in elements:
        parent, previous = first.getparent(), first.getprevious()
        if parent is None or (previous is not None and previous in doomed):
            continue
        run = [first, *takewhile(lambda x: x in doomed, first.itersiblings())]
        behind = "".join(x.tail or "" for x in run)
        if behind and previous is None:
            parent.text = (parent.text or "") + behind
        elif behind and previous is not None:
            previous.tail = (previous.tail or "") + behind
        for element in run:
            parent.remove(element)


def _whole(body: Body) -> set[HtmlElement]:
    """The largest elements that hold nothing but dropped lines."""
    own = {line.element for line in body.lines}
    kept = own | holders_of(own) | set(body.elements)
    gone: set[HtmlElement] = set()
    known: set[HtmlElement] = set()
    for line in body.dropped:
        element = line.element
        if element in kept:
            continue
        while element not in known and (parent := element.getparent()) is not None:
            known.add(element)
            if parent in kept:
                break
            element = parent
        if element not in known or element.getparent() in kept:
            gone.add(element)
    return gone
