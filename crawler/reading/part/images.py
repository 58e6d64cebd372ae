"""Where the images of a text stand among its lines."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.notice import AttachmentKind, Part, PartKind
from crawler.reading.addresses import absolute, identity
from crawler.reading.lines import SILENT, Line, hidden, tidy
from crawler.reading.part.paragraph import Known
from crawler.reading.text.body import Body
from crawler.reading.walk import walk

_MOST_STEPS = 6000  # of a walk through a text; no document has as many elements


def with_images(
    parts: list[Part],
    printed: list[list[Line]],
    body: Body,
    images: list[HtmlElement],
    known: Known,
    base: str,
) -> list[Part]:
    """The parts with the images among them; one inside a part stands below it."""
    starts: dict[int, int] = {}  # index of a line of the page -> characters above it
    told = 0
    for line in sorted([*body.lines, *body.dropped], key=lambda line: line.index):
        starts[line.index] = told
        told += _size(line.text)
    above_line = [starts[group[0].index] for group in printed]
    names = {x.address: x.name for x in known.attachments if x.kind is AttachmentKind.IMAGE}
    found: list[Part] = []
    waiting = deque(parts)
    for image, above in _places(body.elements, images):
        place = bisect_left(above_line, above)
        while waiting and waiting[0].first < place:
            found.append(waiting.popleft())
        if found:
            place = max(place, found[-1].after)
        address = identity(absolute(base, image.get("src") or ""))
        name = names.get(address) or tidy(image.get("alt") or image.get("title") or "")
        found.append(Part(PartKind.IMAGE, place, place, text=name, address=address))
    return [*found, *waiting]


def _places(
    boxes: list[HtmlElement], images: list[HtmlElement]
) -> Iterator[tuple[HtmlElement, int]]:
    """The images in the order of the page, each with the number of characters above it; those
    that stand beyond all measure are left out."""
    wanted = set(images)
    told = seen = passed = 0
    for box in boxes:
        steps = walk(box)
        skipped = False  # the end that comes next is of an element that shows no text
        for event, element in steps:
            passed += 1
            if passed > _MOST_STEPS:
                return
            if event == "start":
                if element in wanted:
                    yield element, told
                    seen += 1
                    if seen == len(wanted):
                        return
                if element.tag in SILENT or hidden(element):
                    steps.skip_subtree()
                    skipped = True
                elif element.text:
                    told += _size(element.text)
                continue
            if event == "end" and skipped:
                skipped = False
            if element.tail and element is not box:
                told += _size(element.tail)


def _size(text: str) -> int:
    """Characters that can be seen."""
    return len("".join((text if text.isprintable() else tidy(text)).split()))
