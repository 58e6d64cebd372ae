"""The rows of a list page, by a selector or by the page's own repeated structure."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree, html
from lxml.html import HtmlElement
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Row
from crawler.reading.addresses import base_of, identity
from crawler.reading.lines import CONTROL, root_of, tidy
from crawler.reading.row_facts import facts_of, main_anchor
from crawler.reading.row_groups import Group, best_group
from crawler.reading.row_json import json_rows, markup_in

_WRITTEN = re.compile(
    r"""document\.write(?:ln)?\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\)""", re.S
)
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.S)
_JSONP = re.compile(r"^[\s;]*[\w$.]+\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", re.S)
_LITERAL = re.compile(r"(?:=|\(|:)\s*(?=[\[{]\s*[\[{\"'])")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_PINNED_AGE = dt.timedelta(days=30)
_IN_COMMENT = 0.7  # rows in a comment count less: it may be an old template
_MOST_LITERALS = 40


class NoRows(ValueError):
    """A page or fragment where rows were expected has none; the message names selector and
    address."""


def read_rows(response: TextResponse, now: dt.datetime) -> list[Row]:
    """The rows of any column page or list API: static markup, CDATA, comments, `document.write`,
    JSON and JSONP by their shape, HTML in JSON, RSS. Evidence: generic, cdata, comment, script,
    json, rss. Raises NoRows."""
    base = base_of(response)
    best: Group | None = None
    rows: list[Row] = []
    text = response.text
    data = _json(text)
    if data is not None:
        rows = json_rows(data, base, now)
        for fragment in markup_in(data):
            best = _better(best, _fragment_group(fragment, base, now, "json"))
        if best is not None and best.score > 0.9 * sum(1 if x.date else 0.3 for x in rows):
            rows = [x.row for x in best.facts]
        return _finish(rows, response.url)
    root = root_of(response)
    if root is not None and not text.lstrip().startswith("<?xml"):
        best = best_group(root, base, now, "generic")
    for fragment, evidence in _embedded(text, root):
        group = _fragment_group(fragment, base, now, evidence)
        if group is not None and evidence == "comment":
            group.score *= _IN_COMMENT
        best = _better(best, group)
    if best is None or best.score < 4:
        for value in _literals(text):
            found = json_rows(value, base, now, "script")
            if len(found) > max(1, len(rows)):
                rows = found
        if best is None or len(rows) > 2 * len(best.facts):
            rows = rows or _feed(text, base)
            return _finish(rows, response.url)
    return _finish([x.row for x in best.facts], response.url)


def rows_from(
    response: TextResponse, selector: str, now: dt.datetime, evidence: str = "selector"
) -> list[Row]:
    """The rows that `selector` names (CSS; XPath when it begins with `/`, `./` or `(`): each may
    be the `li`, the `tr` or the `a`. Elements without a link and title are passed over. Raises
    NoRows when none is left."""
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
    root = _parse(markup)
    if root is None:
        raise NoRows(f"no rows on {base_url}")
    if selector is None:
        group = best_group(root, base_url, now, evidence)
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


def _parse(markup: str) -> HtmlElement | None:
    try:
        root = html.fromstring(f"<div>{CONTROL.sub('', markup)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return root if isinstance(root, HtmlElement) else None


def _better(one: Group | None, other: Group | None) -> Group | None:
    if one is None or (other is not None and other.score > one.score):
        return other
    return one


def _fragment_group(markup: str, base: str, now: dt.datetime, evidence: str) -> Group | None:
    root = _parse(markup)
    return best_group(root, base, now, evidence) if root is not None else None


def _selected(elements: list[HtmlElement], base: str, now: dt.datetime, evidence: str) -> list[Row]:
    chosen = set(elements)
    rows: list[Row] = []
    seen: set[str] = set()
    for element in elements:
        anchor = main_anchor(element)
        if anchor is None:
            continue
        row = element if anchor is not element else _around(element, chosen)
        facts = facts_of(anchor, row, base, now, evidence)
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


def _embedded(text: str, root: HtmlElement | None) -> Iterator[tuple[str, str]]:
    """(HTML, evidence) of rows that stand where a browser shows none before its scripts ran."""
    if "<![CDATA[" in text:
        # <nextgroup> holds the link of the next page, not a row
        paging = {
            x
            for tag in ("nextgroup", "pregroup")
            for y in _spans(text, f"<{tag}>", f"</{tag}>")
            for x in _spans(y, "<![CDATA[", "]]>")
        }
        records = [
            x for x in _spans(text, "<![CDATA[", "]]>") if "<a" in x.lower() and x not in paging
        ]
        if records:
            yield "".join(records), "cdata"
    if "document.write" in text:
        written = [_unescape(a or b) for a, b in _WRITTEN.findall(text)]
        joined = "".join(written)
        if "<a" in joined.lower():
            yield joined, "script"
    if root is not None:
        texts = [x.text or "" for x in root.iter(etree.Comment)]
        hidden = [f"<div>{x}</div>" for x in texts if "<a" in x.lower()]
        if hidden:
            yield "".join(hidden), "comment"


def _spans(text: str, opening: str, closing: str) -> Iterator[str]:
    """What stands between each pair of marks."""
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start)
        if end < 0:
            return
        yield text[start + len(opening) : end]
        start = text.find(opening, end)


def _unescape(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) == 5:
            return chr(int(code[1:], 16))
        return {"n": "\n", "t": "\t", "r": ""}.get(code, code)

    return _ESCAPED.sub(plain, text)


def _json(text: str) -> Any:
    """The JSON or JSONP that a whole text is; None when it is neither."""
    plain = text.strip().lstrip("\ufeff")
    if not plain.startswith(("{", "[")):
        match = _JSONP.match(plain) if len(plain) > 4 and plain[0] != "<" else None
        if match is None:
            return None
        plain = match[1]
    try:
        return _whole(json.loads(plain, strict=False), plain)
    except (ValueError, RecursionError):
        return None


def _whole(value: Any, text: str) -> Any:
    """The value without halves of characters, which JSON can write and nothing can store."""
    if not _HALF.search(text):
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="ignore"))


def _literals(text: str) -> Iterator[Any]:
    """JSON values that stand in scripts."""
    if "<script" not in text.lower() and text.lstrip().startswith("<"):
        return
    decoder = json.JSONDecoder(strict=False)
    end = 0
    for count, match in enumerate(_LITERAL.finditer(text)):
        if count > _MOST_LITERALS:
            return
        if match.end() < end:
            continue
        try:
            value, end = decoder.raw_decode(text, match.end())
            value = _whole(value, text[match.end() : end])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, (list, dict)) and value:
            yield value


def _feed(text: str, base: str) -> list[Row]:
    """The items of an RSS feed."""
    if "<item" not in text[:20000]:
        return []
    try:
        root = etree.fromstring(
            text.encode(), etree.XMLParser(recover=True, resolve_entities=False)
        )
    except (etree.XMLSyntaxError, ValueError):
        return []
    rows: list[Row] = []
    for item in root.iter("item") if root is not None else ():
        title = tidy(item.findtext("title") or "")
        url = (item.findtext("link") or "").strip()
        day: dt.date | None = None
        try:
            day = parsedate_to_datetime(item.findtext("pubDate") or "").astimezone(BEIJING).date()
        except ValueError:
            day = None
        address = identity(url)
        if title and address:
            rows.append(Row(url, address, title, day, evidence="rss"))
    return rows
