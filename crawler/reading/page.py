"""One page, parsed and read once: what several readers need of it.

The tree and all that is read from it are shared and changed by none.
"""

import logging
from functools import cached_property
from itertools import islice
from typing import Any

from lxml.html import HtmlElement
from scrapy.http import TextResponse

from crawler.notice import Row
from crawler.reading.addresses import base_of
from crawler.reading.charset import HtmlPage, JsonPage, TextPage, XmlPage
from crawler.reading.fact.header_table import HeaderTable, read_header_table
from crawler.reading.fact.info_line import Place, info_line, near_places
from crawler.reading.fact.title import declared_title, read_title
from crawler.reading.fact.title_places import Title
from crawler.reading.kind.challenges import challenge_reason
from crawler.reading.limits import most_elements, most_lines
from crawler.reading.lines import Line, read_some, root_of
from crawler.reading.meta import Meta, read_meta
from crawler.reading.row.groups import Lists
from crawler.reading.row.json import markup_in, object_lists
from crawler.reading.script.embedded import embedded, tree_of
from crawler.reading.script.json_texts import json_of, literals
from crawler.reading.text.body import Body, read_body

logger = logging.getLogger(__name__)

_MOST_KEPT = 20_000
_NEAR = 12  # lines between a title and its info line


class Page:
    """A response with its parts, each read when it is first asked for."""

    def __init__(self, response: TextResponse, root: HtmlElement | None = None) -> None:
        self.response = response
        self._root = root  # a tree to read instead of the response's own
        self.cut_lines: int | None = None  # after how many lines reading stopped
        # what lxml makes of its nodes for Python; made anew for each reader it costs more, in deep
        # trees by far
        self._kept: list[HtmlElement] = []
        self.rows_at_any_time: list[Row] | None = None  # what `page_kind` keeps here
        self._titles: dict[tuple[int | None, str, str], Title] = {}
        self._bodies: dict[tuple[int | None, int | None, int | None], Body] = {}
        self._heads: dict[tuple[str, str], tuple[Title, int | None]] = {}
        self._near: dict[tuple[int | None, int | None], list[Place]] = {}

    @cached_property
    def challenge(self) -> str | None:
        """Which challenge or refusal it is, in Chinese; None for any other page."""
        return challenge_reason(self.response)

    @cached_property
    def root(self) -> HtmlElement | None:
        """The one tree; None when the response is no HTML."""
        root = self._root if self._root is not None else root_of(self.response)
        if root is not None:
            self._kept = list(islice(root.iter(), _MOST_KEPT))
        return root

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
        if self.root is None:
            return []
        size = len(self.response.body)
        lines, cut = read_some(self.root, False, most_lines(size), most_elements(size))
        if cut:
            self.cut_lines = len(lines)
            logger.warning("%s: read no further than %d lines", self.response.url, len(lines))
        return lines

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
        return self._lists(self.root, self.response.body) if self.root is not None else None

    @cached_property
    def embedded(self) -> list[tuple[Lists, str]]:
        """The lists of links of what is embedded, each with where that stood."""
        found = embedded(self.response.text, self.root)
        trees = ((tree_of(markup), markup, evidence) for markup, evidence in found)
        return [(self._lists(tree, x), name) for tree, x, name in trees if tree is not None]

    @cached_property
    def data(self) -> Any:
        """The JSON that it is; None when it is none."""
        return json_of(self.response.text)

    @cached_property
    def data_lists(self) -> list[list[dict[str, Any]]]:
        """The lists of objects in that."""
        return object_lists(self.data)

    @cached_property
    def data_markup(self) -> list[Lists]:
        """The lists of links of the markup in that."""
        trees = ((tree_of(markup), markup) for markup in markup_in(self.data))
        return [self._lists(tree, markup) for tree, markup in trees if tree is not None]

    @cached_property
    def literals(self) -> list[list[list[dict[str, Any]]]]:
        """The lists of objects in each of the JSON values in its scripts."""
        return [object_lists(x) for x in literals(self.response.text)]

    def head(self, selected: str = "", listed: str = "") -> tuple[Title, int | None]:
        """Title and info line, found by each other: the title that stands by an info line goes
        before one in the path or a menu, the info line by the title before a clock."""
        # what a page declares goes before what a selector or the list says
        key = ("", "") if declared_title(self.meta) else (selected, listed)
        if key not in self._heads:
            self._heads[key] = self._head(*key)
        return self._heads[key]

    def near(self, title: tuple[int | None, int | None]) -> list[Place]:
        """The lines beside the lines of a title that tell a date or the source."""
        if title not in self._near:
            self._near[title] = near_places(self.lines, self.table, title)
        return self._near[title]

    def _info_by(self, title: tuple[int | None, int | None]) -> int | None:
        return info_line(self.lines, self.table, title, self.near(title))

    def _lists(self, root: HtmlElement, markup: str | bytes) -> Lists:
        lists = Lists(root, self.base, len(markup), embedded=isinstance(markup, str))
        if lists.cut:
            logger.warning("%s: its lists are too dense and were cut", self.response.url)
        return lists

    def _head(self, selected: str, listed: str) -> tuple[Title, int | None]:
        title = self.title(None, selected, listed)
        info = self._info_by(title.span)
        if info is None or not _beside(title, info):
            alone = self._info_by((None, None))
            other = self.title(alone, selected, listed)
            if alone is not None and _beside(other, alone):
                info = alone
        if info is not None:
            found = self.title(info, selected, listed)
            if found.span != title.span:
                info = self._info_by(found.span)
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
    """The page of a response; the same one for every reader of a response that we built."""
    if not isinstance(response, (HtmlPage, JsonPage, XmlPage, TextPage)):
        return Page(response)
    if response.page is None:
        response.page = Page(response)
    found: Page = response.page
    return found
