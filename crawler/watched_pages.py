"""Kept pages that are asked for again: what changed, and what the site has taken down.

They come last, when the lists and all that they led to are done, and only if a list of the source
was read. What is gone is settled at the very end, by all answers together: a site where everything
is gone at once was moved or is out of order, and has taken nothing down.
"""

import re
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler import archive
from crawler.memory import Watched
from crawler.middlewares.refusals import words_for
from crawler.notice import Notice
from crawler.notice_pages import LED_AWAY, NoticePages, validators
from crawler.reading.page_kind import Kind, PageKind, page_kind

_GONE = (404, 410)
# What an error page with status 200 says of its own page, not of the whole site.
_DELETED = re.compile(
    r"不存在|不见了|不在|丢失|走丢|删除|移除|下线|下架|撤[稿回销]|失效|过期|找不到|[没未]有?能?找到"
    r"|无法找到|404|410|not found",
    re.I,
)
_OF_THE_SITE = re.compile(r"网站|站点|系统|服务器|域名|平台")


class WatchedPages(NoticePages):
    """Memory's watched pages -> requests -> revisions, or pages that are gone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch: list[Watched] = []  # still to be asked for
        self.standing = 0  # watched pages that are there
        self.missing: dict[str, tuple[Watched, str]] = {}  # address -> what is gone, and the answer

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.ask_watched, signals.spider_idle)
        return spider

    async def load_watched(self) -> None:
        """What is to be asked for tonight; nothing in a back-fill."""
        if not self.since:
            self.watch = await self.memory.watched(self.name)

    def ask_watched(self) -> None:
        """Nothing else is left to do: now these are asked for."""
        for request in self.watch_requests():
            assert self.crawler.engine
            self.crawler.engine.crawl(request)

    def watch_requests(self) -> list[Request]:
        """The requests for what is watched and was not asked for tonight; the second time none."""
        found, self.watch = self.watch, []
        if not any(report.listed for report in self.reports.values()):
            return []  # the site could not be had
        return [request for one in found if (request := self._watch_request(one))]

    def _watch_request(self, watched: Watched) -> Request | None:
        row = watched.row
        if row.column not in self.wanted:
            if row.column in self.columns:
                return None  # another column alone is read
            row.column = next(iter(self.wanted))  # its own is not read any more
        request = self.page_request(row)
        return request and self._watching(request, watched, (watched.etag, watched.last_modified))

    def _watching(
        self, request: Request, watched: Watched, known: tuple[str, str] = ("", ""), hop: int = 0
    ) -> Request:
        return request.replace(
            callback=self.parse_watched,
            errback=self.watched_failed,
            meta={**request.meta, "watch": True, "validators": known},
            cb_kwargs={"watched": watched, "hop": hop},
        )

    async def parse_watched(
        self, response: Response, watched: Watched, hop: int = 0
    ) -> AsyncIterator[Notice | Request]:
        """A kept page as it is now: the same, another, or only word that it is gone."""
        row = watched.row
        if response.status == 304:
            self.standing += 1
            await self.memory.confirmed(self.name, row.address, *validators(response))
            return
        if isinstance(response, TextResponse):
            kind = page_kind(response)
            if kind.target and not hop:
                yield self._watching(self._notice_request(kind.target, row), watched, hop=1)
                return
            if reason := self._taken_down(kind, response, watched):
                self._note_missing(watched, reason)
                return
        async for found in self.parse_notice(response, row, hop=1):
            self.standing += isinstance(found, Notice)
            yield found

    def _taken_down(self, kind: PageKind, response: TextResponse, watched: Watched) -> str:
        """How an answer with status 200 says that the page is not there any more; "" if it does
        not."""
        reason = self._no_notice(kind, response, watched.row)
        if reason == LED_AWAY:
            return reason
        deleted = _DELETED.search(reason) and not _OF_THE_SITE.search(reason)
        return reason if deleted and kind.kind is Kind.ERROR else ""

    async def watched_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A kept page that could not be had: gone, or not to be had tonight, which says nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]
        fault = failure.value
        if isinstance(fault, archive.NotWritten):
            raise fault
        self.logger.info("%s: %s", request.url, words_for(fault))
        if isinstance(fault, HttpError) and fault.response.status in _GONE:
            self._note_missing(request.cb_kwargs["watched"], words_for(fault))
        return
        yield

    def _note_missing(self, watched: Watched, reason: str) -> None:
        self.missing[watched.row.address] = (watched, reason)

    async def closed(self, reason: str) -> None:
        """The night is through with the source: what is gone is told, or why that is doubted."""
        if reason == "finished":
            await self.settle_missing()

    async def settle_missing(self) -> None:
        """Mark what is gone, unless the list of its column failed or all watched pages are gone."""
        everything = not self.standing and len(self.missing) > 1
        for watched, reason in self.missing.values():
            report = self.reports[watched.row.column]
            if everything:
                report.doubt = (
                    f"复查的 {len(self.missing)} 页全都没有了（{reason}），"
                    "像是网站改版或出错，没有标为撤下"
                )
            elif not report.listed:
                report.doubt = (
                    f"“{watched.row.title}”的页面没有了（{reason}），但列表也没有读到，没有标为撤下"
                )
            else:
                await self.memory.vanished(self.name, watched.row.address, reason)
        self.missing.clear()
