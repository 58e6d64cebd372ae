"""Notices whose text stands in a file, a frame or a picture: it is said where, and the file kept."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import AttachmentKind, Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice
from crawler.reading.page_kind import Kind, page_kind

URL = "https://sl.example.gov.cn/tzgg/202604/t20260408_311.html"
TITLE = "关于印发全市小型水库管护办法的通知"
FOOT = (
    "<div class=f><p>主办单位：青禾市水利局　地址：青禾市滨河路18号</p><p>联系电话：0000-1234567</p>"
    "<p>版权所有：青禾市水利局 某ICP备00000000号</p></div>"
)
BESIDE = "<div>上一篇：<a href=/1.html>关于做好春灌工作的通知</a> 下一篇：<a href=/2.html>没有了</a></div>"


def read(inner: str) -> Notice:
    markup = (
        f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><ul><li><a href=/a/>首页</a></li></ul>"
        f"<h1>{TITLE}</h1><div>发布时间：2026-04-08　来源：市水利局</div><div class=x>{inner}</div>{BESIDE}{FOOT}</body></html>"
    )
    response = build_response(URL, markup.encode())
    assert isinstance(response, TextResponse)
    assert page_kind(response).kind is Kind.NOTICE
    return read_notice(response, None, now=dt.datetime(2026, 4, 9, tzinfo=BEIJING))


PDF = "https://sl.example.gov.cn/f/P020260408.pdf"
OFFICE = "https://view.example.com/op/embed.aspx?src=https%3A%2F%2Fsl.example.gov.cn%2Ff%2Fa.docx"
SHOWN = {
    "<iframe src=/f/P020260408.pdf></iframe>": PDF,
    "<iframe src='/pdfjs/web/viewer.html?file=/f/P020260408.pdf'></iframe>": PDF,
    "<iframe src='/pdfjs/web/viewer.html?file=%2Ff%2FP020260408.pdf#page=1'></iframe>": PDF,
    f"<iframe src='{OFFICE}'></iframe>": "https://sl.example.gov.cn/f/a.docx",
    "<object data=/f/P020260408.pdf type=application/pdf></object>": PDF,
    "<object><param name=SRC value=/f/P020260408.pdf></object>": PDF,
    "<embed src=/f/P020260408.pdf>": PDF,
    "<script>showPdf('/f/P020260408.pdf','100%','600')</script>": PDF,
    "<iframe src='/download/downfile.jsp?classid=0&filename=2604.pdf'></iframe>": (
        "https://sl.example.gov.cn/download/downfile.jsp?classid=0&filename=2604.pdf"
    ),
    "<iframe src=/content/5.html></iframe>": "",
}


@pytest.mark.parametrize("inner", SHOWN)
def test_a_document_shown_in_the_page(inner: str) -> None:
    notice = read(inner)
    assert notice.text == ""
    assert [x.detail for x in notice.problems if x.code == "text.elsewhere"] == [
        "页面上没有正文，正文在嵌入的页面或文件里。"
    ]
    assert [x.url for x in notice.attachments] == ([SHOWN[inner]] if SHOWN[inner] else [])


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        (f"<p><a href=/f/a.pdf>{TITLE}.pdf</a></p>", f"{TITLE}.pdf"),
        (f"<p><a href=/f/a.ofd>{TITLE}</a></p>", TITLE),
        ("<p>附件：<a href=/f/a.pdf>管护办法</a></p>", "管护办法"),
        ("<p><a href=/f/a.wps>点击查看全文</a></p>", "点击查看全文"),
    ],
)
def test_a_text_that_is_but_a_link_to_its_file(inner: str, name: str) -> None:
    notice = read(inner)
    assert [x.name for x in notice.attachments] == [name]
    assert f"附件“{name}”" in next(x.detail for x in notice.problems if x.code == "text.elsewhere")


@pytest.mark.parametrize(
    "inner",
    [
        "<p><img src=/f/W020.jpg></p>",
        "<p><a href=/f/W020.jpg><img src=/f/W020.jpg></a></p>",
        f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 300}'>",
    ],
)
def test_a_text_that_is_a_picture(inner: str) -> None:
    notice = read(inner)
    assert "图片" in next(x.detail for x in notice.problems if x.code == "text.elsewhere")
    assert all(x.kind is AttachmentKind.IMAGE for x in notice.attachments)


@pytest.mark.parametrize("inner", ["", "<p>（来源：市水利局）</p>", "<video src=/v/a.mp4></video>"])
def test_the_foot_of_a_page_is_never_its_text(inner: str) -> None:
    notice = read(inner)
    assert "主办单位" not in notice.text
    assert "text.missing" in [x.code for x in notice.problems]


def test_a_short_text_is_one() -> None:
    notice = read("<p>即日起解除封山禁火令。</p><p>特此公告。</p>")
    assert notice.text.split("\n") == ["即日起解除封山禁火令。", "特此公告。"]
    assert not [x for x in notice.problems if x.code.startswith("text.")]


def test_a_frame_beside_a_text_is_no_attachment() -> None:
    text = "各县区水利局：现将办法印发给你们，请认真贯彻执行，执行中的问题及时报告市局。"
    notice = read(f"<p>{text}</p><iframe src=/f/P020260408.pdf></iframe>")
    assert (notice.text, notice.attachments) == (text, [])
