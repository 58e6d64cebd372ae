"""clean: one form, harmless HTML, and nothing changes when it is done again."""

import copy
import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clock import BEIJING
from crawler.notice import Notice, Period, Retry, content_hash
from crawler.reading import READER_VERSION
from pipelines.clean import Clean, tidy
from pipelines.markup import ATTRIBUTES, SCHEMES, TAGS, sanitised
from pipelines.wording import one_form, one_line

PAGE = "https://jxj.huaibei.gov.cn/tz/1.html"
IMAGE = "https://jxj.huaibei.gov.cn/tz/i.png"


def html(markup: str) -> str:
    return sanitised(markup, PAGE, {IMAGE})


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("<p style='x' class=y id=z onclick='w()'>文</p>", "<p>文</p>"),
        ("<div><div><p></p>&nbsp;<span> </span></div></div>", ""),
        ("<div>一、总体要求</div><div>二、<b>重点</b>任务</div>", "<p>一、总体要求</p><p>二、重点任务</p>"),  # noqa: E501
        ("<p>　　各区县：</p>", "<p>各区县：</p>"),
        ("<h2><span>标题</span></h2>正文<br>又一行", "<h2>标题</h2><p>正文<br>又一行</p>"),
        ("<font><p>一</p>二<p>三</p></font>", "<p>一</p><p>二</p><p>三</p>"),
        ("面积 10<sup>4</sup> m<sup>2</sup>", "<p>面积 10<sup>4</sup> m<sup>2</sup></p>"),
        ("<a href='b.html'>表</a>", '<p><a href="https://jxj.huaibei.gov.cn/tz/b.html">表</a></p>'),
        ("<a href='mailto:a@example.cn'>信</a>", '<p><a href="mailto:a@example.cn">信</a></p>'),
        ("<a href='javascript:alert(1)'>点</a><a href='#x'>上</a>", "<p>点上</p>"),
        ("<a href='data:text/html,x'>点</a><a href='http://[bad'>坏</a>", "<p>点坏</p>"),
        (
            "<img src='i.png' alt='流程图' onerror='x()'><img src='https://elsewhere.cn/t.gif'>",
            f'<p><img alt="流程图" src="attachment:{IMAGE}"></p>',
        ),
        (
            "<table class=t><tr><th colspan=2>企业</th></tr><tr><td rowspan='2'>甲</td><td></td></tr></table>",  # noqa: E501
            '<table><tbody><tr><th colspan="2">企业</th></tr><tr><td rowspan="2">甲</td><td></td></tr>'  # noqa: E501
            "</tbody></table>",
        ),
        ("<table><tr><td><p>只是框</p></td></tr></table>", "<p>只是框</p>"),
        ("<table><tr><td></td><td> </td></tr></table>", ""),
        ("<ol start=3><li>三</li><li><p>四</p><ul><li>甲</li></ul></li></ol>",
         '<ol start="3"><li>三</li><li><p>四</p><ul><li>甲</li></ul></li></ol>'),
        ("<script>x</script><style>y</style><svg><a>v</a></svg>文", "<p>文</p>"),
        ("<table><tr><td><div> <span>甲</span>\n</div></td><td>乙<p>丙</p></td></tr></table>",
         "<table><tbody><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></tbody></table>"),
        ("<p>甲&#8203;乙&zwnj;丙</p><p>&amp;#8203;</p>", "<p>甲乙丙</p><p>&amp;#8203;</p>"),
        ("<scr\u200bipt>alert(1)</scr\u200bipt>文", "<p>文</p>"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>"),
        ("<!-- x --><o:p>文</o:p><?xml x?>", "<p>文</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_is_reduced_to_its_structure(markup: str, kept: str) -> None:
    assert html(markup) == kept


def test_deep_nesting_is_no_trouble() -> None:
    assert html("<div><span>" * 400 + "文") == "<p>文</p>"
    assert html("<ul><li>" * 120 + "文").count("文") == 1
    assert html("<div>" * 100_000 + "文") in ("", "<p>文</p>")  # lxml stops somewhere


NAMES = """div p span h2 table tr td th ul ol li a b sub sup br img script style svg math center
font o:p pre caption thead select form iframe noscript template"""
TAG = st.sampled_from(NAMES.split())
ATTRIBUTE = st.sampled_from(
    ["", ' href="b.html"', ' href="javascript:x"', ' href="http://[bad"', ' href="//a\u3000b/"',
     ' href="http://exa%mple/"', ' src="i.png" alt="a&quot;b"', " src=x onerror=x()", " colspan=2",
     ' style="x" class=y id=z', " start=3", ' href="http://a.gov.cn/é?a=1&amp;b=<2>"']
)  # fmt: skip
WORDS = st.sampled_from(
    ["文字", " ", "\u3000\u3000段落", "e", "\u0301", "&lt;script&gt;", "&#0;", "\u200b", "\n",
     "&nbsp;", "<", "&", "<!--x-->", "]]>", "<![CDATA[x]]>", "\x00", "\ud800", "</table>"]
) | st.text(max_size=5)  # fmt: skip
MARKUP = st.lists(
    st.builds("<{}{}>".format, TAG, ATTRIBUTE) | TAG.map("</{}>".format) | WORDS, max_size=25
).map("".join)


@given(MARKUP)
def test_no_markup_gets_through_and_cleaning_twice_changes_nothing(markup: str) -> None:
    once = html(markup)
    assert html(once) == once
    again = nh3.clean(
        once, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None
    )
    assert again == once
    assert not any(
        mark in once.lower() for mark in ("<script", "onerror=", "style=", "<svg", "<!--")
    )


@given(st.text())
def test_text_has_one_form(text: str) -> None:
    once = one_form(text)
    assert one_form(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) == "Cc" for char in once if char not in "\n\t")
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("　　一、总体要求　\r\n\r\n　二、“重点”，任务。", "一、总体要求\n二、“重点”，任务。"),
        ("序号\t 企业 \t地址\n1\t\t某地", "序号\t企业\t地址\n1\t\t某地"),
        ("通\u200b知\ufeff\x07\u00ad", "通知"),
        ("a\u00a0\u3000b  c", "a b c"),
        ("e\u0301", "é"),
        ("（一）全角，保留！１２", "（一）全角，保留！１２"),
    ],
)
def test_spaces_and_invisible_marks(text: str, form: str) -> None:
    assert one_form(text) == form


