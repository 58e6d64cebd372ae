"""robots.txt: asked for once a host and night, for all crawlers of the process."""

import asyncio
import logging
from dataclasses import dataclass

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawler.clock import night_now
from crawler.middlewares.refusals import (
    WORDS,
    Blocked,
    Refused,
    RobotsSilent,
    status_reason,
    unreachable_reason,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host's robots.txt came to."""

    parser: RobotParser | None = None  # None: nothing is forbidden
    silent: str = ""  # why there is no answer, Chinese
    blocked: str = ""  # which challenge stood in its place, Chinese


# (archive replayed, night, host and port) -> rules, and who may ask for them: first come, first
# served, so that lists are read in the order of their columns.
_Key = tuple[str, str, str]
_known: dict[_Key, _Rules] = {}
_turns: dict[_Key, asyncio.Lock] = {}


class RobotsMiddleware(RobotsTxtMiddleware):
    """Raises Refused(kind="robots") for what is forbidden, RobotsSilent for every request of a
    host whose robots.txt gave 429, 5xx or nothing, Blocked when it gave a challenge.

    Any other answer that is no rules (4xx, an HTML page, redirects that lead nowhere we go)
    forbids nothing (RFC 9309). A spider with `robots = "ignore"` and `robots_reason` asks none."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._ignored = getattr(crawler.spider, "robots", "") == "ignore"
        if self._ignored and not getattr(crawler.spider, "robots_reason", ""):
            raise ValueError('robots = "ignore" needs a robots_reason beside it')
        settings = crawler.settings
        self._night = (settings.get("ARCHIVE") or "", str(night_now(settings).date()))

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        if self._ignored or request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules(request)
        if rules.silent:
            raise RobotsSilent(rules.silent)
        if rules.blocked:
            raise Blocked(rules.blocked)
        try:
            self.process_request_2(rules.parser, request)
        except IgnoreRequest as fault:
            raise Refused("robots.txt 不允许访问", "robots") from fault

    async def _rules(self, request: Request) -> _Rules:
        key = (*self._night, urlparse_cached(request).netloc)
        async with _turns.setdefault(key, asyncio.Lock()):
            if key not in _known:
                _known[key] = await self._ask(request)
            return _known[key]

    async def _ask(self, request: Request) -> _Rules:
        parts = urlparse_cached(request)
        asked = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "robots": True},
            callback=NO_CALLBACK,
        )
        assert self.crawler.engine
        try:
            response = await self.crawler.engine.download_async(asked)
        except RobotsSilent as fault:  # a replay of a silent night
            return _Rules(silent=fault.reason)
        except IgnoreRequest as fault:
            # Refused hops, endless redirects, not in the archive: the page itself meets the same.
            logger.info("%s: no rules: %s", asked.url, fault)
            return _Rules()
        except Exception as fault:
            reason = unreachable_reason(fault)
            if reason is None:
                raise
            return _Rules(silent=_silent(reason))
        return self._read(response)

    def _read(self, response: Response) -> _Rules:
        if response.status == 521:
            return _Rules(blocked="加速乐 521")
        reason = status_reason(response.status)
        if reason:
            return _Rules(silent=_silent(reason))
        if not 200 <= response.status < 300 or response.body.lstrip().startswith(b"<"):
            return _Rules()
        parser = build_from_crawler(self._parserimpl, self.crawler, response.body)
        return _Rules(parser=parser)


def _silent(reason: str) -> str:
    return f"{WORDS['robots']}：{reason}"
