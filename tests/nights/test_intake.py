"""`kuaixun intake`: saved pages of any site end as notices, as rows, or with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.nights.nightly_runs import ROOT, difference, dump, kuaixun, query

CORPUS = ROOT.parent / "shared" / "corpus"
NOW = ("--now", "2026-11-24T23:00")
NOTICE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>关于征集智能仓储试点单位的通知_临溪市工业和信息化局</title>
<meta name="ArticleTitle" content="关于征集智能仓储试点单位的通知">
<meta name="PubDate" content="2026-11-20 09:15"><meta name="ContentSource" content="产业处">
</head><body><div class="nav"><a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>
<h1>关于征集智能仓储试点单位的通知</h1>
<div class="info">发布时间：2026-11-20 09:15　来源：产业处</div>
<div class="TRS_Editor"><p>临工信产〔2026〕38号</p><p>各县区工业和信息化部门：</p>
<p>为了让仓储企业少跑冤枉路，我局拟在全市选出八家单位试行无人盘点，请各地推荐。</p>
<p>一、申报截止时间：2026年12月10日，逾期不再受理。</p>
<p>二、每县区至多推荐两家，须有自有仓库和一年以上的信息系统。</p>
<p style="text-align:right">临溪市工业和信息化局</p><p style="text-align:right">2026年11月19日</p>
<p>附件：<a href="./P020261120333.docx">推荐表.docx</a></p></div></body></html>"""
LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告</title></head><body>
<ul class="list">{rows}</ul></body></html>""".format(
    rows="".join(
        f'<li><a href="/tzgg/202611/t202611{day}_90{day}.html">关于第{day}号仓库检查安排的通知'
        f"</a><span>2026-11-{day}</span></li>"
        for day in range(10, 22)
    )
)
GBK = NOTICE.replace("智能仓储试点", "老旧锅炉更新").replace("t20261120", "t20261121")
CHALLENGE = """<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=51;</script>
<script src="/r2mKa/a1b2.js"></script></head><body></body></html>"""
ERROR = """<html><head><meta charset="utf-8"><title>404</title></head><body>
<h2>您访问的页面不存在</h2><p><a href="/">返回首页</a></p></body></html>"""
SHELL = """<html><head><meta charset="utf-8"><script src="/app.js"></script></head><body>
<div id="app"></div></body></html>"""

PAGES: dict[str, bytes] = {
    "notice": NOTICE.encode(),
    "list": LIST.encode(),
    "gbk": GBK.encode("gb18030"),  # and says that it is UTF-8
    "challenge": CHALLENGE.encode(),
    "error": ERROR.encode(),
    "shell": SHELL.encode(),
    "empty": b"",
    "binary": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8,
}
BECAME = {
    "notice": "收入：关于征集智能仓储试点单位的通知",
    "list": "列表：12 行，新 12 行",
    "gbk": "收入：关于征集老旧锅炉更新单位的通知",
    "challenge": "不是通知也不是列表：瑞数验证页",
    "error": "不是通知也不是列表：错误页",
    "shell": "不是通知也不是列表：内容由脚本填充",
    "empty": "不是通知也不是列表：空白页",
    "binary": "不是网页，是文件",
    "absent": "读不到文件",
}


class Intake:
    """A batch taken in twice."""

    def __init__(self, folder: Path, manifest: Path) -> None:
        self.folder = folder
        batch = ("intake", "--batch", str(manifest), *NOW)
        self.told = [json.loads(x) for x in kuaixun(folder, *batch, "--json").splitlines()]
        self.once = dump(folder)
        self.again = dict(x.split("  ", 1) for x in kuaixun(folder, *batch).splitlines())
        self.twice = dump(folder)

    def of(self, page: str) -> dict[str, Any]:
        found: dict[str, Any] = next(x for x in self.told if x["id"] == page)
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    pages = tmp_path_factory.mktemp("pages")
    lines: list[str] = []
    for name in BECAME:
        if name in PAGES:
            (pages / f"{name}.html").write_bytes(PAGES[name])
        url = f"http://gxj.linxi.gov.cn/tzgg/202611/t20261120_{len(lines)}.html"
        lines.append(json.dumps({"id": name, "file": f"{name}.html", "url": url}))
    (pages / "manifest.jsonl").write_text("\n".join(lines), "utf-8")
    return Intake(tmp_path_factory.mktemp("intake"), pages / "manifest.jsonl")


@pytest.mark.parametrize("page", BECAME)
def test_what_became_of_each_page_is_told(made: Intake, page: str) -> None:
    assert made.of(page)["became"].startswith(BECAME[page])


def test_the_facts_of_a_notice_are_kept(made: Intake) -> None:
    notice = next(x for x in made.once["Notice"] if "仓储" in x["title"])
    assert notice["doc_number"] == "临工信产〔2026〕38号"
    assert notice["published"].startswith("2026-11-20T09:15")
    assert (notice["written"], notice["closes"]) == ("2026-11-19", "2026-12-10")
    assert notice["issuers"] == ["临溪市工业和信息化局"]
    assert notice["arrival"] == "backfill"
    file = next(x for x in made.once["Attachment"] if x["revision"].startswith(notice["source"]))
    assert (file["name"], file["sha256"], file["problem"]) == ("推荐表.docx", "", "")


def test_wrongly_labelled_bytes_are_read_right(made: Intake) -> None:
    revision = next(x for x in made.once["Revision"] if "锅炉" in x["title"])
    assert "请各地推荐" in revision["text"]
    assert "\ufffd" not in revision["text"]


def test_rows_of_a_list_are_kept_and_not_fetched(made: Intake) -> None:
    rows = made.of("list")["rows"]
    assert len(rows) == 12
    assert rows[0] == {
        "title": "关于第10号仓库检查安排的通知",
        "url": "http://gxj.linxi.gov.cn/tzgg/202611/t20261110_9010.html",
        "date": "2026-11-10",
    }
    states = {x["state"] for x in made.once["Row"] if x["title"].startswith("关于第")}
    assert states == {"unwanted"}


def test_the_same_pages_again_change_nothing(made: Intake) -> None:
    assert difference(made.once, made.twice) == []
    assert made.again["notice"] == "已有，未变：关于征集智能仓储试点单位的通知"
    assert made.again["list"] == "列表：12 行，新 0 行"


def test_one_page_by_name_and_address(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(NOTICE.encode())
    url = "https://gxj.linxi.gov.cn/tzgg/202611/t20261120_7.html"
    told = kuaixun(tmp_path / "data", "intake", str(page), "--url", url, *NOW)
    assert told.startswith("page.html  收入：关于征集智能仓储试点单位的通知")
    kept = query(tmp_path / "data", "SELECT address FROM store_notice")
    assert kept == [{"address": url}]


@pytest.mark.parametrize(
    "words",
    [(), ("--batch", "no-such-file"), ("--url", "http://a.gov.cn/"), (__file__, "--url", "a.html")],
)
def test_wrong_use_is_code_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    kuaixun(tmp_path, "intake", *words, expect=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """The real pages of ../shared."""
    if not CORPUS.is_dir():
        pytest.skip("../shared is not here")
    return Intake(tmp_path_factory.mktemp("corpus"), CORPUS / "manifest.jsonl")


def _answers() -> dict[str, dict[str, Any]]:
    lines = (CORPUS / "gold.jsonl").read_text("utf-8").splitlines()
    return {x["id"]: x for x in map(json.loads, lines)}


def test_every_real_notice_is_one_or_its_trouble_is_named(corpus: Intake) -> None:
    answers = _answers()
    notices = [x for x in corpus.told if "rows" not in answers[x["id"]]]
    assert len(notices) == 40
    for page in notices:
        assert page["became"].startswith("收入："), page["id"]
        named = {x["code"] for x in page["problems"]}
        assert page["title"], page["id"]
        assert page["published"] or "date.missing" in named, page["id"]
        assert page["body_text"] or "text.elsewhere" in named, page["id"]


def test_every_real_list_gives_rows(corpus: Intake) -> None:
    answers = _answers()
    lists = [x for x in corpus.told if "rows" in answers[x["id"]]]
    assert len(lists) == 28
    without = {x["id"]: x["became"] for x in lists if not x.get("rows")}
    # one page is a shell that a script fills: that is its answer, and it is told
    assert without.keys() == {x["id"] for x in lists if answers[x["id"]]["page_kind"] == "shell"}
    assert all("内容由脚本填充" in became for became in without.values())


def test_no_real_page_is_mojibake(corpus: Intake) -> None:
    texts = [x["title"] + x["text"] for x in corpus.once["Revision"]]
    texts += [x["title"] for x in corpus.once["Row"]]
    wrong = ("\ufffd", "ï¼", "ã€", "锟斤拷", "鐨勯", "閫氱煡")  # marks of each wrong decoding
    assert [text[:60] for text in texts for mark in wrong if mark in text] == []


def test_the_real_pages_again_change_nothing(corpus: Intake) -> None:
    assert difference(corpus.once, corpus.twice) == []
    became = {x.partition("：")[0] for x in corpus.again.values()}
    assert became == {"已有，未变", "列表", "不是通知也不是列表"}
    assert [x for x in corpus.again.values() if x.startswith("列表") and "新 0 行" not in x] == []
