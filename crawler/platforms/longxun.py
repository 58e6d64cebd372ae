"""Longxun (龙讯): Anhui."""

from typing import ClassVar

from scrapy.http import TextResponse

from crawler.reading.notice import Selectors
from crawler.spider import NoticeSpider


class LongxunSpider(NoticeSpider):
    """How to recognise: `ul.doc_list`, articles `/{same dir}/{digits}.html`, the disclosure list
    `/public/column/{org}?type=4…`.

    Set `columns` (`/{dir}/{dir}/index.html`). Page 2 is `index_2.html` or `?pageIndex=2`: the
    link is read from the page. Some Anhui hosts sit behind wzws or refuse addresses from abroad.
    """

    row_css: ClassVar[str] = "ul.doc_list li"
    selectors: ClassVar[Selectors] = Selectors(body=".j-fontContent, div.wzcon, .xxgk_wenzhang")

    def next_page(self, response: TextResponse) -> str:
        page = int(response.meta["page"]) + 1
        link = response.selector.xpath(
            "//a[contains(@href, $static) or contains(@href, $asked)]/@href",
            static=f"index_{page}.html",
            asked=f"pageIndex={page}",
        ).get()
        return response.urljoin(link) if link else ""
