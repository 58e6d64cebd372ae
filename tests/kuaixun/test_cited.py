"""`kuaixun cited`: what is cited and was not collected."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from crawler.notice import Citation, Notice
from kuaixun.__main__ import cli
from store.save import save

pytestmark = pytest.mark.django_db

NUMBER = "财建〔2016〕864号"


def keep(at: int, title: str, *numbers: str, doc_number: str = "") -> None:
    address = f"https://sea.gov.cn/t/{at}.html"
    text = f"各有关单位：请按《某某办法》（{'、'.join(numbers)}）办好第{at}件事。"
    cited = [Citation(x, x) for x in numbers]
    one = Notice("sea", "通知", address, address, title, text=text, citations=cited)
    one.doc_number = doc_number
    save(one, dt.date(2026, 3, 1))


@pytest.fixture
def some() -> None:
    keep(1, "关于第一件事的[bold]通知", NUMBER, "国务院令第591号")
    for at in range(2, 6):
        keep(at, f"关于另一件事的通知（{at}）", NUMBER)
    keep(9, "国务院令", doc_number="国务院令第591号")


def run(*words: str) -> str:
    ran = CliRunner().invoke(cli, ["cited", *words])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


@pytest.mark.usefixtures("some")
def test_it_lists_what_was_not_collected_with_who_cites_it() -> None:
    told = run()
    assert NUMBER in told
    assert "《某某办法》" in told
    assert "[bold]通知" in told
    assert "共 5 处" in told
    assert "591" not in told.replace("国务院令第591号）", "")


@pytest.mark.usefixtures("some")
def test_json_tells_all_of_them() -> None:
    (one,) = json.loads(run("--json"))["cited"]
    assert (one["number"], one["families"], one["notices"]) == (NUMBER, 5, 5)
    assert [x["notice"]["source"] for x in one["by"]] == ["sea"] * 5


@pytest.mark.usefixtures("some")
def test_only_what_is_cited_so_often() -> None:
    assert "没有" in run("--min", "6")
    assert json.loads(run("--min", "6", "--json")) == {"cited": []}


def test_an_empty_store_is_well() -> None:
    assert "没有" in run()


def test_a_count_is_wanted() -> None:
    assert CliRunner().invoke(cli, ["cited", "--min", "0"]).exit_code == 2
