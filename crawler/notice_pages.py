"""The notice pages of a source: asked for, read, and what is said of those that cannot be had."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler import archive
from crawler.address import canonical
from crawler.middlewares.refusals import Refused, RobotsSilent, kind_of, words_for
from crawler.notice import Notice, Row
from crawler.reading.charset import HtmlPage, build_response
from crawler.reading.file_notice import read_file_notice
from crawler.reading.notice import NoPage
from crawler.reading.page_kind import Kind, PageKind, page_kind
from crawler.source import Source
from crawler.warc_records import Recorded

LED_AWAY = "转到了首页或列表页"


class NoNotice(ValueError):
    """A page that is no notice: a list, an error page, one that leads on; says what, in Chinese."""


class NoFile(LookupError):
    """A document of which the archive has only the hash is not in the store either; says which."""


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
        if reason := self._no_notice(kind, response, row):
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
        notice.etag, notice.last_modified = validators(response)
        if isinstance(response, HtmlPage):
            # The tree and the response hold each other: let go of, they need no garbage collector.
            response.page = response._cached_selector = None
        return notice

    def _no_notice(self, kind: PageKind, response: TextResponse, row: Row) -> str:
        """Why the page is none that can be read as the row's notice, Chinese; "" when it can."""
        # a list at the end of a redirect is where a site sends those who ask for what is gone
        here = canonical(response.url)
        listed = kind.kind in (Kind.LIST, Kind.CHANNEL)
        if here in self.entrances or (listed and here != row.address):
            return LED_AWAY
        return "" if listed or kind.kind is Kind.NOTICE else kind.reason

    async def reread(self, record: str, notice: Notice) -> Notice | None:
        """The page as it was when `record` was written, read by today's readers; None when the
        record is gone, or is of a file whose bytes neither the archive holds nor the notice has
        brought again. Its `url` says where it was recorded: whoever has the kept addresses judges
        whether it is the notice's own."""
        try:
            old = archive.read(self.settings["WARC_DIR"], record)
        except archive.NoRecord:
            return None
        if old.file_sha256:
            again = _bytes_of(notice, old.file_sha256)
            if again is None:
                return None
            old = replace(old, body=again)
        row = Row(
            url=notice.url,
            address=notice.address,
            title=notice.row_title,
            date=notice.row_date,
            column=notice.column,
        )
        return await self._recorded(_answered(old, row.column), row)

    async def read_again(
        self, old: Recorded, row: Row, file: Callable[[str], bytes] | None = None
    ) -> Notice:
        """The notice of a recorded answer as a night would read it now, by the clock `self.now`.

        `file` gives the bytes of a document by its SHA-256, where the archive holds no more than
        that; it raises NoFile for one that is not kept. Raises NoNotice for a page that would not
        be kept today, NoPage for one that holds nothing."""
        if old.file_sha256:
            if file is None:
                raise NoFile(old.file_sha256)
            old = replace(old, body=file(old.file_sha256))
        response = _answered(old, row.column)
        if isinstance(response, TextResponse):
            reason = self._no_notice(page_kind(response), response, row)
            if reason:
                raise NoNotice(reason)
        return await self._recorded(response, row)

    async def _recorded(self, response: Response, row: Row) -> Notice:
        if isinstance(response, TextResponse):
            return self.notice(response, row)
        return await read_file_notice(response, row, now=self.now, source=self.name)

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


def _bytes_of(notice: Notice, sha256: str) -> bytes | None:
    """The bytes of a file that the notice has just brought, when they are these."""
    bodies = (file.body for file in notice.attachments if file.body is not None)
    return next((body for body in bodies if hashlib.sha256(body).hexdigest() == sha256), None)


def validators(response: Response) -> tuple[str, str]:
    """(ETag, Last-Modified) of an answer, "" for none: the next request asks with them."""
    found = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
    etag, last_modified = (value.decode("latin-1") if value else "" for value in found)
    return etag, last_modified


def _answered(old: Recorded, column: str) -> Response:
    request = Request(old.url, meta={"column": column})
    return build_response(old.url, old.body, old.headers, old.status, request)
