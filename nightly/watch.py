"""What goes on in one crawler: its progress, exceptions by column, a full disk, how it ended."""

import asyncio
import time
from collections import defaultdict
from typing import Any, Protocol

from scrapy import Request, signals
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.notice import Notice
from nightly.disk import is_full
from store.models import Verdict

_TICK = 0.05  # seconds between two looks whether an engine has started


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
        self.over = False  # nothing more comes of it
        self._began = time.monotonic()
        self._crawler: Crawler | None = None
        self._engine: ExecutionEngine | None = None

    def listen(self, crawler: Crawler) -> None:
        """Hear what this crawler signals."""
        self._crawler = crawler
        connect = crawler.signals.connect
        connect(self._started, signals.engine_started)
        connect(self._page, signals.response_received)
        connect(self._kept, signals.item_scraped)
        connect(self._answered, signals.request_left_downloader)  # failures, too
        connect(self._item_error, signals.item_error)
        connect(self._spider_error, signals.spider_error)
        connect(self._closed, signals.spider_closed)

    async def stop(self) -> None:
        """End the crawler: no new requests, those under way are let go."""
        # Scrapy loses a stop that comes while the engine starts, and then never ends.
        while not (self._engine and self._engine.running):
            if self.over:
                return
            await asyncio.sleep(_TICK)
        if self._crawler and not self.over:
            await self._crawler.stop_async()

    def of(self, column: str) -> list[str]:
        """The exceptions of the column, and those that belong to no column."""
        return [*self.faults.get(column, ()), *self.faults.get("", ())]

    def _started(self) -> None:
        assert self._crawler
        self._engine = self._crawler.engine

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
        if not self.full and is_full(failure.value):
            self.full = True
            self._stopping = asyncio.create_task(self.stop())  # all that follows would fail, too
        self.faults[column].append(f"{what}：{type(failure.value).__name__}: {failure.value}")


def _column(response: Response | Failure | None) -> str:
    """The column that the answer (or the failed request) was asked for; "" when untold."""
    request: Request | None = getattr(response, "request", None)
    return str(request.meta.get("column", "")) if request else ""
