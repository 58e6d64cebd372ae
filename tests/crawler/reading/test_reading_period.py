"""Periods: only what a text says in so many words."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.period import read_period

DAY = dt.date(2019, 9, 9)


def d(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def t(text: str) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("sentence", "opens", "closes", "label"),
    [
        ("公示时间：2019年9月12日至9月19日。", "2019-09-12", "2019-09-19", "公示时间"),
        ("公示期：2019年9月12日-19日。", "2019-09-12", "2019-09-19", "公示期"),
        ("公示时间为2019年9月12日起至2019年9月19日止。", "2019-09-12", "2019-09-19", "公示时间"),
        ("公示期限：2019.9.12—2019.9.19", "2019-09-12", "2019-09-19", "公示期限"),
        (
            "网上填报受理时间：２０１９年９月６日－１０月１１日",
            "2019-09-06",
            "2019-10-11",
            "网上填报受理时间",
        ),
        ("请于9月18日前将意见书面报我办。", "", "2019-09-18", "报送截止"),
        ("请于2019年9月27日（星期五）前通过电子邮件反馈意见。", "", "2019-09-27", "反馈截止"),
        ("申报截止时间：2019年10月15日。", "", "2019-10-15", "申报截止时间"),
        ("报名时间截至9月17日。", "", "2019-09-17", "报名时间"),
        ("意见反馈截止日期为2019年10月8日。", "", "2019-10-08", "意见反馈截止日期"),
        ("请各单位于次年1月5日以前提交总结。", "", "", ""),
        ("各单位应于1月5日前提交申报书。", "", "2020-01-05", "提交截止"),
        ("征求意见时间：2019年12月20日至1月10日", "2019-12-20", "2020-01-10", "征求意见时间"),
    ],
)
def test_periods(sentence: str, opens: str, closes: str, label: str) -> None:
    period = read_period(["为做好有关工作，现通知如下。", sentence], DAY)
    if not closes:
        assert period is None
        return
    assert period is not None
    assert (period.opens, period.closes, period.label) == (d(opens), d(closes), label)
    assert period.closes_time is None


@pytest.mark.parametrize(
    ("sentence", "opens", "closes"),
    [
        ("网上填报受理时间：2019年9月6日-2019年10月11日（截止至18:00）", "", "18:00"),
        ("系统填报时间：2019年9月10日09:00-2019年9月23日17:30", "09:00", "17:30"),
        ("报名截止时间：2019年9月20日下午5时", "", "17:00"),
        ("请于9月20日17:00前将材料报送我局。", "", "17:00"),
        ("申报时间：9月10日至9月20日24时。", "", "23:59"),
    ],
)
def test_hours(sentence: str, opens: str, closes: str) -> None:
    period = read_period([sentence], DAY)
    assert period is not None
    assert (period.opens_time, period.closes_time) == (t(opens), t(closes))


def test_the_heading_above_is_the_label_and_its_sentence_wins() -> None:
    period = read_period(
        [
            "我局将于2019年9月10日-9月23日再次开放网上填报系统。",
            "三、系统填报时间",
            "2019年9月10日09:00-2019年9月23日09:00",
        ],
        DAY,
    )
    assert period is not None
    assert period.label == "系统填报时间"
    assert period.sentence == "2019年9月10日09:00-2019年9月23日09:00"
    assert period.closes_time == dt.time(9)


@pytest.mark.parametrize(
    "sentence",
    [
        "本办法自2019年10月1日起施行，有效期至2024年9月30日。",
        "截至2019年8月31日，全市累计完成投资12亿元。",
        "自2019年1月1日至2019年12月31日延续执行税收优惠政策。",
        "申报单位应当是2018年12月31日前注册成立的企业。",
        "会议时间：2019年9月20日至21日。",
        "中央企业应当于每年6月30日前报送规划。",
        "第十九条 企业应当于6月30日前报送规划。",
        "公示期为5个工作日。",
        "2019年9月2日，我局召开会议。",
        "公示期间，如有异议请反馈。",
        "电话：0551-9-10，邮编：100-9。",
    ],
)
def test_no_period_is_invented(sentence: str) -> None:
    assert read_period([sentence], DAY) is None


def test_without_a_day_of_its_own_a_year_is_needed() -> None:
    assert read_period(["请于9月18日前报送。"], None) is None
    assert read_period(["请于2019年9月18日前报送我局。"], None) is not None


@given(st.lists(st.text(max_size=80), max_size=4), st.none() | st.dates())
def test_any_text_is_survived(paragraphs: list[str], day: dt.date | None) -> None:
    read_period(paragraphs, day)


@given(st.dates(dt.date(2019, 9, 9), dt.date(2020, 3, 1)), st.integers(0, 60))
def test_printed_ranges_come_back(opens: dt.date, length: int) -> None:
    closes = opens + dt.timedelta(days=length)
    said = f"公示时间：{opens.year}年{opens.month}月{opens.day}日至{closes.year}年{closes.month}月{closes.day}日"
    period = read_period([said], DAY)
    assert period is not None
    assert (period.opens, period.closes) == (opens, closes)
