"""The project's settings for a live night whose sites are all one loopback server.

Everything is the live night's own but the last step: a request that has passed the gate of its
host goes to 127.0.0.1, with the address it was meant for in Host and X-Forwarded-Proto.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.middlewares import gate
from crawler.middlewares.browser import Browser
from crawler.middlewares.guard import Guard
from settings import *  # noqa: F403

NIGHT_NOW = os.environ["SAMPLE_NOW"]
NIGHTLY_BACKUPS = 0
GUARD_ALLOW = ["127.0.0.1/32"]
GATE_DELAY = 0.01
gate._FIRST_PAUSE = 0.05  # a page that answers 503 is asked three times
DOWNLOAD_HANDLERS |= dict.fromkeys(  # noqa: F405
    ("http", "https"), "tests.nights.live_settings.Handler"
)
# Where tests run as root, as in a container, Chromium's sandbox cannot start.
PLAYWRIGHT_LAUNCH_OPTIONS = {"chromium_sandbox": getattr(os, "geteuid", lambda: 1)() != 0}

_PORT = int(os.environ["SAMPLE_PORT"])
_REFUSED_PORT = int(os.environ["SAMPLE_REFUSED_PORT"])
_REFUSED = os.environ["SAMPLE_REFUSED"].split(",")
_BROWSER = os.environ["SAMPLE_BROWSER"] == "yes"


def _port(host: str) -> int:
    return _REFUSED_PORT if host in _REFUSED else _PORT


class _OneServer(HTTP11DownloadHandler):
    """Stands behind the gate, in the place of the web."""

    async def download_request(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        there = request.replace(
            url=parts._replace(
                scheme="http", netloc=f"127.0.0.1:{_port(parts.netloc)}", fragment=""
            ).geturl()
        )
        there.headers["Host"] = parts.netloc
        there.headers["X-Forwarded-Proto"] = parts.scheme
        response = await super().download_request(there)
        return response.replace(url=request.url)


class _OneServerGuard(Guard):
    """Finds every host at the loopback server: the browser's proxy asks it for each connection."""

    async def resolve(self, host: str, port: int) -> list[tuple[Any, ...]]:
        if port == 443:  # Chromium tries https first; the server speaks none
            return []
        loop = asyncio.get_running_loop()
        return list(await loop.getaddrinfo("127.0.0.1", _port(host), type=socket.SOCK_STREAM))


class _OneServerBrowser(Browser):
    """Chromium itself, on the same server."""

    async def download(self, request: Request, guard: Guard) -> Response:
        assert request.url.startswith("https://")
        there = request.replace(url="http" + request.url.removeprefix("https"))
        # of the page itself, where Scrapy's headers stand in for the browser's; then of the rest
        there.headers["X-Forwarded-Proto"] = "https"
        there.meta["playwright_context_kwargs"] = {
            "extra_http_headers": {"X-Forwarded-Proto": "https"},
            "user_agent": self._crawler.settings["USER_AGENT"],
        }
        response = await super().download(there, _OneServerGuard())
        return response.replace(url="https" + response.url.removeprefix("http"))


class _NoBrowser(Browser):
    """Where there is no Chromium its pages come as they are: the archive holds them drawn."""

    def __init__(self, crawler: Crawler, ask: Callable[[Request], Awaitable[Response]]) -> None:
        super().__init__(crawler)
        self._ask = ask

    async def download(self, request: Request, guard: Guard) -> Response:
        return await self._ask(request)


class Handler(gate.GatedHandler, _OneServer):
    """GatedHandler whose own base class is _OneServer."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        plain = partial(_OneServer.download_request, self)
        self._browser = _OneServerBrowser(crawler) if _BROWSER else _NoBrowser(crawler, plain)
