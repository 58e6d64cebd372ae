"""`kuaixun read`: what a saved page holds, with where it stood, and whether source and generic
readers agree."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.archive import Index
from crawler.warc_records import decoded
from kuaixun import read_page
from kuaixun.__main__ import cli

ROOT = Path(__file__).resolve().parent.parent.parent
NOTICE = """<html><head><meta charset="gbk"><title>关于征集仓储试点的通知</title>
<meta name="ArticleTitle" content="关于征集仓储试点的通知">
<meta name="PubDate" content="2026-11-20"></head><body><h1>关于征集仓储试点的通知</h1>
<div><p>各县区工业和信息化局：</p><p>我局拟选出八家单位试行无人盘点，请在2026年11月30日前报名。</p>
<p>附件：<a href="/files/bm.docx">报名表</a></p>
<p>临溪市工业和信息化局</p><p>2026年11月20日</p></div></body></html>"""
ROW = "<li><a href='/tzgg/{n}.html'>关于第{n}批仓储试点名单的公示</a><span>2026-11-{n}</span></li>"
LIST = f"<html><body><ul>{''.join(ROW.format(n=n) for n in range(10, 18))}</ul></body></html>"
LOGIN = "<html><body><form>用户登录<input type='password' name='p'></form></body></html>"
URL = "https://gxj.linxi.gov.cn/tzgg/1.html"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(NOTICE, "utf-8")
    return file


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["read", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def read_json(*arguments: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


def manifest(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "manifest.jsonl"
    file.write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in entries), "utf-8")
    return file


def batch(file: Path, *options: str, code: int = 0) -> list[dict[str, Any]]:
    result = CliRunner().invoke(cli, ["read", "--batch", str(file), *options])
    assert result.exit_code == code, result.output
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def saved(folder: Path, night: int, url: str) -> Path:
    """A page of a sample night as a file."""
    found = Index(ROOT / "samples" / f"2019-09-1{night}.warc.gz").response("GET", url)
    assert found is not None
    file = folder / "sample.html"
    file.write_bytes(decoded(found.body, found.headers))
    return file


def test_every_fact_is_told_with_where_it_stood(page: Path) -> None:
    found = read_json(page, "--url", URL)
    facts = ("title", "published", "written", "issuers", "period", "attachments", "body_text")
    assert all(found[fact] for fact in facts)
    assert found["kind"] == "notice"
    assert found["reason"]
    assert found["evidence"] == {
        "title": "meta ArticleTitle",
        "published": "meta PubDate",
        "written": "signature",
        "issuers": "signature",
        "period": "body",
        "attachments": "body",
        "body": "after title",
        "charset": "bytes, meta gb18030",
    }
    assert found["target"] is None
    assert found["attachments"] == [
        {"name": "报名表", "url": "https://gxj.linxi.gov.cn/files/bm.docx"}
    ]
    assert found["period"]["closes"] == "2026-11-30"
    assert found["period"]["sentence"] in found["body_text"]
    assert [x["kind"] for x in found["parts"]] == [
        *("addressee", "paragraph", "attachments", "signature", "written")
    ]


def test_people_are_told_in_chinese(page: Path) -> None:
    said = run(page, "--url", URL)
    for words in (
        *("通知：", "没有哪个来源有这个网站", "页面声明 ArticleTitle", "落款"),
        *("主送  各县区工业和信息化局：", "附件 1 个（正文）", "字节本身，页面声明 gb18030"),
    ):
        assert words in said


def test_rows_are_told_with_their_evidence(page: Path) -> None:
    page.write_text(LIST, "utf-8")
    found = read_json(page, "--url", "https://gxj.linxi.gov.cn/tzgg/")
    assert found["kind"] == "list"
    assert len(found["rows"]) == 8
    assert found["rows"][0] == {
        "title": "关于第10批仓储试点名单的公示",
        "url": "https://gxj.linxi.gov.cn/tzgg/10.html",
        "date": "2026-11-10",
        "pinned": False,
        "evidence": "generic",
    }
    assert found["evidence"] == {"charset": "bytes"}
    said = run(page, "--url", "https://gxj.linxi.gov.cn/tzgg/")
    assert "8 行" in said
    assert "编码依据：字节本身" in said
    assert "通用识别" in said


def test_the_kind_that_is_asked_for_stands_above_what_the_page_seems(page: Path) -> None:
    page.write_text(LIST, "utf-8")
    found = read_json(page, "--url", URL, "--kind", "notice")
    assert "rows" not in found
    assert found["kind"] == "notice"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"code": 1}', "notice"),
        (b"%PDF-1.4 \xe2\xe3", "notice"),
        (b"%PDF-1.4 \xe2\xe3", "list"),
        (b"\n", "notice"),
        (b"", "list"),
    ],
)
def test_what_is_no_page_cannot_be_read_as_one(page: Path, body: bytes, kind: str) -> None:
    page.write_bytes(body)
    result = CliRunner().invoke(cli, ["read", str(page), "--url", URL, "--kind", kind])
    assert result.exit_code == 2
    assert f"holds no page that could be read as a {kind}" in str(result.exception) + result.output


def test_where_a_page_leads_on_to_is_told(page: Path) -> None:
    page.write_text("<html><meta http-equiv=refresh content='0;url=../x/2.html'></html>", "utf-8")
    found = read_json(page, "--url", URL)
    assert (found["kind"], found["target"]) == ("redirect", "https://gxj.linxi.gov.cn/x/2.html")


def test_an_image_and_its_place_in_the_text_name_one_address(page: Path) -> None:
    image = "<p><img src='../tp/1.png?v=2' alt='流程图'></p><p>附件：<a"
    page.write_text(NOTICE.replace("<p>附件：<a", image), "utf-8")
    found = read_json(page, "--url", URL)
    (part,) = [x for x in found["parts"] if x["kind"] == "image"]
    (image_told,) = found["images"]
    assert image_told["address"] == part["address"]
    assert image_told["url"] == "https://gxj.linxi.gov.cn/tp/1.png?v=2"
    assert found["evidence"]["images"] == "body"


def test_a_line_is_one_line_and_no_title_steers_the_terminal(page: Path) -> None:
    title = "关于\u2028征集\u0085仓储\x1b[31m试点的通知"
    page.write_text(NOTICE.replace("关于征集仓储试点的通知", title), "utf-8")
    printed = run(page, "--url", URL, "--json")
    assert printed.splitlines() == [printed.rstrip("\n")]
    assert "\x1b" not in printed
    assert "\x1b" not in run(page, "--url", URL)
    assert "\x1b" not in run(page, "--url", URL, "--kind", "list")


def test_readers_that_both_find_nothing_are_not_said_to_agree(page: Path) -> None:
    page.write_text("<html><body></body></html>", "utf-8")
    url = "https://www.mee.gov.cn/zcwj/sthjbwj/"
    said = run(page, "--url", url, "--kind", "list")
    assert "一致" not in said
    assert "都没有读出内容" in said


def test_a_page_that_is_neither_is_named_and_not_read(page: Path) -> None:
    page.write_text(LOGIN, "utf-8")
    found = read_json(page, "--url", URL)
    assert (found["kind"], found["reason"]) == ("login", "登录页")
    assert "title" not in found
    assert "rows" not in found
    assert "登录页" in run(page, "--url", URL)


def test_a_source_and_the_generic_readers_agree_on_its_pages(tmp_path: Path) -> None:
    url = "https://gxt.nx.gov.cn/zwgk/fdzdgknr/zcfg/gxtwj/index.html"
    found = read_json(saved(tmp_path, 1, url), "--url", url, "--now", "2019-09-11T23:00")
    assert (found["source"], found["column"]) == ("ningxia_gxt", "工信厅文件")
    assert {row["evidence"] for row in found["rows"]} == {"selector"}
    assert found["differences"] == []
    said = run(tmp_path / "sample.html", "--url", url, "--now", "2019-09-11T23:00")
    assert "来源的选择器和通用识别一致" in said


def test_drift_is_told_with_both_results(tmp_path: Path) -> None:
    url = "https://gxt.nx.gov.cn/zwgk/fdzdgknr/zcfg/gxtwj/index.html"
    file = saved(tmp_path, 2, url)
    found = read_json(file, "--url", url, "--now", "2019-09-12T23:00")
    assert found["problems"][0]["code"] == "rows.drift"
    (difference,) = found["differences"]
    assert difference["source"] == []
    assert difference["generic"] == found["rows"]
    assert len(found["rows"]) >= 10
    assert "只有通用识别" in run(file, "--url", url, "--now", "2019-09-12T23:00")
    generic = read_json(file, "--url", url, "--generic", "--now", "2019-09-12T23:00")
    assert generic["rows"] == found["rows"]
    assert "differences" not in generic


def test_a_fact_on_which_selectors_disagree_is_told_twice(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.reading.notice import Selectors
    from spiders.mee import Mee

    monkeypatch.setattr(Mee, "selectors", Selectors(body="p:nth-of-type(2)"))
    url = "https://www.mee.gov.cn/xxgk2018/xxgk/xxgk06/202611/t20261120_1.html"
    found = read_json(page, "--url", url)
    told = {x["fact"]: x for x in found["differences"]}
    assert told["text"]["source"] == found["body_text"]
    assert "各县区" in told["text"]["generic"]
    assert "不一致" in run(page, "--url", url)


def test_a_batch_prints_a_line_a_page_and_takes_no_hints(page: Path, tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text(LIST, "utf-8")
    (tmp_path / "in.html").write_text(LOGIN, "utf-8")
    file = manifest(
        tmp_path,
        {"id": "a", "file": "page.html", "url": URL, "kind": "list", "encoding": "big5"},
        {"id": "b", "file": "list.html", "url": None, "host": "gxj.linxi.gov.cn"},
        {"id": "c", "file": "in.html", "host": "gxj.linxi.gov.cn"},
    )
    notice, rows, login = batch(file, "--generic")
    assert (notice["id"], notice["kind"]) == ("a", "notice")
    assert notice["title"] == "关于征集仓储试点的通知"
    assert rows["rows"][0]["url"] == "http://gxj.linxi.gov.cn/tzgg/10.html"
    assert (login["id"], login["kind"]) == ("c", "login")
    assert not {"title", "rows"} & set(login)


def test_a_page_that_cannot_be_read_is_that_pages_fault(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = manifest(
        tmp_path,
        {"id": "gone", "file": "gone.html", "url": URL},
        {"id": "there", "file": "page.html", "url": URL},
    )
    gone, there = batch(file, code=1)
    assert "gone.html" in gone["error"]
    assert there["title"]

    def fail(*arguments: Any, **options: Any) -> None:
        raise RuntimeError("spoilt")

    monkeypatch.setattr(read_page, "read_notice", fail)
    (_, spoilt) = batch(file, code=1)
    assert "spoilt" in spoilt["error"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give PAGE with --url"),
        (["PAGE"], "give PAGE with --url"),
        (["PAGE", "--url", "linxi"], "is no address of a page"),
        (["PAGE", "--url", "https://a b.gov.cn/"], "is no address of a page"),
        (["PAGE", "--url", URL, "--now", "gestern"], "write 2019-09-11T23:00"),
        (["PAGE", "--url", URL, "--now", "0001-01-01T00:00+14:00"], "write 2019-09-11T23:00"),
        (["--batch", "PAGE", "--kind", "list"], "either PAGE with --url, or --batch"),
        (["--batch", "PAGE"], "line 1"),
    ],
)
def test_wrong_use_is_told(page: Path, arguments: list[str], words: str) -> None:
    said = [str(page) if x == "PAGE" else x for x in arguments]
    result = CliRunner().invoke(cli, ["read", *said])
    assert result.exit_code == 2
    assert words in result.output + str(result.exception)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["[]"], "line 1: it is no JSON object"),
        (['{"file": "a"'], "line 1 is no JSON"),
        (['{"id": 1, "file": 5, "host": "a.gov.cn"}'], "line 1: file must be text, not 5"),
        (['{"file": "a", "host": "a.gov.cn", "id": []}'], "id must be text or a whole number"),
        (['{"file": "a"}'], "it has neither url nor host"),
        (['{"file": "a", "url": "gxj.linxi.gov.cn/1.html"}'], "is no address of a page"),
        (['{"file": "a", "url": "http://[1/"}'], "is no address of a page"),
        (['{"file": "a", "host": "a.gov.cn/x"}'], "host 'a.gov.cn/x' is no host"),
        (
            [
                '{"id": "1", "file": "a", "host": "a.gov.cn"}',
                "",
                '{"id": 1, "file": "b", "host": "b"}',
            ],
            "line 3: the id '1' stands in line 1 already",
        ),
    ],
)
def test_a_manifest_that_is_wrong_names_the_line(
    tmp_path: Path, lines: list[str], words: str
) -> None:
    file = tmp_path / "manifest.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    result = CliRunner().invoke(cli, ["read", "--batch", str(file)])
    assert result.exit_code == 2
    assert words in result.output + str(result.exception)


def test_other_ends_of_lines_do_not_end_a_line_of_a_manifest(page: Path, tmp_path: Path) -> None:
    file = manifest(tmp_path, {"file": "page.html", "url": URL, "note": "a\u2028b\u0085c"})
    (found,) = batch(file, "--generic")
    assert found["id"] == "1"


def test_reading_needs_no_database_and_makes_none(page: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = os.environ | {
        "KUAIXUN_DATA": str(data),
        "KUAIXUN_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "kuaixun", "read", str(page), "--url", URL, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "关于征集仓储试点的通知"
    assert not data.exists()


def test_the_batch_scores_on_the_checked_pages(tmp_path: Path, shared: Path) -> None:
    corpus, judge = shared / "corpus", shared / "bench" / "score.py"
    out = tmp_path / "out.jsonl"
    lines = batch(corpus / "manifest.jsonl", "--generic")
    out.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    done = subprocess.run(
        [sys.executable, str(judge), "--pages", str(corpus), "--out", str(out), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert len(figures) == 18
    assert {name: value for name, value in figures.items() if value < 99.9} == {}
