"""save: the notice, its revision, files and rows, in one transaction."""

from typing import Self

from scrapy.crawler import Crawler

from crawler.archive import open_archive
from crawler.clock import night_now
from crawler.log import Known
from crawler.notice import Notice, Retry
from store.save import Saved, save, save_retry
from store.writer import write


class Save:
    """Keeps what came this far. A save that fails is an error of the source's night."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.night = night_now(crawler.settings).date()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if isinstance(item, Notice | Retry):
            column = item.column if isinstance(item, Notice) else ""
            assert self.crawler.stats is not None
            try:
                what = await self._keep(item)
            except BaseException:
                self.crawler.stats.inc_value(f"notice/save_failed/{column}")
                raise
            self.crawler.stats.inc_value(f"notice/{what}/{column}")
            if what == Saved.FORGOTTEN:
                raise Known("it was forgotten, and is not kept again")
        return item

    async def _keep(self, item: Notice | Retry) -> str:
        # The page must be on the disk before the notice that points at it.
        open_archive(self.crawler.settings).sync()
        if isinstance(item, Retry):
            await write(save_retry, item, self.night)
            return "retried"
        return await write(save, item, self.night)
