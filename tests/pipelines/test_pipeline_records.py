"""Whose page a record holds: the notice's own, one that it was led to, or another notice's."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from crawler.notice import Notice
from pipelines.records import is_of_another
from store.save import save

pytestmark = pytest.mark.django_db
NIGHT = dt.date(2019, 9, 11)


@pytest.fixture
def kept(notice: Callable[..., Notice]) -> Notice:
    it = notice(url="https://jxj.huaibei.gov.cn/tz/1_9.html")  # where its list's address led to
    save(it, NIGHT)
    return it


def told(kept: Notice, url: str) -> bool:
    return is_of_another(kept.source, kept.address, url)


def test_its_own_addresses_are_its_own_with_whatever_scheme(kept: Notice) -> None:
    assert not told(kept, kept.address.replace("https:", "http:"))
    assert not told(kept, kept.url)


def test_where_nothing_is_kept_the_site_may_have_led(kept: Notice) -> None:
    assert not told(kept, "https://jxj.huaibei.gov.cn/tz/elsewhere.html")


@pytest.mark.parametrize("source", ["huaibei_jxj", "anhui_jxt"])
def test_another_notices_address_is_another_page(kept: Notice, source: str) -> None:
    other = "https://jxj.huaibei.gov.cn/tz/2.html"
    save(replace(kept, source=source, url=other, address=other, title="另一份通知"), NIGHT)
    assert told(kept, other)


def test_of_an_unkept_notice_nothing_is_said(notice: Callable[..., Notice]) -> None:
    it = notice()
    assert not told(it, "https://jxj.huaibei.gov.cn/tz/2.html")
