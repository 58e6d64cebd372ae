"""Markup that stands in a page where a browser shows none before its scripts ran: CDATA, the
strings of scripts and their boxes of text, comments."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.reading.charset import PageParser
from crawler.reading.lines import CONTROL
from crawler.reading.script.js_values import unescaped

# an escaped quote outside of a string opens none: each would be sought an end in vain
# one that is not closed ends with its line, and is not tried again from within
_STRING = re.compile(r""""((?:[^"\\\n]++|\\.)*+)"?|'((?:[^'\\\n]++|\\.)*+)'?|`([^`]*+)`?""", re.S)
_MOST_STRINGS = 20_000  # of a script


def tree_of(markup: str) -> HtmlElement | None:
    """The tree of a fragment; None when there is nothing in it."""
    try:
        root = html.fromstring(f"<div>{CONTROL.sub('', markup)}</div>", parser=PageParser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    return root if isinstance(root, HtmlElement) else None


def embedded(text: str, root: HtmlElement | None) -> Iterator[tuple[str, str]]:
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
    scripts = [x.text or "" for x in root.iter("script")] if root is not None else []
    if not scripts and not text.lstrip().startswith("<"):
        scripts = [text]
    boxes = [x.text or "" for x in root.iter("textarea")] if root is not None else []
    written = [x for x in boxes if "<a" in x.lower()]  # what a script will put into the page
    written += [
        y for x in scripts if "<a" in x.lower() and "<![CDATA[" not in x for y in _marked(x)
    ]
    if written:
        yield "".join(written), "script"
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


def _marked(script: str) -> Iterator[str]:
    """The strings of a script that are pieces of markup."""
    strings = (x[x.lastindex] for x in _STRING.finditer(script) if x.lastindex)
    for text in islice(strings, _MOST_STRINGS):
        if "<" in text or ">" in text:
            yield unescaped(text)
