"""NoticeSpider: list page -> rows -> notice page -> Notice. Every source is a subclass.

A source names attributes; a platform base overrides `rows`, `notice` or `next_page`. What a
night does with them (order, paging, drift, failures) stands here, once.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler import archive
from crawler.address import may_visit
from crawler.drift import count_drift, distrust
from crawler.memory import ColumnState, Follow, Listing
from crawler.middlewares.refusals import (
    Blocked,
    BrowserMissing,
    Refused,
    RobotsSilent,
    unreachable_reason,
    words_for,
)
from crawler.notice import Arrival, Retry, Row, RowState
from crawler.notice_pages import validators
from crawler.paging import Reach, stop_reason
from crawler.reading.rows import NoRows, read_rows
from crawler.source import NoIds
from crawler.watched_pages import WatchedPages

BASELINE_DAYS = 14  # rows older than this on a column's first night are not wanted


class NoticeSpider(WatchedPages):
    """Base of all sources: what to declare stands in `crawler.source.Source`, the notice pages in
    `crawler.notice_pages.NoticePages`, those asked for again in `crawler.watched_pages`. Here: the
    night's order, list pages, paging, drift."""

    async def start(self) -> AsyncIterator[Request | Retry]:
        for retry in await self.memory.retries(self.name):
            yield retry
        # Before any list is read: a page that several columns list stays with the first of them,
        # also when the night is killed between their lists and run again.
        waiting = await self.memory.waiting(self.name, list(self.wanted))
        requests = [request for row in waiting if (request := self.page_request(row))]
        for name in self.wanted:
            state = await self.memory.column(self.name, name)
            ids = state.ids or self.wanted[name].ids
            url = self.list_url(name, ids)
            yield self._list_request(name, url, state) if url else self._ids_request(name)
            for follow in [] if self.since else state.follow:
                self.turned.add((name, follow.url))
                yield self._list_request(name, follow.url, state, follow)
        for request in requests:
            yield request
        await self.load_watched()

    def _list_request(
        self,
        column: str,
        url: str,
        state: ColumnState,
        follow: Follow | None = None,
        turn: int = 1,
        reread: bool = True,
    ) -> Request:
        """`follow` led to a later page, the `turn`-th that is read in a row tonight."""
        meta: dict[str, Any] = {"column": column, "page": follow.page if follow else 1}
        if not follow and not self.since:
            meta["validators"] = (state.etag, state.last_modified)
        if self.wanted[column].browser:
            meta["playwright"] = True
        return Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            meta=meta,
            cb_kwargs={
                "column": column,
                "state": state,
                "follow": follow,
                "turn": turn,
                "reread": reread,
            },
            dont_filter=True,
        )

    def _ids_request(self, column: str) -> Request:
        return Request(
            self.ids_url(column),
            callback=self.parse_ids,
            errback=self.list_failed,
            meta={"column": column, "page": 1},  # its rows may have to be read generically
            cb_kwargs={"column": column},
            dont_filter=True,
        )

    async def parse_ids(self, response: Response, column: str) -> AsyncIterator[Request]:
        """Platform ids from the column page, remembered for the nights to come."""
        state = await self.memory.column(self.name, column)
        try:
            if not isinstance(response, TextResponse):
                raise NoIds("不是网页")
            ids = self.ids(response, column)
        except NoIds as missing:
            # the site may have left the platform: the rows may stand in the page itself
            async for request in self.parse_list(response, column, state, reread=False):
                yield request
            if not self.reports[column].listed:
                self.reports[column].broken = f"栏目页里读不到平台编号：{missing}"
            return
        await self.memory.remember_ids(self.name, column, ids)
        yield self._list_request(column, self.list_url(column, ids), state, reread=False)

    async def parse_list(
        self,
        response: Response,
        column: str,
        state: ColumnState,
        follow: Follow | None = None,
        turn: int = 1,
        reread: bool = True,
    ) -> AsyncIterator[Request]:
        """One list page: its rows are written first, then notices and the next page asked for."""
        report = self.reports[column]
        if response.status == 304:
            report.listed = True
            report.rows += state.usual_rows or 0
            report.stopped = "自上次以来没有变化（304）"
            return
        rows = await self._rows(response, column, follow, bool(reread and state.ids))
        if rows is None:
            # the template was published anew: the remembered ids lead nowhere
            yield self._ids_request(column)
            return
        if not rows:
            return
        assert isinstance(response, TextResponse)
        rows = self._fit(rows, column, state, first_page=follow is None)
        addresses = [row.address for row in rows]
        today = self.now.date().isoformat()
        night = follow.night if follow else ""
        known = await self.memory.known(self.name, column, addresses, before=night)
        hold = follow.hold if follow else ""
        if not follow and not self.since:
            hold = count_drift(len(rows), state.usual_rows)
        report.stopped = stop_reason(rows, known, Reach(state.first_night, self.since))
        if self.listed[column].issuperset(addresses):
            report.stopped = "这一页没有新的行"  # a site that answers the last page for any number
        self.listed[column].update(addresses)
        following = keep = None
        if not report.stopped:
            url = self._next(response)
            page = follow.page if follow else 1
            following = Follow(url, page + 1, hold, night or today) if url else None
            report.stopped = "" if url else "没有下一页"
            # a back-fill that is cut short leaves what an ordinary night would have left
            ordinary = Reach(state.first_night, None)
            keep = None if self.since and stop_reason(rows, known, ordinary) else following
            if following and (column, following.url) in self.turned:
                following = keep = None  # asked for tonight already: an older night had left it
        # a list in doubt is asked for whole again: a 304 would say that all is well
        etag, last_modified = validators(response)
        sure = not follow and not hold and not report.generic and not self.since
        listed = await self.memory.write_list(
            Listing(
                source=self.name,
                column=column,
                url=response.url,
                page=follow.page if follow else 1,
                rows=rows,
                etag=etag if sure else "",
                last_modified=last_modified if sure else "",
                backfill=self.since is not None,
                hold=hold,
                asked=follow.url if follow else "",
                follow=keep,
            )
        )
        report.listed = True
        report.rows += len(rows)
        report.drift = report.drift or hold
        self.fresh |= listed.fresh
        if not hold:
            for row in [*listed.new, *listed.changed, *listed.moved]:
                if row.state is RowState.WAITING and (request := self.page_request(row)):
                    yield request
        if not following:
            return
        if self.max_pages and turn >= self.max_pages:
            report.stopped = f"已读 {turn} 页，到页数上限"
            more = "没有补到头" if self.since else "下一夜接着读"
            report.left = f"只读了 {turn} 页，第 {following.page} 页起{more}"
            return
        self.turned.add((column, following.url))
        yield self._list_request(column, following.url, state, following, turn + 1)

    async def _rows(
        self, response: Response, column: str, follow: Follow | None, may_reread: bool
    ) -> list[Row] | None:
        """The rows of a list page; [] when there are none to be used (the report says why), None
        when the platform ids are to be read anew."""
        report = self.reports[column]
        if not isinstance(response, TextResponse):
            report.broken = "列表地址给的不是网页，是文件"
            return []
        try:
            return self.rows(response)
        except NoRows as miss:
            if follow and "<html" not in response.text[:2000].lower():
                # an API answers an empty page after its last one
                await self.memory.unfollow(self.name, column, follow.url)
                report.stopped = "没有更多行"
                return []
            if may_reread and not follow:
                return None
            rows = await self._generic(response, column, str(miss))
            if follow and not rows:
                await self.memory.follow_failed(self.name, column, follow.url, report.broken)
            return rows

    def _next(self, response: TextResponse) -> str:
        try:
            return self.next_page(response)
        except NoRows:  # a platform that counts its pages inside the rows it can no longer read
            return ""

    async def _generic(self, response: TextResponse, column: str, miss: str) -> list[Row]:
        """The generic reader's rows where the selectors found none; [] when not to be trusted."""
        report = self.reports[column]
        page = response.meta.get("page", 1)
        where = f"第 {page} 页" if page > 1 else ""
        try:
            rows = read_rows(response, self.now)
        except NoRows:
            report.broken = f"{where}选择器和通用识别都读不出行"
            self.logger.error("%s: %s", column, miss)
            return []
        known = await self.memory.known(self.name, column, [row.address for row in rows])
        if doubt := distrust(rows, known, self.now.date()):
            report.broken = f"{where}选择器读不到行；{doubt}"
            self.logger.error("%s: %s", column, miss)
            return []
        report.generic = True
        report.drift = f"列表改版，{where}选择器读不到行；已用通用识别读出 {len(rows)} 条，请核对"
        self.logger.warning("%s: %s; the generic reader stands in", column, miss)
        return rows

    def _fit(self, rows: list[Row], column: str, state: ColumnState, first_page: bool) -> list[Row]:
        """Rows with their column, arrival and state."""
        oldest = self.since or (self.now.date() - timedelta(days=BASELINE_DAYS))
        arrival = Arrival.BASELINE if state.first_night else Arrival.NIGHT
        # of a column that is read every night, what is new on its first page is tonight's
        if self.since and (state.first_night or not first_page):
            arrival = Arrival.BACKFILL
        for row in rows:
            row.column, row.arrival = column, arrival
            if not may_visit(urlsplit(row.url).hostname or "", self.hosts):
                row.state = RowState.EXTERNAL
            elif arrival is not Arrival.NIGHT and row.date and row.date < oldest:
                row.state = RowState.UNWANTED
        return rows

    async def list_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A list page (or the page with its ids) that could not be had."""
        request, fault = failure.request, failure.value  # type: ignore[attr-defined]
        column: str = request.meta["column"]
        report = self.reports[column]
        if isinstance(fault, archive.NotWritten):
            raise fault
        state, follow = request.cb_kwargs.get("state"), request.cb_kwargs.get("follow")
        where = f"第 {follow.page} 页" if follow else ""
        status = fault.response.status if isinstance(fault, HttpError) else 0
        if follow and status in (404, 410):
            # counters promise more pages than there are
            await self.memory.unfollow(self.name, column, follow.url)
            report.stopped = f"{where}不存在"
            return
        if follow and not isinstance(fault, RobotsSilent):
            await self.memory.follow_failed(self.name, column, follow.url, words_for(fault))
        stale = state is not None and bool(state.ids) and request.cb_kwargs["reread"]
        if stale and not follow and 400 <= status < 500:
            yield self._ids_request(column)  # the remembered ids lead nowhere
        elif isinstance(fault, Blocked):
            report.blocked = where + fault.reason
        elif isinstance(fault, Refused):
            report.broken = where + fault.reason
            await self.memory.refused(self.name, column, request.url, fault.reason)
        elif isinstance(fault, BrowserMissing):
            report.failed = fault.reason
        elif 400 <= status < 500:
            report.broken = f"{where or '列表页'}返回 {status}"
        elif fault and (reason := unreachable_reason(fault)):
            report.unreachable = where + reason
        else:
            report.failed = f"{type(fault).__name__}: {fault}"
            self.logger.error("%s: %r", request.url, fault)
