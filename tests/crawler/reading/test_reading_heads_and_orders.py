"""What stands at the head of a notice or hides behind it: orders above a repeated title, letters
with their answers, tabs of files, marks of columns, years of two figures."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from scrapy.http import TextResponse

from crawler.notice import Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice
from crawler.reading.page_kind import Kind, page_kind

URL = "http://lyj.example.gov.cn/html/gg/2018/03/05/612.html"
TITLE = "青石县古树名木保护管理办法"
NAV = "<ul>" + "".join(f"<li><a href=/c{n}/>林业栏目{n}</a></li>" for n in range(6)) + "</ul>"
FOOT = "<div class=foot><p>版权所有：青石县林业局</p></div>"
ORDER = [
    "青石县人民政府令",
    "第12号",
    "《青石县古树名木保护管理办法》已经县政府常务会议审议通过，现予公布。",
    "县 长　某某某",
    "2018年3月1日",
]
TEXT = [
    "第一条　为了保护古树名木，根据有关法律，结合本县实际，制定本办法。",
    "第二条　本办法适用于本县行政区域内古树名木的保护和管理。",
    "第三条　本办法自2018年5月1日起施行。",
]
INFO = "<div class=i>发布时间：2018-03-05　来源：青石县林业局</div>"
TABLE = (
    "<table><tr><td>索引号：</td><td>QS-2018-7</td><td>发布机构：</td><td>青石县人民政府</td></tr>"
    "<tr><td>有效性：</td><td>有效</td><td>发布日期：</td><td>2018-03-05</td></tr></table>"
)
ROWS = "".join(
    f"<li><a href=/gg/{n}.html>关于第{n}批采伐许可的公告</a><span>2018-02-0{n}</span></li>"
    for n in range(1, 8)
)


def lines(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def response(inner: str, title: str = TITLE, head: str = "", url: str = URL) -> TextResponse:
    markup = f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{NAV}{inner}{FOOT}</body></html>"
    found = build_response(url, markup.encode())
    assert isinstance(found, TextResponse)
    return found


def read(inner: str, now: dt.datetime, title: str = TITLE, head: str = "") -> Notice:
    return read_notice(response(inner, title, head), None, now=now)


def day(notice: Notice) -> str:
    return notice.published.date().isoformat() if notice.published else ""


@pytest.mark.parametrize("head", [TABLE, INFO, ""])
def test_an_order_above_the_title_of_what_it_makes_known_is_of_the_text(
    head: str, now: dt.datetime
) -> None:
    notice = read(f"{head}<div class=con>{lines(*ORDER, TITLE, *TEXT)}</div>", now)
    assert notice.text.split("\n") == [*ORDER, TITLE, *TEXT]
    assert notice.title == TITLE
    assert notice.written == dt.date(2018, 3, 1)
    assert notice.doc_number == "青石县人民政府令第12号"


def test_what_stands_above_a_title_without_a_sentence_is_no_order(now: dt.datetime) -> None:
    notice = read(f"<div class=con>{lines('青石县林业局', '2018-03-05', TITLE, *TEXT)}</div>", now)
    assert notice.text.startswith((TITLE, TEXT[0]))


LETTER = "建议在县城东路补种行道树"
ASKED = "县城东路行道树枯死多株，夏天行人没有遮阴的地方，建议尽快补种。"
ANSWERED = "您好，您反映的情况已经核实，我局将于本月底前完成补种，感谢关注。"


def test_the_title_of_a_letter_is_not_the_heading_of_question_or_answer(now: dt.datetime) -> None:
    notice = read(
        f"<div class=xj><h3>{LETTER}</h3><table><tr><td>来信人</td><td>李**</td></tr>"
        "<tr><td>来信时间</td><td>2018-03-05 21:14</td></tr></table>"
        f"<div><h4>来信内容</h4><div>{ASKED}</div></div><div><h4>答复内容</h4><p>{ANSWERED}</p></div>"
        "<div><span>您对该答复是否满意？</span><label>满意</label><label>不满意</label></div></div>",
        now,
        title="信件详情_青石县人民政府",
    )
    assert notice.title == LETTER
    assert day(notice) == "2018-03-05"
    assert ASKED in notice.text
    assert ANSWERED in notice.text
    assert "是否满意" not in notice.text


HEAD = f"<h1>{TITLE}</h1>{INFO}"
FILES = (
    "<p><a href=/u/1.docx>附件1：登记表.docx</a></p><p><a href=/u/2.xls>附件2：汇总表.xls</a></p>"
)
TABS = "<ul><li class=on>正文</li><li>{}</li></ul>"


@pytest.mark.parametrize(
    ("tab", "box", "files"),
    [
        ("附件下载", f"<div style='display:none'>{FILES}</div>", ["/u/1.docx", "/u/2.xls"]),
        ("附件", f"<div hidden><ul><li>{FILES}</li></ul></div>", ["/u/1.docx", "/u/2.xls"]),
        # not named after files; a box that says more; the files of a menu
        ("解读", f"<div style='display:none'>{FILES}</div>", []),
        ("附件", f"<div style='display:none'><p>安装插件后使用本功能。</p>{FILES}</div>", []),
    ],
)
def test_files_behind_a_tab(tab: str, box: str, files: list[str], now: dt.datetime) -> None:
    notice = read(f"<div>{HEAD}{TABS.format(tab)}<div>{lines(*TEXT)}</div>{box}</div>", now)
    assert [x.url.removeprefix("http://lyj.example.gov.cn") for x in notice.attachments] == files
    assert notice.text == "\n".join(TEXT)


def test_a_hidden_text_beside_a_list_is_a_notice() -> None:
    dated = f"<h3>{TITLE}</h3><p>2018-03-05　办公室</p><textarea style='display:none'>&lt;p&gt;文&lt;/p&gt;</textarea>"
    assert (
        page_kind(
            response(
                f"<div>{dated}</div><div><h3>最新公告</h3><ul>{ROWS}</ul></div>",
                f"{TITLE}-公告-某局",
            )
        ).kind
        is Kind.NOTICE
    )


@pytest.mark.parametrize("name", ["通知公告", "古树名木保护工作动态信息"])
def test_a_list_under_the_name_of_its_column_stays_a_list(name: str) -> None:
    found = response(f"<h3>{name}</h3><ul>{ROWS}</ul>", f"{name}-某局", url=URL[:38])
    assert page_kind(found).kind is Kind.LIST


@pytest.mark.parametrize(
    ("shown", "said", "expected"),
    [
        (f"[通知]{TITLE}", f"{TITLE}_某局", TITLE),
        (f"［公示］ {TITLE}", "青石县林业局", TITLE),
        (f"【林业要闻】{TITLE}", f"{TITLE}_某局", TITLE),
        # the title's own
        (f"[通知]{TITLE}", f"[通知]{TITLE}_某局", f"[通知]{TITLE}"),
        (f"【公示】{TITLE}", "青石县林业局", f"【公示】{TITLE}"),
        (f"[2018]3号{TITLE}", "青石县林业局", f"[2018]3号{TITLE}"),
    ],
)
def test_a_column_s_name_before_a_title(
    shown: str, said: str, expected: str, now: dt.datetime
) -> None:
    assert read(f"<h1>{shown}</h1>{INFO}<div>{lines(*TEXT)}</div>", now, said).title == expected


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("发布时间：18-03-05", "2018-03-05"),
        ("日期：18/3/5 10:20　来源：本站", "2018-03-05"),
        ("发布人：admin　添加时间：98-03-05", "1998-03-05"),
        ("青石县林业局 | 2018.03.05 | 33", "2018-03-05"),
        ("青石县林业局 · 2018-03-05 · 33", "2018-03-05"),
        ("青石县林业局 2018-03-05 33", "2018-03-05"),
        ("青石县林业局 | 2018年3月5日 | 33", "2018-03-05"),
        # nothing calls it a day, or another day
        ("县政府 2018年3月5日 下午召开动员部署会", ""),
        ("电话：66-03-05", ""),
        ("截止日期：18-03-05", ""),
        ("版本 18-03-05", ""),
        ("发布时间：18-13-45", ""),
    ],
)
def test_short_years_and_parts_held_apart(info: str, expected: str, now: dt.datetime) -> None:
    inner = f"<h1>{TITLE}</h1><div class=i>{info}</div><div>{lines(*TEXT)}</div>"
    found = response(inner, url="http://lyj.example.gov.cn/a/612.html")
    notice = read_notice(found, None, now=now)
    assert day(notice) == expected


@pytest.mark.parametrize(
    "declared",
    ["Mon Mar 05 09:11:05 CST 2018", "2018-03-04T23:30:00Z", "2018-03-04T23:30:00.000+00:00"],
)
def test_declared_moments_of_other_programs(declared: str, now: dt.datetime) -> None:
    meta = f'<meta name=PubDate content="{declared}">'
    notice = read(f"<h1>{TITLE}</h1><div>{lines(*TEXT)}</div>", now, head=meta)
    assert day(notice) == "2018-03-05"


@pytest.mark.parametrize(
    ("box", "signed"),
    [
        ("<div class=lk><p>青石县林业局</p><p>2018年3月1日</p></div>", True),
        ("<div class=lk><p>青石县林业局</p><p>青石县财政局</p><p>2018年3月1日</p></div>", True),
        # who runs the site, and when it was changed
        ("<div class=lk><p>青石县林业局</p><p>2018-03-01</p></div>", False),
        ("<div class=lk><p>青石县林业局</p><p>更新于2018年3月1日</p></div>", False),
        ("<div class=lk><p>最近更新</p><p>2018年3月1日</p></div>", False),
    ],
)
def test_a_signature_in_a_box_of_its_own(box: str, signed: bool, now: dt.datetime) -> None:
    notice = read(f"<h1>{TITLE}</h1>{INFO}<div class=con>{lines(*TEXT)}</div>{box}", now)
    assert (notice.written == dt.date(2018, 3, 1)) is signed
    assert notice.text.startswith("\n".join(TEXT))
    assert ("林业局" in notice.text) is signed


@pytest.mark.parametrize(
    ("heading", "expected"), [(TITLE, TITLE), ("青石县林业局", ""), ("通知公告", "")]
)
def test_a_heading_that_is_a_link(heading: str, expected: str, now: dt.datetime) -> None:
    inner = f"<h3><a href=#>{heading}</a></h3>{INFO}<div>{lines(*TEXT)}</div>"
    assert read(inner, now, title="青石县林业局").title == expected
