"""validate: what a notice must have, and what a person should look at."""

from datetime import datetime
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.clock import night_now
from crawler.notice import Notice
from pipelines.doubts import doubts

REQUIRED = {
    "source": "没有来源",
    "address": "没有网址",
    "title": "页面上读不出标题",
    "body": "页面上读不出正文，也没有附件",
}


class Validate:
    """Drops a notice that lacks what is required; notes on the others what looks wrong."""

    def __init__(self, crawler: Crawler, now: datetime) -> None:
        self.crawler = crawler
        self.now = now

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, night_now(crawler.settings))

    async def process_item(self, item: object) -> object:
        if not isinstance(item, Notice):
            return item
        if missing := _missing(item):
            await self._refuse(item, missing)
        known = {(problem.code, problem.detail) for problem in item.problems}
        found = doubts(item, self.now.date())
        item.problems += [p for p in found if (p.code, p.detail) not in known]
        return item

    async def _refuse(self, notice: Notice, field: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"notice/invalid/{field}")
        self.crawler.stats.inc_value(f"notice/dropped/{notice.column}")
        spider: Any = self.crawler.spider
        if notice.address:  # the row that waits is found by it
            source = notice.source or spider.name
            await spider.memory.failed(source, notice.address, REQUIRED[field])
        raise DropItem(REQUIRED[field])


def _missing(notice: Notice) -> str:
    if not (notice.text or notice.attachments):
        return "body"
    return next((f for f in ("source", "address", "title") if not getattr(notice, f)), "")
