"""Every source file is found; one that is faulty is told and stops no other."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

from nightly.sources import load

GOOD = """
from crawler.spider import NoticeSpider

class {cls}(NoticeSpider):
    name = "{name}"
    enabled = {enabled}
    columns = {{"通知": "https://www.{name}.gov.cn/"}}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "loaded_sources"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [m for m in sys.modules if m.startswith("loaded_sources")]:
        del sys.modules[name]


def test_all_that_there_is(package: Path) -> None:
    (package / "b_one.py").write_text(GOOD.format(cls="One", name="b_one", enabled=True))
    (package / "a_off.py").write_text(GOOD.format(cls="Off", name="a_off", enabled=False))
    (package / "c_torn.py").write_text("class Torn(:")
    (package / "d_lost.py").write_text("import no_such_module")
    (package / "e_late.py").write_text("1 / 0")
    (package / "f_plain.py").write_text(
        "import scrapy\nclass Plain(scrapy.Spider):\n    name = 'f_plain'\n"
    )
    (package / "g_copy.py").write_text(GOOD.format(cls="Copy", name="b_one", enabled=True))
    known = load(Settings({"SPIDER_MODULES": ["loaded_sources"]}))
    assert list(known.spiders) == ["a_off", "b_one"]
    assert list(known.broken) == ["c_torn", "d_lost", "e_late", "f_plain", "g_copy"]
    assert "SyntaxError" in known.broken["c_torn"]
    assert "no_such_module" in known.broken["d_lost"]
    assert "ZeroDivisionError" in known.broken["e_late"]
    assert "b_one" in known.broken["g_copy"]
    assert known.enabled == ["b_one", "c_torn", "d_lost", "e_late", "f_plain", "g_copy"]
