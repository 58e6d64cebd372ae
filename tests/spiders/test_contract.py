"""Every source keeps the contract: one file, its name, its attributes, no second vocabulary."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from crawler.platforms.guangdong import GuangdongSpider
from crawler.platforms.jpaas import JpaasSpider
from crawler.platforms.jpage import JpageSpider
from crawler.platforms.longxun import LongxunSpider
from crawler.platforms.trs import TrsSpider
from crawler.source import Column
from crawler.spider import NoticeSpider

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted(p for p in (ROOT / "spiders").glob("*.py") if p.stem != "__init__")
PLATFORMS = [GuangdongSpider, JpaasSpider, JpageSpider, LongxunSpider, TrsSpider]
LOADER = SpiderLoader.from_settings(get_project_settings())
# Whoever does not obey robots.txt or verifies less strictly stands here, with a reason in the file.
EXCEPTIONS = {"shenzhen_stic": "tls"}


def source(name: str) -> type[NoticeSpider]:
    spider = LOADER.load(name)
    assert issubclass(spider, NoticeSpider)
    return spider


def test_a_file_is_a_source_and_its_stem_the_name() -> None:
    assert [p.stem for p in FILES] == sorted(LOADER.list())


@pytest.mark.parametrize("name", LOADER.list())
def test_a_source_declares_what_the_night_needs(name: str) -> None:
    spider = source(name)
    assert spider.agency
    assert re.fullmatch(r"\d{6}", spider.region)
    assert spider.level in {"ministry", "province", "city", "county"}
    assert spider.columns
    for column in spider.columns.values():
        url = column.url if isinstance(column, Column) else column
        assert re.match(r"https?://[\w.-]+\.gov\.cn/", url), url
    assert inspect.getdoc(inspect.getmodule(spider)), "the docstring names the publisher"


@pytest.mark.parametrize("name", LOADER.list())
def test_an_exception_from_the_rules_has_a_reason_and_stands_in_the_list(name: str) -> None:
    spider = source(name)
    assert bool(spider.tls) == bool(spider.tls_reason)
    assert bool(spider.robots) == bool(spider.robots_reason)
    loose = [word for word in ("tls", "robots") if getattr(spider, word)]
    assert loose == [EXCEPTIONS[name]] if name in EXCEPTIONS else loose == []


@pytest.mark.parametrize("name", LOADER.list())
def test_a_source_adds_no_public_method_its_bases_lack(name: str) -> None:
    spider = source(name)
    own = {n for n, value in vars(spider).items() if callable(value) and not n.startswith("_")}
    assert own <= {n for base in spider.__mro__[1:] for n in vars(base)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_source_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 25


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_is_short_and_its_docstring_is_its_manual(platform: type[NoticeSpider]) -> None:
    path = Path(inspect.getfile(platform))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
    assert "How to recognise" in (inspect.getdoc(platform) or "")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_source_does_no_io_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert all(name.split(".")[0] in {"crawler", "scrapy", "re", "json"} for name in imported)


def test_a_wrong_argument_is_named() -> None:
    with pytest.raises(ValueError, match="since='gestern' is no date"):
        source("mee")(since="gestern")
    with pytest.raises(ValueError, match="has no column '通知'"):
        source("mee")(column="通知")


def test_only_the_script_rendered_columns_need_a_browser() -> None:
    needing = {
        (name, title)
        for name in LOADER.list()
        for title, column in source(name).columns.items()
        if isinstance(column, Column) and column.browser
    }
    assert needing == {("mee", "公告"), ("mee", "部文件")}


def test_settings_are_polite() -> None:
    settings: Settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getfloat("GATE_DELAY") >= 1
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not settings.getbool("HTTPPROXY_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
