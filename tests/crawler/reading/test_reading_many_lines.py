"""Pages of very many lines: what is read of them, and how the lines of one box are found."""

import datetime as dt

import pytest
from lxml import html
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Notice
from crawler.reading import limits
from crawler.reading.charset import build_response
from crawler.reading.lines import read_lines
from crawler.reading.notice import read_notice
from crawler.reading.rows import read_rows
from crawler.reading.text.body_lead import lines_inside

NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=BEIJING)
URL = "https://jx.example.gov.cn/tz/202603/t20260301_17.html"


def _page(rows: int) -> bytes:
    cells = "".join(f"<tr><td>{n}</td><td>江北第{n}机械厂</td></tr>" for n in range(rows))
    return (
        "<html><head><meta charset='utf-8'><title>关于公布节水企业名单的通知</title></head><body>"
        "<h1>关于公布节水企业名单的通知</h1><div>发布时间：2026-03-01 来源：市水务局</div>"
        f"<div><p>现将节水企业名单公布如下，请各区遵照执行。</p><table>{cells}</table></div>"
        "</body></html>"
    ).encode()


def _read(page: bytes) -> Notice:
    response = build_response(URL, page)
    assert isinstance(response, TextResponse)
    return read_notice(response, None, now=NOW)


def test_a_page_of_too_many_lines_says_that_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_LEAST_LINES", 100)
    monkeypatch.setattr(limits, "_OF_A_LINE", 1000)
    notice = _read(_page(400))
    assert "text.cut" in {x.code for x in notice.problems}
    assert notice.title == "关于公布节水企业名单的通知"
    assert "江北第50机械厂" in notice.text
    assert "江北第399机械厂" not in notice.text


def test_a_page_denser_than_any_says_that_it_was_cut(caplog: pytest.LogCaptureFixture) -> None:
    page = _page(1).replace(b"<table>", "甲<br>".encode() * 20_000 + b"<table>")
    notice = _read(page)
    cut = next(x for x in notice.problems if x.code == "text.cut")
    assert "后面的没有读" in cut.detail
    assert notice.title == "关于公布节水企业名单的通知"
    assert 1000 < notice.text.count("甲") < 20_000
    assert "read no further than" in caplog.text


def test_a_text_below_very_many_boxes_is_read() -> None:
    page = _page(1).replace(b"<table>", b"<div>" * 1500 + b"<table>")
    assert "江北第0机械厂" in _read(page).text


def test_the_signature_below_a_very_long_list_is_read() -> None:
    signed = "</table><p>市水务局</p><p>2026年3月1日</p>".encode()
    notice = _read(_page(2000).replace(b"</table>", signed))
    assert notice.written == dt.date(2026, 3, 1)


def test_a_list_of_very_many_links_says_that_it_was_cut(caplog: pytest.LogCaptureFixture) -> None:
    rows = "".join(
        f"<li><a href=/a/{n}.html>关于第{n}件事的通知公告</a>2026-02-01</li>" for n in range(3000)
    )
    response = build_response(URL, f"<html><body><ul>{rows}</ul></body></html>".encode())
    assert isinstance(response, TextResponse)
    found = read_rows(response, NOW)
    assert 300 < len(found) < 3000
    assert found[0].title == "关于第0件事的通知公告"
    assert "its lists are too dense" in caplog.text


def test_a_long_list_of_links_is_read_to_its_end(caplog: pytest.LogCaptureFixture) -> None:
    box = "<td class='title'>第</td>" * 20
    rows = "".join(
        f"<li><a href=/a/{n}.html>关于第{n}件事的通知公告</a>2026-02-01<!-- {box} --></li>"
        for n in range(1000)
    )
    response = build_response(URL, f"<html><body><ul>{rows}</ul></body></html>".encode())
    assert isinstance(response, TextResponse)
    assert len(read_rows(response, NOW)) == 1000
    assert not caplog.text


def test_a_long_list_of_names_is_read_to_its_end() -> None:
    notice = _read(_page(4000))
    assert "text.cut" not in {x.code for x in notice.problems}
    assert notice.text.endswith("3999\t江北第3999机械厂")


@pytest.mark.parametrize("inside", [0, 1, 2, 3, 7, 8, 9, 64, 100])
@pytest.mark.parametrize("start", [0, 1, 3, 5])
def test_lines_of_a_box_are_those_that_stand_in_it(inside: int, start: int) -> None:
    told = "".join(f"<p>{n}</p>" for n in range(inside))
    root = html.fromstring(
        f"<html><body><p>a</p><p>b</p><div id=box>{told}</div><p>c</p><p>d</p></body></html>"
    )
    lines, box = read_lines(root), next(x for x in root.iter("div") if x.get("id") == "box")
    wanted = [x for x in lines[start:] if box in (x.element, *x.element.iterancestors())]
    assert lines_inside(lines, [box], start) == wanted
