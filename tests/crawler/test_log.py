"""Which lines of Scrapy's log are made at all."""

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.log import Known, QuietFormatter
from crawler.notice import Notice

PAGE = "https://www.mee.gov.cn/a/1.html"


@pytest.mark.parametrize(
    ("level", "made"), [("DEBUG", True), (10, True), ("INFO", False), (20, False)]
)
def test_a_line_of_each_page_and_notice_is_made_only_for_a_log_that_shows_it(
    level: str | int, made: bool
) -> None:
    formatter = QuietFormatter.from_crawler(get_crawler(settings_dict={"LOG_LEVEL": level}))
    spider, notice = Spider(name="mee"), Notice("mee", "通知", PAGE, PAGE, "通知")
    response = Response(PAGE)
    assert bool(formatter.crawled(Request(PAGE), response, spider)) is made
    assert bool(formatter.scraped(notice, response, spider)) is made
    assert formatter.dropped(notice, Known("kept already"), response, spider)
