"""Hanweb jpaas (大汉, newer): MIIT since 2020, SAMR, MOFCOM, MOHURD, Zhejiang departments."""

import ast
import json
from typing import ClassVar
from urllib.parse import urlencode, urljoin

from scrapy.http import TextResponse

from crawler.notice import Row
from crawler.reading.rows import NoRows, rows_from_html
from crawler.source import NoIds
from crawler.spider import NoticeSpider

# The order of the sites' own script: an address must not hang on how the ids were stored.
_ORDER = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")


class JpaasSpider(NoticeSpider):
    """How to recognise: the column page is a shell with `<script parseType=… url="/api-gateway/
    jpaas-publish-server/front/page/build/unit" querydata="{…}">`; articles `art_<32 hex>.html`.

    Set `columns`, `tag_id` (the unit that holds the list), `row_css` (a row inside `data.html`).

    The ids are read from the page, remembered, and read again when they lead nowhere (they
    change when the template is published anew). Values are copied from the page as they stand:
    even `parseType` is spelled `bulidstatic` on most hosts. Plain pageNo parameters are ignored;
    only `paramJson` turns the page.
    """

    tag_id: ClassVar[str] = ""
    row_css: ClassVar[str] = "ul li a"

    def ids(self, response: TextResponse, column: str) -> dict[str, str]:
        for script in response.xpath("//script[@url][@querydata]"):
            try:
                query = ast.literal_eval(script.attrib["querydata"])
            except (ValueError, SyntaxError):
                self.logger.warning("querydata is no dictionary: %s", script.get()[:300])
                continue
            if not self.tag_id or query.get("tagId") == self.tag_id:
                ids = {str(key): str(value) for key, value in query.items()}
                return ids | {"url": response.urljoin(script.attrib["url"])}
        raise NoIds(f"没有 tagId 为“{self.tag_id}”的 querydata")

    def list_url(self, column: str, ids: dict[str, str]) -> str:
        return self._unit_url(ids, 1) if ids else ""

    def _unit_url(self, ids: dict[str, str], page: int) -> str:
        known = [name for name in _ORDER if name in ids]
        query = {name: ids[name] for name in [*known, *sorted(ids.keys() - {*_ORDER, "url"})]}
        if page > 1:
            query["paramJson"] = json.dumps(
                {"pageNo": page, "pageSize": "15"}, separators=(",", ":")
            )
        return f"{ids['url']}?{urlencode(query)}"

    def rows(self, response: TextResponse) -> list[Row]:
        column = self.wanted[response.meta["column"]]
        css = column.row_css or self.row_css
        return rows_from_html(self._html(response), column.url, self.now, css, "json")

    def _html(self, response: TextResponse) -> str:
        try:
            html = response.json()["data"]["html"]
        except (ValueError, KeyError, TypeError):
            raise NoRows(f"no data.html in the answer of {response.url}") from None
        return str(html)

    def next_page(self, response: TextResponse) -> str:
        if "pagination" not in self._html(response):
            return ""
        base, _, query = response.url.partition("?")
        kept = [pair for pair in query.split("&") if not pair.startswith("paramJson=")]
        turn = urlencode(
            {
                "paramJson": json.dumps(
                    {"pageNo": response.meta["page"] + 1, "pageSize": "15"}, separators=(",", ":")
                )
            }
        )
        return urljoin(base, "?" + "&".join([*kept, turn]))
