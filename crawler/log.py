"""Scrapy's log without a line for every item; a drop that is no fault is not a warning."""

import logging
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class Known(DropItem):
    """The notice and its content are stored already: nothing more to do."""


class QuietFormatter(LogFormatter):
    """Makes no line of a page or an item that LOG_LEVEL would not let through: Scrapy has a record
    made of each before anybody looks at its level."""

    debug = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = super().from_crawler(crawler)
        level = crawler.settings.get("LOG_LEVEL")
        number = logging.getLevelName(level) if isinstance(level, str) else level
        made.debug = not isinstance(number, int) or number <= logging.DEBUG
        return made

    def crawled(  # type: ignore[override]  # Scrapy takes None, its types do not say so
        self, request: Request, response: Response, spider: Spider
    ) -> LogFormatterResult | None:
        return super().crawled(request, response, spider) if self.debug else None

    def scraped(  # type: ignore[override]
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult | None:
        if not self.debug:
            return None
        return {
            "level": logging.DEBUG,
            "msg": "Kept %(address)s",
            "args": {"address": getattr(item, "address", getattr(item, "notice_address", "?"))},
        }

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        level = logging.DEBUG if isinstance(exception, Known) else logging.ERROR
        address = getattr(item, "address", "?")
        return {"level": level, "msg": f"{address}: {exception}", "args": {}}
