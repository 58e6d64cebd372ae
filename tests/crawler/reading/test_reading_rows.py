"""Rows of list pages: one small page a platform, in our own words."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt
import json

import pytest
from scrapy.http import TextResponse

from crawler.notice import Row
from crawler.reading.charset import build_response
from crawler.reading.rows import NoRows, read_rows, rows_from, rows_from_html

SITE = "https://gxj.example.gov.cn/zwgk/tzgg/"
TITLES = [
    "关于组织申报示范工厂的通知",
    "关于公布第三批创新中心名单的通知",
    "关于征求地方标准意见的函",
    "关于开展节能诊断服务工作的通知",
    "关于召开行业座谈会的预备通知",
]
DAYS = [dt.date(2019, 9, 11 - n) for n in range(5)]
NAV = (
    '<div class="nav"><ul>'
    + "".join(f'<li><a href="/c{n}/index.html">栏目名称{n}</a></li>' for n in range(12))
    + "</ul></div>"
)
FOOT = (
    '<div class="footer"><p>友情链接</p>'
    + "".join(f'<a href="http://www.site{n}.gov.cn/">某某部门网站之{n}</a>' for n in range(12))
    + "</div>"
)


def page(inner: str, url: str = SITE) -> TextResponse:
    text = f"<html><head><title>通知公告</title></head><body>{NAV}{inner}{FOOT}</body></html>"
    response = build_response(url, text.encode())
    assert isinstance(response, TextResponse)
    return response


def data(value: object, url: str = SITE) -> TextResponse:
    response = build_response(url, json.dumps(value, ensure_ascii=False).encode())
    assert isinstance(response, TextResponse)
    return response


def told(rows: list[Row]) -> list[tuple[str, str, dt.date | None]]:
    return [(row.url, row.title, row.date) for row in rows]


def expected(link: str) -> list[tuple[str, str, dt.date | None]]:
    return [
        (link.format(n=n, d=day), title, day)
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]


def listed(row: str, before: str = "<ul>", after: str = "</ul>") -> str:
    lines = [
        row.format(n=n, t=title, d=day, cut=title[:8] + "...", s=day.strftime("%m-%d"))
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    return before + "".join(lines) + after


ARTICLE = "/zwgk/tzgg/201909/t201909_{n}.html"
WANTED = "https://gxj.example.gov.cn" + ARTICLE

MARKUP = {
    "trs title attribute": f'<li><a href="{ARTICLE}" title="{{t}}">{{cut}}</a><span>{{d:%Y/%m/%d}}</span></li>',
    "date in brackets": f'<li><a href="{ARTICLE}">{{t}}</a><span class="date">[ {{d}} ]</span></li>',
    "date before": f'<li><span>{{d}}</span><a href="{ARTICLE}">{{t}}</a></li>',
    "date in the anchor": f'<li><a href="{ARTICLE}">{{t}}<span class="date">{{d}}</span></a></li>',
    "paragraph and date in the anchor": f'<li><a href="{ARTICLE}"><p>{{t}}</p><span>{{d}}</span></a></li>',
    "chinese date": f'<li><a href="{ARTICLE}">{{t}}</a> {{d:%Y年%m月%d日}}</li>',
    "month and day": f'<li><a href="{ARTICLE}">{{t}}</a><i>{{s}}</i></li>',
    "two spans": f'<li><span><b>{{s}}</b><em>2019</em></span><a href="{ARTICLE}">{{t}}</a></li>',
    "day over year and month": f'<li><div><p>{{d:%d}}</p><p>{{d:%Y-%m}}</p></div><h3><a href="{ARTICLE}">{{t}}</a></h3></li>',
    "script link": f'<li><a href="javascript:void(0)" onclick="openW(\'{ARTICLE}\')">{{t}}</a><span>{{d}}</span></li>',
    "link on the row": f"<li onclick=\"name2('{ARTICLE}')\"><h4>{{t}}</h4><span>{{d}}</span></li>",
    "picture link first": f'<li><a href="{ARTICLE}"><img src="x.jpg"></a><a href="{ARTICLE}">{{t}}</a><span>{{d}}</span></li>',
    "category before": f'<li>[<a href="/c1/">通知</a>]<a href="{ARTICLE}">{{t}}</a><span>{{d}}</span></li>',
    "related list nested": f'<li><a href="{ARTICLE}">{{t}}</a><div><ul><li><a href="/jd/{{n}}.html">对此文件所作的一篇很长的官方解读文章</a></li></ul></div><span>{{d}}</span></li>',
    "category of four characters": f'<li><a href="/c1/">通知公告</a><a href="{ARTICLE}">{{t}}</a><span>{{d}}</span></li>',
    "summary below": f'<li><h3><a href="{ARTICLE}">{{t}}</a></h3><p>为推动有关工作，现将事项通知如下。<a href="{ARTICLE}">[详细]</a></p><div>发布时间：{{d}}</div></li>',
    "summary in the anchor": f'<li><a href="{ARTICLE}"><h4>{{t}}</h4><p>为推动有关工作，现将事项通知如下。</p><i>{{d}}</i></a></li>',
    "source and counter": f'<li><a href="{ARTICLE}">{{t}}</a><em>来源：某局</em><em>阅读：12</em><span>{{d}}</span></li>',
    "empty separators": f'<li><a href="{ARTICLE}">{{t}}</a><span>{{d}}</span></li><li class="line"></li>',
}


@pytest.mark.parametrize("form", MARKUP)
def test_rows_of_static_lists(form: str, now: dt.datetime) -> None:
    assert told(read_rows(page(listed(MARKUP[form])), now)) == expected(WANTED)


TABLES = {
    "plain table": f'<tr><td>{{n}}</td><td><a href="{ARTICLE}">{{t}}</a></td><td>{{d}}</td></tr>',
    "agency linked": f'<tr><td><a href="{ARTICLE}">{{t}}</a></td><td><a href="/dept/{{n}}.html">工业处</a></td><td>{{d}}</td></tr>',
    "a table a row": f'<tr><td><table><tr><td><a href="{ARTICLE}">{{t}}</a></td><td>{{d}}</td></tr></table></td></tr>',
}


@pytest.mark.parametrize("form", TABLES)
def test_rows_of_tables(form: str, now: dt.datetime) -> None:
    inner = listed(
        TABLES[form], "<table><tr><th>序号</th><th>名称</th><th>日期</th></tr>", "</table>"
    )
    assert told(read_rows(page(inner), now)) == expected(WANTED)


def test_the_column_of_publication_is_the_date(now: dt.datetime) -> None:
    row = f'<tr><td><a href="{ARTICLE}">{{t}}</a></td><td>2019-01-01</td><td>{{d}}</td></tr>'
    head = "<table><tr><th>名称</th><th>成文日期</th><th>发布日期</th></tr>"
    assert told(read_rows(page(listed(row, head, "</table>")), now)) == expected(WANTED)


@pytest.mark.parametrize("count", [1, 2])
def test_short_lists(count: int, now: dt.datetime) -> None:
    rows = [
        f'<li><a href="{ARTICLE.format(n=n)}">{TITLES[n]}</a><span>{DAYS[n]}</span></li>'
        for n in range(count)
    ]
    assert told(read_rows(page(f"<ul>{''.join(rows)}</ul>"), now)) == expected(WANTED)[:count]


def test_flat_markup_keeps_dates_with_their_titles(now: dt.datetime) -> None:
    after = listed(f'<a href="{ARTICLE}">{{t}}</a><span>{{d}}</span><br>', "<div>", "</div>")
    before = listed(f'<span>{{d}}</span><a href="{ARTICLE}">{{t}}</a><br>', "<div>", "</div>")
    pairs = listed(f'<dt><a href="{ARTICLE}">{{t}}</a></dt><dd>{{d}}</dd>', "<dl>", "</dl>")
    for inner in (after, before, pairs):
        assert told(read_rows(page(inner), now)) == expected(WANTED)


def test_list_cut_into_several_ul(now: dt.datetime) -> None:
    rows = [
        f'<li><a href="{ARTICLE.format(n=n)}">{t}</a><span>{d}</span></li>'
        for n, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    inner = f"<div><ul>{''.join(rows[:3])}</ul><ul>{''.join(rows[3:])}</ul></div>"
    assert told(read_rows(page(inner), now)) == expected(WANTED)


def test_the_address_gives_the_date_when_the_page_does_not(now: dt.datetime) -> None:
    inner = listed('<li><a href="./201909/t{d:%Y%m%d}_{n}.html">{t}</a></li>')
    rows = read_rows(page(inner), now)
    assert [row.date for row in rows] == DAYS
    inner = listed('<li><a href="/art/2019/9/{d.day}/art_1_{n}.html">{t}</a></li>')
    assert [row.date for row in read_rows(page(inner), now)] == DAYS


def test_rows_are_not_hot_lists_links_or_paging(now: dt.datetime) -> None:
    hot = "<div><h3>热点排行</h3><ul>" + "".join(
        f'<li><a href="/hot/{n}.html">一个很长很长的热点新闻标题排在旁边第{n}条</a><span>2019-09-0{n}</span></li>'
        for n in range(1, 9)
    )
    paging = (
        '<div class="page"><a href="index_1.html">下一页</a><a href="index_9.html">尾页</a></div>'
    )
    inner = hot + "</ul></div>" + listed(MARKUP["date before"]) + paging
    assert told(read_rows(page(inner), now)) == expected(WANTED)


def test_pinned_rows_are_marked(now: dt.datetime) -> None:
    old = (
        '<li><a href="/zwgk/old.html">关于长期有效的办事指南的公告</a><span>2018-01-02</span></li>'
    )
    top = '<li><b>[置顶]</b><a href="/zwgk/top.html">关于本周重要事项的公告</a><span>2019-09-11</span></li>'
    rows = read_rows(page(listed(MARKUP["date before"], f"<ul>{top}{old}")), now)
    assert [row.pinned for row in rows] == [True, True] + [False] * 5
    assert rows[0].title == "关于本周重要事项的公告"


def test_datastore_of_jpage(now: dt.datetime) -> None:
    record = (
        '<record><![CDATA[<li><a title="{t}" href="/art/2019/9/{d.day}/art_15201_{n}.html">'
        "{cut}</a><span>{d}</span></li>]]></record>"
    )
    store = listed(
        record,
        '<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1"></a>]]>'
        "</nextgroup><recordset>",
        "</recordset></datastore>",
    )
    inside = page(f'<div id="1"><script type="text/xml">{store}</script></div>')
    wanted = expected("https://gxj.example.gov.cn/art/2019/9/{d.day}/art_15201_{n}.html")
    rows = read_rows(inside, now)
    assert told(rows) == wanted
    assert {row.evidence for row in rows} == {"cdata"}
    answer = build_response(SITE, f'<?xml version="1.0" encoding="utf-8"?>{store}'.encode())
    assert isinstance(answer, TextResponse)
    assert told(read_rows(answer, now)) == wanted


def test_html_inside_json_of_jpaas(now: dt.datetime) -> None:
    markup = listed(
        '<li class="cf"><a class="fl" href="/art/2019/art_{n}.html">{t}</a><span class="fr">{d}</span></li>'
    )
    rows = read_rows(data({"success": True, "code": "200", "data": {"html": markup}}), now)
    assert told(rows) == expected("https://gxj.example.gov.cn/art/2019/art_{n}.html")


def test_objects_by_shape(now: dt.datetime) -> None:
    articles = [
        {
            "id": n,
            "title": title,
            "url": f"http://x.example.gov.cn/gkmlpt/content/2/post_{n}.html",
            "publisher": "某某市工业和信息化局",
            "create_time": "2019-01-01 00:00:00",
            "pubdate": f"{day} 09:30:00",
        }
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    wanted = expected("http://x.example.gov.cn/gkmlpt/content/2/post_{n}.html")
    answers: list[object] = [
        {"articles": articles, "classify": {"id": 1, "name": "通知公告", "post_count": 5}},
        {"data": {"list": [{"source": x} for x in articles]}, "total": 5},
        {"catMap": {"a": {"listVO": articles[:2]}, "b": {"listVO": articles[2:]}}},
    ]
    for answer in answers:
        rows = read_rows(data(answer), now)
        assert told(rows) == wanted
        assert {row.evidence for row in rows} == {"json"}


def test_unix_milliseconds_and_markup_in_titles(now: dt.datetime) -> None:
    moments = [
        int(dt.datetime(d.year, d.month, d.day, 1, tzinfo=now.tzinfo).timestamp() * 1000)
        for d in DAYS
    ]
    objects = [
        {"bt": title.replace("通知", "<em>通知</em>"), "href": f"/n/{n}.html", "fbsj": moment}
        for n, (title, moment) in enumerate(zip(TITLES, moments, strict=True))
    ]
    assert told(read_rows(data(objects), now)) == expected("https://gxj.example.gov.cn/n/{n}.html")


def test_halves_of_characters_in_json_are_left_out(now: dt.datetime) -> None:
    objects = [
        {"title": f"关于某事的第{n}号通知", "url": f"/a/{n}.html", "date": "2019-09-10"}
        for n in range(1, 4)
    ]
    text = json.dumps(objects).replace("/a/1.html", r"/a/\udc001.html")
    text = text.replace('"title": "', r'"title": "\ud83d\ude00\ud800', 1)
    for written in (text, f"<html><body><script>var rows = {text};</script></body></html>"):
        response = build_response(SITE, written.encode())
        assert isinstance(response, TextResponse)
        rows = read_rows(response, now)
        assert [x.url.rsplit("/", 1)[1] for x in rows] == ["1.html", "2.html", "3.html"]
        assert rows[0].title == "\U0001f600关于某事的第1号通知"


def test_jsonp_comments_scripts_and_feeds(now: dt.datetime) -> None:
    objects = [
        {"title": t, "url": f"/n/{n}.html", "date": str(d)}
        for n, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
    ]
    wanted = expected("https://gxj.example.gov.cn/n/{n}.html")
    markup = listed('<li><a href="/n/{n}.html">{t}</a><span>{d}</span></li>')
    written = "".join(
        f"document.writeln('{line}');" for line in markup.replace("'", "\\'").split("\n")
    )
    feed = '<?xml version="1.0"?><rss><channel>' + "".join(
        f"<item><title>{t}</title><link>https://gxj.example.gov.cn/n/{n}.html</link>"
        f"<pubDate>{d:%a, %d %b %Y} 09:00:00 +0800</pubDate></item>"
        for n, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    texts = [
        f"callback({json.dumps(objects)});",
        f"<html><body>{NAV}<!-- {markup} -->{FOOT}</body></html>",
        f"<html><body>{NAV}<script>{written}</script>{FOOT}</body></html>",
        f"<html><body>{NAV}<script>var list = {json.dumps(objects)};</script>{FOOT}</body></html>",
        feed + "</channel></rss>",
    ]
    for text in texts:
        response = build_response(SITE, text.encode())
        assert isinstance(response, TextResponse)
        assert told(read_rows(response, now)) == wanted, text[:40]


def test_hidden_list_of_component_pages(now: dt.datetime) -> None:
    inner = listed(
        '<li><a href="../../n1/c{n}/content.html">{t}</a><span>[{d}]</span></li>',
        '<div style="display:none"><ul>',
        "</ul></div>",
    )
    rows = read_rows(page(inner, "http://www.example.gov.cn/n1/n2/index.html"), now)
    assert told(rows) == expected("http://www.example.gov.cn/n1/c{n}/content.html")


def test_page_without_rows_names_its_address(now: dt.datetime) -> None:
    with pytest.raises(NoRows, match=SITE):
        read_rows(page("<p>本栏目暂无内容</p>"), now)


@pytest.mark.parametrize("selector", ["ul.list li", "ul.list li a", "//ul[@class='list']/li"])
def test_rows_by_selector(selector: str, now: dt.datetime) -> None:
    inner = listed(MARKUP["trs title attribute"], '<ul class="list">', "</ul>")
    rows = rows_from(page(inner), selector, now)
    assert told(rows) == expected(WANTED)
    assert {row.evidence for row in rows} == {"selector"}


def test_rows_by_selector_of_table_rows(now: dt.datetime) -> None:
    inner = listed(TABLES["plain table"], "<table class=t><tr><th>名称</th></tr>", "</table>")
    assert told(rows_from(page(inner), "table.t tr", now)) == expected(WANTED)


def test_a_wrong_selector_says_which_and_where(now: dt.datetime) -> None:
    with pytest.raises(NoRows) as error:
        rows_from(page(listed(MARKUP["date before"])), "ul.nolist li", now)
    assert str(error.value) == f"no rows match 'ul.nolist li' on {SITE}"


def test_rows_of_a_fragment(now: dt.datetime) -> None:
    markup = listed(MARKUP["date before"])
    for selector in (None, "li"):
        rows = rows_from_html(markup, SITE, now, selector, "cdata")
        assert told(rows) == expected(WANTED)
        assert rows[0].evidence == "cdata"
    with pytest.raises(NoRows):
        rows_from_html(markup, SITE, now, "tr")
    with pytest.raises(NoRows):
        rows_from_html("", SITE, now)


def test_addresses_are_canonical_and_once(now: dt.datetime) -> None:
    twice = listed(MARKUP["date before"]) + listed(MARKUP["date before"])
    rows = read_rows(page(twice), now)
    assert len(rows) == len({row.address for row in rows}) == 5
    assert rows[0].address == WANTED.format(n=0)
