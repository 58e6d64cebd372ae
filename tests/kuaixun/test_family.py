"""`kuaixun family show`, `merge` and `split`."""

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.clock import BEIJING
from crawler.notice import Notice, content_hash
from kuaixun.__main__ import cli
from store import models
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 3, 1)
TITLE = "工业和信息化部关于组织申报2026年绿色工厂的通知"
TEXT = "各有关单位：请于9月{}日前报送申报材料，每个地区限报3家，逾期不予受理。" * 2


def at(source: str) -> str:
    return f"https://{source}.gov.cn/1.html"


def keep(source: str, day: int = 20, address: str = "", **more: Any) -> None:
    facts: dict[str, Any] = {
        "title": TITLE,
        "text": TEXT.format(day, day),
        "published": dt.datetime(2026, 3, 1, tzinfo=BEIJING),
    }
    where = address or at(source)
    made = Notice(source=source, column="通知", url=where, address=where, **facts | more)
    made.content_hash = content_hash(made)
    save(made, NIGHT)


@pytest.fixture
def pair() -> None:
    """One document at two sources."""
    keep("lake")
    keep("sea")


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, ["family", *words])
    assert ran.exit_code == code, ran.output
    return ran


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


@pytest.mark.usefixtures("pair")
def test_a_family_is_shown_with_its_reasons() -> None:
    found = told("show", at("sea"))
    assert [one["source"] for one in found["members"]] == ["lake", "sea"]
    origin, other = found["members"]
    assert (origin["strength"], origin["like"]) == ("", "")
    assert (
        origin["reason"] == "没有采到发文机关自己的网站，同日刊登（2026-03-01），按来源名称排在前"
    )
    assert (other["reason"], other["strength"]) == ("标题相同，正文相同", "标题和正文")
    assert other["like"] == at("lake")
    assert told("show", str(found["family"])) == found
    said = run("show", at("sea")).stdout
    assert "2 份" in said
    assert "原点 工业和信息化部" in said
    assert "标题相同，正文相同（标题和正文）" in said


@pytest.mark.usefixtures("pair")
def test_splitting_and_merging() -> None:
    decide("sea", at("sea"), "candidate", who="chen")
    apart = told("split", at("sea"), "--who", "陈")
    assert [one["source"] for one in apart["members"]] == ["sea"]
    assert apart["review"] == {"state": "候选", "address": at("sea")}
    assert told("show", at("lake"))["review"] is None
    decide("lake", at("lake"), "rejected", who="chen")
    found = told("merge", at("sea"), at("lake"), "--who", "陈")
    assert [one["source"] for one in found["members"]] == ["lake", "sea"]
    assert found["review"]["state"] == "候选"
    assert found["set_aside"] == [{"state": "不用", "address": at("lake")}]
    assert found["members"][1]["reason"] == "人工合并（陈）"
    said = run("show", at("sea")).stdout
    assert "2 份，候选" in said
    assert f"另有并入前的审定：不用，{at('lake')}" in said
    who = set(models.ReviewEvent.objects.exclude(what="decided").values_list("who", flat=True))
    assert who == {"陈"}


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "https://nowhere.gov.cn/"), "No notice is kept"),
        (("show", "999999"), "There is no family 999999"),
        (("show", "9" * 30), "There is no family"),
        (("merge", at("sea"), at("lake"), "--who", "陈"), "已经是一个转载家族"),
        (("split", at("sea"), at("lake"), "--who", "陈"), "全部通知"),
        (("split", at("sea"), "https://nowhere.gov.cn/", "--who", "陈"), "No notice is kept"),
        (("split", at("sea")), "--who"),
    ],
)
def test_what_cannot_be_done_is_told(words: tuple[str, ...], why: str) -> None:
    assert why in run(*words, code=2).output
    assert models.Family.objects.count() == 1


def test_where_several_sources_have_an_address_one_is_named() -> None:
    keep("lake", address="https://shared.gov.cn/1.html")
    keep("sea", 26, address="https://shared.gov.cn/1.html")
    assert "--source" in run("show", "https://shared.gov.cn/1.html", code=2).output
    (one,) = told("show", "https://shared.gov.cn/1.html", "--source", "sea")["members"]
    assert one["source"] == "sea"


def test_a_title_does_not_steer_the_terminal() -> None:
    keep("sea", title="[red]关于\x1b[31m某事的通知")
    said = run("show", at("sea")).stdout
    assert "[red]关于\\x1b" in said
    assert "\x1b" not in said
