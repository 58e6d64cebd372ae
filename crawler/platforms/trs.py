"""TRS WCM: MEE, Beijing, Chongqing, Ningxia, Shanxi and many more."""

import re
from typing import ClassVar

from scrapy.http import TextResponse

from crawler.reading.notice import Selectors
from crawler.spider import NoticeSpider

_COUNTER = re.compile(
    r"createPage(?:HTML)?\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?"
    r"(?P<pages>\d+)\s*,\s*(?P<current>\d+)\s*,\s*['\"](?P<name>\w+)['\"]\s*,\s*['\"](?P<ext>\w+)"
)
_COUNT_PAGE = re.compile(r"countPage\s*=\s*(\d+)")
_PAGE_ID = re.compile(r"index_(\d+)_\w*|pageId\s*=\s*['\"]?(\d+)")
_INDEX = re.compile(r"/index(?:_(?:(?P<id>\d+)_)?(?P<n>\d+))?\.(?P<ext>s?html?)$")


class TrsSpider(NoticeSpider):
    """How to recognise: articles `/YYYYMM/tYYYYMMDD_ID.html`, attachments `P0…`/`W0…`, a script
    call `createPageHTML(pages, current, "index", "html")` or `createPage(…)`.

    Set `columns` and `row_css` (the rows differ from site to site; "" for the generic reader),
    `selectors` where the body is in none of the editor's usual containers.

    Pages count from zero: page 2 is `index_1.html`. A `countPage` variable (MEE's `/zcwj/`) goes
    with `index_{pageid}_{n}.shtml`; the page id stands in the page. A date that no row shows is
    taken from `tYYYYMMDD` by the readers; it may differ from the true one by a day or two.
    """

    selectors: ClassVar[Selectors] = Selectors(
        body=".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, #Zoom, #zoom, #mainText"
    )

    def next_page(self, response: TextResponse) -> str:
        here = _INDEX.search(response.url.split("?")[0])
        current = int(here["n"] or 0) if here else 0
        if counter := _COUNTER.search(response.text):
            if current + 1 >= int(counter["pages"]):
                return ""
            return response.urljoin(f"{counter['name']}_{current + 1}.{counter['ext']}")
        count, page_id = _COUNT_PAGE.search(response.text), _PAGE_ID.search(response.text)
        if count and page_id and current + 1 < int(count[1]):
            return response.urljoin(f"index_{page_id[1] or page_id[2]}_{current + 1}.shtml")
        return ""
