"""What a pipe gets, whatever its encoding; and what a narrow terminal gets."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from kuaixun import health
from kuaixun.__main__ import _of_the_system
from nightly.health import ColumnHealth, SourceHealth
from store.models import Verdict

ROOT = Path(__file__).resolve().parents[2]
HOST = "gxj.linxi.gov.cn"
PAGE = """<html><head><meta charset="utf-8"><title>关于征集仓储试点的通知</title>
<meta name="ArticleTitle" content="关于征集仓储试点的通知">
<meta name="PubDate" content="2026-11-20"></head><body><h1>关于征集仓储试点的通知</h1>
<div class="TRS_Editor"><p>各县区工业和信息化部门：</p>
<p>为了让仓储企业少跑冤枉路，我局拟在全市选出八家单位试行无人盘点😀，请各地推荐。</p>
<p>每县区至多推荐两家，须有自有仓库和一年以上的信息系统。</p></div></body></html>"""
ENCODINGS: list[dict[str, str]] = [
    {"PYTHONUTF8": "0", "LC_ALL": "C"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "gbk"},
]
UTF8 = {"PYTHONIOENCODING": "utf-8"}


def run(
    folder: Path, *words: str, expect: int = 0, more: dict[str, str] | None = None
) -> tuple[bytes, str]:
    """stdout as it came, and stderr."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    done = subprocess.run(
        [sys.executable, "-m", "kuaixun", *words],
        cwd=ROOT,
        env={**clean, "KUAIXUN_DATA": str(folder), **(more or {})},
        capture_output=True,
        timeout=60,
    )
    told = done.stderr.decode("utf-8", "replace")
    assert done.returncode == expect, told
    assert "Traceback" not in told
    return done.stdout, told


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "page.html").write_text(PAGE, "utf-8")
    return folder


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda x: "-".join(x.values()))
def test_no_encoding_of_a_pipe_is_a_fault(kept: Path, encoding: dict[str, str]) -> None:
    page = (str(kept / "page.html"), "--url", f"http://{HOST}/tzgg/202611/a.html")
    data = kept / f"data-{len(list(kept.iterdir()))}"
    told, _ = run(data, "intake", *page, "--json", more=encoding)
    assert "仓储试点" in json.loads(told)["became"]
    lines, _ = run(data, "db", "dump", more=encoding)
    assert any("😀" in line for line in lines.decode("utf-8").splitlines())
    taken, _ = run(data, "intake", *page, more=encoding)
    assert taken
    listed, _ = run(data, "sources", "--json", more=encoding)
    assert "生态环境部" in listed.decode("utf-8")
    run(data, "health", expect=1, more=encoding)


def test_a_narrow_terminal_loses_no_word_of_sources(tmp_path: Path) -> None:
    wide = json.loads(run(tmp_path, "sources", "--json")[0])["sources"]
    text = run(tmp_path, "sources", more={"COLUMNS": "60", **UTF8})[0].decode()
    bare = "".join(text.split())
    assert max(map(len, text.splitlines())) <= 60
    for source in wide:
        assert source["name"] in bare
        assert source["agency"] in bare
        assert "、".join(column["name"] for column in source["columns"]) in bare


@pytest.mark.parametrize("width", [40, 60, 99, 100, 120])
def test_health_loses_no_word_at_any_width(width: int) -> None:
    name, column = "a_source_with_a_very_long_name_of_its_own", "一个名字很长的栏目" * 3
    why = "列表改版，选择器读不到行；" * 9 + "完"
    one = ColumnHealth(
        name=column,
        verdict=Verdict.DRIFT,
        why=why,
        success=None,
        age="昨天",
        stuck=[],
        stuck_total=0,
        week=7,
        month=30,
        waiting=1,
        external=0,
        held=2,
    )
    source = SourceHealth(name=name, agency="某局", enabled=True, columns=[one])
    empty = SourceHealth(name="empty", agency="某局", enabled=True, columns=[])
    found: Any = SimpleNamespace(well=False, words="最近一夜", state=None, sources=[source, empty])
    console = Console(width=width, record=True, file=io.StringIO())
    health._print(found, console)
    text = console.export_text()
    assert "…" not in text
    if width < 100:
        bare = "".join(text.split())
        for words in (name, column, Verdict.DRIFT.label, why, health.NO_COLUMNS):
            assert words in bare


def test_a_manifest_that_is_not_right(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    batch = ("intake", "--batch", str(manifest))
    manifest.write_bytes('{"file": "仓储附件.html"}'.encode("gbk"))
    assert "UTF-8" in run(tmp_path, *batch, expect=2)[1]
    manifest.write_bytes(b"\xef\xbb\xbf\n")
    assert "清单里没有页面" in run(tmp_path, *batch, expect=2, more=UTF8)[1]
    entry = json.dumps({"id": "a", "file": "a.html", "host": HOST})
    manifest.write_text(f"{entry}\n", "utf-8-sig")
    assert "读不到文件" in run(tmp_path, *batch, expect=1, more=UTF8)[0].decode()
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    assert "收入" in run(tmp_path, *batch, more=UTF8)[0].decode()


@pytest.mark.parametrize("url", ["ftp://a.gov.cn/x", "a.gov.cn/x", "http:///x", "http://[a/x"])
def test_an_address_is_http(kept: Path, url: str) -> None:
    told = run(kept, "intake", str(kept / "page.html"), "--url", url, expect=2)[1]
    assert "https://" in told


def test_intake_into_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "kuaixun.sqlite3").write_text("no database, surely not" * 100)
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    page = (str(tmp_path / "page.html"), "--url", f"http://{HOST}/a.html")
    stdout, told = run(tmp_path, "intake", *page, expect=2)
    assert "The database answers" in told
    assert not stdout


def test_export_says_how_many(tmp_path: Path) -> None:
    folder = ("--folder", str(tmp_path / "out"))
    told = run(tmp_path, "export", *folder, more=UTF8)[0].decode()
    assert "候选 0 条" in told
    assert json.loads(run(tmp_path, "export", *folder, "--json")[0])["candidates"] == 0


def test_folders_that_cannot_be_are_named_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    told = run(file / "data", "health", expect=2)[1]
    assert f"{file} is a file" in told
    assert "KUAIXUN_DATA" in told
    for words in (("export", "--folder"), ("demo", "--folder")):
        told = run(tmp_path / "data", *words, str(file / "below"), expect=2)[1]
        assert f"{file} is a file" in told
        assert "--folder" in told
    beside = tmp_path / ".candidates.xlsx.7.tmp"
    fault = _of_the_system(PermissionError(13, "Permission denied", str(beside)))
    assert str(tmp_path) in fault.message
    assert ".tmp" not in fault.message
    assert fault.remedy
