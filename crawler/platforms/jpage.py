"""Hanweb JCMS "jpage" (大汉): Shandong, Jiangsu departments, CNIPA, NHSA and more."""

import re
from typing import ClassVar
from urllib.parse import urljoin

from scrapy.http import TextResponse

from crawler.notice import Row
from crawler.reading.notice import Selectors
from crawler.reading.rows import NoRows, rows_from_html
from crawler.spider import NoticeSpider

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_GROUP = re.compile(r"<nextgroup>(.*?)</nextgroup>", re.S)
_RECORDS = re.compile(r"<recordset>(.*?)</recordset>", re.S)
_HREF = re.compile(r"href\s*=\s*['\"]?([^'\" >]+)")
_PAGE = re.compile(r"(?<=[?&]page=)\d+")


class JpageSpider(NoticeSpider):
    """How to recognise: columns `/col/colN/index.html`, articles `/art/Y/M/D/art_COL_ID.html`,
    rows only in CDATA inside `<script type="text/xml"><datastore>`.

    Set `columns`, `unit` (CSS of the list unit: desktop and mobile units stand on one page) and
    `row_css` for a row inside a record.

    Paging: the `nextgroup` link of the datastore with `page=N` (some servers ignore startrecord).
    Many such hosts answer on plain http only.
    """

    unit: ClassVar[str] = ""
    row_css: ClassVar[str] = "li"
    selectors: ClassVar[Selectors] = Selectors(body="#zoom, #Zoom, .article_zoom, div.news-body")

    def rows(self, response: TextResponse) -> list[Row]:
        records = "".join(self._records(response))
        if not records:
            where = f"{self.unit} script[type='text/xml']".strip()
            raise NoRows(f"no rows match {where!r} on {response.url}")
        css = self.wanted[response.meta["column"]].row_css or self.row_css
        base = self.wanted[response.meta["column"]].url
        return rows_from_html(records, base, self.now, css, "cdata")

    def _records(self, response: TextResponse) -> list[str]:
        stores = [
            store
            for script in response.css(f"{self.unit} script[type='text/xml']").getall()
            for store in _RECORDS.findall(script)
        ] or _RECORDS.findall(response.text)  # the proxy answers with the datastore alone
        return _CDATA.findall(stores[0]) if stores else []

    def next_page(self, response: TextResponse) -> str:
        group = _GROUP.search(response.text)
        link = _HREF.search(group[1]) if group else None
        if not link or not self._records(response):
            return ""
        page = int(response.meta["page"])
        url = urljoin(self.wanted[response.meta["column"]].url, link[1].replace("&amp;", "&"))
        return _PAGE.sub(str(page + 1), url) if _PAGE.search(url) else f"{url}&page={page + 1}"
