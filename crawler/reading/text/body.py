"""The body of a notice: where it stands, its lines, its HTML; without the page's furniture.

The body begins after the title and the info line and ends where the page goes on to other things.
Its container is the largest element that holds the first line of the text but neither title nor
info line; on flat pages, where all paragraphs are siblings of the title, it is a run of siblings.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate, takewhile

from lxml.html import HtmlElement

from crawler.reading.dates import find_dates
from crawler.reading.fact.agencies import is_agency
from crawler.reading.fact.attachments import HEADING
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.limits import sample_of
from crawler.reading.lines import Line, Within, below, sums
from crawler.reading.text.body_lead import is_heading, lines_inside, past_lead, text_start
from crawler.reading.text.furniture import (
    AT_FOOT,
    ENDED,
    FOOT_HEAD,
    INFO_LABEL,
    TEXT_ENDS,
    is_beyond,
    is_footer,
    is_furniture,
    is_info,
    prose,
    weight,
)
from crawler.reading.text.media import media_after

_NEAR_FOOT = 6
_PROMULGATES = re.compile(r".{12}。$")  # the sentence of an order
_BEFORE, _AFTER = 20, 40
_MOST_SIGNERS = 6  # lines of a signature in a box of its own
_MOST_ABOVE = 20  # lines of an order above the title of what it makes known
_BOXES = frozenset(("div", "h2", "h3", "h4", "h5", "h6", "dt", "li", "ul"))
_NO_BOXES = frozenset(("p", "table", "tbody", "tr", "ul"))
_MUCH = 150  # prose that a page's own text has, when what stands by the title has none
SHORT = 30  # a text of at most so many characters says nothing itself


@dataclass(slots=True)
class Body:
    """What was found. `elements` hold the text, in order; `lines` are those of the text."""

    elements: list[HtmlElement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dropped: list[Line] = field(default_factory=list)  # furniture inside `elements`
    evidence: str = ""
    lead: list[Line] = field(default_factory=list)  # 文号, 摘要, tabs between head and text
    scope: HtmlElement | None = None  # holds head and text, and what else is the notice's

    @property
    def told(self) -> bool:
        """Whether it says anything but links and short words."""
        told = accumulate(len(x.text) for x in self.lines if x.linked * 2 <= len(x.text))
        return any(size > SHORT for size in told)

    @property
    def printed(self) -> list[list[Line]]:
        """The lines of `text`, each as those of the page it consists of."""
        return _printed(self.lines)

    @property
    def text(self) -> str:
        """One paragraph a line; the cells of a table row stand in one line, apart by tabs."""
        return text_of_lines(self.printed)


def read_body(
    root: HtmlElement,
    lines: list[Line],
    table: HeaderTable,
    title: tuple[int | None, int | None],
    info: int | None,
    selected: list[HtmlElement] | None = None,
) -> Body:
    """The body by the elements a selector gave, else by where the title stands, else by density."""
    if selected:
        # a list of selectors may name a box and the editor's box inside it
        chosen = set(selected)
        selected = [box for box in selected if chosen.isdisjoint(box.iterancestors())]
        inside = lines_inside(lines, selected)
        return _trim(Body(selected, inside, [], "selector"))
    start = text_start(lines, table, title, info)
    if start is not None and start > 0:
        first = past_lead(lines, title, info, start)
        body = _after_head(lines, title, info, first)
        if body is not None:
            body.lead = lines[start:first]
            body.scope = _scope(lines, title, info, body)
            own = prose(body.lines)
            told = info is not None or (title[0] is not None and is_heading(lines[title[0]]))
            if not body.elements:
                dense = _dense(root, lines, table)
                return dense if prose(dense.lines) > _MUCH else body
            if told or own * 4 > prose([x for x in lines if x.index not in table.lines]):
                return body
            dense = _dense(root, lines, table)  # the title was taken from somewhere else
            return dense if prose(dense.lines) > max(4 * own, _MUCH) else body
    return _dense(root, lines, table)


def around(lines: list[Line], body: Body, after_only: bool = False) -> list[Line]:
    """The lines beside the body that still belong to the notice: those above it on the page and
    those after it until the page goes on to other things."""
    if not body.lines and not body.elements:
        return []
    indexes = [x.index for x in (*body.lines, *body.dropped)]
    first, last = (min(indexes), max(indexes)) if indexes else (len(lines), len(lines))
    after = []
    within = Within([body.scope]) if body.scope is not None else None
    for line in lines[last + 1 : last + 1 + _AFTER]:
        if line.furniture or is_footer(line) or ENDED.match(line.text):
            break
        if AT_FOOT.match(line.text):
            break
        outside = within is not None and line.element not in within
        if outside and line.linked * 2 <= len(line.text):
            break  # another box has a heading of its own
        after.append(line)
    return after if after_only else [*lines[max(0, first - _BEFORE) : first], *after]


def _scope(
    lines: list[Line], title: tuple[int | None, int | None], info: int | None, body: Body
) -> HtmlElement | None:
    at = next((i for i in (title[0], info) if i is not None and i < len(lines)), None)
    if at is None or not body.elements:
        return None
    holders = set(body.elements[0].iterancestors())
    return next((x for x in lines[at].element.iterancestors() if x in holders), None)


def _after_head(
    lines: list[Line],
    title: tuple[int | None, int | None],
    info: int | None,
    start: int,
) -> Body | None:
    head = [lines[i].element for i in (title[0], info) if i is not None and i < start]
    above = {x for element in head for x in (element, *element.iterancestors())}
    if start >= len(lines) or is_beyond(lines[start]):
        pictures = media_after(head, lines, start)
        if pictures is None and start >= len(lines):
            return None
        return Body([] if pictures is None else [pictures], [], [], "after title")
    box = lines[start].element
    if box in above:  # the title's own block goes on with text
        parent = box.getparent()
        if parent is None:
            return _trim(Body([box], lines[start:], [], "after title"))
        return _siblings(lines, title, info, start, box, parent)
    while (parent := box.getparent()) is not None and parent not in above:
        box = parent
    parent = box.getparent()
    inside = lines_inside(lines, [box], start)
    own = prose(inside)
    foot = own <= _MUCH and any(map(is_footer, inside))
    pictures = media_after(head, lines, start) if own <= SHORT or foot else None
    if foot and FOOT_HEAD.match(lines[start].text):
        return Body([] if pictures is None else [pictures], [], [], "after title")
    if pictures is not None and pictures is not box:
        return Body([pictures], lines_inside(lines, [pictures], start), [], "after title")
    if parent is None:
        return _trim(Body([box], inside, [], "after title"))
    run = _run(lines, start, parent)
    all_of_it = prose(run)
    if own * 2 < all_of_it or (box.tag in ("p", "br") and len(run) > len(inside)):
        return _siblings(lines, title, info, start, box, parent)
    if signed := _signature_below(box, lines, inside):
        boxes = [box, below(parent, signed[0].element)]
        return _trim(Body(boxes, [*inside, *signed], [], "after title, siblings"))
    return _trim(_narrow(Body([box], inside, [], "after title")))


def _signature_below(box: HtmlElement, lines: list[Line], inside: list[Line]) -> list[Line]:
    """The lines of a box of its own below the text in which those sign it, with the day."""
    following = box.getnext()
    if following is None or not inside:
        return []
    start = inside[-1].index + 1
    found = lines_inside(lines[start : start + _MOST_SIGNERS + 1], [following])
    if not 1 < len(found) <= _MOST_SIGNERS or found[0].index != start:
        return []
    *signers, last = found
    dated = "年" in last.text and _is_date(last)
    return found if dated and all(is_agency(x.plain) for x in signers) else []


def _is_date(line: Line) -> bool:
    dates = find_dates(line.text)
    return len(dates) == 1 and dates[0].end - dates[0].start >= len(line.text) - 1


def _run(lines: list[Line], start: int, parent: HtmlElement) -> list[Line]:
    """The lines of `parent` from `start` on, until the page goes on to other things."""
    run = []
    for line in lines_inside(lines, [parent], start):
        if len(line.text) < 80 and TEXT_ENDS.match(line.text):
            break
        run.append(line)
    return run


def _siblings(
    lines: list[Line],
    title: tuple[int | None, int | None],
    info: int | None,
    start: int,
    box: HtmlElement,
    parent: HtmlElement,
) -> Body:
    """A flat page: the body is `box` and what follows it beside it."""
    first_line = title[0]
    if (
        info is None
        and first_line is not None
        and not is_heading(lines[first_line])
        and parent in lines[first_line].element.iterancestors()
    ):  # the text carries its own title
        start = _before_title(lines, first_line, parent)
        box = below(parent, lines[start].element)
    run = _run(lines, start, parent)
    ends = (line.element for line in reversed(run) if line.element is not parent)
    end = next(ends, None)
    last = below(parent, end) if end is not None else box
    elements = [box]
    for sibling in box.itersiblings():
        if elements[-1] is last:
            break
        if isinstance(sibling.tag, str):
            elements.append(sibling)
    return _trim(Body(elements, run, [], "after title, siblings"))


def _before_title(lines: list[Line], title: int, parent: HtmlElement) -> int:
    """The first line of a text that carries its own title: that, or what it goes with when the
    order by which a document is made known stands above it in one box."""
    within = Within([parent])
    above = takewhile(
        lambda x: x.element in within and not (x.linked or x.furniture or INFO_LABEL.match(x.text)),
        reversed(lines[max(0, title - _MOST_ABOVE) : title]),
    )
    order = list(above)
    return title - len(order) if any(_PROMULGATES.search(x.text) for x in order) else title


def _narrow(body: Body) -> Body:
    """Descend while one child holds nearly all prose and what it leaves out is links."""
    if len(body.elements) != 1 or not _may_narrow(body):
        return body
    box = chosen = body.elements[0]
    sample, _ = sample_of(body.lines)
    told, size, linked = (
        _totals(sample, count) for count in (weight, _length, lambda line: line.linked)
    )
    while told.get(box, 0) >= 100:
        inner = (x for x in box if told.get(x, 0) >= 0.85 * told[box])
        child = next((x for x in inner if x.tag not in _NO_BOXES), None)
        if child is None:
            break
        left = size[box] - size[child]
        if left <= 40 or linked[box] - linked[child] < 0.6 * left:
            break
        box = chosen = child
    if chosen is body.elements[0]:
        return body
    return Body([chosen], lines_inside(body.lines, [chosen]), [], body.evidence)


def _may_narrow(body: Body) -> bool:
    """Whether one child of the box holds nearly all prose: no more than a look at the children."""
    box = body.elements[0]
    child_of: dict[HtmlElement, HtmlElement | None] = {box: None}
    told: dict[HtmlElement | None, int] = {}
    for line in sample_of(body.lines)[0]:
        way: list[HtmlElement] = []
        current = line.element
        while current not in child_of:
            way.append(current)
            parent = current.getparent()
            if parent is None:
                return True  # a line from elsewhere
            current = parent
        if way:
            child = child_of[current] if current is not box else way[-1]
            child_of.update(dict.fromkeys(way, child))
        else:
            child = child_of[current]
        told[child] = told.get(child, 0) + weight(line)
    total = sum(told.values())
    held = (own for child, own in told.items() if child is not None)
    return total >= 100 and max(held, default=0) >= 0.85 * total


def _totals(lines: list[Line], count: Callable[[Line], int]) -> dict[HtmlElement, int]:
    values: dict[HtmlElement, int] = {}
    for line in lines:
        values[line.element] = values.get(line.element, 0) + count(line)
    return sums(values)


def _length(line: Line) -> int:
    return len(line.text)


def _dense(root: HtmlElement, lines: list[Line], table: HeaderTable) -> Body:
    """The deepest element with nearly all of the page's prose."""
    sample, _ = sample_of(lines)
    told = [x for x in sample if x.index not in table.lines and weight(x)]
    if not told:
        return Body()
    scores = _totals(told, weight)
    box = root
    while True:
        child = max((x for x in box if x in scores), key=lambda x: scores[x], default=None)
        if child is None or scores[child] < 0.8 * scores[box]:
            break
        if child.tag in ("p", "span", "td", "li") and len(box) > 1 and scores[box] > scores[child]:
            break
        box = child
    if box.tag in ("p", "span") and (parent := box.getparent()) is not None:
        box = parent
    return _trim(Body([box], lines_inside(lines, [box]), [], "density"))


