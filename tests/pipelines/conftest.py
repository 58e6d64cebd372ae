"""What the pipelines are given: notices, and a crawler that is no more than they ask of one."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.clock import BEIJING
from crawler.notice import Attachment, Notice

NIGHT = "2019-09-11T02:30:00+08:00"


class Stats(dict[str, int]):
    def inc_value(self, key: str, count: int = 1) -> None:
        self[key] = self.get(key, 0) + count


class Memory:
    """Remembers only what it was told of failures."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str, str]] = []

    async def failed(self, source: str, address: str, reason: str) -> None:
        self.failures.append((source, address, reason))


def _crawler(**settings: Any) -> Any:
    spider = SimpleNamespace(name="huaibei_jxj", region="340600", memory=Memory())
    return SimpleNamespace(
        settings=Settings({"NIGHT_NOW": NIGHT, **settings}),
        stats=Stats(),
        spider=spider,
        engine=None,
    )


def _notice(**facts: Any) -> Notice:
    """A notice as the readers make it, whole and without a doubt."""
    whole: dict[str, Any] = {
        "source": "huaibei_jxj",
        "column": "通知公告",
        "url": "https://jxj.huaibei.gov.cn/tz/1.html",
        "address": "https://jxj.huaibei.gov.cn/tz/1.html",
        "title": "关于组织填报节水台账的通知",
        "published": dt.datetime(2019, 9, 10, tzinfo=BEIJING),
        "text": "各县区主管部门：\n请按要求组织企业填报节水台账，并于月底前报送我局。",
        "html": "<p>各县区主管部门：</p>",
        "row_date": dt.date(2019, 9, 10),
    }
    return Notice(**{**whole, **facts})


def _attachment(**facts: Any) -> Attachment:
    url = facts.pop("url", "https://jxj.huaibei.gov.cn/files/1.docx")
    return Attachment(**{"url": url, "address": url, "name": "填报表", **facts})


@pytest.fixture
def make_crawler() -> Callable[..., Any]:
    return _crawler


@pytest.fixture
def crawler() -> Any:
    return _crawler()


@pytest.fixture
def notice() -> Callable[..., Notice]:
    return _notice


@pytest.fixture
def attachment() -> Callable[..., Attachment]:
    return _attachment
