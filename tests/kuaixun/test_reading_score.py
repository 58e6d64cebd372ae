"""How a reading is scored by checked answers."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from kuaixun.bench.score import FIGURES, UNSCORED, score

BASE = "http://www.lake.gov.cn/tz/202003/t20200302_7.html"
TEXT = "各县水务局：\n现将湖泊巡查要求通知如下，请按要求报送。\n特此通知。"
NOTICE: dict[str, Any] = {
    "title": "关于开展湖泊巡查的通知",
    "published": "2020-03-02",
    "doc_number": "湖水〔2020〕7号",
    "issuers": ["大湖市水务局", "大湖市财政局"],
    "period": {"opens": None, "closes": "2020-03-31"},
    "attachments": [{"name": "巡查表", "href": "./P020200302.doc"}],
    "body_text": TEXT,
}


def of(reading: dict[str, Any], **other: Any) -> dict[str, float]:
    return score(BASE, {**NOTICE, **other}, reading)


def test_a_whole_reading_is_right_in_every_figure() -> None:
    reading = NOTICE | {"attachments": [{"url": "https://lake.gov.cn/tz/202003/P020200302.doc"}]}
    scores = of(reading)
    assert set(scores.values()) == {1.0}
    assert scores.keys() <= FIGURES.keys()
    assert "written" not in scores  # the answers have none
    assert "no_number" not in scores


def test_nothing_read_is_right_nowhere_but_where_there_is_nothing() -> None:
    assert set(of({}).values()) == {0.0}
    none = of({}, doc_number=None, period=None, attachments=[], body_text="")
    assert (none["no_number"], none["no_period"]) == (1.0, 1.0)
    assert "attachments" not in none
    assert none["no_body"] == 0.0  # it must be said that there is no text


@pytest.mark.parametrize(
    ("name", "read", "expected"),
    [
        ("title", "关于开展 湖泊巡查的通知\u200b", 1),
        ("title", "大湖市关于开展湖泊巡查的通知", 0),
        ("published", "2020-03-02T09:30:00+08:00", 1),
        ("published", "2020-03-20", 0),
        ("doc_number", "湖水[2020] 7号", 1),
        ("doc_number", "湖水（２０２０）7号", 1),
        ("doc_number", "湖水〔2020〕70号", 0),
        ("issuers", ["大湖市财政局", "大湖市水务局"], 1),
        ("issuers", ["大湖市水务局"], 2 / 3),
        ("issuers", ["山城"], 0),
    ],
)
def test_one_fact(name: str, read: Any, expected: float) -> None:
    assert of({name: read})[name] == pytest.approx(expected)


def test_what_is_invented_counts() -> None:
    invented = {"doc_number": "湖水〔2020〕7号", "period": {"closes": "2020-03-31"}}
    scores = of(invented, doc_number="无", period=None)
    assert (scores["no_number"], scores["no_period"]) == (0.0, 0.0)
    assert of({"attachments": [{"url": "/x.doc"}]}, attachments=[])["attachments"] == 0.0
    assert of({"body_text": "网站地图 联系我们" * 5}, body_text="")["no_body"] == 0.0
    assert of({"body_text": "见附件"}, body_text="")["no_body"] == 1.0


def test_a_period_without_a_closing_day_counts_for_nothing() -> None:
    scores = of({"period": None}, period={"opens": "2020-03-01", "closes": None})
    assert not scores.keys() & {"closes", "no_period"}


def test_other_readings_that_are_not_wrong() -> None:
    accept = {
        "title": ["湖泊巡查通知"],
        "issuers": ["大湖市政府"],
        "attachments": [{"href": "/a.doc"}],
        "body_lines": ["特此通知。"],
    }
    reading = {
        "title": "湖泊巡查通知",
        "issuers": ["大湖市政府"],
        "attachments": [{"url": "P020200302.doc"}, {"url": "/a.doc"}],
        "body_text": TEXT.removesuffix("\n特此通知。"),
    }
    scores = of(reading, accept=accept)
    for name in ("title", "issuers", "attachments", "body"):
        assert scores[name] == 1.0, name


def test_the_body_s_two_halves() -> None:
    more = of({"body_text": TEXT + "打印本页关闭窗口上一篇下一篇"})
    assert more["body_r"] == 1.0
    assert 0.5 < more["body_p"] < 1.0
    less = of({"body_text": TEXT[:20]})
    assert less["body_p"] == 1.0
    assert less["body_r"] < 0.6
    assert of({"body_text": "湖"}, body_text="湖")["body"] == 1.0


def test_rows() -> None:
    gold = {
        "rows": [
            {"title": "一号通知", "href": "./t1.html#top", "date": "2020-03-01"},
            {"title": "二号通知", "href": "./t2.html", "date": "2020-03-02"},
            {"title": "三号通知", "href": "./t3.html", "date": None},
        ]
    }
    read = [
        {
            "title": "一号 通知",
            "url": "https://lake.gov.cn/tz/202003/t1.html",
            "date": "2020-03-01",
        },
        {"title": "二号…", "url": "http://www.lake.gov.cn/tz/202003/t2.html", "date": None},
        {"title": "首页", "url": "http://www.lake.gov.cn/", "date": None},
    ]
    scores = score(BASE, gold, {"rows": read})
    assert scores["rows_p"] == pytest.approx(2 / 3)
    assert scores["rows_r"] == pytest.approx(2 / 3)
    assert scores["rows"] == pytest.approx(2 / 3)
    assert (scores["row_title"], scores["row_date"]) == (0.5, 0.5)
    assert score(BASE, gold, {}) == {"rows_p": 0.0, "rows_r": 0.0, "rows": 0.0}


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _readings(gold: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """Readings right, wrong and half right, made of the answers of two pages."""

    def read(of: dict[str, Any]) -> dict[str, Any]:
        named = {"rows", "attachments"} & of.keys()
        return of | {name: [one | {"url": one["href"]} for one in of[name]] for name in named}

    mine, wrong = read(gold), read(other)
    half = dict(mine)
    half["title"] = (gold.get("title") or "")[:-1]
    half["issuers"] = [*(gold.get("issuers") or [])[:1], "大湖市水务局"]
    half["body_text"] = (gold.get("body_text") or "")[10:] + "打印本页 关闭窗口"
    half["doc_number"] = (gold.get("doc_number") or "").replace("〔", "[").replace("〕", "］")
    for name in ("rows", "attachments"):
        half[name] = (mine.get(name) or [])[::2] + (wrong.get(name) or [])[:1]
    accepted = mine | {
        k: (v[0] if k in ("title", "published", "written", "doc_number") else v)
        for k, v in (gold.get("accept") or {}).items()
        if k in ("title", "published", "written", "doc_number", "issuers")
    }
    return [mine, wrong, half, accepted, {}]


def test_the_rules_are_those_of_the_reference(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("reference", shared / "bench" / "score.py")
    assert spec
    assert spec.loader
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    pages = {page["id"]: page for page in _lines(shared / "corpus" / "manifest.jsonl")}
    answers = _lines(shared / "corpus" / "gold.jsonl")
    compared = 0
    for gold, other in zip(answers, answers[1:] + answers[:1], strict=True):
        if gold.get("page_kind") == UNSCORED:
            continue
        page = pages[gold["id"]]
        base = page.get("url") or f"http://{page['host']}/"
        theirs = reference.score_list if "rows" in gold else reference.score_detail
        for reading in _readings(gold, other):
            assert score(base, gold, reading) == theirs(base, gold, reading), gold["id"]
            compared += 1
    assert compared > 300
