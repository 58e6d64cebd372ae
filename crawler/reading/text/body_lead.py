"""What stands between title and text and is neither: info boxes, summaries, tabs, contents."""

import re
from itertools import takewhile

from lxml.html import HtmlElement

from crawler.reading.fact.doc_number import normalise
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.lines import BLOCKS, Line, Within, called_title, text_between
from crawler.reading.text.furniture import PUNCTUATED, is_beyond, is_furniture, is_info, prose

_LABEL = re.compile(r"[\[【]?\s*[一-鿿\s]{2,8}[\]】]?\s*[:：]?")  # an info line's without its value
_LONGEST_VALUE = 40
# what a site puts above a text in a box of its own
_SUMMARY = re.compile(
    r"[\[【(（]?\s*(?:导\s*读|摘\s*要|提\s*要|内容(?:摘要|提要|概述|概要|简介|导读|介绍)"
    r"|(?:信息|文章|新闻|核心)(?:摘要|提要|提示|概述)|简介|概述)\s*(?:[\]】)）]|[:：]|$)"
)
_FONT = re.compile(r"[\[【(（]?\s*(?:字\s*[体号]|打\s*印|分\s*享|浏\s*览|保护视力)[^。；]{0,60}$")
_LONGEST_NUMBER = 60
_TAB = 6  # characters that a button or tab shows
_MOST_LEADS, _LONGEST_LEAD = 8, 20  # boxes; lines of one
_ALIKE, _EARLY = 16, 400  # characters: that a box repeats; among which of the text
_HEAD_SPAN = 14  # lines between title and info line
_LABELS = frozenset(("dt", "td", "th", "li", "div", "span"))


def text_start(
    lines: list[Line],
    table: HeaderTable,
    title: tuple[int | None, int | None],
    info: int | None,
) -> int | None:
    """The first line after title, info line and whatever belongs to them."""
    start = title[1]
    if info is not None and (
        start is None
        or (info < start and title[0] is not None and not is_heading(lines[title[0]]))
        or (start <= info <= start + _HEAD_SPAN and not text_between(lines, start, info))
    ):
        start = info + 1
    if start is None:
        return None
    while start < len(lines):
        line = lines[start]
        if not (line.index in table.lines or is_furniture(line) or is_info(line)):
            break
        start += 2 if _is_label(lines, start) else 1
    return min(start, len(lines))


def _is_label(lines: list[Line], at: int) -> bool:
    """Whether an info line is no more than a label, whose value is the next."""
    label, value = lines[at], lines[at + 1] if at + 1 < len(lines) else None
    return (
        value is not None
        and label.element.tag in _LABELS
        and value.element.tag != "p"
        and len(value.text) <= _LONGEST_VALUE
        and _LABEL.fullmatch(label.text) is not None
        and not is_furniture(label)
        and not value.text.endswith(("：", ":", "。"))
    )


def past_lead(
    lines: list[Line], title: tuple[int | None, int | None], info: int | None, start: int
) -> int:
    """The first line of the text when what comes before it is no part of it: boxes of their own
    with the 文号, a summary, tabs or a table of contents, before the box of the text."""
    head = [lines[i].element for i in (title[0], info) if i is not None and i < start]
    above = {x for element in head for x in (element, *element.iterancestors())}
    start = _past_number(lines, _past_info_box(lines, title, info, start))
    box, at = _box_at(lines, start, above), start
    for _ in range(_MOST_LEADS):
        if box is None:
            break
        inside = lines_inside(lines, [box], at)
        if len(inside) > _LONGEST_LEAD:
            break
        after = at + len(inside)
        box = _box_at(lines, after, above)
        if box is None:
            break
        following = list(takewhile(_is_notice, lines_inside(lines, [box], after)))
        if all(is_furniture(x) or is_info(x) for x in inside):
            at = after
        elif len(following) > 1 and (
            _repeats(inside, following) or (_is_lead(inside) and _outweighs(following, inside))
        ):
            start = at = after
        else:
            break
    return start


