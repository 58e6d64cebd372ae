"""What goes on in one crawler: its progress, exceptions by column, a full disk, how it ended."""

import time
from collections import defaultdict
from typing import Any, Protocol

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.notice import Notice
from nightly.disk import is_full
from store.models import Verdict


class Progress(Protocol):
    """Who is told how the night goes on. Called in the event loop: to be quick."""

    def began(self, total: int) -> None:
        """So many sources are to be read."""

    def started(self, source: str) -> None: ...

    def page(self, source: str) -> None:
        """An answer of the source came."""

    def kept(self, source: str) -> None:
        """A notice went through all pipelines."""

    def ended(self, source: str, verdicts: list[Verdict]) -> None:
        """The source is done; no verdicts: it was cut short."""


class Watch:
    """Listens to one crawler from before its start to its end."""

    def __init__(self, source: str, progress: Progress) -> None:
        self.source, self.progress = source, progress
        self.faults: dict[str, list[str]] = defaultdict(list)  # column, "" unknown -> words
        self.full = False  # an exception came from a full disk
        self.reason = ""  # Scrapy's word for how it ended; "" when it never began
        self.seconds: dict[str, float] = {}  # column -> from the start to its last answer
        self._began = time.monotonic()

    def listen(self, crawler: Crawler) -> None:
        """Hear what this crawler signals."""
        connect = crawler.signals.connect
        connect(self._page, signals.response_received)
        connect(self._kept, signals.item_scraped)
        connect(self._answered, signals.request_left_downloader)  # failures, too
        connect(self._item_error, signals.item_error)
        connect(self._spider_error, signals.spider_error)
        connect(self._closed, signals.spider_closed)

    def of(self, column: str) -> list[str]:
        """The exceptions of the column, and those that belong to no column."""
        return [*self.faults.get(column, ()), *self.faults.get("", ())]

    def _page(self, request: Request) -> None:
        self._answered(request)
        self.progress.page(self.source)

    def _answered(self, request: Request) -> None:
        self.seconds[request.meta.get("column", "")] = time.monotonic() - self._began

    def _kept(self, item: Any) -> None:
        if isinstance(item, Notice):
            self.progress.kept(self.source)

    def _item_error(self, item: Any, response: Any, failure: Failure) -> None:
        column = getattr(item, "column", "") or _column(response)
        what = getattr(item, "title", "") or getattr(item, "notice_address", "")
        self._note(column, f"没能存下“{what}”", failure)

    def _spider_error(self, failure: Failure, response: Any) -> None:
        self._note(_column(response), "读取出错", failure)

    def _closed(self, reason: str) -> None:
        self.reason = reason

    def _note(self, column: str, what: str, failure: Failure) -> None:
        self.full = self.full or is_full(failure.value)
        self.faults[column].append(f"{what}：{type(failure.value).__name__}: {failure.value}")


def _column(response: Response | Failure | None) -> str:
    """The column that the answer (or the failed request) was asked for; "" when untold."""
    request: Request | None = getattr(response, "request", None)
    return str(request.meta.get("column", "")) if request else ""
