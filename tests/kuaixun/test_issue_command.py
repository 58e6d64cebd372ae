"""`kuaixun issue import|list|build|seen`."""

import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document

from bulletin import layout
from crawler.clock import BEIJING
from crawler.notice import Notice, content_hash
from kuaixun.__main__ import cli
from store import models
from store.issues import Pick, make
from store.save import save

pytestmark = pytest.mark.django_db

NUMBER = "(2019) 0902 期"
HERE = "https://sea.gov.cn/t/1.html"
NOTICE: dict[str, Any] = {
    "source": "sea",
    "category": "申报通知",
    "bulletin_title": "某省关于组织申报海水淡化示范工程的通知",
    "url": HERE,
    "region": "某省",
    "doc_number": "某海发（2019） 7 号",
    "issuers": ["某省海洋局"],
    "written": "2019-09-08",
    "published": None,
    "period": {"opens": None, "closes": "2019-10-11T18:00", "label": "报送截止"},
    "attachments": ["申报表"],
    "paragraphs": [
        "某海发（2019） 7 号",
        "各有关单位：",
        "请于10月11日以前报送材料。",
        "附件：申报表",
        "某省海洋局",
        "2019年9月8日",
    ],
}
ISSUE: dict[str, Any] = {
    "publisher": "某咨询公司",
    "title": "快讯",
    "number": NUMBER,
    "phone": "010-55578432",
    "website": "www.example.com",
    "running_footer": "某咨询公司 欢迎咨询",
    "closing": ["欢迎来电。"],
    "contents_pages": [["申报通知", 2], [NOTICE["bulletin_title"], 2]],
    "categories": ["政策文件", "申报通知"],
    "notices": [NOTICE],
}


def changed(*path: Any, to: Any = None) -> dict[str, Any]:
    """The issue with the field there set, or taken out where `to` is Ellipsis."""
    issue = copy.deepcopy(ISSUE)
    place: Any = issue
    for name in path[:-1]:
        place = place[name]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return issue


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    def written(issue: Any = ISSUE, name: str = "issue.json") -> str:
        path = tmp_path / name
        path.write_text(json.dumps(issue, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return written


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, ["issue", *words])
    assert ran.exit_code == code, ran.output
    return ran


def told(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code).stdout)


def test_a_past_issue_is_imported_listed_and_known(file: Callable[..., str]) -> None:
    assert "已导入，未采集到的 1 条" in run("import", file()).stdout
    assert "没有变化" in run("import", file()).stdout
    assert run("list").stdout == f"{NUMBER}  1 条  导入\n"
    assert told("list") == {"issues": [{"number": NUMBER, "entries": 1, "imported": True}]}
    for what in (HERE, "某海发[2019]7号", NOTICE["bulletin_title"]):
        assert NUMBER in run("seen", what).stdout
    assert "没有登过" in run("seen", "关于别的事的通知").stdout
    (ran,) = told("seen", f"{HERE}#top")["ran"]
    assert ran == {
        "issue": NUMBER,
        "section": "申报通知",
        "position": 1,
        "title": NOTICE["bulletin_title"],
        "how": "同一网址",
        "here": False,
    }
    run("seen", " ", code=2)


def test_an_imported_issue_is_built_from_what_was_printed(
    file: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "find_soffice", lambda: None)  # quicker without
    page = Notice(
        "sea", "通知", HERE, HERE, "标题", text="今天的网页是别的话。", record="x#1", reader="1"
    )
    page.content_hash = content_hash(page)
    save(page, dt.date(2026, 3, 1))
    assert "新关联到已采集的通知 1 条" in run("import", file()).stdout
    path = tmp_path / "issue.docx"
    run("build", "（2019）0902期", "--out", str(path))
    lines = [paragraph.text for paragraph in Document(str(path)).paragraphs]
    text = "\n".join(lines)
    for words in ("某咨询公司", "请于10月11日以前报送材料。", "某省海洋局", "欢迎来电。", HERE):
        assert words in text
    assert lines.count("附件：申报表") == 1
    assert sum("某海发" in line for line in lines) == 1
    assert "今天的网页" not in text
    run("build", "(2019) 0903 期", code=2)
    run("build", "0903", code=2)


