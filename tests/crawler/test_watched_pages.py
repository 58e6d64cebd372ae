"""Kept pages asked for again: when, with what, and what their answers come to."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.archive import NotWritten
from crawler.clock import BEIJING
from crawler.memory import Forgetful, Watched
from crawler.middlewares.refusals import Blocked, NotArchived, RobotsSilent
from crawler.notice import Notice, Row, RowState
from crawler.platforms.trs import TrsSpider

LIST = "https://gxj.example.gov.cn/tzgg/"
OTHER = "https://gxj.example.gov.cn/gsgg/"
BODY = "<p>" + "各有关单位要认真抓好落实，按时完成任务。" * 20 + "</p>"


class Plain(TrsSpider):
    name = "plain"
    agency = "某市工业和信息化局"
    columns = {"通知": LIST, "公示": OTHER}
    row_css = "ul.list > li"


def line(number: int, column: str = "通知") -> Row:
    url = f"{LIST}201909/t20190911_{number}.html"
    title = f"关于第{number}号工作安排的通知"
    return Row(url, url, title, dt.date(2019, 9, 10), column=column, state=RowState.KEPT)


def spider(*watched: Watched, **arguments: str) -> Plain:
    made = Plain(**arguments)
    made.now = dt.datetime(2019, 9, 12, 23, tzinfo=BEIJING)
    made.memory = memory = Forgetful("2019-09-12")
    memory.watch = list(watched)
    made.settings = Settings()
    asyncio.run(made.load_watched())
    for report in made.reports.values():
        report.listed = True
    return made


def gather(items: AsyncIterator[Any]) -> list[Any]:
    async def all_of() -> list[Any]:
        return [item async for item in items]

    return asyncio.run(all_of())


def answer(source: Plain, request: Request, html: str = "", status: int = 200) -> list[Any]:
    response: Response = HtmlResponse(
        request.url, status, body=html.encode(), encoding="utf-8", request=request
    )
    assert request.callback is not None
    return gather(request.callback(response, **request.cb_kwargs))


def fail(source: Plain, request: Request, fault: BaseException | int) -> list[Any]:
    if isinstance(fault, int):
        fault = HttpError(HtmlResponse(request.url, status=fault), "no")
    failure: Any = Failure(fault)  # type: ignore[no-untyped-call]
    failure.request = request
    assert request.errback is not None
    return gather(request.errback(failure))


def settled(source: Plain) -> dict[str, str]:
    """What is marked as taken down in the end: address -> why."""
    asyncio.run(source.closed("finished"))
    assert isinstance(source.memory, Forgetful)
    return {address: why for (_, address), why in source.memory.taken_down.items()}


def page(title: str, body: str = BODY) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"


def test_they_are_asked_for_once_and_conditionally() -> None:
    source = spider(Watched(line(1), '"7"', "Wed, 11 Sep 2019 00:00:00 GMT"), Watched(line(2)))
    first, second = source.watch_requests()
    assert (first.url, first.meta["column"], first.meta["watch"]) == (line(1).url, "通知", True)
    assert first.meta["validators"] == ('"7"', "Wed, 11 Sep 2019 00:00:00 GMT")
    assert second.meta["validators"] == ("", "")
    assert source.watch_requests() == []


def test_what_a_row_led_to_tonight_is_not_asked_for_twice() -> None:
    source = spider(Watched(line(1)), Watched(line(2)))
    assert source.page_request(line(1)) is not None
    assert [request.url for request in source.watch_requests()] == [line(2).url]


def test_a_back_fill_watches_nothing() -> None:
    assert spider(Watched(line(1)), since="2019-08-01").watch_requests() == []


def test_a_site_whose_lists_cannot_be_had_is_not_asked_for_its_pages() -> None:
    source = spider(Watched(line(1)))
    for report in source.reports.values():
        report.listed = False
    assert source.watch_requests() == []


def test_a_column_that_is_read_no_more_still_has_its_pages() -> None:
    source = spider(Watched(line(1, column="旧栏目")))
    (request,) = source.watch_requests()
    assert request.meta["column"] in source.reports
    assert spider(Watched(line(1)), column="公示").watch_requests() == []


def test_304_says_that_it_is_there() -> None:
    source = spider(Watched(line(1), '"7"'))
    assert isinstance(source.memory, Forgetful)
    source.memory.taken_down["plain", line(1).address] = "页面返回 404"
    (request,) = source.watch_requests()
    assert answer(source, request, status=304) == []
    assert settled(source) == {}


def test_another_content_goes_the_way_of_any_notice() -> None:
    source = spider(Watched(line(1), '"7"'))
    (request,) = source.watch_requests()
    (found,) = answer(source, request, page(line(1).title))
    assert isinstance(found, Notice)
    assert (found.address, found.row_title) == (line(1).address, line(1).title)
    assert settled(source) == {}


def test_a_page_that_leads_on_is_followed_once() -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    target = f"{LIST}201909/new.html"
    leads = f'<html><head><meta http-equiv="refresh" content="0;url={target}"></head></html>'
    (hop,) = answer(source, request, leads)
    assert (hop.url, hop.meta["watch"], hop.meta["validators"]) == (target, True, ("", ""))
    fail(source, hop, 404)
    assert settled(source) == {line(1).address: "页面返回 404"}


@pytest.mark.parametrize("code", [404, 410])
def test_one_that_is_gone_is_marked_when_the_night_is_through(code: int) -> None:
    source = spider(Watched(line(1)), Watched(line(2)))
    first, second = source.watch_requests()
    assert fail(source, first, code) == []
    assert isinstance(source.memory, Forgetful)
    assert source.memory.taken_down == {}
    answer(source, second, page(line(2).title))
    assert settled(source) == {line(1).address: f"页面返回 {code}"}
    assert [report.doubt for report in source.reports.values()] == ["", ""]


def test_a_night_that_is_cut_short_marks_nothing() -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    fail(source, request, 404)
    asyncio.run(source.closed("shutdown"))
    assert isinstance(source.memory, Forgetful)
    assert source.memory.taken_down == {}


@pytest.mark.parametrize(
    "words",
    ["抱歉，您访问的页面不存在或已删除！", "该信息已被删除", "您查看的文章已下线", "404 Not Found"],
)
def test_a_page_that_only_says_it_was_deleted_is_gone(words: str) -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    html = f"<html><head><title>提示</title></head><body><div>{words}</div></body></html>"
    assert answer(source, request, html) == []
    assert list(settled(source)) == [line(1).address]


@pytest.mark.parametrize("words", ["网站正在维护中", "系统错误", "服务器内部错误", "网站已关闭"])
def test_a_site_out_of_order_has_taken_nothing_down(words: str) -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    html = f"<html><head><title>提示</title></head><body><div>{words}</div></body></html>"
    assert answer(source, request, html) == []
    assert settled(source) == {}


def test_one_that_leads_to_the_list_is_gone() -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    rows = "".join(
        f'<li><a href="./201909/t20190911_{n}.html">关于第{n}号工作安排的通知</a>'
        f"<span>2019-09-0{n}</span></li>"
        for n in range(1, 9)
    )
    landed = request.replace(url=LIST)
    assert answer(source, landed, f"<html><body><ul class=list>{rows}</ul></body></html>") == []
    assert settled(source) == {line(1).address: "转到了首页或列表页"}


def test_where_all_are_gone_at_once_none_is_marked_and_that_is_said() -> None:
    source = spider(Watched(line(1)), Watched(line(2)))
    for request in source.watch_requests():
        fail(source, request, 404)
    assert settled(source) == {}
    assert source.reports["通知"].doubt == (
        "复查的 2 页全都没有了（页面返回 404），像是网站改版或出错，没有标为撤下"
    )


def test_where_the_list_failed_none_is_marked_and_that_is_said() -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    source.reports["通知"].listed = False
    fail(source, request, 404)
    assert settled(source) == {}
    assert "列表也没有读到，没有标为撤下" in source.reports["通知"].doubt


@pytest.mark.parametrize(
    "fault",
    [500, 403, NotArchived(), RobotsSilent("robots.txt 取不到"), Blocked("瑞数 412")],
    ids=["500", "403", "not archived", "robots", "blocked"],
)
def test_one_that_cannot_be_had_tonight_says_nothing(fault: BaseException | int) -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    assert fail(source, request, fault) == []
    assert settled(source) == {}
    assert isinstance(source.memory, Forgetful)
    assert source.memory.problems == []
    assert source.reports["通知"].doubt == ""


def test_a_full_disk_is_a_fault_of_the_night() -> None:
    source = spider(Watched(line(1)))
    (request,) = source.watch_requests()
    with pytest.raises(NotWritten):
        fail(source, request, NotWritten("disk full"))
