"""The text that a page holds but shows only by a script: hidden, or kept as markup in a field.

Looked for only when a page shows no text of its own. Of all that a page hides (menus, dialogs,
copies for the phone) the one with the most prose is taken.
"""

import copy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.reading.lines import CONTROL, Line, Within, hidden, read_lines
from crawler.reading.text.furniture import is_footer, weight

_MARKUP = re.compile(r"(?:<|&lt;)(?:p|div|span|br|table|section)\b", re.I)
_TEMPLATE = re.compile(r"text/(?:html|template|plain|x-\w{1,20})|application/template", re.I)
_FIELDS = frozenset(("textarea", "input", "script", "template", "noscript"))
# cheaper than to ask every element
_HIDDEN = etree.XPath("descendant-or-self::*[@*][@hidden or contains(@style, 'none')]")
_OF_THE_SITE = re.compile(
    r"即将离开|浏览器|验证码|智能(?:问答|机器人)|JavaScript|登录|无障碍|纠错|满意度|客户端|扫码"
)
LEAST = 40  # characters of prose that a text has
MUCH = 150  # and one on a page that shows an image or a file
_MOST_PLACES = 60
_MOST_ELEMENTS = 6000  # of a page that are looked through


@dataclass(frozen=True, slots=True)
class Unveiled:
    """A copy of a page's tree that shows what the page hides."""

    root: HtmlElement
    text: HtmlElement  # what was hidden, in the copy


def unveil(
    root: HtmlElement, lines: list[Line], head: Line | None, least: int = LEAST
) -> Unveiled | None:
    """A copy of the page in which its hidden text is shown; None when it hides none. `lines` are
    those of the page, `head` the one with its title: what is hidden above it, or below the first
    footer after it, is none of its text unless a field keeps it. `least`: characters of prose."""
    best: tuple[int, int, list[HtmlElement]] | None = None
    # all at once: in a deep tree one after the other takes the way up to the root each
    elements = list(islice(root.iter(etree.Element), _MOST_ELEMENTS))
    within = _places(elements, lines, head)
    for place, element in _hiding(root, elements):
        held = _held(element) if element.tag in _FIELDS else []
        if element.tag in _FIELDS and not held:
            continue
        if not held and place not in within and not _holds(element, head):
            continue
        said = [x for part in held or [element] for x in read_lines(part, with_hidden=True)]
        prose = sum(weight(x) for x in said if not _OF_THE_SITE.search(x.text, 0, 200))
        sentences = any("。" in x.text or "：" in x.text for x in said)
        if prose >= least and sentences and (best is None or prose > best[0]):
            best = prose, place, held
    if best is None:
        return None
    _, place, held = best
    shown = copy.deepcopy(root)
    text = next(islice(shown.iter(etree.Element), place, None))
    if held:
        text = _unfolded(text, held)
    for element in (text, *text.iterancestors()):
        element.attrib.pop("hidden", None)
        if hidden(element):
            element.attrib.pop("style")
    return Unveiled(shown, text)


def _hiding(root: HtmlElement, elements: list[HtmlElement]) -> Iterator[tuple[int, HtmlElement]]:
    """The elements that hide something, by their place among all; of hidden ones in another the
    outer one alone, so that nothing is looked at twice."""
    may_hide = _HIDDEN(root)
    left = {*root.iter(*_FIELDS), *(may_hide if isinstance(may_hide, list) else ())}
    found = 0
    inside = Within(())  # the last that was found
    for place, element in enumerate(elements):
        if not left:
            return
        if element not in left:
            continue
        left.remove(element)
        field = element.tag in _FIELDS
        if not field and (not hidden(element) or element in inside):
            continue
        found += 1
        if found > _MOST_PLACES:
            return
        yield place, element
        if not field:
            inside = Within([element])


def _places(elements: list[HtmlElement], lines: list[Line], head: Line | None) -> range:
    """Those between the title and the first footer after it."""
    if head is None:
        return range(sys.maxsize)
    footer = next((x.element for x in lines[head.index + 1 :] if is_footer(x)), None)
    first, last = 0, sys.maxsize
    for place, element in enumerate(elements):
        if element is head.element:
            first = place
        elif element is footer:
            last = place
            break
    return range(first, last)


def _holds(element: HtmlElement, head: Line | None) -> bool:
    return head is not None and element in head.element.iterancestors()


def _held(field: HtmlElement) -> list[HtmlElement]:
    """What a field keeps: its elements, or those of the markup that is its text or value."""
    if field.tag in ("template", "noscript") or (field.tag == "textarea" and len(field)):
        return list(field.iterchildren(tag=etree.Element))
    if field.tag == "input":
        markup = field.get("value") or "" if field.get("type") == "hidden" else ""
    elif field.tag == "script" and not _TEMPLATE.match((field.get("type") or "").strip()):
        return []
    else:
        markup = field.text or ""
    if not _MARKUP.search(markup):
        return []
    if "<" not in markup:  # escaped twice
        markup = unescape(markup)
    try:
        return [html.fromstring(f"<div>{CONTROL.sub('', markup)}</div>")]
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []  # no markup after all


def _unfolded(field: HtmlElement, held: list[HtmlElement]) -> HtmlElement:
    """The field's place with a box that holds copies of `held` in its stead."""
    box = field.makeelement("div")
    box.extend(copy.deepcopy(x) for x in held)
    parent = field.getparent()
    if parent is not None:
        parent.insert(parent.index(field), box)
        field.drop_tree()
    return box
