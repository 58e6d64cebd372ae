"""Factories for what the crawl hands to the store."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from crawler.memory import Listing
from crawler.notice import Notice, Row, content_hash
from store import writer
from store.memory import Memory
from store.nights import BEIJING

SITE = "https://www.mee.gov.cn"
NIGHT = dt.date(2019, 9, 11)


def at(day: dt.date | str, hour: int = 2) -> dt.datetime:
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return dt.datetime.combine(day, dt.time(hour, 30), BEIJING)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Kept files lie in a folder of the test's own."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture(scope="session", autouse=True)
def _closed_writer(django_db_setup: None) -> Iterator[None]:
    """The writer thread lets go of the test database before that is removed."""
    yield
    writer.close()


@pytest.fixture
def own_process(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a process that keeps its data in the test's own folder, and its database
    there too or in one of its own on the server of tests.postgresql."""
    own = {"KUAIXUN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "store.settings"}
    if connection.vendor == "postgresql":
        own["KUAIXUN_DATABASE_URL"] = request.getfixturevalue("database_url")
    return os.environ | own


@pytest.fixture
def memory() -> Callable[..., Memory]:
    """The memory of a crawl of 生态环境部 in the night of that day."""

    def make(day: dt.date | str = NIGHT) -> Memory:
        return Memory(at(day), agency="生态环境部", region="000000", level="ministry")

    return make


@pytest.fixture
def row() -> Callable[..., Row]:
    def make(number: int, title: str = "", date: str | None = "2019-09-10", **more: Any) -> Row:
        address = f"{SITE}/a/{number}.html"
        day = dt.date.fromisoformat(date) if date else None
        return Row(address, address, title or f"关于第{number}件事的通知", day, **more)

    return make


@pytest.fixture
def listing() -> Callable[..., Listing]:
    def make(rows: list[Row], page: int = 1, **more: Any) -> Listing:
        for one in rows:
            one.column = more.get("column", "通知")
        more = {"source": "mee", "column": "通知", "etag": '"1"'} | more
        return Listing(url=f"{SITE}/list/", page=page, rows=rows, **more)

    return make


@pytest.fixture
def notice() -> Callable[..., Notice]:
    """A notice as the pipelines hand it over, of mee/通知 unless told otherwise."""

    def make(number: int = 1, **more: Any) -> Notice:
        address = f"{SITE}/a/{number}.html"
        facts: dict[str, Any] = {
            "source": "mee",
            "column": "通知",
            "url": address,
            "address": address,
            "title": f"关于第{number}件事的通知",
            "published": at("2019-09-10", 0),
            "text": f"各有关单位：请办好第{number}件事，有疑问的来电。",
            "html": f"<p>各有关单位：请办好第{number}件事，有疑问的来电。</p>",
            "record": "2019-09-11.warc.gz#100",
            "reader": "1",
        }
        made = Notice(**(facts | more))
        made.content_hash = content_hash(made)
        return made

    return make
