"""No page, however broken or hostile, makes a reader raise or stall.

The full sweep, on any folder of pages: `python -m tests.crawler.reading.mutations --help`.
"""

import gc

import pytest

from tests.crawler.reading.mutation_baits import PAGES
from tests.crawler.reading.mutations import Mutation, Verdict, judge, main, pages_in, verdicts

# Far above what a page takes, far below what a quadratic reader takes: machines are slow and busy.
MS_A_MB = 1500.0
_LIST = "<li><a href=/art/2019/9/9/{0}.html>关于第{0}件事的通知公告</a><span>2019-09-09</span></li>"
HTML = "<html><body>{}</body></html>"
N = 20_000


def read(page: str | bytes, content_type: str = "text/html") -> Verdict:
    body = page.encode("utf-8", "surrogatepass") if isinstance(page, str) else page
    gc.collect()
    return judge(Mutation(0, ("by hand",), body, {"Content-Type": content_type}))


def check(verdict: Verdict) -> None:
    assert verdict.fault == ""
    assert verdict.ms_a_mb < MS_A_MB, verdict.stages


@pytest.mark.parametrize("part", range(5))
def test_mutations_neither_raise_nor_stall(part: int) -> None:
    broken = [
        (verdict.mutation.seed, verdict.mutation.kinds, verdict.fault, verdict.stages)
        for verdict in verdicts(pages_in(None), first=300 * part, count=300, largest=150_000)
        if verdict.fault or verdict.ms_a_mb > MS_A_MB
    ]
    assert broken == []


HOSTILE = {
    "nested blocks": HTML.format("<div>" * N + "文" + "</div>" * N),
    "nested tables": HTML.format("<table><tr><td>" * N),
    "nested lists": HTML.format("<ul><li><a href=/1.html>关于某事的通知</a>" * N),
    "nested links": HTML.format("<a href=/1.html><div>" * N),
    "nested scripts on click": HTML.format("<div onclick=\"go('/a/1.html')\">" * N),
    "nested forms": HTML.format("<form><div>" * N + "文"),
    "nested headings": HTML.format("<h1><div>" * N + "文"),
    "siblings": HTML.format("<p></p>" * 5 * N),
    "comments": HTML.format("<p>文</p>" + "<!-- x -->" * 5 * N),
    "comments never closed": HTML.format("<!--" * N),
    "CDATA never closed": HTML.format("<![CDATA[<a href=/1.html>关于某事的通知" * N),
    "one line of 2 MB": HTML.format(f"<p>{'为了这件事' * 130_000}</p>"),
    "one attribute of 2 MB": HTML.format(f"<li><a href=/1.html title='{'令' * 600_000}'>通知</a>"),
    "one class of 1 MB": HTML.format(f"<div class='{'title-' * 150_000}'>" + "<p>文</p>" * 2000),
    "links in one row": HTML.format("<ul><li>" + "<a href=/1.html>关于某事的通知</a>" * N),
    "days in one paragraph": HTML.format("<p>申报时间：" + "2019年9月9日至9月10日，" * N),
    "days, each alone": HTML.format("<p>某局</p><p>2019年9月9日</p>" * N),
    "orders": HTML.format(f"<h1>{'令' * N}</h1><p>{'第' * N}号</p><p>{'〔2019〕' * N}</p>"),
    "buttons": HTML.format(
        "<h1>关于某事的通知</h1><p>为了这件事，请各单位报送材料。</p>" + "<p>打印</p>\n" * N
    ),
    "entities": HTML.format("&amp;&#x4e00;&nbsp;" * N),
    "quotes never closed": HTML.format("<script>" + "document.write('\\" * N + "</script>"),
    "escaped quotes": HTML.format("<script>'<a>' " + '\\"' * 5 * N + "</script>"),
    "JSON in scripts": HTML.format("<script>" + 'a=[{"a":[' * N + "</script>"),
    "refreshes": f"<meta {'http-equiv=refresh url ' * N}",
    "deep JSON": "[" * 100_000,
    "deep JSON, closed": "[" * 100_000 + "]" * 100_000,
    "deep JSONP": "cb(" + '{"a":' * 100_000 + ")",
    "a figure of 100,000 digits": '[{"title":"关于某事的通知","url":"/1","date":'
    + "9" * 100_000
    + "}]",
    "half a character": '[{"title":"关于\\ud800某事的通知","url":"/1.html","date":"2019-09-09"}]',
    "brackets of a hundred thousand": "<p>" + "[" * 100_000 + "<p>" + "((((" * 20_000,
    "base that is no address": f"<base href='http://[::1'>{HTML.format(_LIST.format(1) * 30)}",
    "NUL": HTML.format(_LIST.format(1) * 30).replace("<", "\0<\0"),
    "surrogates": "<p>\ud800\udfff文</p>",
    "RSS of the year 1": "<rss><item><title>关于某事的通知</title><link>http://a.cn/1</link>"
    "<pubDate>Mon, 01 Jan 0001 00:00:00 +1400</pubDate></item></rss>",
    "entity bomb": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
    + "x" * 1000
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + '">]><rss><item><title>'
    + "&c;" * 1000
    + "</title></item></rss>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read(name: str) -> None:
    check(read(HOSTILE[name]))


@pytest.mark.parametrize(
    "charset", ["hex", "base64", "idna", "punycode", "undefined", "utf-7", "x" * 5000]
)
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    page = f'<meta charset="{charset}"><p>'.encode() + bytes(range(128, 256)) * 300
    check(read(page, f"text/html; charset={charset}"))


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le", "big5", "utf-32"])
@pytest.mark.parametrize("page", PAGES)
def test_every_cut_of_a_page_is_read(encoding: str, page: str) -> None:
    body = page.encode(encoding, "replace")
    for at in range(0, len(body), 1 + len(body) // 7):
        check(read(body[:at]))
        check(read(body[at:], "text/html; charset=utf-8"))


def test_five_megabytes_of_rows_are_read() -> None:
    verdict = read(HTML.format("".join(_LIST.format(n) for n in range(45_000))))
    assert len(verdict.mutation.body) > 4_500_000
    check(verdict)


def test_the_sweep_tells_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--count", "3", "--largest", "10000"])
    assert "3 pages" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no pages in"):
        main(["--pages", "/nonexistent"])
