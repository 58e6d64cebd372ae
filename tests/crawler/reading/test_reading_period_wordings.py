"""Closing dates as clerks write them: doubled clock words, brackets, months told from today."""

import datetime as dt

import pytest

from crawler.notice import Period
from crawler.reading.fact.period import read_period, with_opening

DAY = dt.date(2023, 5, 8)
CALL = "关于征集科普项目的公告"
CLOSES = [
    ("请于5月19日17:00时前将报名表发至邮箱。", "2023-05-19"),
    ("请于5月19日17点整前提交。", "2023-05-19"),
    ("请于5月19日下午5点半前报送。", "2023-05-19"),
    ("请于5月26日（劳动节后第三周）前将台账报市水利局。", "2023-05-26"),
    ("请在5月26日(遇休息日不顺延)前将表格寄送我局。", "2023-05-26"),
    ("请各县区于本月28日前将排查台账报市应急局。", "2023-05-28"),
    ("请于本月20日下班前将自查情况送区委督查室。", "2023-05-20"),
    ("报名时间：本月20日至下月8日。", "2023-06-08"),
    ("请于明年1月10日前将全年总结报送我局。", "2024-01-10"),
    ("截止5月26日，仍未提交补正材料的，视为自动撤回申请。", "2023-05-26"),
    ("5月26日前未报名的，视为自动放弃。", "2023-05-26"),
    ("报送时限：5月26日前。", "2023-05-26"),
    ("申报时限：5月15日至6月20日", "2023-06-20"),
    ("三、报送时限\n5月19日。", "2023-05-19"),
    ("报送时限\t报送内容\n5月19日\t汇总表", "2023-05-19"),
    ("起止时间：5月10日至6月20日", "2023-06-20"),
    ("意见征集时间：2023年5月10日一6月9日", "2023-06-09"),
    ("公示时间：5月10日─5月16日", "2023-05-16"),
    ("公示时间：5月10日-至5月16日", "2023-05-16"),
    ("请于6月15日前将学员信息录入管理系统。", "2023-06-15"),
    ("考生须于5月20日前缴纳考试费。", "2023-05-20"),
    ("保证金须于5月18日16时前交纳至指定账户。", "2023-05-18"),
    ("招标文件发售时间：5月9日至5月15日，每日9时至17时。", "2023-05-15"),
    ("获取采购文件时间：5月9日至5月15日；提交响应文件截止时间：5月20日9时30分", "2023-05-20"),
    ("投标截止时间由原5月16日更正为5月23日。", "2023-05-23"),
]  # fmt: skip
NONE = [
    "各企业每月5日前报送报表，本月25日前补报。",
    "去年6月10日前申报的项目已全部完成。",
    "今年1月10日前，各县完成了申报。",
    "截止4月26日，未提交材料的企业共12家。",
    "5月20日前未使用的，视为作废。",
    "办结时限：6月20日前。",
    "起止时间：6月1日至8月31日",
    "施工起止时间：6月1日至10月31日。",
    "本月18日前后我市将迎来强降雨。",
    "道路封闭时间：本月15日至下月10日。",
    "6月30日前将戏曲送进全县各村文化室。",
    "5月10日一5月20日，人民路封闭施工。",
    "证书有效期：5月10日至明年5月9日。",
    "我市将于下月10日召开动员大会。",
]


@pytest.mark.parametrize(("text", "closes"), CLOSES)
def test_closing_days(text: str, closes: str) -> None:
    period = read_period(text.split("\n"), DAY, CALL)
    assert period is not None
    assert period.closes == dt.date.fromisoformat(closes)


@pytest.mark.parametrize("text", NONE)
def test_no_closing_day(text: str) -> None:
    assert read_period([text], DAY, "关于全市有关工作情况的通知") is None


@pytest.mark.parametrize("title", ["我最喜爱的公园网上投票活动", "办事体验问卷", CALL])
def test_bare_labels_are_for_what_the_title_asks(title: str) -> None:
    period = read_period(["开始时间：2023-05-10 结束时间：2023-05-20"], DAY, title)
    assert period is not None
    assert (period.opens, period.closes) == (dt.date(2023, 5, 10), dt.date(2023, 5, 20))


def test_told_months_turn_the_year() -> None:
    period = read_period(["请于下月10日前报送总结。"], dt.date(2023, 12, 31))
    assert period is not None
    assert period.closes == dt.date(2024, 1, 10)
    assert period.sentence == "请于下月10日前报送总结。"


def test_half_past_is_thirty_minutes() -> None:
    period = read_period(["请于5月19日下午5点半前报送。"], DAY)
    assert period is not None
    assert period.closes_time == dt.time(17, 30)


@pytest.mark.parametrize(("last", "opens"), [(9, dt.date(2023, 5, 9)), (10, None)])
def test_a_box_gives_the_opening_of_the_same_period_only(last: int, opens: dt.date | None) -> None:
    text = Period(None, dt.date(2023, 6, 9), None, None, "截止")
    boxed = Period(dt.date(2023, 5, 9), dt.date(2023, 6, last), None, None, "征集时间")
    merged = with_opening(text, boxed)
    assert merged is text
    assert merged.opens == opens
    assert with_opening(None, boxed) is boxed
