"""save: the archive first, then the notice; a failure is a failure of the source's night."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Notice, Retry
from pipelines import save
from pipelines.save import Save
from store.save import Saved


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What happened, in order."""
    happened: list[Any] = []

    class Archive:
        def sync(self) -> None:
            happened.append("sync")

    async def write(fn: Callable[..., Any], *args: Any) -> Any:
        happened.append((fn.__name__, *args))
        return Saved.REVISED if fn.__name__ == "save" else None

    monkeypatch.setattr(save, "open_archive", lambda settings: Archive())
    monkeypatch.setattr(save, "write", write)
    return happened


def run(crawler: Any, item: Any) -> Any:
    return asyncio.run(Save.from_crawler(crawler).process_item(item))


def test_the_page_is_on_the_disk_before_its_notice(
    crawler: Any, notice: Callable[..., Notice], done: list[Any]
) -> None:
    it = notice()
    assert run(crawler, it) is it
    assert done == ["sync", ("save", it, dt.date(2019, 9, 11))]
    assert crawler.stats == {"notice/revised/通知公告": 1}


def test_a_retry_is_saved_as_one(
    crawler: Any, attachment: Callable[..., Any], done: list[Any]
) -> None:
    retry = Retry("huaibei_jxj", "https://x/", attachment())
    assert run(crawler, retry) is retry
    assert done[-1] == ("save_retry", retry, dt.date(2019, 9, 11))


def test_a_save_that_fails_is_counted_and_raised(
    crawler: Any, notice: Callable[..., Notice], done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(fn: Callable[..., Any], *args: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(save, "write", full)
    with pytest.raises(OSError, match="No space"):
        run(crawler, notice())
    assert crawler.stats == {"notice/save_failed/通知公告": 1}


def test_other_items_pass_save(crawler: Any, done: list[Any]) -> None:
    item = object()
    assert run(crawler, item) is item
    assert done == []
