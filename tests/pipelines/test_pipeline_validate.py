"""validate: what is dropped, by which stat and with which words; what is only noted."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from crawler.clock import BEIJING
from crawler.notice import Notice, Period, Problem, Retry
from pipelines.validate import Validate


def run(crawler: Any, item: Any) -> Any:
    return asyncio.run(Validate.from_crawler(crawler).process_item(item))


def codes(crawler: Any, item: Notice) -> list[str]:
    return [problem.code for problem in run(crawler, item).problems]


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"title": ""}, "title", "标题"),
        ({"text": "", "html": ""}, "body", "正文"),
        ({"source": ""}, "source", "来源"),
    ],
)
def test_a_notice_that_lacks_what_is_required_is_dropped(
    crawler: Any, notice: Callable[..., Notice], facts: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(DropItem, match=words):
        run(crawler, notice(**facts))
    assert crawler.stats == {f"notice/invalid/{field}": 1, "notice/dropped/通知公告": 1}
    ((source, address, reason),) = crawler.spider.memory.failures
    assert (source, address) == ("huaibei_jxj", "https://jxj.huaibei.gov.cn/tz/1.html")
    assert words in reason


def test_a_notice_without_address_is_dropped_and_no_row_is_told(
    crawler: Any, notice: Callable[..., Notice]
) -> None:
    with pytest.raises(DropItem):
        run(crawler, notice(address=""))
    assert crawler.stats["notice/invalid/address"] == 1
    assert crawler.spider.memory.failures == []


def test_an_attachment_stands_for_a_body(
    crawler: Any, notice: Callable[..., Notice], attachment: Callable[..., Any]
) -> None:
    assert codes(crawler, notice(text="", attachments=[attachment()])) == []


def test_a_sound_notice_has_no_problem(crawler: Any, notice: Callable[..., Notice]) -> None:
    assert codes(crawler, notice()) == []
    assert crawler.stats == {}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"published": None, "row_date": None}, "date.missing"),
        ({"written": dt.date(2019, 9, 19)}, "date.ahead"),
        ({"row_date": dt.date(2019, 7, 1)}, "date.row"),
        ({"title": "20190911"}, "title.odd"),
        ({"title": "Notice"}, "title.odd"),
        ({"title": "测试测试"}, "title.odd"),
        ({"title": "……"}, "title.blank"),
        ({"title": "通知" + "很长" * 120}, "title.long"),
        ({"text": "见附件。"}, "text.short"),
        ({"text": "各县区锟斤拷主管部门请按要求组织企业填报节水台账"}, "text.mojibake"),
        ({"text": "各县区主管部门\ufffd请按要求组织企业填报节水台账"}, "text.mojibake"),
        ({"title": "关于报送方案的通知".encode().decode("gb18030", "replace")}, "text.mojibake"),
        ({"title": "通知：" + "关于报送".encode().decode("latin-1")}, "text.mojibake"),
        ({"period": Period(dt.date(2019, 9, 20), dt.date(2019, 9, 12))}, "period.reversed"),
    ],
)
def test_what_looks_wrong_is_noted(
    crawler: Any, notice: Callable[..., Notice], facts: dict[str, Any], code: str
) -> None:
    assert codes(crawler, notice(**facts)) == [code]


def test_a_date_within_a_week_ahead_is_no_problem(
    crawler: Any, notice: Callable[..., Notice]
) -> None:
    ahead = dt.datetime(2019, 9, 18, tzinfo=BEIJING)
    assert codes(crawler, notice(published=ahead, row_date=None)) == []


def test_a_problem_is_noted_once(crawler: Any, notice: Callable[..., Notice]) -> None:
    problem = Problem("text.short", "正文只有 4 字，也没有附件")
    assert codes(crawler, notice(text="见附件。", problems=[problem])) == ["text.short"]


def test_other_items_pass_validate(crawler: Any, attachment: Callable[..., Any]) -> None:
    retry = Retry("huaibei_jxj", "https://x/", attachment())
    assert run(crawler, retry) is retry
