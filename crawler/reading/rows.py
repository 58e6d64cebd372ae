"""The rows of a list page, by a selector or by the page's own repeated structure."""

import datetime as dt
import logging

from lxml.html import HtmlElement
from scrapy.http import JsonResponse, TextResponse

from crawler.notice import Row
from crawler.reading.addresses import base_of
from crawler.reading.lines import fold
from crawler.reading.page import page_of
from crawler.reading.row.facts import RowReader
from crawler.reading.row.feed import xml_records
from crawler.reading.row.groups import Group, Lists
from crawler.reading.row.json import json_rows, markup_in, object_lists
from crawler.reading.row.places import heading_of
from crawler.reading.script.embedded import tree_of

logger = logging.getLogger(__name__)

_PINNED_AGE = dt.timedelta(days=30)
_COLUMN_NAME = 9  # characters on average that names of columns stay below
_IN_COMMENT = 0.7  # rows in a comment count less: it may be an old template


class NoRows(ValueError):
    """A page or fragment where rows were expected has none; the message names selector and
    address."""


def read_rows(response: TextResponse, now: dt.datetime) -> list[Row]:
    """The rows of any column page or list API: static markup, CDATA, comments, `document.write`,
    JSON, JSONP and XML by their shape, HTML in JSON. Evidence: generic, cdata, comment, script,
    json, xml. Raises NoRows."""
    page = page_of(response)
    base = page.base
    best: Group | None = None
    rows: list[Row] = []
    text = response.text
    if page.data is not None:
        rows = json_rows(page.data_lists, base, now)
        for lists in page.data_markup:
            best = _better(best, lists.best(now, "json"))
        if best is not None and best.score > 0.9 * sum(1 if x.date else 0.3 for x in rows):
            rows = [x.row for x in best.facts]
        return _finish(rows, response.url)
    records = xml_records(text)
    if rows := json_rows(object_lists(records), base, now, "xml"):
        return _finish(rows, response.url)
    for fragment in markup_in(records):
        best = _better(best, _fragment_group(fragment, base, now, "xml"))
    if page.lists is not None and not text.lstrip().startswith("<?xml"):
        best = _better(best, page.lists.best(now, "generic"))
    for lists, evidence in page.embedded:
        group = lists.best(now, evidence)
        if group is not None and evidence == "comment":
            group.score *= _IN_COMMENT
        best = _better(best, group)
    if best is None or best.score < 4:
        for objects in page.literals:
            found = json_rows(objects, base, now, "script")
            if len(found) > max(1, len(rows)) and not _names_columns(found):
                rows = found
        if best is None or len(rows) > 2 * len(best.facts):
            return _finish(rows, response.url)
    return _finish([x.row for x in best.facts], response.url)


def blocks(response: TextResponse, now: dt.datetime) -> list[tuple[str, list[Row]]]:
    """The dated lists of a page with several, strongest first, each with the heading above it (""
    where none stands): the blocks of a channel page. [] for a page that is no HTML."""
    lists = page_of(response).lists
    found = lists.blocks(now, "generic") if lists is not None else []
    return [(heading_of(x.facts[0].anchor), [fact.row for fact in x.facts]) for x in found]


def rows_from(
    response: TextResponse, selector: str, now: dt.datetime, evidence: str = "selector"
) -> list[Row]:
    """The rows that `selector` names (CSS; XPath when it begins with `/`, `./` or `(`): each may
    be the `li`, the `tr` or the `a`. Elements without a link and title are passed over. Raises
    NoRows when none is left, or when the answer is JSON."""
    if isinstance(response, JsonResponse):
        raise NoRows(f"{response.url} answers JSON, where {selector!r} looks for elements")
    xpath = selector.startswith(("/", "./", "("))
    chosen = response.xpath(selector) if xpath else response.css(selector)
    elements = [x.root for x in chosen if isinstance(x.root, HtmlElement)]
    rows = _selected(elements, base_of(response), now, evidence)
    if not rows:
        raise NoRows(f"no rows match {selector!r} on {response.url}")
    return mark_pinned(rows)


def rows_from_html(
    markup: str,
    base_url: str,
    now: dt.datetime,
    selector: str | None = None,
    evidence: str = "html",
) -> list[Row]:
    """The rows of a fragment (CDATA, the `data.html` of an API), by `selector` (CSS) or generic.
    Raises NoRows."""
    root = tree_of(markup)
    if root is None:
        raise NoRows(f"no rows on {base_url}")
    if selector is None:
        group = _best_of(root, markup, base_url, now, evidence)
        return _finish([x.row for x in group.facts] if group else [], base_url)
    rows = _selected(list(root.cssselect(selector)), base_url, now, evidence)
    if not rows:
        raise NoRows(f"no rows match {selector!r} on {base_url}")
    return mark_pinned(rows)


def mark_pinned(rows: list[Row]) -> list[Row]:
    """Mark the leading rows that are more than 30 days older than what follows them."""
    for number, row in enumerate(rows):
        later = [x.date for x in rows[number + 1 : number + 4] if x.date is not None]
        if row.date is None or not later or max(later) - row.date <= _PINNED_AGE:
            if not row.pinned:
                break
            continue
        row.pinned = True
    return rows


def _finish(rows: list[Row], url: str) -> list[Row]:
    if not rows:
        raise NoRows(f"no rows on {url}")
    return mark_pinned(rows)


def _names_columns(rows: list[Row]) -> bool:
    """Whether rows out of a script are a site's menu: short names that lead to folders or have no
    day."""
    told = sum(len(fold(row.title)) for row in rows)
    folders = sum(row.address.endswith("/") or row.date is None for row in rows)
    return told < _COLUMN_NAME * len(rows) and folders * 2 > len(rows)


def _better(one: Group | None, other: Group | None) -> Group | None:
    if one is None or (other is not None and other.score > one.score):
        return other
    return one


def _fragment_group(markup: str, base: str, now: dt.datetime, evidence: str) -> Group | None:
    root = tree_of(markup)
    return _best_of(root, markup, base, now, evidence) if root is not None else None


def _best_of(
    root: HtmlElement, markup: str, base: str, now: dt.datetime, evidence: str
) -> Group | None:
    lists = Lists(root, base, len(markup))
    if lists.cut:
        logger.warning("%s: its lists are too dense and were cut", base)
    return lists.best(now, evidence)


def _selected(elements: list[HtmlElement], base: str, now: dt.datetime, evidence: str) -> list[Row]:
    chosen = set(elements)
    reader = RowReader(base, elements[0].getroottree().getroot() if elements else None)
    rows: list[Row] = []
    seen: set[str] = set()
    for element in elements:
        anchor = reader.main_anchor(element)
        if anchor is None:
            continue
        row = element if anchor is not element else _around(element, chosen)
        facts = reader.facts(anchor, row, now, evidence)
        if facts is not None and facts.row.address not in seen:
            seen.add(facts.row.address)
            rows.append(facts.row)
    return rows


def _around(anchor: HtmlElement, chosen: set[HtmlElement]) -> HtmlElement:
    """The row of an anchor that was selected itself: the largest element without another one."""
    row = anchor
    for parent in list(anchor.iterancestors())[:5]:
        if parent.tag in ("body", "html") or any(
            x is not anchor and x in chosen for x in parent.iter("a")
        ):
            break
        row = parent
        if parent.tag in ("li", "tr", "dl"):
            break
    return row
