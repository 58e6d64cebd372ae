"""A source visits its own hosts, those it lists, and their siblings: every request, every hop."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.address import may_visit
from crawler.middlewares.refusals import Refused


class HostsMiddleware:
    """Raises Refused(kind="host"). Pages, files, robots.txt and redirects all pass here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        self._check(request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        # A browser follows redirects by itself; everything else came through process_request.
        if request.meta.get("playwright"):
            self._check(response.url)
        return response

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise Refused(f"只访问 http 与 https：{url}", "host")
        # Whoever reads the address otherwise than we do must not be led elsewhere by it.
        if parts.username is not None or "\\" in parts.netloc:
            raise Refused(f"地址里带有用户名：{url}", "host")
        host = parts.hostname or ""
        own: set[str] | None = getattr(self._crawler.spider, "hosts", None)
        if own is None:  # `scrapy shell`'s own spider, for an address typed in by hand
            return
        if not may_visit(host, own):
            raise Refused(f"不属于本来源的网站：{host or url}", "host")
