"""`kuaixun notice show` and `kuaixun notice diff`."""

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.clock import BEIJING
from crawler.notice import Attachment, Notice, Period, content_hash
from kuaixun.__main__ import cli
from store import models, watch
from store.issues import Pick, make
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
HERE = "https://sea.gov.cn/t/1.html"
TEXT = "各有关单位：\n请于9月{day}日前报送，限报3家。\n联系电话：010-55578432。"


def a_notice(day: int = 20, source: str = "sea", **more: Any) -> Notice:
    facts: dict[str, Any] = {
        "title": "关于组织申报绿色工厂的通知",
        "text": TEXT.format(day=day),
        "published": dt.datetime(2026, 3, 1, tzinfo=BEIJING),
        "period": Period(closes=dt.date(2026, 9, day), sentence=f"请于9月{day}日前报送"),
        "evidence": {"title": "page", "period": "body"},
        "attachments": [Attachment("https://sea.gov.cn/1.docx", "https://sea.gov.cn/1.docx", "表")],
    }
    made = Notice(source=source, column="通知", url=HERE, address=HERE, **facts | more)
    made.content_hash = content_hash(made)
    return made


@pytest.fixture
def revised() -> None:
    """A notice that an editor chose, and whose deadline moved since."""
    save(a_notice(), FIRST)
    decide("sea", HERE, "candidate", "申报通知", who="张编辑")
    make("(2026) 0301 期", {"firm": "某公司"}, [Pick("sea", HERE, "申报通知")])
    save(a_notice(26), SECOND)


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, ["notice", *words])
    assert ran.exit_code == code, ran.output
    return ran


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


@pytest.mark.usefixtures("revised")
def test_a_diff_names_what_matters_and_marks_it_in_the_text() -> None:
    said = run("diff", HERE).stdout
    assert "第 1 版 → 第 2 版" in said
    assert "· 截止日期 9月20日 → 9月26日" in said
    assert "~ 请于[-9月20日-]{+9月26日+}前报送，限报3家。" in said
    assert "文字" not in said
    assert "\x1b" not in said


@pytest.mark.usefixtures("revised")
def test_a_diff_in_json() -> None:
    found = told("diff", HERE, "--from", "2", "--to", "1")
    assert (found["source"], found["address"], found["from"], found["to"]) == ("sea", HERE, 2, 1)
    (change,) = found["changes"]
    assert change == {
        "matter": "deadline",
        "label": "截止日期",
        "before": "9月26日",
        "after": "9月20日",
        "was": "请于9月26日前报送，限报3家",
        "now": "请于9月20日前报送，限报3家",
    }
    assert [step["how"] for step in found["paragraphs"]] == ["same", "changed", "same"]
    assert ["9月26日", "9月20日"] in found["paragraphs"][1]["pieces"]


def test_a_notice_with_one_revision_has_no_diff() -> None:
    save(a_notice(), FIRST)
    assert "只有一版" in run("diff", HERE).stdout
    assert told("diff", HERE)["changes"] == []


@pytest.mark.usefixtures("revised")
def test_revisions_that_are_not_there_are_named() -> None:
    said = run("diff", HERE, "--to", "7", code=2).stderr
    assert "没有第 6 版；这条通知有：第 1、2 版" in said


@pytest.mark.usefixtures("revised")
def test_a_page_cannot_steer_the_terminal() -> None:
    models.Revision.objects.filter(number=2).update(text="正文\x1b[2J[red]甲", title="题\x1b[2J")
    said = run("diff", HERE).stdout
    assert "\x1b" not in said
    assert "\\x1b[2J[red]甲" in said


@pytest.mark.usefixtures("revised")
def test_all_that_is_known_of_a_notice() -> None:
    said = run("show", HERE).stdout
    for words in (
        "关于组织申报绿色工厂的通知",
        "截止：2026-09-26  [body]",
        "附件：表（0 字节）",
        "转载家族",
        "首发 sea",
        "第 2 版  2026-03-02 夜",
        "· 截止日期 9月20日 → 9月26日",
        "候选  申报通知",
        "张编辑  审定为候选",
        "通知有新版本",
        "登出：(2026) 0301 期  申报通知  第 1 条",
    ):
        assert words in said
    assert "网站已撤下" not in said


@pytest.mark.usefixtures("revised")
def test_a_page_that_was_taken_down_says_so() -> None:
    watch.vanish("sea", HERE, "页面返回 404", dt.datetime(2026, 3, 3, 2, 30, tzinfo=BEIJING))
    said = run("show", HERE).stdout
    assert "网站已撤下这一页：2026-03-03 起" in said
    assert "网站撤下了页面（页面返回 404）" in said
    assert told("show", HERE)["gone"] == "2026-03-03T02:30:00+08:00"


@pytest.mark.usefixtures("revised")
def test_the_same_in_json() -> None:
    found = told("show", HERE)
    assert found["title"] == "关于组织申报绿色工厂的通知"
    assert found["published"] == "2026-03-01T00:00:00+08:00"
    assert found["evidence"] == {"title": "page", "period": "body"}
    assert [member["address"] for member in found["family"]["members"]] == [HERE]
    assert [revision["number"] for revision in found["revisions"]] == [1, 2]
    assert found["revisions"][1]["changes"][0]["matter"] == "deadline"
    assert [event["what"] for event in found["events"]] == ["decided", "revised"]
    assert found["review"]["state"] == "candidate"
    assert [entry["issue"] for entry in found["printed"]] == ["(2026) 0301 期"]
    for name in ("links", "cites", "cited_by"):
        assert name in found


@pytest.mark.parametrize("what", ["show", "diff"])
def test_an_address_of_nothing_and_one_of_several_sources_are_named(what: str) -> None:
    assert "No notice is kept at" in run(what, HERE, code=2).stderr
    save(a_notice(), FIRST)
    save(a_notice(source="hill"), FIRST)
    said = run(what, HERE, code=2).stderr
    assert "hill, sea" in said
    assert "--source" in said
    assert run(what, HERE, "--source", "hill").stdout
    assert "No notice of moor" in run(what, HERE, "--source", "moor", code=2).stderr


@pytest.mark.usefixtures("revised")
def test_an_address_is_taken_as_a_site_gives_it() -> None:
    assert "第 1 版" in run("diff", "HTTP://SEA.gov.cn/t/1.html#top").stdout
