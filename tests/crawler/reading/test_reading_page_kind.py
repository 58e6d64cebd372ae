"""What kind of page it is: each is named, none is taken for another."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response, TextResponse

from crawler.clock import BEIJING
from crawler.middlewares.blocks import block_reason
from crawler.reading import page as reading_page
from crawler.reading.charset import build_response
from crawler.reading.kind.challenges import challenge_reason
from crawler.reading.notice import NoPage, read_notice
from crawler.reading.page_kind import Kind, page_kind
from crawler.reading.rows import NoRows, read_rows

URL = "https://www.example.gov.cn/x/"
ROWS = "".join(
    f"<li><a href=/a/{n}.html>关于某项工作安排的第{n}号通知公告</a><span>2019-09-0{n}</span></li>"
    for n in range(1, 9)
)
NAV = "<ul>" + "".join(f"<li><a href=/c{n}/>栏目{n}</a></li>" for n in range(9)) + "</ul>"
SENTENCE = "<p>为推动有关工作，现将申报事项通知如下，请各单位认真组织，按时完成。</p>"
HEAD = "<h1>关于某项工作的通知</h1><p>发布时间：2019-09-10 来源：本局</p>"
NOTICE = f"{NAV}{HEAD}<div>{SENTENCE * 4}</div>"

PAGES = {
    Kind.LIST: [
        f"{NAV}<h2>通知公告</h2><ul>{ROWS}</ul>",
        f"{NAV}<!-- <ul>{ROWS}</ul> -->",
        f"<ul>{ROWS}</ul>",
    ],
    Kind.NOTICE: [
        NOTICE,
        f"{NOTICE}<div><h3>最新公开</h3><ul>{ROWS}</ul></div>",
        f"{NAV}<h1>一图读懂某项政策</h1><p>发布时间：2019-09-10</p><p><img src=W1.png></p>",
    ],
    Kind.CHALLENGE: [
        '<html><head><script src="/wzwschallenge.js"></script></head><body></body></html>',
        "<script>document.cookie='__jsl_clearance=1';location.href='/'</script>",
        "<html><body><script>$_ts=window['$_ts'];</script><input type=hidden></body></html>",
        "<title>Just a moment...</title><body>Just a moment...<script>1</script></body>",
        "<html><body><div>请完成安全验证</div><script>1</script></body></html>",
        "<html><body>您的请求已被拦截，如有疑问请联系管理员</body></html>",
    ],
    Kind.LOGIN: ["<h2>用户登录</h2><form><input name=u><input type=password name=p></form>"],
    Kind.ERROR: [
        "<title>404 Not Found</title><h1>404</h1>",
        "<title>错误提示</title><p>您访问的页面不存在或已被删除</p><a href=/>返回首页</a>",
        "<title>系统维护</title><body><p>系统维护中，请稍后访问</p></body>",
    ],
    Kind.REDIRECT: [
        '<html><head><meta http-equiv="refresh" content="0; url=/new/index.html"></head></html>',
        "<html><script>window.location.href='/new/index.html';</script></html>",
    ],
    Kind.SHELL: [
        "<html><body><div id=app></div><script src=/static/app.js></script></body></html>",
        f"{NAV}<ul><li><a href='{{{{url}}}}'>{{{{title}}}}</a></li></ul><script>1</script>",
    ],
    Kind.EMPTY: ["", " \n ", "<html><body></body></html>"],
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, ts in PAGES.items() for t in ts])
def test_each_kind_is_named(kind: Kind, text: str) -> None:
    found = page_kind(build_response(URL, text.encode()))
    assert found.kind == kind
    assert found.reason


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (
            '<meta http-equiv="refresh" content="0; url=../y/1.html?a=1&amp;b=2">',
            "https://www.example.gov.cn/y/1.html?a=1&b=2",
        ),
        ("<script>location='/y/1.html'</script>", "https://www.example.gov.cn/y/1.html"),
        (
            "<script>window.location.replace('https://b.example.gov.cn/1.html');</script>",
            "https://b.example.gov.cn/1.html",
        ),
        ("<script>location.href='/y/'+id+'.html'</script>", ""),
        ("<script>location.replace(next)</script>", ""),
        ('<meta http-equiv="refresh" content="5; url=https://www.example.gov.cn/x/">', ""),
        ("<script>location.href='javascript:void(0)'</script>", ""),
    ],
)
def test_a_redirect_tells_where_it_leads(text: str, target: str) -> None:
    found = page_kind(build_response(URL, f"<html><head>{text}</head></html>".encode()))
    assert (found.kind, found.target) == (Kind.REDIRECT, target)


def test_answers_of_apis_and_files() -> None:
    assert page_kind(build_response(URL, b'{"data": [{"title": "x"}]}')).kind == Kind.LIST
    assert page_kind(build_response(URL, b'<?xml version="1.0"?><rss/>')).kind == Kind.LIST
    assert page_kind(build_response(URL, b"[]")).kind == Kind.EMPTY
    assert page_kind(build_response(URL, b"%PDF-1.4")).kind == Kind.FILE


def test_a_challenge_is_looked_for_once_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Response] = []
    monkeypatch.setattr(reading_page, "challenge_reason", asked.append)
    response = build_response(URL, NOTICE.encode())
    assert block_reason(response) is None
    assert page_kind(response).kind == Kind.NOTICE
    assert asked == [response]


def test_a_page_that_says_something_is_no_challenge() -> None:
    for text in (
        NOTICE + "<script>var wzws_sessionid='__jsl_clearance';</script>",
        f"{NOTICE}<p>关于开展安全验证工作的说明</p>",
        f"<ul>{ROWS}</ul><script>$_ts=1</script>",
    ):
        assert challenge_reason(build_response(URL, text.encode())) is None
    cookie = {"Set-Cookie": "__jsluid_s=abc; path=/"}
    assert challenge_reason(build_response(URL, NOTICE.encode(), cookie)) is None
    bare = b"<html><script>eval(x)</script></html>"
    assert challenge_reason(build_response(URL, bare, cookie)) == "加速乐验证页"
    assert challenge_reason(build_response(URL, b"%PDF-1.4")) is None


def survive(body: bytes) -> None:
    response = build_response(URL, body)
    page_kind(response)
    if not isinstance(response, TextResponse):
        return
    now = dt.datetime(2019, 9, 12, tzinfo=BEIJING)
    with suppress(NoPage):
        read_notice(response, None, now=now)
    with suppress(NoRows):
        read_rows(response, now)


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(body: bytes) -> None:
    survive(body)


PIECES = [
    *("<div>", "</div>", "<p>", "<li>", "</li>", "<table><tr><td>", "</table>", "<!--", "-->"),
    *(
        "<a href='http://[x'>关于某事的通知</a>",
        "<a href='//x:99999/'>关于某事的通知</a>",
        "</html>",
    ),
    *("<a href=a.pdf>附件</a>", "<img src='http://[::1'>", "<script>", "</script>", "<![CDATA["),
    *("]]>", "document.write('", "');", "2019-09-11", "09-11", "发布时间：", "索引号：", "文号："),
    *("关于某事的通知", "二〇一九年九月", "〔2019〕", "5号", "公示时间：9月31日至2月30日", "\x00"),
    *('{"title": "', '", "url": "http://[", "date": 1e999}', "callback(", ")", "&#0;", "&#xd800;"),
    *('<meta name="PubDate" content="', '">', "<base href='http://['>", "<title>", "</title>"),
    *(
        "<iframe src=x>",
        "\ufeff",
        "\u3000",
        "<a onclick=\"f('/x/1.html')\">关于某事的通知</a>",
        "\n",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_markup_is_survived(text: str) -> None:
    survive(text.encode("utf-8", "surrogatepass"))
    survive(f"<html><body>{NOTICE}{text}</body></html>".encode("gb18030", "replace"))


@pytest.mark.parametrize(
    "bait",
    [
        *("<div>", "<a href=/1.html>", "<![CDATA[", "<input ", "<meta ", "<!--", "<nextgroup>"),
        *(
            "document.write('",
            "2019-09-11 ",
            "附件：",
            "9月12日前",
            "9月12日至",
            "批准",
            "（",
            "<table><tr><td>",
            " \t",
            "[{",
            "关于",
        ),
    ],
)
def test_hostile_repetition_takes_no_time(bait: str) -> None:
    survive(b"<html><body>" + (bait * 4000).encode())