def _trim(body: Body) -> Body:
    """Furniture out; the text is over at the first line that says so, unless most follows it."""
    lines = body.lines
    total = prose(lines) or 1
    seen = begin = 0
    end = len(lines)
    last = next((i for i in range(end - 1, -1, -1) if weight(lines[i])), -1)
    for i, line in enumerate(lines):
        if len(line.text) >= 80 or not TEXT_ENDS.match(line.text):
            continue
        seen, begin = seen + prose(lines[begin:i]), i
        if seen > 0.7 * total or last <= i:
            end = i
            break
    kept, dropped = [], list(lines[end:])
    foot = next((i for i, x in enumerate(lines[:end]) if len(x.text) < 120 and is_footer(x)), end)
    for i, line in enumerate(lines[:end]):
        at_foot = i >= foot - _NEAR_FOOT and foot < end and AT_FOOT.match(line.text)
        if is_furniture(line) or (len(line.text) < 120 and (is_footer(line) or at_foot)):
            dropped.append(line)
        else:
            kept.append(line)
    first = 0
    while first < len(kept) and len(kept[first].text) < 60 and is_info(kept[first]):
        first += 1
    dropped, kept = dropped + kept[:first], kept[first:]
    box = _attachment_box(kept)
    body.lines, body.dropped = kept[: len(kept) - box], dropped + kept[len(kept) - box :]
    return body


def _attachment_box(lines: list[Line]) -> int:
    """How many lines at the end are a list of files in a box of its own, below the text."""
    count = 0
    for line in reversed(lines):
        count += 1
        if line.linked * 2 > len(line.text):
            continue
        boxed = count > 1 and line.element.tag in _BOXES and HEADING.match(line.text)
        return count if boxed and count < len(lines) else 0
    return 0


def text_of_lines(printed: list[list[Line]]) -> str:
    """One line for each of `printed`; what stands in one row of a table is apart by tabs."""
    return "\n".join(map(line_of, printed))


def line_of(group: list[Line]) -> str:
    """One of the printed lines."""
    return group[0].text if len(group) == 1 else "\t".join(x.text for x in group)


def _printed(lines: list[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.row is None:
            groups.append([line])
            i += 1
            continue
        end = i
        while end < len(lines) and lines[end].row is line.row:
            end += 1
        cells = lines[i:end]
        if len({id(x.cell) for x in cells}) == len(cells):
            groups.append(cells)
        else:
            groups.extend([x] for x in cells)
        i = end
    return groups
