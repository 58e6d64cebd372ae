"""The one form of an address: which two are one page, and that nothing a page links breaks it."""

from urllib.parse import quote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.address import canonical, is_address, may_visit

SITE = "https://www.mee.gov.cn"
EQUAL = [
    ("HTTP://WWW.MEE.GOV.CN/a", "https://www.mee.gov.cn/a", "scheme and host"),
    (f"{SITE}:443/a", "http://www.mee.gov.cn:80/a", "the usual ports"),
    ("https://www.mee.gov.cn./a", f"{SITE}/a", "the host's last dot"),
    (SITE, f"{SITE}/", "no path"),
    (f"  {SITE}/a\n", f"{SITE}/a", "spaces around it"),
    (f"{SITE}/a#top", f"{SITE}/a", "a place on the page"),
    (f"{SITE}/a#", f"{SITE}/a", "an empty fragment"),
    (f"{SITE}/#/", f"{SITE}/", "the route of the start page"),
    (f"{SITE}/a/index.html", f"{SITE}/a/", "a default file"),
    (f"{SITE}/a/Default.htm", f"{SITE}/a/", "another"),
    (f"{SITE}/a/index.shtml?utm_source=x", f"{SITE}/a/", "a default file and no true query"),
    (f"{SITE}/a/./b/../c.html", f"{SITE}/a/c.html", "dot segments"),
    (f"{SITE}/../c/.", f"{SITE}/c/", "dot segments at the ends"),
    (f"{SITE}/%2e%2E/c", f"{SITE}/c", "escaped dots"),
    (f"{SITE}/a;jsessionid=0A.n1?x=1", f"{SITE}/a?x=1", "a session in the path"),
    (f"{SITE}/a?JSESSIONID=0A&x=1", f"{SITE}/a?x=1", "a session in the query"),
    (f"{SITE}/a?x=1&utm_source=w&utm_id=2", f"{SITE}/a?x=1", "a campaign"),
    (f"{SITE}/a?spm=a.b&x=1", f"{SITE}/a?x=1", "spm"),
    (f"{SITE}/a?x=1&share_token=k&share_from=q", f"{SITE}/a?x=1", "who shared"),
    (f"{SITE}/a?sharesource=weibo&wxshare=1", f"{SITE}/a", "where it was shared"),
    (f"{SITE}/a?from=timeline&isappinstalled=0", f"{SITE}/a", "opened in WeChat"),
    (f"{SITE}/a?from=singlemessage", f"{SITE}/a", "sent to one"),
    (f"{SITE}/a?from=GroupMessage", f"{SITE}/a", "sent to a group"),
    (f"{SITE}/%e9%80%9a%E7%9F%A5/a%20b", f"{SITE}/通知/a b", "escapes undone"),
    (f"{SITE}/%cd%a8", f"{SITE}/%CD%A8", "escapes that are not UTF-8"),
    (f"{SITE}/a?u=%2fb%3d", f"{SITE}/a?u=%2Fb%3D", "escaped separators"),
    (f"{SITE}/100%.html", f"{SITE}/100%25.html", "a bare %"),
    (f"{SITE}/a?&x=1&&", f"{SITE}/a?x=1", "empty parameters"),
    (f"{SITE}/?", f"{SITE}/", "an empty query"),
    ("http://[2001:DB8::1]:80/a", "https://[2001:db8::1]/a", "IPv6"),
]
DIFFER = [
    (f"{SITE}/a", f"{SITE}/A", "the path's case"),
    (f"{SITE}/a", f"{SITE}/a/", "a folder"),
    (f"{SITE}/a", f"{SITE}:8080/a", "another port"),
    (f"{SITE}/a", "https://mee.gov.cn/a", "another host"),
    (f"{SITE}/a?id=1", f"{SITE}/a?id=2", "a parameter"),
    (f"{SITE}/a?x=1&y=2", f"{SITE}/a?y=2&x=1", "the order, which may matter"),
    (f"{SITE}/a?shareid=1", f"{SITE}/a?shareid=2", "a shared thing's number"),
    (f"{SITE}/a?share=1", f"{SITE}/a", "share, whatever it is"),
    (f"{SITE}/a?shareType=2", f"{SITE}/a?shareType=3", "how it is shared"),
    (f"{SITE}/a?from=gwy", f"{SITE}/a?from=bm", "from, which may be an agency"),
    (f"{SITE}/a?from=timelines", f"{SITE}/a", "nearly a place of WeChat"),
    (f"{SITE}/a?spmid=1", f"{SITE}/a", "nearly spm"),
    (f"{SITE}/a/index.html?id=1", f"{SITE}/a/?id=1", "a default file that reads its query"),
    (f"{SITE}/a/index.jsp", f"{SITE}/a/", "a program"),
    (f"{SITE}/a/index.php", f"{SITE}/a/", "a program"),
    (f"{SITE}/a/default.aspx", f"{SITE}/a/", "a program"),
    (f"{SITE}/a/index_1.html", f"{SITE}/a/", "the next page"),
    (f"{SITE}/#/notice/1", f"{SITE}/#/notice/2", "a route"),
    (f"{SITE}/#!/notice/1", f"{SITE}/", "a route of old"),
    (f"{SITE}/a%2Fb", f"{SITE}/a/b", "an escaped separator"),
    (f"{SITE}/a?x=1%262", f"{SITE}/a?x=1&2", "an escaped &"),
    (f"{SITE}/a%2520b", f"{SITE}/a%20b", "an escaped escape"),
]


