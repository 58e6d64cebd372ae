"""Scrapy's log without a line for every item; a drop that is no fault is not a warning."""

import logging
from typing import Any

from scrapy import Spider
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class Known(DropItem):
    """The notice and its content are stored already: nothing more to do."""


class QuietFormatter(LogFormatter):
    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
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
