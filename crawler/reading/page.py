"""One page, parsed and read once: what several readers need of it.

The tree and all that is read from it are shared and changed by none.
"""

from functools import cached_property
from typing import Any

from lxml.html import HtmlElement
from scrapy.http import TextResponse

from crawler.reading.addresses import base_of
from crawler.reading.charset import HtmlPage
from crawler.reading.fact.header_table import HeaderTable, read_header_table
from crawler.reading.fact.info_line import info_line
from crawler.reading.fact.title import read_title
from crawler.reading.fact.title_places import Title
from crawler.reading.lines import Line, read_lines, root_of
from crawler.reading.meta import Meta, read_meta
from crawler.reading.row.groups import Lists
from crawler.reading.script.embedded import embedded, tree_of
from crawler.reading.script.json_texts import literals
from crawler.reading.text.body import Body, read_body

_NEAR = 12  # lines between a title and its info line


class Page:
    """A response with its parts, each read when it is first asked for."""

    def __init__(self, response: TextResponse, root: HtmlElement | None = None) -> None:
        self.response = response
        self._root = root  # a tree to read instead of the response's own
        self._titles: dict[tuple[int | None, str, str], Title] = {}
        self._bodies: dict[tuple[int | None, int | None, int | None], Body] = {}
        self._heads: dict[tuple[str, str], tuple[Title, int | None]] = {}

    @cached_property
    def root(self) -> HtmlElement | None:
        """The one tree; None when the response is no HTML."""
        return self._root if self._root is not None else root_of(self.response)

    @cached_property
    def base(self) -> str:
        """What its links are relative to."""
        return base_of(self.response)

    @cached_property
    def meta(self) -> Meta:
        return read_meta(self.root) if self.root is not None else Meta()

    @cached_property
    def lines(self) -> list[Line]:
        """What a person reads."""
        return read_lines(self.root) if self.root is not None else []

    @cached_property
    def table(self) -> HeaderTable:
        return read_header_table(self.lines)

    @cached_property
    def info(self) -> int | None:
        """The info line by the title that the page alone tells."""
        return self.head()[1]

    @cached_property
    def lists(self) -> Lists | None:
        """Its lists of links; None when it is no HTML."""
        return Lists(self.root, self.base) if self.root is not None else None

    @cached_property
    def embedded(self) -> list[tuple[Lists, str]]:
        """The lists of links of what is embedded, each with where that stood."""
        found = embedded(self.response.text, self.root)
        trees = ((tree_of(markup), evidence) for markup, evidence in found)
        return [(Lists(tree, self.base), name) for tree, name in trees if tree is not None]

    @cached_property
    def literals(self) -> list[Any]:
        """The JSON values in its scripts."""
        return list(literals(self.response.text))

    def head(self, selected: str = "", listed: str = "") -> tuple[Title, int | None]:
        """Title and info line, found by each other: the title that stands by an info line goes
        before one in the path or a menu, the info line by the title before a clock."""
        key = (selected, listed)
        if key not in self._heads:
            self._heads[key] = self._head(selected, listed)
        return self._heads[key]

    def _head(self, selected: str, listed: str) -> tuple[Title, int | None]:
        title = self.title(None, selected, listed)
        info = info_line(self.lines, self.table, title.span)
        if info is None or not _beside(title, info):
            alone = info_line(self.lines, self.table, (None, None))
            other = self.title(alone, selected, listed)
            if alone is not None and _beside(other, alone):
                info = alone
        if info is not None:
            found = self.title(info, selected, listed)
            if found.span != title.span:
                info = info_line(self.lines, self.table, found.span)
            title = found
        return title, info

    def body(self, title: tuple[int | None, int | None], info: int | None) -> Body:
        """`read_body` of this page, for the lines of its title and its info line."""
        key = (*title, info)
        if key not in self._bodies:
            root = self.root
            found = root is not None and read_body(root, self.lines, self.table, title, info)
            self._bodies[key] = found or Body()
        return self._bodies[key]

    def title(self, info: int | None = None, selected: str = "", listed: str = "") -> Title:
        """`read_title` of this page."""
        key = (info, selected, listed)
        if key not in self._titles:
            self._titles[key] = read_title(self.meta, self.lines, self.table, *key)
        return self._titles[key]


def _beside(title: Title, info: int) -> bool:
    return title.after is not None and abs(info - title.after) <= _NEAR


def page_of(response: TextResponse) -> Page:
    """The page of a response; the same one for every reader of an HtmlPage."""
    if not isinstance(response, HtmlPage):
        return Page(response)
    if response.page is None:
        response.page = Page(response)
    found: Page = response.page
    return found
