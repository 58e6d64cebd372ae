"""Guangdong's shared platform (NFCMS columns and the gkmlpt catalogue)."""

import json
import re
from typing import Any, ClassVar
from urllib.parse import urljoin

from scrapy.http import TextResponse

from crawler.notice import Row
from crawler.reading.notice import Selectors
from crawler.reading.rows import read_rows
from crawler.source import NoIds
from crawler.spider import NoticeSpider

_CONFIG = re.compile(r"window\._CONFIG\s*=\s*", re.S)
_WHOLE = "0"  # the category of the whole catalogue


class GuangdongSpider(NoticeSpider):
    """How to recognise: articles `/content/post_ID.html`; `/gkmlpt/index` with `window._CONFIG`.

    Plain columns: set `columns` and `row_css`; page 2 is `index_2.html`. A column below `/gkmlpt/`
    is part of the disclosure catalogue, drawn by script: its list is JSON at
    `/gkmlpt/api/all/{category}?page=N&sid={SID}`; SID and the category tree are read from
    `/gkmlpt/index`, remembered, and read again when they lead nowhere. The category is the one
    named like the column; without such a one `/gkmlpt/index` is category 0, the whole catalogue.

    Shenzhen hosts offer an elliptic-curve point that OpenSSL 3 refuses: `tls = "legacy"` there.
    """

    selectors: ClassVar[Selectors] = Selectors(body=".article-content, #zoomcon, .news_cont_d_wrap")

    def list_url(self, column: str, ids: dict[str, str]) -> str:
        url = self.wanted[column].url
        if "/gkmlpt/" not in url:
            return url
        if not ids:
            return ""
        return urljoin(url, f"api/all/{ids['category']}?page=1&sid={ids['sid']}")

    def ids_url(self, column: str) -> str:
        return urljoin(self.wanted[column].url, "index")

    def ids(self, response: TextResponse, column: str) -> dict[str, str]:
        start = _CONFIG.search(response.text)
        if not start:
            raise NoIds("没有 window._CONFIG")
        try:
            config: dict[str, Any] = json.JSONDecoder().raw_decode(response.text[start.end() :])[0]
            sid, category = str(config["SID"]), _category(config["TREE"], column)
        except (ValueError, KeyError, TypeError) as fault:
            raise NoIds(f"window._CONFIG 里没有 SID 或 TREE（{fault}）") from None
        if category == _WHOLE and not self.wanted[column].url.endswith("/gkmlpt/index"):
            raise NoIds(f"目录树里没有“{column}”")
        return {"sid": sid, "category": category}

    def rows(self, response: TextResponse) -> list[Row]:
        if "/gkmlpt/api/" in response.url:
            return read_rows(response, self.now)
        return super().rows(response)

    def next_page(self, response: TextResponse) -> str:
        page = int(response.meta["page"])
        if "/gkmlpt/api/" in response.url:
            return re.sub(r"(?<=[?&]page=)\d+", str(page + 1), response.url)
        following = f"index_{page + 1}.html"
        return response.urljoin(following) if following in response.text else ""


def _category(nodes: list[dict[str, Any]], name: str) -> str:
    for node in nodes:
        if node["name"] == name:
            return str(node["id"])
        if (found := _category(node.get("children") or [], name)) != _WHOLE:
            return found
    return _WHOLE
