"""The browser behind the gate: for columns that say `browser = True`, started when first needed."""

import asyncio
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.guard import Guard, browser_route_guard
from crawler.middlewares.refusals import BrowserMissing
from crawler.middlewares.socks import GuardedSocks

if TYPE_CHECKING:
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium calls its maker on its own account: that leads nowhere, only pages get the real proxy.
_NOWHERE = "socks5://127.0.0.1:9"
_GRACE = 15  # seconds beyond DOWNLOAD_TIMEOUT until a page that hangs is given up


class Browser:
    """One crawler's browser. PLAYWRIGHT_* settings go before what is set here."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._lock = asyncio.Lock()
        self._handler: ScrapyPlaywrightDownloadHandler | None = None
        self._socks: GuardedSocks | None = None
        self._port = 0  # of the proxy

    async def download(self, request: Request, guard: Guard) -> Response:
        """The page as the browser shows it. Raises BrowserMissing, Refused for a host without a
        public address, and for the rest what a download without a browser raises."""
        timeout = float(
            request.meta.get("download_timeout")
            or self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        )
        async with self._lock:
            if self._handler is None:
                self._handler = await self._start(guard)
        assert self._socks
        from playwright.async_api import Error

        request.meta["playwright_context_kwargs"] = {
            "service_workers": "block",  # they would fetch past the route guard
            "accept_downloads": False,
            "locale": "zh-CN",
            "user_agent": self._crawler.settings["USER_AGENT"],
            **request.meta.get("playwright_context_kwargs", {}),
            "proxy": {"server": f"socks5://127.0.0.1:{self._port}"},
        }
        goto = request.meta.setdefault("playwright_page_goto_kwargs", {})
        goto.setdefault("timeout", timeout * 1000)
        host = urlparse_cached(request).hostname or ""
        self._socks.faults.pop(host, None)
        try:
            response: Response = await asyncio.wait_for(
                self._handler.download_request(request), timeout + _GRACE
            )
        except TimeoutError as fault:
            raise DownloadTimeoutError(f"{request.url} took longer than {timeout} s") from fault
        except Error as fault:
            raise self._socks.faults.get(host) or _plain_fault(fault) from fault
        return response

    async def _start(self, guard: Guard) -> "ScrapyPlaywrightDownloadHandler":
        try:
            from playwright.async_api import Error
            from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
        except ImportError as fault:
            raise BrowserMissing(
                "没有安装 scrapy-playwright；请运行 pip install -e '.[browser]'"
            ) from fault
        socks = GuardedSocks(guard)
        self._port = await socks.start()
        handler = ScrapyPlaywrightDownloadHandler(self._crawler)
        handler.abort_request = partial(browser_route_guard, guard=guard)
        handler.config.launch_options = {
            **_launch_options(),
            **handler.config.launch_options,
        }
        try:
            await handler._maybe_launch_in_thread()  # its own signal came before it was made
            await handler._maybe_future_from_coro(handler._maybe_launch_browser())
        except Error as fault:
            await handler.close()
            await socks.close()
            raise BrowserMissing(
                "浏览器 Chromium 启动不了；请安装系统的 chromium（Debian：apt install chromium），"
                f"并且不要以 root 身份运行：{str(fault).splitlines()[0]}"
            ) from fault
        self._socks = socks
        return handler

    async def close(self) -> None:
        """End the browser and its proxy, if they were started."""
        if self._handler:
            await self._handler.close()
        if self._socks:
            await self._socks.close()


def _launch_options() -> dict[str, Any]:
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return {
        # None: the one that Playwright itself may have installed
        "executable_path": found,
        "chromium_sandbox": True,  # Playwright's default is without
        "proxy": {"server": _NOWHERE},  # Playwright sends loopback to a proxy too
        # WebRTC would open connections of its own
        "args": ["--force-webrtc-ip-handling-policy=disable_non_proxied_udp"],
    }


def _plain_fault(fault: Exception) -> Exception:
    text = str(fault)
    if "Timeout" in text or "ERR_TIMED_OUT" in text:
        return DownloadTimeoutError(text)
    failed = DownloadFailedError(text)
    if "ERR_CERT_" in text or "ERR_SSL_" in text:
        failed.__cause__ = SSL.Error([("", "", text)])
    return failed
