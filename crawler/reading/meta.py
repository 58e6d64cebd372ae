"""What a page declares of itself in `<meta>`: the names of 国办发〔2017〕47号 and their cousins."""

import html
import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.reading.lines import tidy

# lower-case name -> our field, best first
_NAMES = {
    "title": ("articletitle",),
    "published": (
        "pubdate",
        "publishdate",
        "firstpublishedtime",
        "publishtime",
        "article:published_time",
        "og:published_time",
        "og:release_date",
        "bytedance:published_time",
        "weibo:article:create_at",
        "weibo: article:create_at",
        "datepublished",
        "dc.date",
        "createdate",
    ),
    "social_title": ("og:title", "twitter:title", "headline", "dc.title"),
    "source": ("contentsource", "source"),
    "column": ("columnname", "lanmu"),
    "site": ("sitename",),
    "issuer": ("publisher", "fwjg"),
}
_MOST = 300  # elements that are looked at
_LONGEST = 1000  # of a value; no title or name is longer
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Meta:
    """Tidied values; "" when the page does not say."""

    title: str = ""
    published: str = ""
    source: str = ""
    column: str = ""
    site: str = ""
    issuer: str = ""
    social_title: str = ""  # what is shown where the page is shared
    document_title: str = ""  # the text of <title>


def read_meta(root: HtmlElement) -> Meta:
    """The first filled value of each name; tags and entities inside values are undone."""
    said: dict[str, str] = {}
    document_title = ""
    for element in islice(root.iter("meta", "title"), _MOST):
        if element.tag == "title":
            document_title = document_title or tidy(element.text_content()[:_LONGEST])
            continue
        name = (
            (element.get("name") or element.get("property") or element.get("itemprop") or "")
            .strip()
            .lower()
        )
        content = element.get("content")
        if name and content and name not in said:
            value = tidy(html.unescape(_TAG.sub(" ", html.unescape(content[:_LONGEST]))))
            if value:
                said[name] = value
    found = {
        field: next((said[name] for name in names if name in said), "")
        for field, names in _NAMES.items()
    }
    return Meta(**found, document_title=document_title)
