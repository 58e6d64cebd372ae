"""Bytes become the right response: the bytes decide, not what is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse, XmlResponse

from crawler.reading.charset import build_response, encoding_of

URL = "https://www.example.gov.cn/a.html"
TEXT = "关于组织申报示范项目的通知，请于本月底前报送；镕、㐀、𠮷等字也在其中。"
chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8)


def html(text: str, charset: str = "") -> str:
    return f"<html><head>{charset}<title>{text}</title></head><body><p>{text}</p></body></html>"


def text_of(body: bytes, **headers: str) -> str:
    response = build_response(URL, body, headers)
    assert isinstance(response, TextResponse)
    return response.text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "declared", ["", '<meta charset="gb2312">', '<meta charset="utf-8">', '<meta charset="x-none">']
)
@pytest.mark.parametrize(
    "header",
    [
        "",
        "text/html",
        "text/html; charset=gbk",
        "text/html; charset=utf-8",
        "text/html; charset=iso-8859-1",
    ],
)
def test_a_lying_header_or_meta_loses(encoding: str, declared: str, header: str) -> None:
    body = html(TEXT, declared).encode(encoding)
    assert TEXT in text_of(body, **({"Content-Type": header} if header else {}))


@given(chinese)
def test_gb18030_and_utf8_are_told_apart(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        assert text in text_of(html(text).encode(encoding))


def test_one_broken_character_does_not_turn_the_page() -> None:
    for encoding in ("utf-8", "gb18030"):
        body = html(TEXT * 20).encode(encoding)
        at = body.index(TEXT[:4].encode(encoding), 400)
        assert TEXT in text_of(body[:at] + b"\xff" + body[at:])
    assert TEXT[:10] in text_of(html(TEXT).encode()[:-30])
    cut = (f"<p>{TEXT}").encode()
    assert encoding_of(cut[:-4]) == "utf-8"


def test_traditional_pages_are_read_when_they_say_so() -> None:
    text = "關於組織申報示範項目的通知，請於本月底前報送"
    assert text in text_of(html(text, '<meta charset="big5">').encode("big5"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><p>x</p></html>", HtmlResponse),
        (b"<!DOCTYPE html><html></html>", HtmlResponse),
        (b'<?xml version="1.0"?><!DOCTYPE html><html><body></body></html>', HtmlResponse),
        (b'<?xml version="1.0"?><datastore></datastore>', XmlResponse),
        (b'\xef\xbb\xbf{"a": 1}', JsonResponse),
        (b'[{"a": 1}]', JsonResponse),
        (b'callback({"a": 1});', TextResponse),
        (b"", TextResponse),
    ],
)
def test_the_class_follows_the_content(body: bytes, kind: type[Response]) -> None:
    assert isinstance(build_response(URL, body), kind)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4 <html>",
        b"PK\x03\x04aaaa",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        bytes(range(32)) * 8,
    ],
)
def test_files_are_no_text(body: bytes) -> None:
    response = build_response(URL, body, {"Content-Type": "text/html"})
    assert type(response) is Response
    assert response.body == body


@pytest.mark.parametrize("closer", ["</html>", "</body></html>", "</HTML >"])
def test_a_page_closed_too_early_is_whole(closer: str) -> None:
    body = f"<html><body><div>页眉</div>{closer}<div id=a><p>正文</p></div></body></html>".encode()
    response = build_response(URL, body)
    assert isinstance(response, HtmlResponse)
    assert response.css("#a p::text").getall() == ["正文"]
    assert response.body == body
    assert response.replace(status=200).css("#a p::text").getall() == ["正文"]


def test_request_status_and_headers_are_kept() -> None:
    from scrapy import Request

    request = Request(URL, meta={"column": "通知公告"})
    response = build_response(URL, b"<p>", {"ETag": '"1"'}, 404, request)
    assert (response.status, response.headers["ETag"]) == (404, b'"1"')
    assert response.meta["column"] == "通知公告"


@given(st.binary())
def test_any_bytes_make_a_response(body: bytes) -> None:
    response = build_response(URL, body, {"Content-Type": "text/html; charset=gbk"})
    assert response.body == body
    if isinstance(response, TextResponse):
        assert isinstance(response.text, str)
