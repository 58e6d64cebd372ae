"""What a spider does with list pages and failures, driven page by page over a memory in memory."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.clock import BEIJING
from crawler.memory import Follow, Forgetful
from crawler.middlewares.refusals import Blocked, RobotsSilent
from crawler.notice import Arrival, Notice, Row, RowState
from crawler.platforms.guangdong import GuangdongSpider
from crawler.platforms.jpaas import JpaasSpider
from crawler.platforms.trs import TrsSpider
from crawler.source import NoIds

LIST = "https://gxj.example.gov.cn/tzgg/"
T = TypeVar("T")


class Plain(TrsSpider):
    name = "plain"
    agency = "某市工业和信息化局"
    columns = {"通知": LIST}
    row_css = "ul.list > li"


def spider(**arguments: str) -> Plain:
    made = Plain(**arguments)
    made.now = dt.datetime(2019, 9, 12, 23, tzinfo=BEIJING)
    made.memory = Forgetful("2019-09-12")
    made.settings = Settings()
    return made


def gather(items: AsyncIterator[T]) -> list[T]:
    async def all_of() -> list[T]:
        return [item async for item in items]

    return asyncio.run(all_of())


def page(numbers: list[int], *, css: str = "list", pages: int = 9, current: int = 0) -> str:
    rows = "".join(
        f'<li><a href="./201909/t20190911_{n}.html">关于第{n}号工作安排的通知</a>'
        f"<span>2019-09-{11 - n % 5:02d}</span></li>"
        for n in numbers
    )
    paging = f"<script>createPageHTML({pages}, {current}, 'index', 'html')</script>"
    return f"<html><body><ul class={css!r}>{rows}</ul>{paging}</body></html>"


def answer(request: Request, html: str, **headers: str) -> HtmlResponse:
    return HtmlResponse(
        request.url, body=html.encode(), encoding="utf-8", request=request, headers=headers
    )


def asked(source: Plain) -> list[Request]:
    """The list requests that a night begins with."""
    return [r for r in gather(source.start()) if isinstance(r, Request) and "page" in r.meta]


def read(source: Plain, request: Request, html: str, **headers: str) -> list[Request]:
    assert request.callback is not None
    callback: Callable[..., AsyncIterator[Request]] = request.callback
    return gather(callback(answer(request, html, **headers), **request.cb_kwargs))


def lists(requests: list[Request]) -> list[str]:
    return [r.url for r in requests if "page" in r.meta]


def fail(source: Plain, request: Request, fault: BaseException) -> list[Request]:
    assert request.errback is not None
    failure: Any = Failure(fault)  # type: ignore[no-untyped-call]
    failure.request = request
    return gather(request.errback(failure))


def status(request: Request, code: int) -> HttpError:
    return HttpError(HtmlResponse(request.url, status=code), "no")


@pytest.fixture
def seasoned() -> Plain:
    """A source whose column was listed before, with rows 40 to 44."""
    source = spider()
    (first,) = asked(source)
    read(source, first, page([44, 43, 42, 41, 40]))
    return tomorrow(source)


def tomorrow(source: Plain, **arguments: str) -> Plain:
    """The next night's spider, with the memory of the last one."""
    following = spider(**arguments)
    following.now = source.now + dt.timedelta(days=1)
    following.memory = source.memory
    assert isinstance(following.memory, Forgetful)
    following.memory.night = following.now.date().isoformat()
    return following


def test_a_first_night_reads_one_page_and_wants_nothing_old() -> None:
    source = spider()
    (first,) = asked(source)
    following = read(source, first, page([4, 3]).replace("2019-09-08", "2019-08-01"))
    assert lists(following) == []
    assert len(following) == 1
    assert source.reports["通知"].stopped == "首夜只读第一页"


def test_unknown_rows_lead_to_the_next_page_and_known_ones_end_it(seasoned: Plain) -> None:
    (first,) = asked(seasoned)
    following = read(seasoned, first, page([54, 53, 52, 51, 50]))
    (second,) = [r for r in following if "page" in r.meta]
    assert second.url == f"{LIST}index_1.html"
    last = read(seasoned, second, page([46, 45, 44, 43, 42], current=1))
    assert lists(last) == []
    assert seasoned.reports["通知"].stopped == "遇到已知的行"


