"""What a source declares, and what a platform or a source may override."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy.utils.misc import load_object

from crawler.address import canonical
from crawler.clock import night_now
from crawler.memory import Memory
from crawler.notice import Notice, Row
from crawler.reading.notice import Selectors, read_notice
from crawler.reading.rows import read_rows, rows_from
from crawler.report import ColumnReport

MAX_PAGES = 5  # list pages of a column read on one ordinary night; the rest on the next


class NoIds(ValueError):
    """The column page does not carry the platform ids that its list API needs."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that needs more than its address."""

    url: str
    row_css: str = ""  # "" for the source's own
    browser: bool = False  # the list is drawn by script: only this column needs Chromium
    ids: dict[str, str] = field(default_factory=dict)  # platform ids known beforehand


class Source(Spider):
    """Base of all sources.

    A source sets `name` (its file's stem), `agency` (official Chinese name), `columns`
    ({column name: address or Column}) and, when it is no ministry, `region` (GB/T 2260, six
    digits) and `level` (province, city, county). Optional: `row_css` (rows of a list page; ""
    for the generic reader), `selectors` (of a notice page), `plain_pages` (pattern of addresses
    whose pages are in an older form: read generically), `also_hosts` (hosts besides those of
    the columns), `quiet_days` (a hint after so many days without a new notice), `tls = "legacy"`
    with `tls_reason`, `robots = "ignore"` with `robots_reason`, `enabled`.

    Arguments of a crawl: `since` (YYYY-MM-DD: back-fill to that day), `max_pages`, `column`.
    """

    agency: ClassVar[str] = ""
    region: ClassVar[str] = "000000"  # these two are a ministry's
    level: ClassVar[str] = "ministry"
    columns: ClassVar[dict[str, str | Column]] = {}
    row_css: ClassVar[str] = ""
    selectors: ClassVar[Selectors] = Selectors()
    plain_pages: ClassVar[str] = ""
    also_hosts: ClassVar[tuple[str, ...]] = ()
    quiet_days: ClassVar[int] = 30
    enabled: ClassVar[bool] = True
    tls: ClassVar[str] = ""
    tls_reason: ClassVar[str] = ""
    robots: ClassVar[str] = ""
    robots_reason: ClassVar[str] = ""

    now: datetime  # the night's own clock
    memory: Memory

    def __init__(self, since: str = "", max_pages: str = "", column: str = "", **kw: Any) -> None:
        super().__init__(**kw)
        try:
            self.since = date.fromisoformat(since) if since else None
        except ValueError:
            raise ValueError(f"since={since!r} is no date: write since=2026-01-31") from None
        # a back-fill goes to its day, however many pages that takes
        self.max_pages = int(max_pages) if max_pages else (0 if since else MAX_PAGES)
        if column and column not in self.columns:
            raise ValueError(f"{self.name} has no column {column!r}: {', '.join(self.columns)}")
        self.wanted = {
            name: Column(url=spec) if isinstance(spec, str) else spec
            for name, spec in self.columns.items()
            if not column or name == column
        }
        urls = [spec if isinstance(spec, str) else spec.url for spec in self.columns.values()]
        self.hosts = {urlsplit(url).hostname or "" for url in urls} | set(self.also_hosts)
        # a notice that leads to one of these has been taken down
        self.entrances = {canonical(place) for url in urls for place in (url, urljoin(url, "/"))}
        self.reports = {name: ColumnReport() for name in self.wanted}
        self.asked: set[str] = set()  # addresses of notices
        self.fresh: set[str] = set()  # of them, where nothing was kept when they were listed
        self.turned: set[tuple[str, str]] = set()  # (column, address) of later list pages
        self.listed: dict[str, set[str]] = {name: set() for name in self.wanted}  # rows seen

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.now = night_now(crawler.settings)
        memory: type[Memory] = load_object(crawler.settings["MEMORY"])
        spider.memory = memory.from_crawler(crawler)
        return spider

    def list_url(self, column: str, ids: dict[str, str]) -> str:
        """The address of page 1; "" when the platform ids must be read from the column page."""
        return self.wanted[column].url

    def ids_url(self, column: str) -> str:
        """The page that carries the platform ids of the column."""
        return self.wanted[column].url

    def ids(self, response: TextResponse, column: str) -> dict[str, str]:
        """Platform ids of the column, read from its page. Raises NoIds."""
        raise NoIds(f"{self.name} reads no platform ids")

    def rows(self, response: TextResponse) -> list[Row]:
        """The rows of a list page, by the selectors. Raises NoRows when nothing is found."""
        css = self.wanted[response.meta["column"]].row_css or self.row_css
        if not css:
            return read_rows(response, self.now)
        return rows_from(response, css, self.now, "selector")

    def next_page(self, response: TextResponse) -> str:
        """The address of the list page after this one; "" for the last."""
        return ""

    def notice(self, response: TextResponse, row: Row) -> Notice:
        """The notice of a page, by declared facts, the selectors and the generic readers."""
        plain = bool(self.plain_pages) and re.search(self.plain_pages, response.url) is not None
        return read_notice(
            response,
            row,
            now=self.now,
            selectors=Selectors() if plain else self.selectors,
            source=self.name,
            column=row.column,
        )
