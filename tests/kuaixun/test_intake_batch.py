"""A batch of saved pages: a fault with one page is that page's."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from scrapy.settings import Settings

from crawler.clock import BEIJING
from crawler.notice import Notice
from crawler.reading.notice import read_notice
from crawler.reading.page_kind import Kind
from crawler.reading.rows import NoRows
from kuaixun import intake, intake_spider
from kuaixun.__main__ import cli
from kuaixun.intake_spider import Intake
from kuaixun.saved_pages import Saved

HOST = "gxj.linxi.gov.cn"
PAGE = """<html><head><meta charset="utf-8"><title>关于征集仓储试点的通知</title>
<meta name="ArticleTitle" content="关于征集仓储试点的通知">
<meta name="PubDate" content="2026-11-20"></head><body><h1>关于征集仓储试点的通知</h1>
<div class="TRS_Editor"><p>各县区工业和信息化部门：</p>
<p>为了让仓储企业少跑冤枉路，我局拟在全市选出八家单位试行无人盘点，请各地推荐。</p>
<p>每县区至多推荐两家，须有自有仓库和一年以上的信息系统。</p></div></body></html>"""


class Batch:
    """The spider over some pages of one host, without Scrapy and without a store."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.results: list[dict[str, Any]] = []
        pages = []
        for number, name in enumerate(names):
            file = folder / f"{number}.html"
            file.write_text(PAGE, "utf-8")
            pages.append(Saved(f"{number}", file, f"http://{HOST}/tzgg/202611/{name}.html", HOST))
        self.spider = Intake(pages=pages, results=self.results)
        self.spider.now = dt.datetime(2026, 11, 24, 23, tzinfo=BEIJING)
        self.spider.settings = Settings({"WARC_DIR": str(folder / "warc")})
        slot = SimpleNamespace(nextcall=SimpleNamespace(schedule=lambda delay: None))
        self.spider.crawler = SimpleNamespace(engine=SimpleNamespace(_slot=slot))  # type: ignore[assignment]

    def read(self) -> list[Notice]:
        async def notices() -> list[Notice]:
            return [notice async for notice in self.spider.start()]

        return asyncio.run(notices())

    @property
    def became(self) -> list[str]:
        return [result["became"] for result in self.results]


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Batch]:
    async def write(fn: Callable[..., Any], *args: Any) -> None:
        pass

    monkeypatch.setattr(intake_spider, "write", write)
    return lambda *names: Batch(tmp_path, *names)


def test_a_page_whose_reading_raises_does_not_end_the_batch(
    batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    def fragile(response: Any, *args: Any, **more: Any) -> Notice:
        if "bad" in response.url:
            raise IndexError("no such line")
        return read_notice(response, *args, **more)

    monkeypatch.setattr(intake_spider, "read_notice", fragile)
    made = batch("one", "bad", "two")
    found = made.read()
    assert [notice.title for notice in found] == ["关于征集仓储试点的通知"] * 2
    for notice in found:
        made.spider.kept(notice)
    assert made.became[1] == "读取出错：IndexError: no such line"
    assert [became.partition("：")[0] for became in made.became] == ["收入", "读取出错", "收入"]
    assert ["fault" in result for result in made.results] == [False, True, False]
    assert "Traceback" in caplog.text


def test_a_list_without_rows_is_told_in_chinese(
    batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_rows(*args: Any) -> None:
        raise NoRows("no rows on that page")

    monkeypatch.setattr(intake_spider, "page_kind", lambda _: SimpleNamespace(kind=Kind.LIST))
    monkeypatch.setattr(intake_spider, "read_rows", no_rows)
    made = batch("one")
    assert made.read() == []
    assert made.became[0].startswith("列表里读不出行：没有成列的标题和链接")
    assert "no rows" not in made.became[0]


def test_two_pages_of_one_address_have_a_result_each(batch: Callable[..., Batch]) -> None:
    made = batch("one", "one")
    first, second = made.read()
    made.spider.kept(first)
    made.spider.faulted(second, SimpleNamespace(value=OSError("no room")))
    assert made.became[0].startswith("收入：")
    assert made.became[1].startswith("出错：OSError")
    assert made.results[1]["fault"]


@pytest.mark.parametrize(("fault", "code"), [({}, 0), ({"fault": "IndexError()"}, 1)])
def test_the_exit_code_tells_of_an_error_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: dict[str, str], code: int
) -> None:
    results = [{"id": "0", "became": "收入：某通知"}, {"id": "1", "became": "甲", **fault}]
    monkeypatch.setattr(intake, "take_in", lambda pages, now: results)
    page = tmp_path / "page.html"
    page.touch()
    words = ["intake", str(page), "--url", f"http://{HOST}/a.html", "--json"]
    ran = CliRunner().invoke(cli, words)
    assert ran.exit_code == code
    assert [json.loads(line) for line in ran.stdout.splitlines()] == results


def test_a_faulty_manifest_is_wrong_use(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"id": "a", "url": "http://a.gov.cn/"}\n')
    ran = CliRunner().invoke(cli, ["intake", "--batch", str(manifest)])
    assert ran.exit_code == 2
    assert "line 1" in ran.stderr


@pytest.mark.django_db
def test_a_page_that_nothing_came_of_has_a_result_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Process:
        def __init__(self, settings: Any) -> None:
            pass

        def crawl(self, spider: Any, pages: list[Saved], results: list[dict[str, Any]]) -> None:
            results.append({"id": pages[0].id, "became": ""})

        def start(self) -> None:
            pass

    monkeypatch.setattr("scrapy.crawler.AsyncCrawlerProcess", Process)
    pages = [Saved(name, tmp_path / name, "", HOST) for name in ("a", "b")]
    told = intake.take_in(pages, None)
    assert [result["id"] for result in told] == ["a", "b"]
    assert all(result["became"] and result["fault"] for result in told)
