"""A notice page that only leads on to another: followed once."""

import asyncio
import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawler.clock import BEIJING
from crawler.notice import Notice, Row
from crawler.reading.charset import build_response
from crawler.spider import NoticeSpider

OLD = "https://www.example.gov.cn/old/1.html"
NEW = "https://www.example.gov.cn/new/1.html"
LEADS_ON = f"<html><head><meta http-equiv=refresh content='0;url={NEW}'></head></html>"
NOTICE = (
    "<html><body><h1>关于做好节水工作的通知</h1><p>发布时间：2019-09-10 来源：某某市水务局</p>"
    f"<div>{'<p>各单位应当装表计量，按月报告用水情况，杜绝跑冒滴漏。</p>' * 3}</div></body></html>"
)
LIST = "<ul>{}</ul>".format(
    "".join(
        f"<li><a href=/a/{n}.html>关于某事的第{n}号通知公告</a><span>2019-09-0{n}</span></li>"
        for n in range(1, 9)
    )
)


class Source(NoticeSpider):
    name = "somewhere"
    columns = {"通知": "https://www.example.gov.cn/tz/"}


@pytest.fixture
def source() -> Source:
    made = Source()
    made.now = dt.datetime(2019, 9, 12, 8, tzinfo=BEIJING)
    return made


def answers(source: Source, url: str, text: str, hop: int = 0) -> list[Any]:
    """What the spider yields for a page, and the reasons it gives for the row."""
    told: list[str] = []

    async def failed(source: str, address: str, reason: str) -> None:
        told.append(reason)

    source.memory = SimpleNamespace(failed=failed)  # type: ignore[assignment]
    row = Row(OLD, OLD, "关于做好节水工作的通知", dt.date(2019, 9, 10), column="通知")
    request = Request(url, meta={"column": "通知"})
    response = build_response(url, text.encode(), request=request)

    async def collected() -> list[Any]:
        return [x async for x in source.parse_notice(response, row, hop)]

    return asyncio.run(collected()) + told


def test_one_hop_is_followed_and_the_row_stays_the_same(source: Source) -> None:
    (request,) = answers(source, OLD, LEADS_ON)
    assert isinstance(request, Request)
    assert (request.url, request.meta["column"]) == (NEW, "通知")
    (notice,) = answers(source, NEW, NOTICE, request.cb_kwargs["hop"])
    assert isinstance(notice, Notice)
    assert (notice.url, notice.address) == (NEW, OLD)


def test_a_second_hop_and_the_way_to_a_list_are_told(source: Source) -> None:
    (reason,) = answers(source, OLD.replace("1", "2"), LEADS_ON, hop=1)
    assert reason == f"页面转到 {NEW}"
    (reason,) = answers(source, NEW, LIST, hop=1)
    assert reason == "转到了首页或列表页"
