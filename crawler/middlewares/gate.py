"""One gate a host for the whole process, shared by all crawlers, robots.txt and files.

Behind it: one request at a time, one connection, a pause after each, a longer one when the host
says 429 or 503. The time spent waiting does not count against DOWNLOAD_TIMEOUT.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.client import HTTPConnectionPool
from twisted.web.iweb import IPolicyForHTTPS

from crawler.middlewares.browser import Browser
from crawler.middlewares.guard import guarded, not_public
from crawler.middlewares.refusals import Refused
from crawler.middlewares.tls import LegacyTls

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0  # seconds; doubled each time a host says "not now"
_LONGEST_ASKED = 120.0  # seconds of Retry-After that are honoured
_IDLE = 60  # seconds until an unused connection is closed


class Gate:
    """The gate of one host."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()  # first come, first served
        self._opens = 0.0  # by the monotonic clock
        self._pause = 0.0

    @asynccontextmanager
    async def turn(self, delay: float) -> AsyncIterator[None]:
        """Wait for one's turn; within it nobody else asks this host, nor for `delay` seconds
        after it. Whoever is cancelled while waiting leaves the line."""
        async with self._lock:
            wait = self._opens - monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self._opens = max(self._opens, monotonic() + delay)

    def heed(self, response: Response) -> None:
        """Stay away as long as the answer asks, or longer each time it only says "not now"."""
        if response.status not in (429, 503):
            self._pause = 0.0
            return
        self._pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, self._pause * 2))
        asked = _retry_after(response)
        self._opens = monotonic() + (self._pause if asked is None else asked)


_gates: dict[str, Gate] = {}


def gate_of(host: str) -> Gate:
    """The process's one gate of a host."""
    return _gates.setdefault(host.lower().rstrip("."), Gate())


def _retry_after(response: Response) -> float | None:
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isdecimal():
        return min(float(text), _LONGEST_ASKED)
    try:
        seconds = parsedate_to_datetime(text).timestamp() - time()
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_ASKED)


class _SharedPool:
    """One connection pool for the handlers of all crawlers that speak TLS in the same way."""

    def __init__(self) -> None:
        self.pool: HTTPConnectionPool | None = None
        self.users = 0

    def join(self, own: HTTPConnectionPool) -> HTTPConnectionPool:
        """The shared pool; `own` becomes it for the first who comes."""
        if self.pool is None:
            self.pool = own
            own.maxPersistentPerHost = 1
            own.cachedConnectionTimeout = _IDLE
        self.users += 1
        return self.pool

    def leave(self) -> bool:
        """Whether the one who leaves is the last and has to close the pool."""
        self.users -= 1
        if self.users:
            return False
        self.pool = None
        return True


_pools = {"strict": _SharedPool(), "legacy": _SharedPool()}


class GatedHandler(HTTP11DownloadHandler):
    """The download handler for http and https.

    Raises Refused for an address that is not public, BrowserMissing, and what
    HTTP11DownloadHandler raises. Settings: GATE_DELAY (seconds), GUARD_ALLOW."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        tls = getattr(crawler.spider, "tls", "") or "strict"
        if tls == "legacy":
            if not getattr(crawler.spider, "tls_reason", ""):
                raise ValueError('tls = "legacy" needs a tls_reason beside it')
            self._contextFactory = cast(IPolicyForHTTPS, LegacyTls())
        self._shared = _pools[tls]
        self._pool = self._shared.join(self._pool)
        self._delay = crawler.settings.getfloat("GATE_DELAY", 1.0)
        self._browser = Browser(crawler)

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("proxy"):  # a proxy would resolve names behind the guard
            raise Refused("不经代理访问", "address")
        host = urlparse_cached(request).hostname or ""
        gate = gate_of(host)
        async with gate.turn(self._delay):
            resolver = guarded(self._crawler)
            try:
                if request.meta.get("playwright"):
                    response = await self._browser.download(request, resolver.guard)
                else:
                    response = await super().download_request(request)
            except CannotResolveHostError as fault:
                addresses = resolver.refused(host)
                if not addresses:
                    raise
                raise not_public(addresses) from fault
            gate.heed(response)
            return response

    async def close(self) -> None:
        await self._browser.close()
        if self._shared.leave():
            await super().close()
