"""Every sample page, read by its source's selectors and by the generic readers: they agree.

The pages are those of the two sample nights (samples/*.warc.gz), in each platform's own markup;
the redesigned site of the second night is where the selectors must miss.
"""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from crawler.archive import Index
from crawler.clock import BEIJING
from crawler.notice import Notice, Row
from crawler.platforms.guangdong import GuangdongSpider
from crawler.platforms.jpaas import JpaasSpider
from crawler.platforms.jpage import JpageSpider
from crawler.platforms.longxun import LongxunSpider
from crawler.platforms.trs import TrsSpider
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice
from crawler.reading.rows import NoRows, read_rows
from crawler.spider import NoticeSpider
from crawler.warc_records import decoded
from samples.notices import SampleNotice, load

ROOT = Path(__file__).resolve().parent.parent.parent
DATES = {1: dt.date(2019, 9, 11), 2: dt.date(2019, 9, 12)}
REDESIGNED = {(2, "ningxia_gxt")}
SILENT = {(2, "shenzhen_stic"), (2, "huaibei_jxj")}  # blocked and down that night
PLATFORMS = [GuangdongSpider, JpaasSpider, JpageSpider, LongxunSpider, TrsSpider]
LOADER = SpiderLoader.from_settings(get_project_settings())


@cache
def index(night: int) -> Index:
    return Index(ROOT / "samples" / f"{DATES[night]}.warc.gz")


@cache
def spider(name: str, night: int) -> NoticeSpider:
    made = LOADER.load(name)()
    assert isinstance(made, NoticeSpider)
    made.now = dt.datetime.combine(DATES[night], dt.time(23), BEIJING)
    return made


def page(night: int, url: str, **meta: object) -> TextResponse:
    """A page as the crawl would have it, redirects followed."""
    for _ in range(3):
        found = index(night).response("GET", url)
        assert found is not None, f"{url} is not in the sample night {night}"
        if found.status not in (301, 302):
            break
        url = (found.headers.get("Location") or b"").decode()
    assert found is not None
    body = decoded(found.body, found.headers)
    response = build_response(url, body, found.headers, found.status, Request(url, meta=meta))
    assert isinstance(response, TextResponse)
    return response


COLUMNS = [
    (night, name, column)
    for night in DATES
    for name in LOADER.list()
    if (night, name) not in SILENT
    for column in spider(name, night).wanted
]
NOTICES = [
    (night, notice)
    for night in DATES
    for notice in load(night)
    if (night, notice.source) not in SILENT
    and not notice.external
    and not notice.direct
    and not (night == 1 and notice.fails_night1)
    and not notice.pinned
]


def list_page(night: int, name: str, column: str) -> TextResponse:
    source = spider(name, night)
    meta = {"column": column, "page": 1}
    url = source.list_url(column, {})
    if not url:
        ids = source.ids(page(night, source.ids_url(column), **meta), column)
        url = source.list_url(column, ids)
    return page(night, url, **meta)


def told(rows: list[Row]) -> list[tuple[str, str, dt.date | None]]:
    return [(row.address, row.title, row.date) for row in rows]


@pytest.mark.parametrize(("night", "name", "column"), COLUMNS)
def test_rows_by_selector_and_by_the_generic_reader_agree(
    night: int, name: str, column: str
) -> None:
    response = list_page(night, name, column)
    source = spider(name, night)
    generic = read_rows(response, source.now)
    if (night, name) in REDESIGNED:
        with pytest.raises(NoRows):
            source.rows(response)
        assert len(generic) >= 10
        return
    assert told(source.rows(response)) == told(generic)


def facts(notice: Notice) -> dict[str, object]:
    return {
        "title": notice.title,
        "published": notice.published,
        "written": notice.written,
        "doc_number": notice.doc_number,
        "issuers": notice.issuers,
        "period": notice.period,
        "attachments": [(a.name, a.address) for a in notice.attachments],
        "text": notice.text,
    }


@pytest.mark.parametrize(
    ("night", "sample"), NOTICES, ids=lambda x: x if isinstance(x, int) else x.key
)
def test_a_notice_by_selectors_and_by_the_generic_readers_agrees(
    night: int, sample: SampleNotice
) -> None:
    source = spider(sample.source, night)
    response = page(night, sample.url)
    row = Row(sample.url, sample.url, sample.title, sample.day, column=sample.columns[0])
    own = source.notice(response, row)
    generic = read_notice(
        response, row, now=source.now, source=sample.source, column=sample.columns[0]
    )
    missed = [p.detail for p in own.problems if p.code == "selector.empty"]
    if (night, sample.source) in REDESIGNED and "/info/" not in sample.url:
        assert missed
    else:
        assert not missed
        assert facts(own) == facts(generic)


def test_the_next_page_of_every_platform_is_found_and_goes_on_where_the_first_ends() -> None:
    turned = set()
    for night, name, column in COLUMNS:
        source, first = spider(name, night), list_page(night, name, column)
        if (night, name) in REDESIGNED or not (url := source.next_page(first)):
            continue
        second = page(night, url, column=column, page=2)
        try:
            rows = source.rows(second)
        except NoRows:
            continue  # some APIs answer one empty page after the last
        before = source.rows(first)
        assert not {row.address for row in rows} & {row.address for row in before}
        dated = [row.date for row in before if row.date and not row.pinned]
        assert all(row.date <= min(dated) for row in rows if row.date)
        turned.add(type(source).__mro__[1].__name__)
    assert turned == {p.__name__ for p in PLATFORMS}
