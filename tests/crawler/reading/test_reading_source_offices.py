"""Whom a source line names: offices that make news, labels in brackets as a whole; no press."""

import datetime as dt

import pytest

from crawler.clock import BEIJING
from crawler.notice import Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=BEIJING)
TITLE = "青岭县公开征集湿地公园命名建议"
TEXT = (
    "<p>湿地公园一期已经完成绿化，现面向社会公开征集公园名称，名称要朗朗上口、体现水乡特色。</p>"
    "<p>市民可以在2023年6月9日前把建议发到邮箱name@example.gov.cn，并写明命名的理由。</p>"
    "<p>被采用的名称将在县政府网站公布，感谢大家对家乡建设的关心和支持。</p>"
)


def read(info: str) -> Notice:
    markup = (
        f"<html><head><title>{TITLE}</title></head><body><ul><li><a href=/>首页</a></li></ul>"
        f"<div class=main><h1>{TITLE}</h1><div class=info>{info}</div>"
        f"<div class=con>{TEXT}</div></div></body></html>"
    )
    response = build_response("http://www.example.gov.cn/show.asp?id=8", markup.encode())
    return read_notice(response, None, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("info", "issuer"),
    [
        ("【时间：2023-05-09】　【来源：青岭县政府办公室】　【字号：大】", "青岭县政府办公室"),
        ("发布时间：2023-05-09　来源：[青岭县教育局]", "青岭县教育局"),
        ("<span>来源：县政府新闻办</span><span>发布时间：2023-05-09 16:55</span>", "县政府新闻办"),
        ("发布时间：2023-05-09　来源：县委编办　浏览：3次", "县委编办"),
        ("发布时间：2023-05-09　来源：市人防办", "市人防办"),
        ("发布时间：2023-05-09　来源：省广播电视局", "省广播电视局"),
        ("发布时间：2023-05-09　来源：新华区城管局", "新华区城管局"),
        ("发布时间：2023-05-09　来源：县新闻中心", ""),
        ("发布时间：2023-05-09　来源：青岭新闻", ""),
        ("发布时间：2023-05-09　来源：县广播电视台", ""),
    ],
)  # fmt: skip
def test_source_names_the_issuer_unless_it_is_press(info: str, issuer: str) -> None:
    assert read(info).issuers == ([issuer] if issuer else [])


def test_the_box_above_a_text_gives_the_opening() -> None:
    days = "2023-05-09 08:00 至 2023-06-09 23:59"
    period = read(f"<p>发布时间：2023-05-09</p><p>征集时间：{days}</p>").period
    assert period is not None
    assert (period.opens, period.closes) == (dt.date(2023, 5, 9), dt.date(2023, 6, 9))
    assert period.opens_time == dt.time(8)
