"""dedupe: is this notice, with this content, kept already? Then nothing more is fetched."""

import logging
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.log import Known
from crawler.notice import Notice
from pipelines.clean import tidy
from pipelines.records import is_of_another
from store.fit import key
from store.lookup import find
from store.models import Attachment
from store.save import known, rehash, unchanged
from store.writer import write

logger = logging.getLogger(__name__)


class Dedupe:
    """Lets through what is new, revised, or still lacks a file; of the last only the lacking
    files."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        if not isinstance(item, Notice) or item.address in self._fresh():
            return item
        here = (item.source, item.address)
        kept = await write(known, *here)
        if kept is None:
            return item
        content, reader, record = kept
        if content != item.content_hash:
            if reader == item.reader or not await self._same_by_todays_reader(item, record):
                return item
            await write(rehash, *here, item.content_hash, item.reader)
        if lacking := await write(_lacking, *here):
            item.attachments = [a for a in item.attachments if key(a.address) in lacking]
            return item
        await write(unchanged, *here, item.etag, item.last_modified)
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"notice/known/{item.column}")
        raise Known("kept already")

    def _fresh(self) -> set[str]:
        """Addresses where nothing can be known yet: the transaction that wrote their rows has
        looked. Should another process have kept one since, `save` sees it all the same."""
        return getattr(self.crawler.spider, "fresh", set())

    async def _same_by_todays_reader(self, item: Notice, record: str) -> bool:
        """Whether the kept page, read again by today's reader, says what this one says. One that
        the reader cannot take, or that is not the notice's own, says nothing: the new page counts
        as a revision."""
        spider: Any = self.crawler.spider
        reread = getattr(spider, "reread", None)
        try:
            old: Notice | None = await reread(record, item) if reread else None
            if old is None or await write(is_of_another, item.source, item.address, old.url):
                return False
            return tidy(old).content_hash == item.content_hash
        except Exception:  # whatever is wrong with the old page, the new one is read
            logger.exception("%s: the kept page %s cannot be read again", item.address, record)
            return False


def _lacking(source: str, address: str) -> set[str]:
    """Addresses of the files that the notice's newest revision is still without."""
    notice = find(source, address)
    if notice is None:
        return set()
    files = Attachment.objects.filter(revision=notice.revisions.latest("number"), sha256="")
    return set(files.exclude(problem="").values_list("address", flat=True))