@pytest.mark.parametrize(
    ("issue", "fault"),
    [
        (changed("number", to="2019年第2期"), "number: '2019年第2期' is no issue number"),
        (changed("number", to="(2019) 1302 期"), "number: '(2019) 1302 期' is no issue number"),
        (changed("number", to=902), "number: must be a text, not a number"),
        (changed("number", to=...), "number: is missing"),
        (changed("publisher", to=...), "publisher: is missing"),
        (changed("categories", to=["政策文件"]), "category: '申报通知' is none of the issue's"),
        (changed("categories", to=["申报通知"] * 2), "categories: '申报通知' stands there twice"),
        (changed("categories", to="申报通知"), "categories: must be a list of texts, not a text"),
        (changed("closing", to=[1]), "closing[0]: must be a text, not a number"),
        (changed("contents_pages", to=[["甲"]]), "contents_pages[0]: must be a title and a page"),
        (changed("notices", to=[]), "notices: must be a list with notices in it"),
        (changed("notices", to=...), "notices: is missing"),
        (changed("notices", 0, to="甲"), "notices[0]: must be an object, not a text"),
        (changed("notices", 0, "bulletin_title", to=...), "notices[0]: bulletin_title: is missing"),
        (changed("notices", 0, "bulletin_title", to=" "), "notices[0]: bulletin_title: is empty"),
        (changed("notices", 0, "category", to=...), "示范工程的通知': category: is missing"),
        (changed("notices", 0, "url", to="sea/1.html"), "url: 'sea/1.html' is no http or https"),
        (changed("notices", 0, "written", to="9月8日"), "written: '9月8日' is no day"),
        (changed("notices", 0, "published", to=20190908), "published: must be a day"),
        (changed("notices", 0, "period", "closes", to="x"), "period: closes: 'x' is no day"),
        (changed("notices", 0, "period", "opens", to="2020-01-01"), "closes before it opens"),
        (changed("notices", 0, "period", to=[]), "period: must be an object or null"),
        (changed("notices", 0, "issuers", to="局"), "issuers: must be a list of texts"),
        (changed("notices", 0, "paragraphs", to=[]), "paragraphs: there are none"),
        (changed("notices", 0, "paragraphs", to=["a\0"]), "paragraphs[0]: holds a NUL"),
        (changed("notices", 0, "doc_number", to="甲" * 201), "doc_number: has 201 characters"),
        (
            changed("notices", to=[NOTICE, NOTICE]),
            "notices[1] '某省关于组织申报海水淡化示范工程的通知': url",
        ),
        (changed("notices", to=[NOTICE | {"url": None}] * 2), "bulletin_title and paragraphs: the"),
        ([ISSUE], "it must hold one JSON object, not a list"),
    ],
)
def test_a_fault_names_file_notice_and_field(
    file: Callable[..., str], issue: Any, fault: str
) -> None:
    said = run("import", file(issue), code=2).stderr
    assert fault in said
    assert "issue.json" in said
    assert "Remedy" in said
    assert not models.Issue.objects.exists()


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "it is empty"),
        (b'{"number": ', "it is not JSON: Expecting value (line 1, column 12)"),
        (b'{"number": "a", "number": "b"}', "number: stands twice in one object"),
        (b'{"number": NaN}', "NaN is no value of JSON"),
        (b"[" * 100_000, "too many brackets within each other"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number with thousands of figures"),
        (json.dumps(ISSUE, ensure_ascii=False).encode("gb18030"), "it is not UTF-8 (byte 17)"),
        (json.dumps(ISSUE).encode("utf-16"), "it is not UTF-8 (byte 0)"),
        (b" " * 20_000_001, "it is too large for an issue: 20,000,001 bytes"),
        (b'{"notices": [{"bulletin_title": "\\ud800"}]}', "holds a NUL or half a character"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_issue_is_named(tmp_path: Path, raw: bytes, fault: str) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(raw)
    said = run("import", str(path), code=2).stderr
    assert fault in said
    assert "odd.json" in said


def test_all_faults_of_a_file_are_told_at_once(file: Callable[..., str]) -> None:
    issue = changed("notices", 0, "category", to="别的")
    issue["number"] = issue["notices"][0]["url"] = "x"
    (result,) = told("import", file(issue), code=2)["files"]
    assert result["result"] == "refused"
    assert len(result["faults"]) == 3


def test_what_is_odd_but_does_not_hinder_is_warned_of(file: Callable[..., str]) -> None:
    issue = changed("notices", 0, "doc_number", to="内部编号7")
    issue["notices"][0]["attachment"] = ["甲"]
    del issue["notices"][0]["attachments"]
    said = run("import", file(issue)).stderr
    assert "doc_number: '内部编号7' does not look like a 文号" in said
    assert "'attachment' is no field of a past issue and left out; is attachments meant?" in said
    assert models.Entry.objects.get().doc_number == ""
    assert "attachment" not in models.Entry.objects.get().printed


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(ISSUE), encoding="utf-8-sig")
    assert "已导入" in run("import", str(path)).stdout


def test_of_several_files_the_good_ones_are_kept(file: Callable[..., str]) -> None:
    first = file()
    second = file(changed("number", to="(2019) 0903 期"), "second.json")
    broken = file(changed("number", to="x"), "broken.json")
    other = file(changed("publisher", to="别家"), "other.json")
    results = told("import", first, broken, second, other, "--replace", code=2)["files"]
    assert [one["result"] for one in results] == ["new", "refused", "new", "refused"]
    assert "was imported from" in results[3]["faults"][0]
    assert models.Issue.objects.count() == 2


def test_a_changed_file_needs_replace_and_says_what_differs(file: Callable[..., str]) -> None:
    run("import", file())
    again = file(changed("notices", 0, "paragraphs", 2, to="请于10月12日以前报送材料。"))
    said = run("import", again, code=2).stderr
    assert "is kept already, and differs" in said
    assert "正文第 3 项 “请于10月11日以前报送材料。” → “请于10月12日以前报送材料。”" in said
    assert "已替换" in run("import", again, "--replace").stdout
    assert models.Entry.objects.get().printed["paragraphs"][2] == "请于10月12日以前报送材料。"


def test_an_issue_made_here_is_not_overwritten_unasked(file: Callable[..., str]) -> None:
    page = Notice("sea", "通知", HERE, HERE, "标题", text="一。", record="x#1", reader="1")
    page.published = dt.datetime(2019, 9, 10, tzinfo=BEIJING)
    page.content_hash = content_hash(page)
    save(page, dt.date(2019, 9, 11))
    make(NUMBER, {"number": NUMBER}, [Pick("sea", HERE, "申报通知")])
    said = run("import", file(), code=2).stderr
    assert f"{NUMBER} was made here, it was not imported" in said
    assert models.Entry.objects.get().printed == {}
    assert "已替换" in run("import", file(), "--replace").stdout


def test_the_seed_issue_is_taken_over_whole(shared: Path) -> None:
    seed = shared / "seed" / "issue-2019-0902.json"
    (result,) = told("import", str(seed))["files"]
    assert (result["result"], result["warnings"], len(result["alone"])) == ("new", [], 9)
    given = json.loads(seed.read_text("utf-8"))["notices"]
    kept = models.Entry.objects.order_by("position").values_list("printed", flat=True)
    assert list(kept) == given
    assert models.Entry.objects.exclude(doc_number="").count() == 3
    assert "同一文号" in run("seen", "鲁工信产（2019）146号").stdout