@pytest.mark.parametrize("how", ["killed", "unreadable", "time-out", "fault"])
def test_a_later_page_that_was_not_read_is_asked_for_on_the_next_night(
    seasoned: Plain, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = asked(seasoned)
    following = read(seasoned, first, page([54, 53, 52, 51, 50]))
    (second,) = [r for r in following if "page" in r.meta]
    if how == "unreadable":
        read(seasoned, second, "<html><body>系统维护中</body></html>")
        assert "第 2 页" in seasoned.reports["通知"].broken
    elif how == "time-out":
        fail(seasoned, second, TimeoutError())
        assert seasoned.reports["通知"].unreachable or seasoned.reports["通知"].failed
    elif how == "fault":
        monkeypatch.setattr(seasoned, "rows", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read(seasoned, second, page([49]))
    night = tomorrow(seasoned)
    again = asked(night)
    assert lists(again) == [LIST, f"{LIST}index_1.html"]
    assert lists(read(night, again[0], page([54, 53, 52, 51, 50]))) == []
    notices = read(night, again[1], page([49, 48, 47, 46, 45], current=1))
    assert [r.url for r in notices if "t2019" in r.url] == [
        f"{LIST}201909/t20190911_{n}.html" for n in (49, 48, 47, 46, 45)
    ]


def test_a_list_that_moved_on_does_not_hide_the_gap_behind_it(seasoned: Plain) -> None:
    (first,) = asked(seasoned)
    read(seasoned, first, page([54, 53, 52, 51, 50]))  # page 2 is never read tonight
    night = tomorrow(seasoned)
    first, carried = asked(night)
    # a page's worth of new rows has pushed the old first page to where the second was
    assert lists(read(night, first, page([59, 58, 57, 56, 55]))) == []
    (third,) = [r for r in read(night, carried, page([54, 53, 52, 51, 50])) if "page" in r.meta]
    found = read(night, third, page([49, 48, 47, 46, 45], current=2))
    assert len([r for r in found if "t2019" in r.url]) == 5
    (fourth,) = [r for r in found if "page" in r.meta]
    assert lists(read(night, fourth, page([44, 43, 42, 41, 40], current=3))) == []
    assert lists(asked(tomorrow(night))) == [LIST]


def test_a_site_that_answers_its_last_page_for_any_number_ends_a_back_fill() -> None:
    source = spider(since="2019-01-01")
    (request,) = asked(source)
    (second,) = [r for r in read(source, request, page([9, 8, 7])) if "page" in r.meta]
    assert lists(read(source, second, page([9, 8, 7], current=1))) == []
    assert source.reports["通知"].stopped == "这一页没有新的行"


def test_a_back_fill_that_is_cut_short_leaves_no_gap(seasoned: Plain) -> None:
    night = tomorrow(seasoned, since="2019-08-01")
    (first,) = asked(night)
    read(night, first, page([54, 53, 52, 51, 50]), ETag="q")  # and then it is killed
    assert lists(asked(tomorrow(night))) == [LIST, f"{LIST}index_1.html"]
    state = asyncio.run(night.memory.column("plain", "通知"))
    assert state.etag == ""


def test_a_later_page_that_does_not_exist_is_not_asked_for_again(seasoned: Plain) -> None:
    (first,) = asked(seasoned)
    following = read(seasoned, first, page([54, 53, 52, 51, 50]))
    (second,) = [r for r in following if "page" in r.meta]
    fail(seasoned, second, status(second, 404))
    assert not seasoned.reports["通知"].broken
    assert lists(asked(tomorrow(seasoned))) == [LIST]


def test_the_page_limit_is_told_and_the_rest_follows_on_the_next_night(seasoned: Plain) -> None:
    night = tomorrow(seasoned, max_pages="1")
    (first,) = asked(night)
    assert lists(read(night, first, page([54, 53, 52, 51, 50]))) == []
    assert "第 2 页起下一夜接着读" in night.reports["通知"].left
    assert lists(asked(tomorrow(night))) == [LIST, f"{LIST}index_1.html"]


def test_a_redesign_is_read_on_later_pages_too(seasoned: Plain) -> None:
    (first,) = asked(seasoned)
    following = read(seasoned, first, page([54, 53, 52, 51, 50, 49], css="cards"), ETag="x")
    assert seasoned.reports["通知"].generic
    (second,) = [r for r in following if "page" in r.meta]
    more = read(seasoned, second, page([48, 47, 46, 45, 39, 38], css="cards", current=1))
    assert len([r for r in more if "t2019" in r.url]) == 6
    state = asyncio.run(seasoned.memory.column("plain", "通知"))
    assert state.etag == "", "a 304 would hide that the list is not read as it should be"


def test_a_list_five_times_as_long_is_held_page_after_page(seasoned: Plain) -> None:
    for shift in (0, 4):  # three listed nights tell what is usual
        night = tomorrow(seasoned)
        (first,) = asked(night)
        read(night, first, page([44 + shift + n for n in (4, 3, 2, 1, 0)]))
    night = tomorrow(seasoned)
    (first,) = asked(night)
    following = read(night, first, page(list(range(130, 100, -1))))
    assert "平常约 5 条" in night.reports["通知"].drift
    assert [r.url for r in following] == [f"{LIST}index_1.html"]
    held = read(night, following[0], page(list(range(100, 70, -1)), current=1))
    assert lists(held) == [r.url for r in held]


def test_a_back_fill_asks_without_validators_and_goes_to_its_day(seasoned: Plain) -> None:
    night = tomorrow(seasoned, since="2019-08-01")
    (request,) = asked(night)
    assert "validators" not in request.meta
    current, wanted = 0, []
    while "page" in request.meta and current < 8:
        html = page([300 - current * 5 - n for n in range(5)], pages=20, current=current)
        following = read(night, request, html)
        wanted += [r for r in following if "page" not in r.meta]
        (request,) = [r for r in following if "page" in r.meta] or [request]
        current += 1
    assert current == 8, "no page limit stops a back-fill"
    arrivals = {r.cb_kwargs["row"].arrival for r in wanted}
    assert arrivals == {Arrival.NIGHT, Arrival.BACKFILL}
    assert {r.cb_kwargs["row"].arrival for r in wanted[:5]} == {Arrival.NIGHT}


def notice_page(source: Plain, url: str, html: str) -> list[Notice | Request]:
    row = Row(f"{LIST}201909/t20190911_1.html", f"{LIST}201909/t20190911_1.html", "关于甲的通知")
    row.column = "通知"
    request = Request(url, meta={"column": "通知"})
    return gather(source.parse_notice(answer(request, html), row))


BODY = "<p>" + "各有关单位要认真抓好落实，按时完成任务。" * 20 + "</p>"


@pytest.mark.parametrize("where", [LIST, "https://gxj.example.gov.cn/", f"{LIST}index.html"])
def test_a_page_that_leads_to_the_entrance_is_no_notice(where: str) -> None:
    source = spider()
    html = f"<html><body><h1>欢迎访问</h1>{BODY}</body></html>"
    assert notice_page(source, where, html) == []
    assert isinstance(source.memory, Forgetful)
    assert "首页或列表页" in source.memory.problems[-1][2]


def test_silence_of_robots_is_no_try_of_the_row() -> None:
    source = spider()
    row = Row(f"{LIST}1.html", f"{LIST}1.html", "甲", column="通知", state=RowState.WAITING)
    request = source.page_request(row)
    assert request is not None
    fail(source, request, RobotsSilent("robots.txt 取不到"))
    assert isinstance(source.memory, Forgetful)
    assert source.memory.problems == []
    fail(source, request, Blocked("瑞数 412"))
    assert source.memory.problems[-1][2] == "瑞数 412"


class Api(JpaasSpider):
    name = "api"
    agency = "某部"
    columns = {"通知": LIST}
    tag_id = "列表"


SHELL = (
    '<html><body><script parseType="buildstatic" url="/api/build/unit" '
    "querydata=\"{'parseType':'buildstatic','webId':'1','tagId':'列表','pageId':'NEW'}\">"
    "</script></body></html>"
)


def api(ids: dict[str, str]) -> Api:
    source = Api()
    source.now = dt.datetime(2019, 9, 12, 23, tzinfo=BEIJING)
    source.memory = Forgetful()
    if ids:
        asyncio.run(source.memory.remember_ids("api", "通知", ids))
    return source


def test_ids_are_read_from_the_page_and_remembered() -> None:
    source = api({})
    (shell,) = gather(source.start())
    assert isinstance(shell, Request)
    assert shell.url == LIST
    (unit,) = read(source, shell, SHELL)  # type: ignore[arg-type]
    assert "pageId=NEW" in unit.url
    (next_night,) = [r for r in gather(source.start()) if isinstance(r, Request)]
    assert next_night.url == unit.url


@pytest.mark.parametrize("code", [404, 403])
def test_ids_that_lead_nowhere_are_read_anew(code: int) -> None:
    source = api({"url": f"{LIST}unit", "pageId": "OLD"})
    (unit,) = [r for r in gather(source.start()) if isinstance(r, Request)]
    assert "pageId=OLD" in unit.url
    (shell,) = fail(source, unit, status(unit, code))  # type: ignore[arg-type]
    assert shell.url == LIST
    (again,) = read(source, shell, SHELL)  # type: ignore[arg-type]
    assert "pageId=NEW" in again.url
    assert fail(source, again, status(again, code)) == []  # type: ignore[arg-type]
    assert source.reports["通知"].broken or source.reports["通知"].unreachable


def test_a_column_that_left_its_platform_is_read_generically() -> None:
    source = api({})
    (shell,) = [r for r in gather(source.start()) if isinstance(r, Request)]
    following = read(source, shell, page([6, 5, 4, 3, 2, 1], css="cards"))  # type: ignore[arg-type]
    assert len(following) == 6
    assert source.reports["通知"].generic
    assert not source.reports["通知"].broken


def test_the_page_after_the_last_of_an_api_is_the_end_and_no_fault() -> None:
    source = api({"url": f"{LIST}unit", "pageId": "1"})
    state = asyncio.run(source.memory.column("api", "通知"))
    follow = Follow(f"{LIST}unit?pageNo=2", 2)
    request = source._list_request("通知", follow.url, state, follow)
    assert read(source, request, '{"success":true,"data":{"html":""}}') == []  # type: ignore[arg-type]
    assert source.reports["通知"].stopped == "没有更多行"
    assert not source.reports["通知"].broken


def test_the_memory_in_memory_keeps_what_is_to_follow() -> None:
    memory = Forgetful()
    memory._state("a", "b").follow.append(Follow("https://a.gov.cn/2", 2))
    asyncio.run(memory.unfollow("a", "b", "https://a.gov.cn/2"))
    assert asyncio.run(memory.column("a", "b")).follow == []


class Catalogue(GuangdongSpider):
    name = "catalogue"
    agency = "某局"
    columns = {"规范性文件": "https://kj.example.gov.cn/gkmlpt/policy"}


def test_a_part_of_the_catalogue_is_asked_for_by_its_name_and_never_as_the_whole() -> None:
    source = Catalogue()
    tree = '[{"id": 1, "name": "目录", "children": [{"id": 7, "name": "规范性文件"}]}]'
    index = Request(source.ids_url("规范性文件"))
    assert index.url == "https://kj.example.gov.cn/gkmlpt/index"
    html = f'<script>window._CONFIG = {{"SID": 5, "TREE": {tree}}};</script>'
    ids = source.ids(answer(index, html), "规范性文件")
    assert source.list_url("规范性文件", ids) == (
        "https://kj.example.gov.cn/gkmlpt/api/all/7?page=1&sid=5"
    )
    with pytest.raises(NoIds, match="目录树里没有“规范性文件”"):
        source.ids(answer(index, html.replace("规范性文件", "人事")), "规范性文件")
