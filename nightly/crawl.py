"""The sources of one night, read by a bounded number of crawlers in this process."""

import asyncio
import gc
import logging
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar, cast

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.report import ColumnReport
from nightly import disk
from nightly.settle import settle, settle_broken
from nightly.sources import Sources
from nightly.watch import Progress, Watch
from store import writer
from store.models import Night, Verdict

logger = logging.getLogger(__name__)

CRAWLERS = 16  # setting NIGHTLY_CRAWLERS: sources read at the same time
MIN_FREE = 100 * 1024 * 1024  # bytes; setting NIGHTLY_MIN_FREE: with less, nothing more is begun
# Scrapy's word for it; an exception in start() ends a spider as if it had been told to stop
_WHY_ENDED = {"": "爬虫没有开始", "shutdown": "爬虫起步时出错，请看日志"}
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending(StrEnum):
    """How the night as a whole ended."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"  # by Ctrl-C or SIGTERM: the next run goes on with it
    DISK_FULL = "disk-full"  # likewise, when there is space again


T = TypeVar("T")
Finish = Callable[[Ending, list[str]], T]


class Crawl:
    """Reads the sources and settles each as it ends. For one `run()`: the reactor starts once."""

    def __init__(
        self,
        night: Night,
        known: Sources,
        names: Sequence[str],
        arguments: Mapping[str, str],
        settings: Settings,
        folder: Path,
        progress: Progress,
    ) -> None:
        """`names` in the order of their start; `arguments` of every spider; `folder`: where the
        data is kept, whose disk must not be full."""
        self.night, self.known, self.arguments = night, known, arguments
        self.settings, self.folder, self.progress = settings, folder, progress
        self.left = deque(names)
        self.ending = Ending.FINISHED
        self.active: set[Watch] = set()
        self.unread = set(names)  # those without an outcome of this run
        self.faults: list[Exception] = []  # ours, outside of any source

    def run(self, finish: Finish[T]) -> T:
        """Read all, then return what `finish` makes of how it ended and of the names of sources
        that were not read; it is called on the writer thread.

        Raises what kept an outcome from being written, after the other sources are done."""
        self.process = AsyncCrawlerProcess(self.settings)
        _spare_the_collector()
        self.loop = asyncio.get_event_loop()
        work = self.loop.create_task(self._all(finish))
        work.add_done_callback(_stop_reactor)
        before = {number: signal.signal(number, self._signalled) for number in _SIGNALS}
        try:
            # Scrapy's own handlers would stop the reactor before the last outcomes are written.
            self.process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return work.result()

    async def _all(self, finish: Finish[T]) -> T:
        self.progress.began(len(self.left))
        many = max(1, self.settings.getint("NIGHTLY_CRAWLERS", CRAWLERS))
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(many, len(self.left))):
                workers.create_task(self._worker())
        if self.faults:
            raise self.faults[0]
        # A full disk lets no new connection read, but the writer's own.
        return await writer.write(finish, self.ending, sorted(self.unread))

    async def _worker(self) -> None:
        while self.left and not self._stopped():
            name = self.left.popleft()
            self.progress.started(name)
            try:
                verdicts = await self._source(name)
            except Exception as fault:
                logger.exception("%s could not be settled", name)
                if disk.is_full(fault):
                    await self._stop(Ending.DISK_FULL)
                else:
                    self.faults.append(fault)
                verdicts = []
            if verdicts:
                self.unread.discard(name)
            self.progress.ended(name, verdicts)

    def _stopped(self) -> bool:
        least = self.settings.getint("NIGHTLY_MIN_FREE", MIN_FREE)
        if self.ending is Ending.FINISHED and disk.free(self.folder) < least:
            logger.error("Less than %d bytes are free: nothing more is begun", least)
            self.ending = Ending.DISK_FULL
        return self.ending is not Ending.FINISHED

    async def _source(self, name: str) -> list[Verdict]:
        """Read one source to its end and write the outcome of each of its columns."""
        spider = self.known.spiders.get(name)
        if spider is None:
            return await writer.write(settle_broken, self.night, name, self.known.broken[name])
        ended, reports = "", {}
        watch = Watch(name, self.progress)
        self.active.add(watch)
        try:
            crawler = self.process.create_crawler(spider)
            watch.listen(crawler)
            await self.process.crawl(crawler, **self.arguments)
            reports = _reports(name, crawler.spider)
        except Exception as fault:
            logger.exception("%s could not be run", name)
            watch.full = watch.full or disk.is_full(fault)
            ended = f"{type(fault).__name__}: {fault}"
        finally:
            watch.over = True
            self.active.discard(watch)
        if watch.full:
            await self._stop(Ending.DISK_FULL)
        if watch.reason != "finished":
            if self.ending is not Ending.FINISHED:
                return []  # cut short by us: the next run judges it
            ended = ended or _WHY_ENDED.get(watch.reason, watch.reason)
        return await writer.write(settle, self.night, spider, reports, watch, ended)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        """The first signal ends what runs, and the night goes on another time; a second ends the
        process at once."""
        signal.signal(number, signal.SIG_DFL)
        self.loop.call_soon_threadsafe(self._interrupt)

    def _interrupt(self) -> None:
        self.stopping = self.loop.create_task(self._stop(Ending.INTERRUPTED))

    async def _stop(self, ending: Ending) -> None:
        if self.ending is Ending.FINISHED:
            self.ending = ending
            logger.error("The night is stopped: %s", ending.value)
            await asyncio.gather(*(watch.stop() for watch in list(self.active)))


def _spare_the_collector() -> None:
    """What is loaded by now stays for the night, and little of what a page leaves behind is in
    cycles: by Python's own thresholds the collector takes a tenth of the CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5000, 10, 10)


def _reports(name: str, spider: object) -> dict[str, ColumnReport]:
    reports: dict[str, ColumnReport] = getattr(spider, "reports", {})
    for column, report in reports.items():
        logger.info("%s/%s: paging stopped: %s", name, column, report.stopped or "not begun")
    return reports


def _stop_reactor(_: "asyncio.Task[Any]") -> None:
    from twisted.internet import reactor  # importing it installs one: not before the process has

    cast(Any, reactor).stop()  # its type is that of no reactor in particular
