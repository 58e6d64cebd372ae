"""dedupe: what stops before any download, and what goes on."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crawler.log import Known
from crawler.notice import Notice, Retry
from pipelines import dedupe
from pipelines.clean import tidy
from pipelines.dedupe import Dedupe

LACKING = "https://jxj.huaibei.gov.cn/files/2.docx"


class Store:
    """One kept notice, and what was written to it."""

    def __init__(self) -> None:
        self.kept: tuple[str, str, str] | None = None
        self.lacking: set[str] = set()
        self.written: list[tuple[Any, ...]] = []
        self.asked: list[str] = []
        self.of_another = False

    async def write(self, fn: Callable[..., Any], *args: Any) -> Any:
        self.asked.append(fn.__name__)
        answers = {
            "known": self.kept,
            "_lacking": self.lacking,
            "is_of_another": self.of_another,
        }
        if fn.__name__ in answers:
            return answers[fn.__name__]
        self.written.append((fn.__name__, *args))
        return None


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    monkeypatch.setattr(dedupe, "write", made.write)
    return made


@pytest.fixture
def it(notice: Callable[..., Notice], attachment: Callable[..., Any]) -> Notice:
    return tidy(notice(attachments=[attachment(), attachment(url=LACKING)]))


def run(crawler: Any, item: Any) -> Any:
    return asyncio.run(Dedupe.from_crawler(crawler).process_item(item))


def reread(crawler: Any, old: Notice | None) -> list[str]:
    asked: list[str] = []

    async def answer(record: str, notice: Notice) -> Notice | None:
        asked.append(record)
        return old

    crawler.spider.reread = answer
    return asked


def test_an_unknown_notice_goes_on(crawler: Any, store: Store, it: Notice) -> None:
    assert run(crawler, it) is it
    assert store.written == []


def test_where_nothing_was_kept_when_it_was_listed_nothing_is_asked(
    crawler: Any, store: Store, it: Notice
) -> None:
    crawler.spider.fresh = {it.address}
    assert run(crawler, it) is it
    assert store.asked == []


def test_the_same_content_stops_and_its_rows_wait_no_more(
    crawler: Any, store: Store, it: Notice
) -> None:
    store.kept = (it.content_hash, it.reader, "n.warc.gz#9")
    with pytest.raises(Known):
        run(crawler, it)
    assert store.written == [("unchanged", it.source, it.address, "", "")]
    assert crawler.stats == {"notice/known/通知公告": 1}


def test_the_same_content_without_a_file_goes_on_for_that_file(
    crawler: Any, store: Store, it: Notice
) -> None:
    store.kept, store.lacking = (it.content_hash, it.reader, ""), {LACKING}
    assert run(crawler, it) is it
    assert [file.address for file in it.attachments] == [LACKING]


def test_another_content_goes_on_and_nothing_is_read_again(
    crawler: Any, store: Store, it: Notice
) -> None:
    store.kept = ("other", it.reader, "n.warc.gz#9")
    asked = reread(crawler, it)
    assert run(crawler, it) is it
    assert asked == []


def test_a_newer_reader_alone_makes_no_revision(crawler: Any, store: Store, it: Notice) -> None:
    store.kept = ("other", "0", "n.warc.gz#9")
    raw = replace(it, title=f" {it.title}\u200b", content_hash="")  # as the reader gave it
    assert reread(crawler, raw) == []
    with pytest.raises(Known):
        run(crawler, it)
    assert store.written == [
        ("rehash", it.source, it.address, it.content_hash, it.reader),
        ("unchanged", it.source, it.address, "", ""),
    ]


def test_a_page_that_changed_beside_the_reader_is_a_revision(
    crawler: Any, store: Store, it: Notice
) -> None:
    store.kept = ("other", "0", "n.warc.gz#9")
    asked = reread(crawler, replace(it, text="另一段正文"))
    assert run(crawler, it) is it
    assert asked == ["n.warc.gz#9"]
    assert store.written == []


@pytest.mark.parametrize("where", ["reread", "tidy"])
def test_a_fault_with_the_old_page_does_not_stop_the_new_one(
    crawler: Any,
    store: Store,
    it: Notice,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store.kept = ("other", "0", "n.warc.gz#9")
    reread(crawler, it)

    def fail(*args: Any) -> Any:
        raise IndexError("a reader's fault")

    if where == "reread":
        crawler.spider.reread = fail
    else:
        monkeypatch.setattr(dedupe, "tidy", fail)
    assert run(crawler, it) is it
    assert store.written == []
    assert "n.warc.gz#9" in caplog.text
    assert "Traceback" in caplog.text
    assert "a reader's fault" in caplog.text


@pytest.mark.parametrize("can", [True, False])
def test_a_lost_page_makes_a_revision(crawler: Any, store: Store, it: Notice, can: bool) -> None:
    store.kept = ("other", "0", "")
    if can:
        reread(crawler, None)
    assert run(crawler, it) is it


def test_another_notices_page_in_the_records_place_says_nothing(
    crawler: Any, store: Store, it: Notice
) -> None:
    store.kept, store.of_another = ("other", "0", "n.warc.gz#9"), True
    reread(crawler, replace(it))
    assert run(crawler, it) is it
    assert store.written == []


def test_other_items_pass_dedupe(
    crawler: Any, store: Store, attachment: Callable[..., Any]
) -> None:
    retry = Retry("huaibei_jxj", "https://x/", attachment())
    assert run(crawler, retry) is retry
