"""Periods where a text names several days: whose is the readers' own, and what is none."""

# ruff: noqa: E501 - one sentence, one line

import datetime as dt

import pytest

from crawler.reading.fact.period import read_period

DAY = dt.date(2024, 5, 13)
CALL = "关于组织申报某某项目的通知"


def _closes(title: str, text: str) -> tuple[str, str]:
    period = read_period(text.split("\n"), DAY, title)
    if period is None:
        return "", ""
    return str(period.opens or ""), str(period.closes or "")


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        # who reads hands in first, others look it through and hand on
        ("企业填报截止时间为6月14日17:00，各市推荐名单于6月20日前交省局工业处。", "2024-06-14"),
        ("请各园区于6月14日前完成线上填报，市级部门于6月20日前审完并上报。", "2024-06-14"),
        ("填报截止时间为6月14日17时，主管部门审核截止时间为6月20日17时，纸质材料报送截止时间为6月28日。", "2024-06-14"),
        ("1.填报。申报人6月14日前在系统里提交。\n2.推荐。各单位6月20日前报送推荐函。", "2024-06-14"),
        ("（一）个人申报（5月15日—6月14日）。（二）单位推荐（6月15日—6月20日）。", "2024-06-14"),
        ("分三批受理：第一批截至6月14日，第二批截至8月30日。", "2024-06-14"),
        # but the writer may ask its own readers for the last only
        ("企业6月14日前填报，各县6月20日前看过，6月25日前报送我局。", "2024-06-25"),
    ],
)  # fmt: skip
def test_of_several_days_the_readers_own(text: str, closes: str) -> None:
    assert _closes(CALL, text)[1] == closes


@pytest.mark.parametrize(
    ("title", "text", "closes"),
    [
        ("某某采购更正公告", "原：投标截止时间：2024年5月20日，现更正为：2024年5月27日。", "2024-05-27"),
        ("某某采购更正公告", "更正前：投标截止时间 5月20日\n更正后：投标截止时间 5月27日\n更正日期：5月13日", "2024-05-27"),
        ("某某采购更正公告", "事项\t更正前\t更正后\n1\t投标截止时间\t2024年5月20日 9:30\t2024年5月27日 9:30", "2024-05-27"),
        ("关于申报的通知", "原报名截止时间5月20日延长至5月31日17:00。", "2024-05-31"),
        ("关于延期举办培训的通知", "原定5月20日的培训延期至6月3日，回执请于5月28日前反馈。", "2024-05-28"),
    ],
)  # fmt: skip
def test_a_day_put_off_is_the_new_one(title: str, text: str, closes: str) -> None:
    assert _closes(title, text)[1] == closes


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("填报起始时间为5月20日9:00，截止时间（含单位审核）为6月14日16:30。", "2024-05-20", "2024-06-14"),
        ("系统开放时间为5月20日，截止时间为6月14日24时。", "2024-05-20", "2024-06-14"),
        ("申报系统将于6月14日17时准时关闭。", "", "2024-06-14"),
        ("征稿时间：即日起至6月14日。", "", "2024-06-14"),
        ("来稿请寄编辑部，6月14日截稿。", "", "2024-06-14"),
        ("申报截止时间（以寄出邮戳为准）：2024年6月14日。", "", "2024-06-14"),
        ("二、续签时间：5月20日至5月31日。", "2024-05-20", "2024-05-31"),
        ("投票时间：5月20日8:00—5月26日18:00。", "2024-05-20", "2024-05-26"),
        ("挂牌时间：5月20日至6月3日。竞买申请截止时间为5月31日16时。", "", "2024-05-31"),
        ("请申请人于6月14日前向所在街道（镇）提交申请，领到的许可证有效期限至2024年12月29日。", "", "2024-06-14"),
    ],
)  # fmt: skip
def test_labels_with_remarks_and_of_other_work(text: str, opens: str, closes: str) -> None:
    assert _closes(CALL, text) == (opens, closes)


@pytest.mark.parametrize(
    "text",
    [
        "2024年6月1日至8月31日期间，对购买家电的居民给予补贴，可申请一次。",
        "购车时间在6月1日至8月31日之间的，申请截止时间另行通知。",
        "系统将于5月17日18:00至5月19日24:00停机升级，期间暂停受理业务。",
        "5月10日前，全市申报企业达到一百家。",
        "6月30日前完成申报系统建设。",
        "6月30日前仍可用旧式表格提交。",
        "笔试时间：6月15日至6月16日。",
        "执行期限为2024年7月1日至2025年6月30日。",
        "许可证有效期至2024年12月31日，届满前提出延续申请。",
    ],
)
def test_what_no_one_has_to_hand_in_by(text: str) -> None:
    assert _closes(CALL, text) == ("", "")


def test_an_event_does_not_hide_the_day_of_the_reply() -> None:
    text = "展会定于6月8日至10日举行，诚邀企业报名。请于5月30日前把回执发送至联系人。"
    assert _closes("关于邀请参加展会的通知", text)[1] == "2024-05-30"
    text = "整治从5月20日到6月20日，请各镇于6月25日前报送总结。"
    assert _closes("关于整治的通知", text) == ("", "2024-06-25")


def test_a_day_that_is_all_its_heading_says() -> None:
    text = "三、获取文件\n时间：5月14日至5月20日\n四、递交投标文件截止时间、开标时间和地点\n2024年6月4日 09点30分（北京时间）"
    assert _closes("某某中学课桌采购招标公告", text) == ("", "2024-06-04")
    text = "四、开标时间和地点\n2024年6月4日 09点30分（北京时间）"
    assert _closes("某某中学课桌采购招标公告", text) == ("", "")
