"""Counts what was really asked, per column; a retry is another request."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.report import ColumnReport


class TallyMiddleware:
    """Adds to `requests`, `watched` and `not_modified` of spider.reports[meta["column"]]. Requests
    without a column of the spider's (robots.txt) and refused ones are not counted."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        report = self._report(request)
        if report:
            self._count(report, request)
            report.not_modified += response.status == 304
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        report = self._report(request)
        # An IgnoreRequest comes from us, before anything was sent.
        if report and not isinstance(exception, IgnoreRequest):
            self._count(report, request)

    def _count(self, report: ColumnReport, request: Request) -> None:
        report.requests += 1
        report.watched += "watch" in request.meta

    def _report(self, request: Request) -> ColumnReport | None:
        # `scrapy shell`'s own spider has no reports.
        reports: dict[str, ColumnReport] = getattr(self._crawler.spider, "reports", {})
        return reports.get(request.meta.get("column", ""))
