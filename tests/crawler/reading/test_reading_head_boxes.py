"""Boxes between title and text: a number beside buttons, whose number it is, who stands by the day."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=BEIJING)
TITLE = "关于发放渔船维修补助的通知"
NUMBER = "湾财农〔2024〕3号"
FIRST = "为帮助渔民及早出海，现将渔船维修补助的发放事项通知如下。"
TEXT = (
    f"<p>{FIRST}</p><p>一、补助对象为在本县登记的渔船，每船每年补助一次。</p>"
    "<p>二、各镇在四月底前核实船名册，并在村里张榜。</p><p>青湾县财政局</p><p>2024年3月5日</p>"
)
FONTS = "<div>字体：【<a href=#a>大</a>】【<a href=#b>中</a>】【<a href=#c>小</a>】</div><a href='javascript:window.print()'>打印</a>"
BUTTONS = "<div><span>大</span><span>中</span><span>小</span><span>打印</span></div>"


def read(head: str, text: str = f"<div>{TEXT}</div>", title: str = TITLE, foot: str = "") -> Notice:
    markup = (
        f"<html><head><title>{title}</title></head><body><div><a href=/>首页</a> &gt; <a href=/tz/>通知</a></div>"
        f"<div><h1>{title}</h1>{head}{text}</div>{foot}<div>版权所有：青湾县财政局 某ICP备1号</div></body></html>"
    )
    response = build_response("http://qingwan.example/a/1.html", markup.encode(), {}, 200)
    assert isinstance(response, TextResponse)
    return read_notice(response, None, now=NOW)


@pytest.mark.parametrize(
    "head",
    [
        f"<div><span>{NUMBER}</span>{FONTS}</div>",
        f"<p>{NUMBER}</p>{BUTTONS}",
        f"<p>{NUMBER}</p><p>【字体：大 中 小】 打印本页</p>",
        f"<div>2024-03-06 来源：县财政局</div><p>{NUMBER}</p><div>分享到：微信 微博</div>",
        f"{FONTS}<p>{NUMBER}</p><p>打印</p>",
    ],
)
@pytest.mark.parametrize("text", [f"<div>{TEXT}</div>", TEXT])
def test_a_number_that_buttons_part_from_the_text(head: str, text: str) -> None:
    notice = read(head, text)
    assert notice.text.startswith(FIRST)
    assert notice.text.endswith("2024年3月5日")
    assert (notice.doc_number, notice.written) == (NUMBER, dt.date(2024, 3, 5))


def test_a_number_of_an_announcement_above_the_buttons() -> None:
    for number in (
        "<p>青湾县财政局公告2024年第7号</p>",
        "<p>青湾县财政局公告</p><p>2024年第7号</p>",
    ):
        notice = read(f"<div>{number}{FONTS}</div>", title="关于发放渔船维修补助的公告")
        assert notice.text.startswith(FIRST)
        assert notice.doc_number == "青湾县财政局公告2024年第7号"


def test_a_number_with_the_text_below_it_begins_the_text() -> None:
    notice = read(BUTTONS, f"<div><p>{NUMBER}</p>{TEXT}</div>")
    assert notice.text.startswith(NUMBER)
    assert notice.doc_number == NUMBER


def test_a_number_in_a_table_that_lays_out_the_page() -> None:
    text = f"<table><tr><td><p>{NUMBER}</p>{TEXT}</td></tr></table>"
    assert read("<div>2024-03-06</div>", text).doc_number == NUMBER
    text = f"<table><tr><td>{NUMBER}</td><td>签发人：林帆</td></tr></table>{TEXT}"
    assert read("<div>2024-03-06</div>", text).doc_number == NUMBER


def test_a_text_that_is_only_a_file_is_not_left_out_for_the_foot() -> None:
    foot = "<div>网站地图 | 关于我们</div><div><p>主办：青湾县财政局</p><p>联系电话：0000-5665881　技术支持：某公司</p></div>"
    text = "<div><p>附件下载：<a href=a.pdf>渔船维修补助发放表.pdf</a></p></div>"
    assert read("<div>2024-03-06</div>", text, foot=foot).text == "附件下载：渔船维修补助发放表.pdf"


@pytest.mark.parametrize(
    ("title", "box", "number"),
    [
        (TITLE, f"<div><b>关联文件</b><span>{NUMBER}</span></div>", ""),
        (TITLE, f"<dl><dt>相关政策</dt><dd>{NUMBER}</dd></dl>", ""),
        ("《渔船维修补助办法》解读", f"<p>{NUMBER}</p>", ""),
        (f"【政策解读】渔船维修补助办法（{NUMBER}）", "", ""),
        (f"解读《渔船维修补助办法》（{NUMBER}）", "", ""),
        (f"关于做好政策解读工作的通知（{NUMBER}）", "", NUMBER),
        (TITLE, f"<div><span>{NUMBER}</span></div>", NUMBER),
    ],
)
def test_whose_number_stands_by_the_title(title: str, box: str, number: str) -> None:
    assert (read(f"<div>2024-03-06</div>{box}", title=title).doc_number or "") == number


def test_numbers_in_a_list_are_of_what_it_lists() -> None:
    row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    rows = row.format("序号", "名称", "文号") + row.format(1, "渔港停泊办法", NUMBER)
    text = f"<div><table>{rows}</table></div>"
    assert not read("<div>2024-03-06</div>", text, title="关于公布继续有效文件的通知").doc_number


def test_a_number_in_brackets_behind_the_office_in_a_title() -> None:
    title = "青湾县财政局公告（2024年第3号）"
    assert read("<div>2024-03-06</div>", title=title).doc_number == "青湾县财政局公告(2024年第3号)"


@pytest.mark.parametrize(
    ("info", "names"),
    [
        ("2024-03-06 16:22　　县水利局", ["县水利局"]),
        ("县水利局 | 2024-03-06", ["县水利局"]),
        ("2024-03-06 | 县水利局 | 浏览：12", ["县水利局"]),
        ("2024-03-06 青湾日报", []),
        ("2024-03-06 字号：大 中 小", []),
    ],
)
def test_an_agency_beside_the_day_without_a_label(info: str, names: list[str]) -> None:
    text = f"<div><p>{FIRST}</p><p>检查组看了十二座水库，要求把险情登记在册，限期处理。</p></div>"
    assert read(f"<div>{info}</div>", text, title="水库汛前检查完成").issuers == names


def test_all_who_sign_go_before_two_of_them_and_more_in_the_table() -> None:
    names = ["青湾县财政局", "青湾县渔业局", "青湾县公安局"]
    table = (
        "<table><tr><td>索引号</td><td>QW-2024-3</td><td>发文机关</td>"
        "<td>青湾县财政局、青湾县渔业局等3部门</td></tr></table>"
    )
    signed = "".join(f"<p>{x}</p>" for x in names)
    text = f"<div><p>{FIRST}</p><p>各镇要认真核实，不得漏报。</p>{signed}<p>2024年3月5日</p></div>"
    assert read(table, text).issuers == names