def _past_info_box(
    lines: list[Line], title: tuple[int | None, int | None], info: int | None, start: int
) -> int:
    """The first line after the box of the info line: what else stands in it is of the head too,
    when the text stands below."""
    if title[0] is None or info is None or not title[0] < info < start < len(lines):
        return start
    named = {*lines[title[0]].element.iterancestors(), lines[title[0]].element}
    box = lines[info].element
    if box in named:
        return start
    while (parent := box.getparent()) is not None and parent not in named:
        box = parent
    outer, element = box.getparent(), lines[start].element
    if outer is None or (box is not element and box not in element.iterancestors()):
        return start
    rest = lines_inside(lines, [box], start)
    below = lines_inside(lines, [outer], start + len(rest))
    following = list(takewhile(_is_notice, below))
    return start + len(rest) if _outweighs(following, rest) else start


def _past_number(lines: list[Line], start: int) -> int:
    """The first line after a 文号, of one line or two, that buttons part from the text: both stand
    in the head."""
    for at in range(start + 1, min(start + 3, len(lines))):
        if not _is_toolbar(lines[at]):
            continue
        number = "".join(x.text[:_LONGEST_NUMBER] for x in lines[start:at])
        after = at
        while after < len(lines) and _is_toolbar(lines[after]):
            after += 1
        follows = after < len(lines) and _is_notice(lines[after])
        return after if follows and normalise(number) else start
    return start


def _is_toolbar(line: Line) -> bool:
    return line.furniture or is_furniture(line) or _FONT.match(line.text) is not None


def _is_notice(line: Line) -> bool:
    return not is_beyond(line)


def _box_at(lines: list[Line], at: int, above: set[HtmlElement]) -> HtmlElement | None:
    """The largest element that holds a line and nothing of the head; None when it stands in it."""
    if at >= len(lines) or lines[at].element in above:
        return None
    box = lines[at].element
    while (parent := box.getparent()) is not None and parent not in above:
        box = parent
    return box


def _is_lead(inside: list[Line]) -> bool:
    if _SUMMARY.match(inside[0].text):
        return True
    if len(inside) == 1 and len(inside[0].text) < _LONGEST_VALUE and normalise(inside[0].text):
        return True
    return all(
        x.linked * 2 > len(x.text) or (len(x.plain) <= _TAB and not PUNCTUATED.search(x.text))
        for x in inside
    )


def _repeats(lead: list[Line], text: list[Line]) -> bool:
    """Whether a box above a text is no more than its beginning, as a CMS cuts one out."""
    if len(lead) > 2:  # the whole text once more, for the phone
        return False
    start = "".join(x.plain for x in lead)[:_ALIKE]
    if len(start) < _ALIKE:
        return False
    told = ""
    for line in text[:_MOST_LEADS]:
        told += line.plain
        if len(told) >= _EARLY:
            break
    return start in told[:_EARLY]


def _outweighs(text: list[Line], lead: list[Line]) -> bool:
    """Whether it is a box with the text, not just its next paragraph."""
    return prose(text) > 2 * prose(lead)


def is_heading(line: Line) -> bool:
    """Whether a line is a heading by its element or by the name of its block."""
    return line.heading or called_title(line.element)


def lines_inside(lines: list[Line], boxes: list[HtmlElement], start: int = 0) -> list[Line]:
    """The lines that stand in one of `boxes`; those of one box follow one another."""
    if len(boxes) == 1 and boxes[0].tag in BLOCKS:
        return run_inside(lines, boxes[0], start)
    within = Within(boxes)
    found: list[Line] = []
    for line in lines[start:] if start else lines:
        if line.element in within:
            found.append(line)
        elif found and len(boxes) == 1:
            break
    return found


def run_inside(lines: list[Line], box: HtmlElement, start: int = 0) -> list[Line]:
    """The lines from `start` on that stand in a block; since they follow one another, the last is
    sought by halves."""
    within = Within([box])
    size = len(lines)
    while start < size and lines[start].element not in within:
        start += 1
    inside, step = start, 1  # the last line known to be inside
    while inside + step < size and lines[inside + step].element in within:
        inside += step
        step *= 2
    after = min(inside + step, size)  # the first known not to be
    while after - inside > 1:
        middle = (inside + after) // 2
        if lines[middle].element in within:
            inside = middle
        else:
            after = middle
    return lines[start:after]
