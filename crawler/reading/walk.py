"""One walk over a tree, in the time that its size asks for."""

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from lxml import etree
from lxml.html import HtmlElement

_EVENTS = ("start", "end", "comment", "pi")
_MANY = 500  # comments beyond which lxml's own walk, quadratic in those of one parent, is not used


class Walk(Protocol):
    """What `etree.iterwalk` gives: (event, element); `skip_subtree` after a start."""

    def __iter__(self) -> Iterator[tuple[str, HtmlElement]]: ...

    def skip_subtree(self) -> None:
        """Leave out what is inside the element that has just started."""


def walk(root: HtmlElement) -> Walk:
    """Starts and ends of all elements under `root`, itself included, and comments and processing
    instructions among them, in the order of the page."""
    asides = root.iter(etree.Comment, etree.ProcessingInstruction)
    if sum(1 for _ in islice(asides, _MANY)) < _MANY:
        found: Walk = etree.iterwalk(root, events=_EVENTS)
        return found
    return _Walk(root)


class _Walk:
    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._skip = False

    def skip_subtree(self) -> None:
        self._skip = True

    def __iter__(self) -> Iterator[tuple[str, HtmlElement]]:
        entered: list[HtmlElement] = []
        skipped: HtmlElement | None = None
        for node in self._root.iter():
            parent = node.getparent()
            while entered and entered[-1] is not parent:
                left = entered.pop()
                skipped = None if left is skipped else skipped
                if skipped is None:
                    yield "end", left
            tag = node.tag
            if isinstance(tag, str):
                if skipped is None:
                    self._skip = False
                    yield "start", node
                    skipped = node if self._skip else None
                entered.append(node)
            elif skipped is None and tag in (etree.Comment, etree.ProcessingInstruction):
                yield ("comment" if tag is etree.Comment else "pi"), node
        while entered:
            left = entered.pop()
            skipped = None if left is skipped else skipped
            if skipped is None:
                yield "end", left
