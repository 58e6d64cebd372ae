"""Scrapy's own commands work from the root, with the same settings, pipelines and store."""

import json
from pathlib import Path

from tests.nights.nightly_runs import FIRST, ROOT, query, run


def test_list_names_every_source(tmp_path: Path) -> None:
    names = run(tmp_path, "-m", "scrapy", "list").stdout.split()
    files = {x.stem for x in (ROOT / "spiders").glob("*.py")} - {"__init__"}
    assert set(names) == files
    assert len(names) >= 9


def test_crawl_writes_items_in_chinese_and_keeps_them(tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    words = ("crawl", "shanxi_kjt", "-a", "since=2019-09-01", "-O", str(out))
    settings = ("-s", f"ARCHIVE={FIRST}", "-s", "NIGHT_NOW=2019-09-11T23:00")
    run(tmp_path, "-m", "scrapy", *words, *settings)
    text = out.read_text("utf-8")
    items = [json.loads(line) for line in text.splitlines()]
    titles = {x["title"] for x in items}
    assert "关于开展国家新一代人工智能开放创新平台推荐申报工作的通知" in titles
    assert "\\u" not in text
    assert {x["kind"] for x in items} >= {"申报通知"}
    assert min(x["row_date"] for x in items if x["row_date"]) >= "2019-09-01"
    kept = query(tmp_path, "SELECT title, arrival FROM store_notice")
    assert {x["title"] for x in kept} == titles
    assert {x["arrival"] for x in kept} == {"backfill"}


def test_shell_starts(tmp_path: Path) -> None:
    shell = run(tmp_path, "-m", "scrapy", "shell", "--nolog", "-c", "settings['BOT_NAME']")
    assert shell.stdout.strip() == "kuaixun"