def test_a_notice_is_brought_into_the_one_form(
    notice: Callable[..., Notice], attachment: Callable[..., Any]
) -> None:
    it = notice(
        title=" 关于填报\u200b台账的　通知\n",
        doc_number="淮经信【2019】 15 号",
        issuers=["淮北市经济和信息化局 ", "", "淮北市经济和信息化局"],
        published=dt.datetime(2019, 9, 10),  # noqa: DTZ001
        attachments=[attachment(name="附表\u3000一 ", url=IMAGE)],
        html=f"<div><img src='{IMAGE}'></div>",
        period=Period(label=" 截止 ", sentence="于\u200b9月20日前报送。"),
    )
    assert Clean().process_item(it) is it
    assert it.title == "关于填报台账的 通知"
    assert (it.doc_number, it.doc_number_printed) == ("淮经信〔2019〕15号", "淮经信【2019】 15 号")
    assert it.issuers == ["淮北市经济和信息化局"]
    assert it.published == dt.datetime(2019, 9, 10, tzinfo=BEIJING)
    assert it.attachments[0].name == "附表 一"
    assert it.html == f'<p><img alt="" src="attachment:{IMAGE}"></p>'
    assert it.period
    assert it.period.sentence == "于9月20日前报送。"
    assert it.reader == READER_VERSION
    assert it.content_hash == content_hash(it)
    again = tidy(copy.deepcopy(it))
    assert again == it


def test_a_time_of_another_zone_becomes_beijing_time(notice: Callable[..., Notice]) -> None:
    moment = dt.datetime(2019, 9, 10, 16, 30, tzinfo=dt.UTC)
    published = tidy(notice(published=moment)).published
    assert published
    assert published.isoformat() == "2019-09-11T00:30:00+08:00"


def test_impossible_dates_are_not_taken_over(notice: Callable[..., Notice]) -> None:
    it = tidy(
        notice(published=dt.datetime(1970, 1, 1, tzinfo=BEIJING), written=dt.date(1900, 1, 1))
    )
    assert (it.published, it.written) == (None, None)
    assert [problem.code for problem in it.problems] == ["date.impossible"] * 2


def test_what_is_no_number_is_none(notice: Callable[..., Notice]) -> None:
    assert tidy(notice(doc_number="无")).doc_number == ""


def test_the_reader_that_made_it_is_kept(notice: Callable[..., Notice]) -> None:
    assert tidy(notice(reader="0")).reader == "0"


def test_other_items_pass(attachment: Callable[..., Any]) -> None:
    retry = Retry("huaibei_jxj", PAGE, attachment())
    assert Clean().process_item(retry) is retry
