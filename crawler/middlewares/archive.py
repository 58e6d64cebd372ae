"""Every answer goes into the night's WARC before anyone reads it."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archive import Archive, open_archive
from crawler.middlewares.refusals import failure_kind, status_reason

# How documents begin that the store keeps byte for byte. Pictures are drawn anew there, and what
# stands in a file's place (an error page, a line of text) is not kept: those are written whole.
_DOCUMENTS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")


class ArchiveMiddleware:
    """Writes answers as received, compressed or not, and sets meta["record"] to the pointer.

    Redirects are written too, or a replay could not follow them; of an answer that means "not
    now" (429, 5xx) and of a failed download only the kind. Raises NotWritten when the disk is
    full."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(open_archive(crawler.settings))
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        if status_reason(response.status):
            self._archive.write_failure(request.url, f"status-{response.status}")
        elif response.status == 304:
            request.meta["record"] = self._archive.write_not_modified(request.url, response.headers)
        else:
            if request.meta.get("playwright") and response.url != request.url:
                # A browser followed redirects by itself: the page belongs to its last address.
                self._archive.write(request.url, 302, {"Location": response.url}, b"")
            request.meta["record"] = self._archive.write(
                response.url,
                response.status,
                response.headers,
                response.body,
                request.method,
                request.body,
                file=_is_file(request, response),
            )
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        kind = failure_kind(exception)
        if kind:
            self._archive.write_failure(request.url, kind)

    def spider_closed(self) -> None:
        self._archive.sync()


def _is_file(request: Request, response: Response) -> bool:
    """Whether the store keeps these bytes as they are."""
    if not request.meta.get("file") or response.status != 200:
        return False
    return response.body.startswith(_DOCUMENTS)
