"""Periods: only what a text says in so many words."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.fact.period import read_period

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
    ("text", "opens", "closes"),
    [
        # the words around a last day
        ("请于9月20日（周五）下班前把回执传真到会务组。", "", "2019-09-20"),
        ("案例文稿9月25日前发给联系人。", "", "2019-09-25"),
        ("登记表于9月23日前发 abc@example.cn。", "", "2019-09-23"),
        ("请在9月18日之前，将密封的文件（一正两副）送到服务大厅。", "", "2019-09-18"),
        ("知道内情的，恳请在9月19日前告诉我们。", "", "2019-09-19"),
        ("对名单有意见的，请于9月17日以前来函来电。", "", "2019-09-17"),
        ("通过统计系统于9月24日前提交更正数据。", "", "2019-09-24"),
        ("首轮征集到10月20日结束，此后随到随收。", "", "2019-10-20"),
        ("报名请扫码，9月14日12:00关闭。", "", "2019-09-14"),
        ("申报截止日期延长至10月15日。", "", "2019-10-15"),
        ("原定9月20日截止的申报延期到9月30日。", "", "2019-09-30"),
        ("公众可自即日起至2019年10月9日，以电子邮件反馈意见。", "", "2019-10-09"),
        ("征求意见时间：自公布之日起至10月8日。", "", "2019-10-08"),
        ("公 示 期：2019年9月16日至2019年9月23日", "2019-09-16", "2019-09-23"),
        # of several, the last that is handed in
        ("企业9月15日前填报，各市9月20日前完成审核，9月25日前报送我厅。", "", "2019-09-25"),
        ("企业9月13日前上传明细，区县核对后于9月29日前行文报我委。", "", "2019-09-29"),
        ("整改应于9月30日前完成，整改报告10月15日前报我局。", "", "2019-10-15"),
        # where a period begins
        ("申报系统9月16日9:00开放，10月15日24:00关闭。", "2019-09-16", "2019-10-15"),
        ("网上填报从9月9日起，至10月18日18:00关闭。", "2019-09-09", "2019-10-18"),
        ("9月10日起受理。县区签署意见后于10月10日前报市局。", "2019-09-10", "2019-10-10"),
        # cells of a table
        ("截止时间\t2019年9月20日17:00", "", "2019-09-20"),
        ("网上填报\t申报单位\t上传扫描件\t2019年9月20日17:00截止", "", "2019-09-20"),
        ("环节\t申报截止时间\n填报\t2019年9月30日", "", "2019-09-30"),
        ("项目\t截止时间\n甲类\t9月20日\n乙类\t9月25日", "", ""),
        # nobody's time for handing in
        ("五家企业承诺9月26日以前完成修改并提交复测报告。", "", ""),
        ("我局将于9月30日前将结果反馈申请人。", "", ""),
        ("9月13日（星期五）至15日（星期日）闭窗，16日照常受理。", "", ""),
        ("窗口9月13日至15日暂停受理申请。", "", ""),
        ("会议于9月20日结束，与会代表提交了论文。", "", ""),
        ("报名已于9月5日截止。", "", ""),
        ("8月1日至9月1日征求了公众意见，没有收到建议。", "", ""),
        ("9月20日前后推荐一批企业参展。", "", ""),
        ("9月20日停止供水，请提前储水。", "", ""),
    ],
)
def test_more_ways_to_say_it(text: str, opens: str, closes: str) -> None:
    period = read_period(text.split("\n"), DAY)
    found = (period.opens, period.closes) if period else (None, None)
    assert found == (d(opens), d(closes))


@pytest.mark.parametrize(
    ("title", "sentence", "closes"),
    [
        ("某某名单公示", "时间：9月10日至9月16日。", "2019-09-16"),
        ("某某名单公示", "欢迎监督，期限到2019年9月18日为止。", "2019-09-18"),
        ("某某名单公示", "如有异议，请于9月10日至17日以书面形式反映。", "2019-09-17"),
        ("关于申报某某项目的通知", "系统将于9月30日关闭。", "2019-09-30"),
        ("关于举办某某培训班的通知", "时间：9月10日至9月16日。", ""),
        ("关于某某工作的通知", "时间：9月10日至9月16日。", ""),
        ("关于平台维护的通知", "系统将于9月30日关闭。", ""),
    ],
)
def test_the_title_says_what_a_bare_time_is_for(title: str, sentence: str, closes: str) -> None:
    period = read_period([sentence], DAY, title)
    assert (period.closes if period else None) == d(closes)


@pytest.mark.parametrize(
    ("sentence", "opens", "closes"),
    [
        ("网上填报受理时间：2019年9月6日-2019年10月11日（截止至18:00）", "", "18:00"),
        ("系统填报时间：2019年9月10日09:00-2019年9月23日17:30", "09:00", "17:30"),
        ("报名截止时间：2019年9月20日下午5时", "", "17:00"),
        ("请于9月20日17:00前将材料报送我局。", "", "17:00"),
        ("申报时间：9月10日至9月20日24时。", "", "23:59"),
        ("请于9月18日上午11:30之前，把文件送到本局。", "", "11:30"),
        ("申报系统9月16日9:00开放，9月30日24:00关闭。", "09:00", "23:59"),
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
