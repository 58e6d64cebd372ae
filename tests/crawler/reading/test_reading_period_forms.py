"""More forms of periods: numerals, pairs of labels, whose day it is; and what is none."""

# ruff: noqa: E501 - one sentence, one line

import datetime as dt

import pytest

from crawler.reading.dates import in_figures
from crawler.reading.fact.period import read_period

DAY = dt.date(2023, 3, 6)


@pytest.mark.parametrize(
    ("title", "text", "opens", "closes"),
    [
        ("", "请各单位于二〇二三年九月十五日前将材料报送我局人事科。", "", "2023-09-15"),
        ("", "请于三月二十日前将有关情况报送我局。", "", "2023-03-20"),
        ("", "公示时间：二○二三年三月七日至十三日。", "2023-03-07", "2023-03-13"),
        ("", "网上报名时间：3月8日9∶00至3月14日24时。", "2023-03-08", "2023-03-14"),
        ("", "征求意见期限：2023年3月6日 00:00:00至2023年4月5日 23:59:59", "2023-03-06", "2023-04-05"),
        ("", "征集时间：[2023-03-06] 至 [2023-04-06]", "2023-03-06", "2023-04-06"),
        ("某某建议征集", "开始时间：2023-03-06\n结束时间：2023-04-06", "2023-03-06", "2023-04-06"),
        ("某某建议征集", "征集开始时间\t2023-03-06\t征集结束时间\t2023-04-06", "2023-03-06", "2023-04-06"),
        ("某某建议征集", "从即日起到3月20日止，市民可以来信、来电提出建议。", "", "2023-03-20"),
        ("某某名单公示", "本名单公示至2023年3月10日。", "", "2023-03-10"),
        ("关于征集科普作品的通知（截止2023年8月31日）", "欢迎投稿。", "", "2023-08-31"),
        ("关于假期安排的通知", "4月5日放假。请各单位于4月3日前将值班表报送办公室。", "", "2023-04-03"),
        # the day of the agency that writes, not that of one above it
        ("", "省科技厅集中受理时间为4月1日至4月30日。请各县于3月25日前将推荐表报送我局。", "", "2023-03-25"),
        ("", "省厅要求于4月30日前报送，请各县于4月20日前报市局。", "", "2023-04-20"),
        ("", "省科技厅集中受理时间为2023年4月1日至4月30日。", "2023-04-01", "2023-04-30"),
        # who is meant, not what is asked for
        ("", "对申报截止日（2023年3月31日）前完成汇算的企业给予退税。", "", ""),
        ("", "凡3月31日前完成申报的纳税人均可享受优惠。", "", ""),
        ("", "数据截止时间：2023年2月28日。", "", ""),
        ("", "请于3月31日前推荐符合条件的企业参加申报。", "", "2023-03-31"),
    ],
)  # fmt: skip
def test_periods(title: str, text: str, opens: str, closes: str) -> None:
    period = read_period(text.split("\n"), DAY, title)
    found = (period.opens, period.closes) if period else (None, None)
    assert found == tuple(dt.date.fromisoformat(x) if x else None for x in (opens, closes))


def test_the_sentence_is_quoted_as_printed() -> None:
    period = read_period(["一、要求。请于二〇二三年三月二十日前报送我局。"], DAY)
    assert period is not None
    assert period.sentence == "请于二〇二三年三月二十日前报送我局。"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("二〇二三年十二月三十一日", "2023年12月31日"),
        ("元月廿三日", "1月23日"),
        ("三个月、十日内、二十日", "三个月、十日内、二十日"),
        ("二○二三年三月七日至十三日", "2023年3月7日至13日"),
    ],
)
def test_dates_in_figures(text: str, figures: str) -> None:
    assert in_figures(text) == figures
