"""The spider behind `kuaixun intake`: its pages come from files, not from the network."""

from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import TextResponse

from crawler.address import canonical
from crawler.archive import open_archive
from crawler.log import Known
from crawler.memory import Listing
from crawler.notice import Arrival, Notice, Row, RowState
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice
from crawler.reading.page_kind import Kind, page_kind
from crawler.reading.rows import NoRows, read_rows
from crawler.report import ColumnReport
from crawler.spider import NoticeSpider
from kuaixun.saved_pages import Saved
from store.fit import key
from store.nights import INTAKE, taken_in
from store.tombstones import stands_anywhere
from store.writer import write

COLUMN = "手工收入"


class Intake(NoticeSpider):
    """Reads saved pages generically: no source's or platform's selectors."""

    name = "intake"
    region = ""  # a page of anywhere
    level = INTAKE

    def __init__(self, pages: list[Saved], results: list[dict[str, Any]], **kw: Any) -> None:
        super().__init__(**kw)
        self.pages, self.results = pages, results
        self.reports[COLUMN] = ColumnReport()
        # results still to come; two pages of a batch may have one address
        self.open: dict[tuple[str, str], list[dict[str, Any]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.kept, signals.item_scraped)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        crawler.signals.connect(spider.faulted, signals.item_error)
        return spider

    async def start(self) -> AsyncIterator[Notice]:  # type: ignore[override]
        for page in self.pages:
            result: dict[str, Any] = {"id": page.id, "became": ""}
            self.results.append(result)
            try:
                notice = await self._read(page, result)
            except Exception as fault:  # a reader's fault is that page's, not the batch's
                self.logger.exception("%s cannot be read", page.file)
                result["became"] = f"读取出错：{type(fault).__name__}: {fault}"
                result["fault"] = repr(fault)
                continue
            if notice:
                self.open.setdefault((notice.source, notice.address), []).append(result)
                yield notice

    async def _read(self, page: Saved, result: dict[str, Any]) -> Notice | None:
        """The page's notice; None when it is none: then the result says what it became."""
        try:
            body = page.file.read_bytes()
        except OSError as fault:
            result["became"] = f"读不到文件 {page.file}：{fault.strerror}"
            return None
        url = page.place
        # two pages of one host whose addresses were not saved are still two pages
        address = canonical(page.url or f"{url}?saved={page.file.name}")
        response = build_response(url, body, {}, 200)
        if not isinstance(response, TextResponse):
            result["became"] = "不是网页，是文件"
            return None
        kind = page_kind(response)
        if kind.kind in (Kind.LIST, Kind.CHANNEL):
            await self._list(response, page, result)
            return None
        if kind.kind is not Kind.NOTICE:
            result["became"] = f"不是通知也不是列表：{kind.reason}"
            return None
        row = Row(url=url, address=address, title="", column=COLUMN)
        notice = read_notice(response, row, now=self.now, source=page.host, column=COLUMN)
        # a page taken in by hand is of its host, what the nights kept there of a source
        if await write(stands_anywhere, key(address)):
            result["became"] = "曾要求遗忘，不再收入"
            return None
        notice.arrival = Arrival.BACKFILL
        notice.record = open_archive(self.settings).write(address, 200, {}, body)
        await write(taken_in, page.host)
        return notice

    async def _list(self, response: TextResponse, page: Saved, result: dict[str, Any]) -> None:
        try:
            rows = read_rows(response, self.now)
        except NoRows:
            result["became"] = f"列表里读不出行：没有成列的标题和链接（{response.url}）"
            return
        for row in rows:
            # listed only: nothing of a saved page is fetched
            row.column, row.arrival, row.state = COLUMN, Arrival.BACKFILL, RowState.UNWANTED
        known = await self.memory.known(page.host, COLUMN, [row.address for row in rows])
        await self.memory.write_list(Listing(page.host, COLUMN, response.url, 2, rows))
        new = len({row.address for row in rows} - known)
        result["became"] = f"列表：{len(rows)} 行，新 {new} 行"
        result["rows"] = [
            {"title": r.title, "url": r.url, "date": r.date.isoformat() if r.date else None}
            for r in rows
        ]

    def kept(self, item: Notice) -> None:
        problems = "".join(f"；{p.detail}" for p in item.problems)
        self._result(item, f"收入：{item.title}（{len(item.text)} 字{problems}）")

    def dropped(self, item: Notice, exception: BaseException) -> None:
        known = isinstance(exception, Known)
        self._result(item, f"已有，未变：{item.title}" if known else f"未收：{exception}")

    def faulted(self, item: Notice, failure: Any) -> None:
        self._result(item, f"出错：{failure.value!r}")["fault"] = repr(failure.value)

    def _result(self, notice: Notice, became: str) -> dict[str, Any]:
        period = notice.period
        result = self.open[notice.source, notice.address].pop(0)
        result.update(
            became=became,
            title=notice.title,
            published=notice.published.isoformat() if notice.published else None,
            written=notice.written.isoformat() if notice.written else None,
            doc_number=notice.doc_number or None,
            issuers=notice.issuers,
            period={
                "opens": period.opens.isoformat() if period.opens else None,
                "closes": period.closes.isoformat() if period.closes else None,
            }
            if period
            else None,
            attachments=[
                {"name": a.name, "url": a.url} for a in notice.attachments if a.kind == "file"
            ],
            body_text=notice.text,
            problems=[{"code": p.code, "detail": p.detail} for p in notice.problems],
        )
        # Scrapy looks only every 5 s whether a spider that asks for nothing is done
        assert self.crawler.engine
        assert self.crawler.engine._slot
        self.crawler.engine._slot.nextcall.schedule(0.05)
        return result
