"""The source that `kuaixun bench crawl` gives to the night: the loopback site's one column.

BENCH_SITE holds the column's address; BENCH_READING is `selectors` or `generic`.
"""

import os

from scrapy.http import TextResponse

from crawler.reading.notice import Selectors
from crawler.spider import NoticeSpider

_SELECTED = os.environ["BENCH_READING"] == "selectors"


class Bench(NoticeSpider):
    name = "bench"
    agency = "某市工业和信息化局"
    region = "110000"
    level = "city"
    columns = {"通知公告": os.environ["BENCH_SITE"]}
    row_css = "ul.list > li" if _SELECTED else ""
    selectors = (
        Selectors(title="h1.title", body="div.editor", published="span.date")
        if _SELECTED
        else Selectors()
    )

    def next_page(self, response: TextResponse) -> str:
        following = response.css("a.next::attr(href)").get()
        return response.urljoin(following) if following else ""
