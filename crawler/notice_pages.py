"""The notice pages of a source: asked for, read, and what is said of those that cannot be had."""

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler import archive
from crawler.address import canonical
from crawler.middlewares.refusals import Refused, RobotsSilent, kind_of, words_for
from crawler.notice import Notice, Row
from crawler.reading.charset import build_response
from crawler.reading.file_notice import read_file_notice
from crawler.reading.notice import NoPage
from crawler.reading.page_kind import Kind, page_kind
from crawler.source import Source


class NoticePages(Source):
    """Row -> request -> Notice. A row stays waiting until its notice is kept."""

    def page_request(self, row: Row) -> Request | None:
        if row.address in self.asked:
            return None
        self.asked.add(row.address)
        return self._notice_request(row.url, row)

    def _notice_request(self, url: str, row: Row, hop: int = 0) -> Request:
        return Request(
            url,
            callback=self.parse_notice,
            errback=self.notice_failed,
            meta={"column": row.column},
            cb_kwargs={"row": row, "hop": hop} if hop else {"row": row},
            dont_filter=True,
        )

    async def parse_notice(
        self, response: Response, row: Row, hop: int = 0
    ) -> AsyncIterator[Notice | Request]:
        """One notice page, or a file that a row links straight to. A page that only leads on to
        another is followed once."""
        if not isinstance(response, TextResponse):
            notice = await read_file_notice(response, row, now=self.now, source=self.name)
            yield self._found(notice, response, row)
            return
        kind = page_kind(response)
        if kind.target and not hop:
            yield self._notice_request(kind.target, row, hop=1)
            return
        # a list at the end of a redirect is where a site sends those who ask for what is gone
        here = canonical(response.url)
        led_away = here in self.entrances or (kind.kind is Kind.LIST and here != row.address)
        if led_away or kind.kind not in (Kind.NOTICE, Kind.LIST):
            reason = "转到了首页或列表页" if led_away else kind.reason
            await self.memory.failed(self.name, row.address, reason)
            self.logger.warning("%s: %s", row.url, reason)
            return
        try:
            notice = self.notice(response, row)
        except NoPage as miss:
            await self.memory.failed(self.name, row.address, f"页面里没有可读的内容：{miss}")
            return
        except Exception as fault:
            # the row stays waiting with the reason; Scrapy logs and counts the exception
            await self.memory.failed(self.name, row.address, f"页面读取出错：{fault}")
            self.reports[row.column].failed = f"读取出错：{row.title}"
            raise
        yield self._found(notice, response, row)

    def _found(self, notice: Notice, response: Response, row: Row) -> Notice:
        notice.arrival, notice.record = row.arrival, response.meta.get("record", "")
        return notice

    async def reread(self, record: str, notice: Notice) -> Notice | None:
        """The page as it was when `record` was written, read by today's readers; None when the
        record is gone or was not a text page."""
        try:
            old = archive.read(self.settings["WARC_DIR"], record)
        except archive.NoRecord:
            return None
        request = Request(old.url, meta={"column": notice.column})
        response = build_response(old.url, old.body, old.headers, old.status, request)
        if not isinstance(response, TextResponse):
            return None
        row = Row(
            url=notice.url,
            address=notice.address,
            title=notice.row_title,
            date=notice.row_date,
            column=notice.column,
        )
        return self.notice(response, row)

    async def notice_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A notice page that could not be had: its row stays waiting, or is gone."""
        row: Row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        fault = failure.value
        if isinstance(fault, archive.NotWritten):
            raise fault  # a full disk: the row waits as if it had not been asked for
        reason = words_for(fault)
        url = failure.request.url  # type: ignore[attr-defined]
        self.logger.warning("%s: %s", url, reason)
        if isinstance(fault, RobotsSilent):
            return  # it was not asked for: the row waits as it was
        if isinstance(fault, HttpError) and fault.response.status in (404, 410):
            await self.memory.gone(self.name, row.address, reason)
            return
        await self.memory.failed(self.name, row.address, reason, kind_of(fault))
        if isinstance(fault, Refused):
            await self.memory.refused(self.name, row.column, url, reason)
        return
        yield
