"""Answers every request from a WARC (setting ARCHIVE) instead of the web."""

from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive import Index, open_index
from crawler.middlewares.refusals import NotArchived, failure_from
from crawler.warc_records import Recorded

# Of the headers of a page, those that a 304 repeats (RFC 9110, section 15.4.5).
_OF_A_304 = ("Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified")


class ReplayMiddleware:
    """The innermost middleware: all others work on its answers as on live ones.

    Answers 304 by itself when the request's validators fit the record, repeats recorded failures
    as the same exceptions, and raises NotArchived for what the archive does not hold. Files come
    from the folder ARCHIVE_FILES, where they lie under their SHA-256."""

    def __init__(self, index: Index, files: str) -> None:
        self._index = index
        self._files = files

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        path = crawler.settings.get("ARCHIVE")
        if not path:
            raise NotConfigured
        return cls(open_index(path), crawler.settings.get("ARCHIVE_FILES") or "")

    def process_request(self, request: Request) -> Response:
        found = self._index.response(request.method, request.url, request.body)
        if found is None:
            return self._without_answer(request)
        if _unchanged(request.headers, found.headers):
            kept = {k: found.headers.getlist(k) for k in _OF_A_304 if k in found.headers}
            return _response(request, 304, Headers(kept), b"")
        body = self._file(found) if found.file_sha256 else found.body
        return _response(request, found.status, found.headers, body)

    def _without_answer(self, request: Request) -> Response:
        unchanged = self._index.not_modified(request.url)
        asked = request.headers.keys() & {b"If-None-Match", b"If-Modified-Since"}
        if unchanged and asked:
            return _response(request, 304, unchanged.headers, b"")
        kind = self._index.failure(request.url)
        if kind is None:
            raise NotArchived
        name, _, status = kind.partition("-")
        if name == "status":
            return _response(request, int(status), Headers(), b"")
        raise failure_from(kind, request.url)

    def _file(self, found: Recorded) -> bytes:
        digest = found.file_sha256
        for name in (digest, f"{digest[:2]}/{digest}"):
            path = Path(self._files, name)
            if self._files and path.is_file():
                return path.read_bytes()
        raise NotArchived


def _response(request: Request, status: int, headers: Headers, body: bytes) -> Response:
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    response = kind(request.url, status=status, headers=headers, body=body, protocol="HTTP/1.1")
    if request.meta.get("playwright"):
        response.flags.append("playwright")
    return response


def _unchanged(asked: Headers, recorded: Headers) -> bool:
    """Whether a server with these headers answers 304 (RFC 9110, section 13)."""
    match = asked.get("If-None-Match")
    if match is not None:  # then If-Modified-Since does not count
        tags = {x.strip().removeprefix(b"W/") for x in match.split(b",")}
        return (recorded.get("ETag") or b"none").removeprefix(b"W/") in tags
    since, modified = asked.get("If-Modified-Since"), recorded.get("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        return _moment(modified) <= _moment(since)
    except ValueError:
        return since == modified


def _moment(text: bytes) -> float:
    return parsedate_to_datetime(text.decode("latin-1")).timestamp()
