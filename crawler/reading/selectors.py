"""The elements of a page that a selector of a spider or platform chooses."""

from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement
from parsel import css2xpath

# as parsel's own
_NAMESPACES = {
    "re": "http://exslt.org/regular-expressions",
    "set": "http://exslt.org/sets",
}
_MOST = 2000  # selectors; all sources together have fewer


def chosen_by(selector: str, root: HtmlElement) -> list[HtmlElement]:
    """The elements that a selector chooses: CSS, or XPath when it begins with `/`, `./` or `(`.

    Raises what cssselect raises for CSS that is none, ValueError for such XPath."""
    chosen = _compiled(selector)(root)
    found = chosen if isinstance(chosen, list) else []
    return [x for x in found if isinstance(x, HtmlElement)]


@lru_cache(_MOST)
def _compiled(selector: str) -> etree.XPath:
    """Compiled once for all pages of a source."""
    xpath = selector if selector.startswith(("/", "./", "(")) else css2xpath(selector)
    try:
        return etree.XPath(xpath, namespaces=_NAMESPACES, smart_strings=False)
    except etree.XPathSyntaxError as fault:
        raise ValueError(f"no selector: {selector!r}: {fault}") from fault
