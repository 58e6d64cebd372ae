"""The diff of two revisions: paragraphs, characters, and the changes that matter by name."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.diff.alignment import align
from store.diff.changes import State, diff
from store.diff.files import File
from store.diff.matter import Change, Matter
from store.diff.paragraphs import How, applied, compare, undone

LETTER = """关于组织申报绿色工厂的通知
各区县经济信息化部门：
请组织辖区内企业申报绿色工厂，每个区县限报3家，奖励不超过50万元。
{table}
联系人：温书言，电话：010-55578432，邮箱：lv@example.gov.cn。
某市经济信息化局
2019年9月2日"""
TABLE = "事项\t截止时间\t责任单位\n网上填报\t{one}\t企业\n材料报送\t{two}\t区县部门"


def letter(one: str = "9月20日", two: str = "9月30日", **swap: str) -> str:
    text = LETTER.format(table=TABLE.format(one=one, two=two))
    for old, new in swap.items():
        assert old in text
        text = text.replace(old, new)
    return text


def state(text: str = "", title: str = "关于组织申报绿色工厂的通知", **more: Any) -> State:
    files = more.pop("files", ())
    return State(title, text or letter(), more, files)


def told(before: State, after: State) -> list[tuple[str, str, str]]:
    changes = diff(before, after).changes
    swapped = diff(after, before).changes
    assert sorted(map(repr, swapped)) == sorted(repr(x.swapped()) for x in changes)
    return [(x.matter.label, x.before, x.after) for x in changes]


def test_a_deadline_moved_by_one_digit_in_a_table_is_that_change_alone() -> None:
    before, after = state(), state(letter(one="9月26日"))
    assert told(before, after) == [("截止日期", "9月20日", "9月26日")]
    (change,) = diff(before, after).changes
    assert change.was == "网上填报 截止时间：9月20日"
    assert change.now == "网上填报 截止时间：9月26日"


@pytest.mark.parametrize("sentence", ["网上填报截止9月20日", ""])
def test_the_period_that_was_read_from_it_tells_nothing_besides(sentence: str) -> None:
    before = state(period={"closes": "2019-09-20", "opens": None, "sentence": sentence})
    after = state(letter(one="9月26日"), period={"closes": "2019-09-26", "sentence": sentence})
    assert told(before, after) == [("截止日期", "9月20日", "9月26日")]


def test_a_deadline_that_only_the_facts_tell_is_told() -> None:
    before = state(period={"closes": "2019-09-20", "closes_time": "17:00:00", "sentence": "旧"})
    after = state(period={"closes": "2019-09-26", "closes_time": None, "sentence": "新"})
    assert told(before, after) == [("截止日期", "2019-09-20 17:00", "2019-09-26")]


def test_a_date_is_a_deadline_when_the_facts_say_so() -> None:
    before, after = (f"我局定于9月{day}日办理。" for day in (20, 26))
    assert told(state(before), state(after)) == [("日期", "9月20日", "9月26日")]
    closes = [{"closes": f"2019-09-{day}"} for day in (20, 26)]
    assert told(state(before, period=closes[0]), state(after, period=closes[1])) == [
        ("截止日期", "9月20日", "9月26日")
    ]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("限报3家企业", "限报5家企业", ("数量", "3家", "5家")),
        ("不低于90%的", "不低于95%的", ("数量", "90%", "95%")),
        ("第二批名单如下", "第三批名单如下", ("数量", "第二批", "第三批")),
        ("补助50万元。", "补助80万元。", ("金额", "50万元", "80万元")),
        ("补助1,500.50元。", "补助1,600.50元。", ("金额", "1,500.50元", "1,600.50元")),
        ("补助五十万元。", "补助六十万元。", ("金额", "五十万元", "六十万元")),
        ("电话：010-55578432", "电话：010-55578433", ("电话", "010-55578432", "010-55578433")),
        ("联系电话55578432。", "联系电话55578433。", ("电话", "55578432", "55578433")),
        ("手机 13900000001", "手机 13900000002", ("电话", "13900000001", "13900000002")),
        ("发至a.b@c.gov.cn即可", "发至a.d@c.gov.cn即可", ("邮箱", "a.b@c.gov.cn", "a.d@c.gov.cn")),
        ("公示期5个工作日", "公示期7个工作日", ("期限", "5个工作日", "7个工作日")),
        ("于9月20日前报送。", "于9月26日前报送。", ("截止日期", "9月20日", "9月26日")),
        (
            "公示时间：9月12日至9月19日。",
            "公示时间：9月12日至9月29日。",
            ("截止日期", "9月19日", "9月29日"),
        ),
        (
            "申报时间：9月1日至9月20日。",
            "申报时间：9月3日至9月20日。",
            ("日期", "9月1日", "9月3日"),
        ),
        (
            "截止2019年9月20日17:00。",
            "截止2019年9月20日18:00。",
            ("截止日期", "2019年9月20日17:00", "2019年9月20日18:00"),
        ),
        (
            "会议于二〇一九年九月二十日召开。",
            "会议于二〇一九年九月廿三日召开。",
            ("日期", "二〇一九年九月二十日", "二〇一九年九月廿三日"),
        ),
        ("见甲〔2019〕3号文", "见甲〔2019〕8号文", ("文号", "甲〔2019〕3号", "甲〔2019〕8号")),
        ("按GB 18597-2001执行", "按GB 18597-2023执行", ("文字", "GB 18597-2001", "GB 18597-2023")),
        ("请认真组织。", "请精心组织。", ("文字", "认真", "精心")),
        ("见附件1。", "见附件2。", ("文字", "1", "2")),
        ("见甲〔2019〕3号文", "见甲〔20119〕3号文", ("文号", "甲〔2019〕3号", "甲〔20119〕3号")),
        ("电话：0531-5557843", "电话：3531-5557843", ("电话", "0531-5557843", "3531-5557843")),
        ("截止日期为9月20日。", "截止日期为另行通知。", ("截止日期", "9月20日", "另行通知")),
        (
            "系统填报时间\n9月10日09:00-9月23日09:00",
            "系统填报时间\n9月10日09:00-9月26日09:00",
            ("截止日期", "9月23日09:00", "9月26日09:00"),
        ),
        ("请认真组织，抓好落实。", "请认真组织。抓好落实。", ("文字", "，", "。")),
    ],
)  # fmt: skip
def test_each_change_has_its_name(before: str, after: str, change: tuple[str, ...]) -> None:
    assert told(state(before), state(after)) == [change]


def test_any_digit_of_a_real_issue_is_one_change(shared: Path) -> None:
    """Whichever digit of its notices another takes the place of, that is told once, by name."""
    issue = json.loads((shared / "seed/issue-2019-0902.json").read_text("utf-8"))
    for notice in issue["notices"]:
        text = "\n".join(notice["paragraphs"])
        for place in [match.start() for match in re.finditer(r"\d", text)][::3]:
            other = text[:place] + str((int(text[place]) + 3) % 10) + text[place + 1 :]
            assert len(diff(State("题", text), State("题", other)).changes) == 1, text[
                place - 20 :
            ][:40]


def test_two_days_of_a_range_are_two_changes() -> None:
    before, after = state("受理时间：9月1日至9月20日"), state("受理时间：9月3日至9月26日")
    assert told(before, after) == [
        ("截止日期", "9月20日", "9月26日"),
        ("日期", "9月1日", "9月3日"),
    ]


def test_a_deadline_in_a_sentence_that_was_written_anew_is_still_named() -> None:
    before = state("请抓紧准备。\n各单位要高度重视，于9月20日前将材料报送我局。\n特此通知。")
    after = state(
        "请抓紧准备。\n因系统升级，网上通道另行开放。\n为方便企业，纸质材料延期收取，截止9月26日。\n特此通知。"
    )
    assert told(before, after)[0] == ("截止日期", "9月20日", "9月26日")


def test_a_word_put_elsewhere_is_no_other_word() -> None:
    before = state("联系电话55578432，请于9月20日前报送。")
    after = state("请于9月20日前报送，联系电话55578432。")
    assert {label for label, *_ in told(before, after)} == {"文字"}


def test_a_new_paragraph_is_told_once_and_its_deadline_besides() -> None:
    after = letter().replace("某市经济信息化局", "逾期不再受理，最迟10月8日。\n某市经济信息化局")
    assert told(state(), state(after)) == [
        ("截止日期", "", "10月8日"),
        ("文字", "", "逾期不再受理，最迟10月8日。"),
    ]


def test_a_paragraph_that_moved_is_no_change_of_words() -> None:
    first, second = "一、申报条件：在本市登记的企业。", "二、申报程序：先网上填报，再报送材料。"
    assert told(
        state(f"{first}\n{second}\n特此通知。"), state(f"{second}\n{first}\n特此通知。")
    ) in (
        [("段落移动", first, first)],
        [("段落移动", second, second)],
    )


def test_facts_and_the_lines_they_stand_in_are_one_change() -> None:
    before = State(
        "关于甲的通知",
        "关于甲的通知\n某信〔2019〕3号\n正文不变。\n某局\n2019年9月2日",
        {"doc_number": "某信〔2019〕3号", "issuers": ["某局"], "written": "2019-09-02"},
    )
    after = State(
        "关于乙的通知",
        "关于乙的通知\n某信〔2019〕4号\n正文不变。\n某某委\n2019年9月5日",
        {"doc_number": "某信〔2019〕4号", "issuers": ["某某委"], "written": "2019-09-05"},
    )
    assert told(before, after) == [
        ("标题", "关于甲的通知", "关于乙的通知"),
        ("文号", "某信〔2019〕3号", "某信〔2019〕4号"),
        ("发文机关", "某局", "某某委"),
        ("成文日期", "2019-09-02", "2019-09-05"),
    ] or told(before, after)[3] == ("成文日期", "2019年9月2日", "2019年9月5日")


def test_published_alone() -> None:
    before, after = (state(published=f"2019-09-{day}T00:00:00+08:00") for day in (10, 11))
    assert told(before, after) == [("发布日期", "2019-09-10", "2019-09-11")]


def test_what_became_of_the_files() -> None:
    before = [
        File("申报表.docx", "https://x/1.docx", "a"),
        File("汇总表.xlsx", "https://x/2.xlsx", "b"),
        File("指南.pdf", "https://x/3.pdf", "c"),
        File("说明.pdf", "https://x/4.pdf", "d"),
        File("名单.pdf", "https://x/5.pdf", ""),
    ]
    after = [
        File("申报表.docx", "https://x/1.docx", "A"),
        File("汇总表（修订）.xlsx", "https://x/2.xlsx", "b"),
        File("说明.pdf", "https://x/new/4.pdf", "d"),
        File("名单.pdf", "https://x/5.pdf", "e"),
        File("承诺书.docx", "https://x/6.docx", "f"),
    ]
    assert told(state(files=before), state(files=after)) == [
        ("附件增加", "", "承诺书.docx"),
        ("附件撤下", "指南.pdf", ""),
        ("附件更换", "申报表.docx", "申报表.docx"),
        ("附件改名", "汇总表.xlsx", "汇总表（修订）.xlsx"),
    ]


def test_a_file_at_another_address_is_told_only_when_its_bytes_may_be_others() -> None:
    before, after = (File("表.docx", f"https://x/{n}.docx", "a") for n in (1, 2))
    assert told(state(files=[before]), state(files=[after])) == []
    unknown = [File("表.docx", "https://x/2.docx", "")]
    assert told(state(files=[before]), state(files=unknown)) == [
        ("附件换址", "https://x/1.docx", "https://x/2.docx")
    ]


def test_the_line_that_lists_a_new_file_is_not_told_again() -> None:
    before = state("请填报。\n附件：1.申报表", files=[File("申报表.docx", "https://x/1.docx", "a")])
    after = state(
        "请填报。\n附件：1.申报表\n2.承诺书",
        files=[*before.files, File("2.承诺书.docx", "https://x/2.docx", "b")],
    )
    assert told(before, after) == [("附件增加", "", "2.承诺书.docx")]


def test_equal_states_have_no_changes() -> None:
    assert diff(state(), state()).changes == []
    assert not diff(state(), state())


# --- for any text ----------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(["一", "9月20日", "9月26日前报送", "补助50万元，限报3家", "", "甲\t乙\t9月3日"])
    | st.text("甲乙丙1２9月日元家。，\t@.年〔〕号", max_size=30),
    max_size=12,
)
TEXTS = LINES.map("\n".join)


@given(TEXTS, TEXTS)
def test_the_steps_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    steps = compare(before, after)
    assert undone(steps) == before
    assert applied(steps) == after
    for step in steps:
        if step.how is How.CHANGED:
            assert "".join(x.before for x in step.pieces) == step.before
            assert "".join(x.after for x in step.pieces) == step.after
    assert compare(after, before) == [step.swapped() for step in steps]


@given(TEXTS, TEXTS, st.sampled_from(["2019-09-20", None]), st.sampled_from(["2019-09-26", None]))
def test_swapping_the_states_swaps_every_change(
    before: str, after: str, was: str | None, now: str | None
) -> None:
    one, other = (
        state(before or "无", period={"closes": was}),
        state(after or "无", period={"closes": now}),
    )
    told(one, other)


@given(TEXTS)
def test_equal_texts_have_no_change(text: str) -> None:
    found = diff(State("题", text), State("题", text))
    assert found.changes == []
    assert {step.how for step in found.steps} == {How.SAME}


@given(TEXTS, TEXTS)
def test_another_text_has_a_change(before: str, after: str) -> None:
    assert bool(diff(State("", before), State("", after))) == (before != after)


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)), st.sampled_from([4_000_000, 0]))
@settings(deadline=None)
def test_runs_hold_both_sequences_whole(before: list[int], after: list[int], exact: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.diff.alignment.EXACT", exact)
        runs = align(before, after)
    assert [x for run in runs for x in before[run.first : run.last]] == before
    assert [x for run in runs for x in after[run.start : run.stop]] == after
    for run in runs:
        equal = before[run.first : run.last] == after[run.start : run.stop]
        assert run.same == equal if exact else equal or not run.same


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([f"第{i}段" for i in range(9_000)], [f"另{i}段9月{i % 28}日" for i in range(9_000)]),
        (["甲", "乙"] * 8_000, ["乙", "丙", "甲"] * 6_000),
        (["9月20日\t" * 8_000], ["9月26日\t" * 8_000]),
        (["通知" * 100_000], ["公告通" * 80_000]),
        ([f"行{i}" for i in range(10_000)], [f"行{i}" for i in reversed(range(10_000))]),
    ],
    ids=["all other", "two lines", "one row", "one word", "upside down"],
)
def test_the_largest_texts_end(before: list[str], after: list[str]) -> None:
    texts = "\n".join(before), "\n".join(after)
    began = time.monotonic()
    found = diff(State("", texts[0]), State("", texts[1]))
    assert applied(found.steps) == texts[1]
    assert undone(found.steps) == texts[0]
    print(f"{time.monotonic() - began:.1f} s, {len(found.changes)} changes")


def test_a_change_swapped_twice_is_itself() -> None:
    change = Change(Matter.FILE_ADDED, "", "表", "", "https://x/")
    assert change.swapped().matter is Matter.FILE_REMOVED
    assert change.swapped().swapped() == change