@pytest.mark.parametrize(("one", "other", "why"), EQUAL, ids=[f"{x[0]} {x[2]}" for x in EQUAL])
def test_one_page(one: str, other: str, why: str) -> None:
    assert canonical(one) == canonical(other), why


@pytest.mark.parametrize(("one", "other", "why"), DIFFER, ids=[f"{x[0]} {x[2]}" for x in DIFFER])
def test_two_pages(one: str, other: str, why: str) -> None:
    assert canonical(one) != canonical(other), why


@pytest.mark.parametrize(
    "text",
    [
        *("https://www.mee.gov.cn:bad/a", "https://www.mee.gov.cn:99999/", "http://[::1/a"),
        *("http://[wrong]/", "http:///a", "http://./a", "javascript:void(0)", "mailto:a@b.cn", ""),
        *("//www.mee.gov.cn/a", "/a/b.html", "ftp://www.mee.gov.cn/a", "http://ａ／b/"),
    ],
)
def test_what_is_no_address_of_a_page_comes_back_as_it_stands(text: str) -> None:
    assert not is_address(text)
    assert canonical(f" {text} ") == text


PIECES = [
    *("http://", "https://", "HTTP://", "//", "/", ".", "..", "/../", "%", "%2e", "%2F", "%34%31"),
    *("%e9%80%9a", "%cd", "通知", " ", "\u3000", "\x00", "\n", "?", "&", "=", "+", ";", "#", "#/"),
    *("#!/", "from=timeline", "utm_x=1", "ut%6D_x", ";jsessionid=1", "index.html", "/index.html"),
    *("gov.cn", ":80", ":", "@", "[", "]", "[::1]", "İ", "\udc80", "a", "1", "\\", "%25"),
]
wild = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda x: "http://gov.cn/" + "".join(x)),
    st.binary(max_size=12).map(lambda x: "http://gov.cn/" + quote(x, safe="/?#&=")),
)


@given(wild)
@example("http://gov.cn/%%34%31")
@example("http://gov.cn/a #x")
@example("http://gov.cn/index.html;jsessionid=1")
@example("http://gov.cn/?ut%6D_x=1&from%3Dtimeline")
def test_any_text_has_one_form_and_that_form_is_final(text: str) -> None:
    form = canonical(text)
    assert canonical(form) == form
    assert is_address(form) == is_address(text)
    if is_address(form):
        parts = urlsplit(form)
        assert (parts.scheme, bool(parts.hostname)) == ("https", True)
        assert parts.port not in (80, 443)


def test_a_source_visits_its_own_hosts_and_those_under_the_same_name() -> None:
    own = {"jxj.beijing.gov.cn"}
    assert may_visit("www.beijing.gov.cn", own)
    assert may_visit("JXJ.beijing.gov.cn.", own)
    assert not may_visit("www.tianjin.gov.cn", own)
    assert not may_visit("", own)
    assert not may_visit("gov.cn", own)
