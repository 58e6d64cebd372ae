"""How a change is told: short ones beside each other, long ones by what differs."""

from typing import Any

import pytest
from rich.text import Text

from kuaixun.reread_print import LINES, LONGEST, told
from store.reread import Change


def plain(field: str, old: Any, new: Any) -> list[str]:
    return [Text.from_markup(line).plain for line in told(Change(field, old, new))]


def file(name: str, number: int = 1, **more: str) -> dict[str, str]:
    at = f"https://sea.gov.cn/{number}.doc"
    return {"kind": "file", "name": name, "url": at, "address": at, **more}


@pytest.mark.parametrize(
    ("field", "old", "new", "words"),
    [
        ("title", "旧题", "新题[1]", ["标题：旧题 → 新题[1]"]),
        ("doc_number", None, "海渔〔2026〕3号", ["文号：（无） → 海渔〔2026〕3号"]),
        ("issuers", ["海洋局"], ["海洋局", "山岳局"], ["发文机关：海洋局 → 海洋局、山岳局"]),
        ("evidence", {"title": "h1"}, {"title": "meta"}, ["出处 title：h1 → meta"]),
        (
            "period",
            None,
            {"closes": "2026-04-15", "label": ""},
            ["起止日期：（无） → closes 2026-04-15"],
        ),
        ("parts", [{}], [{}, {}], ["正文结构：1 段 → 2 段"]),
        ("family", "", "离开", ["转载家族：离开"]),
        ("soil", 1, 2, ["soil：1 → 2"]),
    ],
)
def test_short_values(field: str, old: Any, new: Any, words: list[str]) -> None:
    assert plain(field, old, new) == words


def test_a_text_is_told_by_its_lines() -> None:
    assert plain("text", "一\n二\n三", "一\n三\n四") == [
        "正文",
        "@@ -2 +1,0 @@",
        "-二",
        "@@ -3,0 +3 @@",
        "+四",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("请于4月15日前报送", "请于5月15日前报送", "请于[-4-]{+5+}月15日前报送"),
        ("请报送", "请报送。", "请报送{+。+}"),
        ("甲甲甲", "甲甲", "甲甲[-甲-]"),
        ("长" * 50 + "旧", "长" * 50 + "新", "…" + "长" * 16 + "[-旧-]{+新+}"),
    ],
)
def test_within_one_line_what_differs_is_told(old: str, new: str, words: str) -> None:
    assert plain("text", old, new)[2:] == [words]


def test_long_ones_are_cut_and_that_is_said() -> None:
    many = plain("text", "", "\n".join(f"第{n}行" for n in range(100)))
    assert len(many) == LINES + 2
    assert "--json" in many[-1]
    (line,) = plain("title", "", "长" * 1000)
    assert line.endswith("…（1000 字）")
    assert len(line) < LONGEST + 40


def test_files_are_told_by_what_became_of_each() -> None:
    assert plain("attachments", [file("甲"), file("乙", 2)], [file("丙", 3), file("甲表")]) == [
        "附件",
        "改名 甲 → 甲表",
        "- 乙  https://sea.gov.cn/2.doc",
        "+ 丙  https://sea.gov.cn/3.doc",
    ]
    both = [file("甲"), file("乙", 2)]
    assert plain("attachments", both, both[::-1]) == ["附件", "次序有变"]


def test_problems_are_told_by_their_words() -> None:
    problem = {"code": "date.ahead", "detail": "发布日期太晚"}
    assert plain("problems", [problem], []) == ["待看的问题", "- 发布日期太晚  date.ahead"]
