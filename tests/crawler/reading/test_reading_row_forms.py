"""Forms of lists seldom met: links without an anchor, days in odd places, arrays in scripts, XML."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt
import json

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Row
from crawler.reading.charset import build_response
from crawler.reading.page_kind import Kind, page_kind
from crawler.reading.rows import NoRows, blocks, read_rows, rows_from

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=BEIJING)
SITE = "http://nyj.example.gov.cn"
URL = f"{SITE}/zwgk/tzgg/"
TITLES = [
    "关于做好秋冬种有关工作的通知",
    "关于公布农机购置补贴产品的公告",
    "关于举办农产品质量安全培训班的通知",
    "关于申报家庭农场示范场的通知",
    "关于开展种子市场检查的通告",
    "关于征求渔业管理办法意见的函",
]
DAYS = [dt.date(2026, 11, 20) - dt.timedelta(days=4 * n) for n in range(6)]
NAV = (
    "<ul class=nav>"
    + "".join(f"<li><a href=/c{n}/>某某栏目{n}</a></li>" for n in range(9))
    + "</ul>"
)
Told = list[tuple[str, str, str]]


def page(inner: str, head: str = "") -> TextResponse:
    text = f"<html><head><title>通知公告</title>{head}</head><body>{NAV}<div><div class=m>{inner}</div></div></body></html>"
    response = build_response(URL, text.encode())
    assert isinstance(response, TextResponse)
    return response


def answer(text: str, url: str = f"{SITE}/api/list.js") -> TextResponse:
    response = build_response(url, text.encode())
    assert isinstance(response, TextResponse)
    return response


def told(rows: list[Row]) -> Told:
    return [(x.url.removeprefix(SITE), x.title, str(x.date or "")) for x in rows]


def expected(link: str, days: list[dt.date] = DAYS) -> Told:
    return [
        (link.format(n=n, d=day), title, str(day))
        for n, (title, day) in enumerate(zip(TITLES, days, strict=False))
    ]


def each(row: str, days: list[dt.date] = DAYS, between: str = "") -> str:
    return between.join(
        row.format(n=n, t=title, d=day, cut=title[:7] + "...", s=f"{day:%m-%d}")
        for n, (title, day) in enumerate(zip(TITLES, days, strict=False))
    )


LINK = "/art/{n}0.html"
ROWS = {  # form of a row -> what stands around all
    "row that scripts make a link": ('<tr data-href="/art/{n}0.html"><td>{n}</td><td title="{t}">{cut}</td><td>农业局</td><td>{d}</td></tr>', "<table>{}</table>"),
    "item that scripts make a link": ('<li data-url="/art/{n}0.html"><span>{t}</span><i>{d}</i></li>', "<ul>{}</ul>"),
    "link whose address is data": ('<li><a href="javascript:;" data-href="/art/{n}0.html">{t}</a><i>{d}</i></li>', "<ul>{}</ul>"),
    "row with a download link": ('<tr data-href="/art/{n}0.html"><td>{t}</td><td>{d}</td><td><a href="/f/{n}.pdf">下载</a></td></tr>', "<table>{}</table>"),
    "picture card with heading": ('<div class=card><a href="/art/{n}0.html"><img src=p{n}.jpg></a><h3>{t}</h3><p>{d}</p></div>', "<div class=cards>{}</div>"),
    "picture with alt": ('<div class=card><a href="/art/{n}0.html"><img src=p{n}.jpg alt="{t}"></a><p>{d}</p></div>', "<div class=cards>{}</div>"),
    "heading without link, button": ('<div class=item><h4>{t}</h4><p>有关事项如下，请认真办理。</p><span>{d}</span><a href="/art/{n}0.html">查看详情</a></div>', "<div class=items>{}</div>"),
    "file's name in alt": ('<div class=card><a href="/art/{n}0.html"><img src=p{n}.jpg alt="IMG_20260101.jpg"></a><h3><a href="/art/{n}0.html">{t}</a></h3><p>{d}</p></div>', "<div class=cards>{}</div>"),
    "whole title in a hidden box": ('<li><a href="/art/{n}0.html">{cut}</a><div style="display:none">{t}</div><i>{d}</i></li>', "<ul>{}</ul>"),
    "whole title in a box of facts": ('<li><a href="/art/{n}0.html">{cut}</a><i>{d}</i><div class=tip><p>名称：{t}</p><p>生成日期：2026-01-05</p></div></li>', "<ul>{}</ul>"),
    "hidden day": ('<li><a href="/art/{n}0.html">{t}</a><div style="display: none"><p>生成日期：2025-01-05</p></div><i>{d}</i></li>', "<ul>{}</ul>"),
    "tooltip with counter": ('<li><a href="/art/{n}0.html" title="标题：{t}&#xD;点击数：12&#xA;发表时间：{d:%y年%m月%d日}">{cut}</a><i>{d}</i></li>', "<ul>{}</ul>"),
    "tooltip that tells author and time": ('<li><a href="/art/{n}0.html" title="文章标题：{t}&#xD;&#xA;作    者：佚名&#xD;&#xA;更新时间：{d}">{cut}</a></li>', "<ul>{}</ul>"),
    "feedback link": ('<li><a href="/art/{n}0.html">{t}</a><p>发布时间：{d} 征集时间：2026-11-01 至 2026-12-30</p><a href="/fk/{n}.html">查看结果反馈</a></li>', "<ul>{}</ul>"),
    "reading of the notice beside": ('<li><a href="/art/{n}0.html">{t}</a><i>{d}</i><a href="/jd/{n}.html">《{t}》政策解读</a></li>', "<ul>{}</ul>"),
    "reading below": ('<li><h3><a href="/art/{n}0.html">{t}</a></h3><i>{d}</i><p>相关：<a href="/jd/{n}.html">《{t}》政策解读和答问</a></p></li>', "<ul>{}</ul>"),
    "icon link before": ('<li><a href="/f/{n}.pdf" title="下载附件"><img src=i.gif></a><a href="/art/{n}0.html">{t}</a><i>{d}</i></li>', "<ul>{}</ul>"),
    "marked words": ('<li><a href="/art/{n}0.html">关于<em>农业</em>的事：{t}</a><i>{d}</i></li>', "<ul>{}</ul>"),
    "address shown below": ('<div class=r><h3><a href="/art/{n}0.html">{t}</a></h3><p>根据2025年1月3日的会议，就此事通知如下。</p><a href="/art/{n}0.html">http://nyj.example.gov.cn/art/{n}0.html?from=search_result_page_of_site</a><span>{d}</span></div>', "<div>{}</div>"),
    "day in the summary, own day below": ('<li><a href="/art/{n}0.html">{t}</a><p>自2025年3月1日起施行，原办法同时废止。</p><span>{d:%Y/%m/%d}</span></li>', "<ul>{}</ul>"),
    "day in the summary, month and day below": ('<li><a href="/art/{n}0.html">{t}</a><p>自2025年3月1日起施行，原办法同时废止。</p><span>{s}</span></li>', "<ul>{}</ul>"),
    "day that is a link": ('<li><a href="/art/{n}0.html">{t}</a> 发布于 <a href="/art/{n}0.html"><time>{d:%Y年%m月%d日}</time></a> <a href="/u/1">管理员</a></li>', "<ul>{}</ul>"),
    "made and published": ('<li><a href="/art/{n}0.html">{t}</a><p><span>成文日期：2026-01-05</span><span>发布日期：{d}</span></p></li>', "<ul>{}</ul>"),
    "closing day first": ('<li><a href="/art/{n}0.html">{t}</a><span>截止时间：2026-11-23</span><span>{d}</span></li>', "<ul>{}</ul>"),
    "day over month": ('<li><div><b>{d:%d}</b><i>{d:%m}月</i></div><a href="/art/{n}0.html">{t}</a></li>', "<ul>{}</ul>"),
    "source and day in one piece": ('<li><a href="/art/{n}0.html">{t}</a><span>1.2</span><p>来源：农业局 {d} 阅读：9</p></li>', "<ul>{}</ul>"),
    "brackets and colour": ('<tr><td><img src=d.gif></td><td><a href="/art/{n}0.html"><font color=red>{t}</font></a></td><td><font>[{s}]</font></td></tr>', "<table>{}</table>"),
    "function of the page": ('<tr><td><a href="javascript:show({n},\'art\')">{t}</a></td><td>{d}</td></tr>', '<script>var root="/"; function show(id, kind) {{ var u = 1; window.open(root + kind + "/" + id + "0.html", "_blank"); }}</script><table>{}</table>'),
    "function in onclick": ('<li><a href="#" onclick="return go(\'{n}0\')">{t}</a><i>{d}</i></li>', '<script>var go = function(id){{ location.href = \'/art/\'+encodeURIComponent(id)+\'.html\'; return false; }};</script><ul>{}</ul>'),
    "day at the end of the link": ('<li><a href="/art/{n}0.html">{t} [{d}]</a></li>', "<ul>{}</ul>"),
    "day at the start of the link": ('<li><a href="/art/{n}0.html">{d} {t}</a></li>', "<ul>{}</ul>"),
    "month and day at the end of the link": ('<li><a href="/art/{n}0.html">{t}[{s}]</a></li>', "<ul>{}</ul>"),
    "year of two figures": ('<li><a href="/art/{n}0.html">{t}</a>[{d:%y-%m-%d}]</li>', "<ul>{}</ul>"),
    "American day": ('<li><a href="/art/{n}0.html">{t}</a><i>{d.month}/{d.day}/{d.year} 12:00:00 AM</i></li>', "<ul>{}</ul>"),
    "day in two boxes of the link": ('<li><a href="/art/{n}0.html"><em>{d:%d}</em><i>{d:%Y-%m}</i><b>{t}</b></a></li>', "<ul>{}</ul>"),
    "card with a box for the day": ('<div class=it><a href="/art/{n}0.html"><div class=date><b>{d:%d}</b><p>{d:%Y.%m}</p></div><div class=txt><p>{t}</p><p>为做好有关工作，现通知如下。</p></div></a></div>', "<div>{}</div>"),
    "item within the link": ('<a href="/art/{n}0.html"><li><span>{t}</span><i>{d}</i></li></a>', "<ul>{}</ul>"),
    "index code linked too": ('<tr><td><a href="/art/{n}0.html">113400000/2026-0001{n}-and-a-long-code</a></td><td><a href="/art/{n}0.html">{t}</a></td><td>{d}</td></tr>', "<table>{}</table>"),
    "two readings beside": ('<li><a href="/art/{n}0.html">{t}</a><i>{d}</i><a href="/jd/{n}.html">文字解读</a><a href="/tj/{n}.html">图文解读</a></li>', "<ul>{}</ul>"),
    "string put into the page": ("<li><a href='/art/{n}0.html'>{t}</a><i>{d}</i></li>", '<div id=x></div><script>document.getElementById("x").innerHTML = "<ul>{}</ul>";</script>'),
}  # fmt: skip


@pytest.mark.parametrize("form", ROWS)
def test_a_row_of_any_form(form: str) -> None:
    row, around = ROWS[form]
    found = told(read_rows(page(around.format(each(row))), NOW))
    wanted = expected(LINK)
    if form == "marked words":
        wanted = [(x, f"关于农业的事：{t}", d) for x, t, d in wanted]
    assert found == wanted


PAIRS = {
    "day in the cell": '<td><a href="/art/{n}0.html">{t}</a> [{s}]</td>',
    "day in the next cell": '<td><a href="/art/{n}0.html">{t}</a></td><td>{d}</td>',
    "day before": '<td>{d}</td><td><a href="/art/{n}0.html">{t}</a></td>',
}


@pytest.mark.parametrize("form", PAIRS)
def test_two_notices_in_a_row_of_a_table(form: str) -> None:
    cells = each(PAIRS[form], between="|").split("|")
    rows = "".join(f"<tr>{cells[n]}{cells[n + 1]}</tr>" for n in (0, 2, 4))
    found = told(read_rows(page(f"<table>{rows}</table>"), NOW))
    assert found == expected(LINK)


def test_two_notices_in_an_item_with_a_day_each() -> None:
    cells = each('<a href="/art/{n}0.html">{t}</a><i>{d}</i>', between="|").split("|")
    rows = "".join(f"<li>{cells[n]}{cells[n + 1]}</li>" for n in (0, 2, 4))
    assert told(read_rows(page(f"<ul>{rows}</ul>"), NOW)) == expected(LINK)


FALLING = [dt.date(2026, 2, 3), dt.date(2026, 1, 6), dt.date(2025, 12, 20), dt.date(2025, 11, 21), dt.date(2025, 3, 2), dt.date(2024, 12, 30)]  # fmt: skip
YEARS = {
    "order": ("<ul>{}</ul>", '<li><a href="/art/{n}0.html">{t}</a><i>{s}</i></li>', LINK),
    "address": ("<ul>{}</ul>", '<li><a href="/art/t{d:%Y%m%d}_{n}.html">{t}</a><i>{s}</i></li>', "/art/t{d:%Y%m%d}_{n}.html"),
    "month in the address": ("<ul>{}</ul>", '<li><a href="/{d:%Y%m}/{n}.html">{t}</a><i>{s}</i></li>', "/{d:%Y%m}/{n}.html"),
    "year in the address": ("<ul>{}</ul>", '<li><a href="/{d:%Y}/a{n}.html">{t}</a><i>{s}</i></li>', "/{d:%Y}/a{n}.html"),
}  # fmt: skip


@pytest.mark.parametrize("form", YEARS)
def test_the_year_that_a_row_does_not_print(form: str) -> None:
    around, row, link = YEARS[form]
    assert told(read_rows(page(around.format(each(row, FALLING))), NOW)) == expected(link, FALLING)


def test_the_year_stands_in_a_heading_above() -> None:
    days = [dt.date(2025, 3, 2), dt.date(2025, 1, 5), dt.date(2024, 12, 1), dt.date(2024, 11, 1)]
    items = each('<li><i>{d:%m月%d日}</i><a href="/art/{n}0.html">{t}</a></li>', days, "|").split(
        "|"
    )
    inner = (
        f"<h4>2025年</h4><ul>{''.join(items[:2])}</ul><h4>2024年</h4><ul>{''.join(items[2:])}</ul>"
    )
    assert told(read_rows(page(inner), NOW)) == expected(LINK, days)
    parts = each('<dd><i>{d.day}日</i><a href="/art/{n}0.html">{t}</a></dd>', days, "|").split("|")
    heads = "".join(f"<dt>{d:%Y年%m月}</dt>{x}" for d, x in zip(days, parts, strict=True))
    assert told(read_rows(page(f"<dl>{heads}</dl>"), NOW)) == expected(LINK, days)


def test_a_menu_of_years_is_no_heading() -> None:
    menu = "<p><a href=/y/1/>2026年</a> <a href=/y/2/>2025年</a> <a href=/y/3/>2024年</a></p>"
    items = each('<li><a href="/art/{n}0.html">{t}</a><i>{s}</i></li>')
    assert told(read_rows(page(f"{menu}<ul>{items}</ul>"), NOW)) == expected(LINK)


def test_an_old_row_pinned_on_top_moves_no_year() -> None:
    days = [dt.date(2025, 12, 1), *DAYS[:5]]
    items = each('<li><a href="/art/{n}0.html">{t}</a><i>{s}</i></li>', days)
    assert told(read_rows(page(f"<ul>{items}</ul>"), NOW)) == expected(LINK, days)


def test_a_list_that_goes_up_in_time_stays_in_one_year() -> None:
    days = [dt.date(2026, n, 9) for n in (1, 4, 5, 8, 9, 11)]
    items = each('<li><a href="/art/{n}0.html">{t}</a><i>{s}</i></li>', days)
    assert told(read_rows(page(f"<ul>{items}</ul>"), NOW)) == expected(LINK, days)


def test_rows_somewhat_out_of_order_stay_in_their_year() -> None:
    days = [DAYS[0], DAYS[3], DAYS[1], DAYS[2], DAYS[5], DAYS[4]]
    items = each('<li><a href="/art/{n}0.html">{t}</a><i>{s}</i></li>', days)
    assert told(read_rows(page(f"<ul>{items}</ul>"), NOW)) == expected(LINK, days)


@pytest.mark.parametrize(
    "around",
    [
        "<ul class=a>{}</ul><ul class=b>{}</ul>",
        "<div class=tab-pane><ul>{}</ul></div><div class=tab-pane style='display:none'><ul>{}</ul></div>",
    ],
)
def test_parts_that_go_on_in_time_are_one_list(around: str) -> None:
    items = each('<li><a href="/art/{n}0.html">{t}</a><i>{d}</i></li>', between="|").split("|")
    inner = around.format("".join(items[:3]), "".join(items[3:]))
    assert told(read_rows(page(inner), NOW)) == expected(LINK)


LATEST = "".join(
    f"<li><a href=/zx/{n}.html>关于某项重要的公开信息发布之第{n}号的通知</a><i>2026-11-1{n}</i></li>"
    for n in range(10)
)


@pytest.mark.parametrize(
    "own", ["<h3>通知公告</h3>{}", "{}<div>共3页 <a href=index_1.html>下一页</a></div>"]
)
def test_the_list_of_the_page_goes_before_a_longer_one_beside(own: str) -> None:
    rows = each('<li><a href="/art/{n}0.html">{t}</a><i>{d}</i></li>')
    inner = f"<div class=l><h3>最新公开</h3><ul>{LATEST}</ul></div><div class=r>{own.format(f'<ul>{rows}</ul>')}</div>"
    assert told(read_rows(page(inner), NOW)) == expected(LINK)


def test_a_day_that_belongs_to_the_title_stays() -> None:
    row = '<li><a href="/art/{n}0.html">{t}（2026年11月）</a><i>{d}</i></li>'
    wanted = [(x, f"{t}（2026年11月）", d) for x, t, d in expected(LINK)]
    assert told(read_rows(page(f"<ul>{each(row)}</ul>"), NOW)) == wanted
    row = '<li><a href="/art/{n}0.html">{t} 2026-10-01</a><i>{d}</i></li>'
    wanted = [(x, f"{t} 2026-10-01", d) for x, t, d in expected(LINK)]
    assert told(read_rows(page(f"<ul>{each(row)}</ul>"), NOW)) == wanted


def test_blocks_of_a_channel_are_told_apart() -> None:
    row = '<li><a href="/{k}/{{n}}0.html">{k}{{t}}</a><i>{{d}}</i></li>'
    inner = "".join(
        f"<div class={k}><div><h3>{name}</h3><a href=/{k}/>更多&gt;&gt;</a></div><ul>{each(row.format(k=k))}</ul></div>"
        for k, name in (("gg", "公告公示"), ("zc", "政策文件"))
    )
    found = blocks(page(inner), NOW)
    assert [(name, len(rows)) for name, rows in found] == [("公告公示", 6), ("政策文件", 6)]
    assert len(read_rows(page(inner), NOW)) == 6


DATA = [
    (f"/art/{n}0.html", title, day) for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
]
MIDNIGHT = [dt.datetime.combine(day, dt.time(0), BEIJING) for _, _, day in DATA]
ISO = [f"{x.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.000Z" for x in MIDNIGHT]
OBJECTS = [{"id": n, "name": t, "link": u, "time": str(d)} for n, (u, t, d) in enumerate(DATA)]
TEXTS = {
    "text within a text": json.dumps({"d": json.dumps({"Rows": [{"Title": t, "LinkUrl": u, "AddDate": f"/Date({int(x.timestamp())}000+0800)/"} for (u, t, _), x in zip(DATA, MIDNIGHT, strict=True)]})}),
    "address in a text": json.dumps({"data": [{"title": t, "pubDate": f"{d} 15:20:00", "urls": json.dumps({"common": u, "wap": f"/m{u}"})} for u, t, d in DATA]}),
    "arrays": json.dumps({"aaData": [[n, t, "农业局", u, str(d)] for n, (u, t, d) in enumerate(DATA)]}),
    "arrays with markup": json.dumps({"aaData": [[f"<a href='{u}'>{t}</a>", str(d)] for u, t, d in DATA]}),
    "objects with markup": json.dumps({"rows": [{"t": f"<a href='{u}'>{t}</a>", "d": str(d)} for u, t, d in DATA]}),
    "objects by number": json.dumps({"list": {str(n): x for n, x in enumerate(OBJECTS)}, "n": 6}),
    "seconds in a text": json.dumps([{"title": t, "url": u, "inputtime": str(int(x.timestamp()))} for (u, t, _), x in zip(DATA, MIDNIGHT, strict=True)]),
    "moments of Greenwich": json.dumps([{"title": t, "url": u, "publishTime": x} for (u, t, _), x in zip(DATA, ISO, strict=True)]),
    "days in English": json.dumps([{"title": t, "url": u, "date": f"{d:%b} {d.day}, {d.year} 9:05:00 AM"} for u, t, d in DATA]),
    "days as Java prints them": json.dumps([{"title": t, "url": u, "date": f"{d:%a %b %d} 09:00:00 CST {d.year}"} for u, t, d in DATA]),
    "summary longer than the title": json.dumps([{"title": t.replace("关于", "<em>关于</em>"), "url": u, "content": "为做好有关工作，现通知如下" * 9, "date": str(d)} for u, t, d in DATA]),
    "day in an array": json.dumps([{"title": t, "url": u, "date": [d.year, d.month, d.day, 9, 30]} for u, t, d in DATA]),
    "markup escaped": json.dumps({"html": "".join(f"&lt;li&gt;&lt;a href=&quot;{u}&quot;&gt;{t}&lt;/a&gt;{d}&lt;/li&gt;" for u, t, d in DATA)}),
    "month and day": json.dumps([{"title": t, "url": u, "date": f"{d:%m-%d}"} for u, t, d in DATA]),
    "callback after a comment": f"/**/cb({json.dumps(OBJECTS)});",
    "callback in a try": f"try{{ jQuery.cb_1({json.dumps(OBJECTS)}); }}catch(e){{}}",
    "variable": f"var list = {json.dumps(OBJECTS)};",
    "markup in a callback": "cb(" + json.dumps({"html": "<ul>" + "".join(f'<li><a href="{u}">{t}</a><i>{d}</i></li>' for u, t, d in DATA) + "</ul>"}) + ")",
    "no JSON but a script's": "{total:6,rows:[" + ",".join(f"{{title:'{t}',url:'{u}',date:'{d}',note:'a\tb',}}" for u, t, d in DATA) + ",],}",
    "feed": '<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>通知公告</title><link>http://nyj.example.gov.cn/</link>' + "".join(f"<item><title><![CDATA[{t}]]></title><link>{u}</link><description><![CDATA[<p>各镇：<a href='/x.html'>某个很长的附件名称</a></p>]]></description><pubDate>{x:%a, %d %b %Y %H:%M:%S} +0800</pubDate></item>" for (u, t, _), x in zip(DATA, MIDNIGHT, strict=True)) + "</channel></rss>",
    "feed of one item": f"<rss><channel><title>通知公告栏目</title><link>/x/</link><pubDate>Mon, 23 Nov 2026 09:00:00 +0800</pubDate><item><title>{TITLES[0]}</title><link>/art/00.html</link><pubDate>Fri, 20 Nov 2026 09:00:00 +0800</pubDate></item></channel></rss>",
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>通知公告</title>' + "".join(f'<entry><title>{t}</title><link rel="edit" href="/e/{n}"/><link rel="alternate" href="{u}"/><id>tag:{n}</id><published>{x}</published><updated>2026-11-23T00:00:00Z</updated></entry>' for n, ((u, t, _), x) in enumerate(zip(DATA, ISO, strict=True))) + "</feed>",
    "feed of RDF": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">' + "".join(f"<item><title>{t}</title><link>{u}</link><dc:date>{d}T08:00:00+08:00</dc:date></item>" for u, t, d in DATA) + "</rdf:RDF>",
    "XML with attributes": "<?xml version='1.0'?><list>" + "".join(f'<doc title="{t}" url="{u}" date="{d}"/>' for u, t, d in DATA) + "</list>",
    "XML with markup": "<?xml version='1.0'?><rows>" + "".join(f"<row><cell><![CDATA[<a href='{u}'>{t}</a>]]></cell><cell>{d}</cell></row>" for u, t, d in DATA) + "</rows>",
    "XML of a site's own": "<?xml version='1.0'?><result><list>" + "".join(f"<info><bt>{t}</bt><lj>{u}</lj><fbsj>{d}</fbsj></info>" for u, t, d in DATA) + "</list></result>",
}  # fmt: skip


@pytest.mark.parametrize("form", TEXTS)
def test_lists_that_are_no_page(form: str) -> None:
    response = answer(TEXTS[form], f"{SITE}/list.xml" if form[:1] in "fAX" else f"{SITE}/list.js")
    wanted = expected(LINK)
    assert told(read_rows(response, NOW)) == (wanted[:1] if "one item" in form else wanted)
    if "feed" in form or form == "Atom":
        assert page_kind(response).kind is Kind.LIST


SCRIPTS = {
    "arrays one by one": "var a=new Array();"
    + each("a[{n}]=new Array('{t}','/art/{n}0.html','{d}');"),
    "objects one by one": "var a=[];"
    + each("a.push({{title:'{t}',href:'/art/{n}0.html',date:'{d}'}});"),
    "side by side": each("bt[{n}]='{t}';lj[{n}]=\"/art/{n}0.html\";sj[{n}]='{d}';"),
    "one literal": "var data = ["
    + each("{{title: '{t}', url: '/art/{n}0.html', time: '{d}'}},")
    + "];",
    "arrays in a literal": "var data = ["
    + each("['{t}', '/art/{n}0.html', '{d}'],")
    + "];show(data);",
}


@pytest.mark.parametrize("form", SCRIPTS)
def test_lists_in_scripts(form: str) -> None:
    inner = f"<div id=list></div><script>{SCRIPTS[form]}</script>"
    assert told(read_rows(page(inner), NOW)) == expected(LINK)


@pytest.mark.parametrize(
    "inner",
    [
        "<ul>" + "".join(f"<li data-url='/tab/{n}/'>某某栏目{n}</li>" for n in range(5)) + "</ul>",
        "<script>d.add(1,0,'某某信息公开目录','/a/1.html');d.add(2,0,'某某信息目录','/a/2.html')</script>",
        "<script>var a=['</script>",
        "<p><a href='javascript:go(1)'>关于做好某项工作的通知</a></p>",
    ],
)
def test_what_is_no_list(inner: str) -> None:
    with pytest.raises(NoRows):
        read_rows(page(inner), NOW)


def test_a_selector_finds_nothing_in_json() -> None:
    response = build_response(URL, b"[]", {"Content-Type": "application/json"})
    assert isinstance(response, TextResponse)
    with pytest.raises(NoRows, match="answers JSON"):
        rows_from(response, "ul li", NOW)
