"""The sources of test_reread: the setting SPIDER_MODULES names this file there."""

from crawler.reading.notice import Selectors
from crawler.spider import NoticeSpider


class Sea(NoticeSpider):
    name = "sea"
    agency = "海洋局"
    columns = {"通知": "https://sea.gov.cn/t/"}
    selectors = Selectors(title="h1")


class Hill(NoticeSpider):
    name = "hill"
    agency = "山岳局"
    columns = {"通知": "https://hill.gov.cn/t/"}
