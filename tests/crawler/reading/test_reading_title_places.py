"""Where title, dates and number stand on pages of many makes: one way to set them a case."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Notice
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=BEIJING)
TITLE = "关于开展城乡供水设施冬季检修工作的通知"
SITE = "云溪县水务局"
BARE = "http://water.example.gov.cn/show.asp?id=56"
NAV = (
    "<div class=nav><ul>"
    + "".join(
        f"<li><a href=/c{n}/>{x}</a></li>"
        for n, x in enumerate(("首页", "水务要闻", "通知公告", "政策法规", "信息公开", "办事指南"))
    )
    + "</ul></div>"
)
PATH = "<div class=path>当前位置：<a href=/>首页</a> &gt; <a href=/c2/>通知公告</a></div>"
MENU = (
    "<div class=menu><h3>水务公开</h3><ul><li><a href=/a/>机构职能</a></li>"
    "<li><a href=/b/>水务公开</a></li><li><a href=/d/>年度报告</a></li></ul></div>"
)
TEXT = (
    "<p>各乡镇水务站，各供水单位：</p>"
    "<p>为保障冬季供水安全，现就城乡供水设施检修工作有关事项通知如下。</p>"
    "<p>一、各单位要对管网、泵站和水表进行全面检查，发现隐患及时处理。</p>"
    "<p>二、检修情况请于11月30日前报送我局。</p>"
)
SIGNED = "<p>云溪县水务局</p><p>2023年5月26日</p>"
FOOT = "<div class=foot><p>版权所有：云溪县水务局 更新日期：2026年11月24日</p></div>"


def read(inner: str, title: str = f"{TITLE}-{SITE}", head: str = "", url: str = BARE) -> Notice:
    text = f"<html><head><title>{title}</title>{head}</head><body>{inner}</body></html>"
    response = build_response(url, text.encode())
    assert isinstance(response, TextResponse)
    return read_notice(response, None, now=NOW)


def day(notice: Notice) -> str:
    return notice.published.date().isoformat() if notice.published else ""


def page(head: str, before: str = "", text: str = TEXT + SIGNED, after: str = "") -> str:
    return (
        f"{NAV}{before}{PATH}<div class=main>{head}<div class=con>{text}</div>{after}</div>{FOOT}"
    )


INFO = "<div class=info>发布时间：2023-05-29　来源：云溪县水务局　浏览：12次</div>"
CUT = "关于开展城乡供水设施冬季检修…"
TITLES = [
    # the site's name in <title>: what stands by the info line, not the name of a menu
    (f"{MENU}<div class=nt><span id=c_lblTitle>{TITLE}</span></div>{INFO}", SITE),
    (f"{MENU}<h1>{TITLE}</h1>{INFO}", SITE),
    (f"{MENU}<div align=center><font size=5><b>{TITLE}</b></font></div>{INFO}", SITE),
    (
        f"{MENU}<table><tr><td align=center style='font-size:22px'>{TITLE}</td></tr></table>{INFO}",
        SITE,
    ),
    # the column's name in <title> and in a heading
    (f"<h2>水务要闻</h2><p class=bt>{TITLE}</p>{INFO}", f"水务要闻-{SITE}"),
    (f"<h2>信息公开</h2><h2>{TITLE}</h2>{INFO}", f"信息公开_{SITE}"),
    # below the info line
    (f"{INFO}<h1>{TITLE}</h1>", SITE),
    # a title in several lines, with the number or the info line in its box
    (f"<h1>关于开展城乡供水设施<br>冬季检修工作的通知</h1>{INFO}", SITE),
    (f"<div class=title><p>关于开展城乡供水设施</p><p>冬季检修工作的通知</p></div>{INFO}", SITE),
    (f"<div class=title><p>{TITLE}</p><p>云水发〔2023〕8号</p></div>{INFO}", SITE),
    (f"<h1>{TITLE}<br><span>时间：2023-05-29 来源：本站</span></h1>", SITE),
    # cut on the page, whole elsewhere
    (f"<h1>{CUT}</h1>{INFO}", f"{TITLE}-{SITE}"),
    (f'<div class=tit title="{TITLE}">{CUT}</div>{INFO}', SITE),
    (f"<h1>{TITLE}</h1>{INFO}", f"关于开展城乡供水设施冬季检修..._{SITE}"),
    # a heading that is a link to the page, that carries the date, that heads an <article>
    (f"<h1><a href=/x>{TITLE}</a></h1>{INFO}", f"{TITLE}-{SITE}"),
    (f"<h1>{TITLE}<span>2023-05-29</span></h1>", f"{TITLE}-{SITE}"),
    (f"<h1>{TITLE}<span>2023-05-29</span></h1>", SITE),
    (
        f"<article><header><h1>{TITLE}</h1><p>发布时间：2023-05-29 <a href=#>分享</a></p></header></article>",
        SITE,
    ),
    # named by nothing but its place in the middle
    (f"<p align=center><b>{TITLE}</b></p>", SITE),
    # headings of boxes after the text
    (f"<div class=bt>{TITLE}</div>{INFO}<h3>网友评论</h3><h3>点击排行</h3>", SITE),
]


@pytest.mark.parametrize(("head", "title"), TITLES)
def test_the_title_is_what_stands_where_titles_stand(head: str, title: str) -> None:
    assert read(page(head), title).title == TITLE


@pytest.mark.parametrize("tag", ["h1", "div"])
def test_a_short_title_goes_before_a_long_name_of_the_site(tag: str) -> None:
    name = "云溪县人民政府门户网站"
    head = f"<div class=logo>{name}</div>"
    assert (
        read(head + page(f"<{tag}>停水通知</{tag}>{INFO}"), f"停水通知-{name}").title == "停水通知"
    )
    head = "<h1>云溪水务在线</h1>"
    title = f"<{tag} class=tit>{TITLE}</{tag}>"
    assert read(head + page(title + INFO), "云溪水务在线").title == TITLE


def test_a_declared_title_that_is_cut_is_given_whole() -> None:
    head = f'<meta name="ArticleTitle" content="{CUT}">'
    assert read(page(f"<h1>{TITLE}</h1>{INFO}"), SITE, head).title == TITLE
    head = f'<meta property="og:title" content="{TITLE}">'
    assert read(page(f"<h1>{CUT}</h1>{INFO}"), SITE, head).title == TITLE


ROWS = "<h3>最新公告</h3>" + "".join(
    f"<p><a href=/{n}.html>关于公布第{n}批名单的公告</a></p><p>发布时间：2026-0{n}-11</p>"
    for n in range(1, 7)
)
H = f"<h1>{TITLE}</h1>"
PUBLISHED = [
    # clocks above the title
    ("<div>今天是：2026年11月24日</div>", f"{H}{INFO}", ""),
    (
        "<div>当前日期：<span>2026-11-24 09:30:12</span> <a href=#>加入收藏</a></div>",
        f"{H}{INFO}",
        "",
    ),
    ("<div>2026年11月24日 星期二</div>", f"{H}<p>来源：办公室 时间：2023年5月29日 星期一</p>", ""),
    # several dates
    ("", f"{H}<p>更新时间：2024-01-02　发布时间：2023-05-29</p>", ""),
    ("", f"{H}<p>发布日期：2023-05-29 成文日期：2023-05-26 有效期至：2025-05-26</p>", ""),
    ("", f"{H}<h2>云溪县水务局</h2><h3>2023年5月26日</h3>{INFO}", ""),
    # forms of the info line
    ("", f"{H}<p><b>来源：</b>水务局 <b>时间：</b>2023-05-29</p>", ""),
    ("", f"{H}<p>来源：水务局时间：2023-05-29</p>", ""),
    ("", f"{H}<p>2023-05-29 16:22　　云溪县融媒体中心办公室</p>", ""),
    ("", f"{H}<p>[ 2023-5-29 | 办公室 | 阅读 118 次 ]</p>", ""),
    ("", f"{H}<p><span>2023-05-29</span><span>云水发〔2023〕8号</span><span>办公室</span></p>", ""),
    ("", f"{H}<p><i>128</i><i>2023-05-29</i><i>来源：本站</i></p>", ""),
    ("", f"{H}<p>信息来源：办公室　2023/5/29 14:07:22　点击数：318</p>", ""),
    ("", f"{H}<p>发布于 2023.05.29</p>", ""),
    ("", f"{H}<p>发布时间：二〇二三年五月二十九日</p>", ""),
    ("", f"{H}<dl><dt>发布时间</dt><dd>2023-05-29</dd><dt>来源</dt><dd>水务局</dd></dl>", ""),
    ("", f"{H}<ul><li>来源：水务局</li><li>浏览：12</li><li>日期：2023-05-29</li></ul>", ""),
    ("", f"{H}<p><em>发布时间</em> 2023-05-29 <em>来源</em> 办公室</p>", ""),
    ("", f"{H}<p>稿源：办公室　2023-05-29</p>", ""),
    ("", f"{H}<p>Updated: 2023-05-29 09:10 (Yunxi Daily)</p>", ""),
    ("", f"{H}<p>来信时间：2023-05-29</p><p>回复时间：2023-06-02</p>", ""),
    (
        "",
        f"{H}<p>开始时间：2023-06-01 结束时间：2023-06-30 浏览：3</p><p>发布时间：2023-05-29</p>",
        "",
    ),
    # beside lists whose rows carry the same label
    (ROWS, f"{H}<p>时间：2023-05-29</p>", ""),
    ("", f"{H}{INFO}", ROWS),
    # a date in two boxes
    ("", f"<div class=date><b>29</b><i>2023-05</i></div>{H}<p>来源：水务局</p>", ""),
    # after the text
    ("", H, "<p>发布时间：2023-05-29</p>"),
    (
        "",
        H,
        "<table><tr><td>索引号</td><td>K1/2023-9</td></tr><tr><td>发布日期</td><td>2023年05月29日</td></tr></table>",
    ),
]


@pytest.mark.parametrize(("before", "head", "after"), PUBLISHED)
def test_the_day_of_publication_is_the_one_by_the_title(before: str, head: str, after: str) -> None:
    notice = read(page(head, before, after=after))
    assert (day(notice), notice.title) == ("2023-05-29", TITLE)


def test_the_dates_of_a_list_are_not_the_page_s() -> None:
    url = "http://w.example.gov.cn/tz/202305/t20230529_1.html"
    assert day(read(page(H, after=ROWS), url=url)) == "2023-05-29"


def test_what_a_page_declares_goes_before_the_day_it_was_changed() -> None:
    head = '<meta name="PubDate" content="2023-05-29 10:00">'
    assert day(read(page(f"{H}<p>更新时间：2024-01-02</p>"), head=head)) == "2023-05-29"
    assert day(read(page(f"{H}<p>更新时间：2023-05-29</p>"))) == "2023-05-29"


def test_a_year_comes_from_the_address_when_the_page_tells_none() -> None:
    head = f"{H}<p><span>05-29 08:46</span><span>来源：云溪日报</span></p>"
    notice = read(page(head), url="http://w.example.gov.cn/art/2023/5/29/art_1_2.html")
    assert notice.published == dt.datetime(2023, 5, 29, 8, 46, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "script", ['var fbsj="2023-05-29 10:11:05";', '{"@id":"x","pubDate":"2023-05-29T10:11:05"}']
)
def test_a_date_in_a_script_is_a_last_resort(script: str) -> None:
    assert day(read(page(H, after=f"<script>{script}</script>"))) == "2023-05-29"
    shown = f"{H}<p>发布时间：2023-05-30</p>"
    assert day(read(page(shown, after=f"<script>{script}</script>"))) == "2023-05-30"


@pytest.mark.parametrize(
    "head",
    [
        H,  # neither clock nor footer
        f"{H}<p>来源：云溪县水务局</p>",
        f"{H}<p>（2023年5月20日县政府常务会议通过）</p>",
    ],
)
def test_no_day_of_publication_is_made_up(head: str) -> None:
    before = "<div>2026年11月24日 星期二</div>"
    text = "<p>培训时间：2023年6月1日</p>" + TEXT + SIGNED
    assert read(page(head, before, text)).published is None


NUMBERS = [
    (f"{H}<p>云水发〔2023〕8号</p>{INFO}", "云水发〔2023〕8号"),
    (f"{H}<p>（云水发[2023] 8号）</p>{INFO}", "云水发〔2023〕8号"),
    (f"<div class=title><p>{TITLE}</p><p>云水发〔2023〕8号</p></div>{INFO}", "云水发〔2023〕8号"),
    (
        f"{H}<p><span>2023-05-29</span><span>云水发〔2023〕8号</span><span>办公室</span></p>",
        "云水发〔2023〕8号",
    ),
    (f"{H}<p>文号：云水发〔2023〕8号　时间：2023-05-29</p>", "云水发〔2023〕8号"),
    (f"{H}{INFO}<p>云水发〔2023〕</p><p>8号</p>", "云水发〔2023〕8号"),
    (f"<h1>{TITLE} 云水发〔2023〕8号</h1>{INFO}", "云水发〔2023〕8号"),
    ("<h1>云溪县水务局关于送达催告书的公告（2023年第3号）</h1>" + INFO, "2023年第3号"),
    ("<h1>关于供水价格调整方案听证会公告（第一号）</h1>" + INFO, ""),
    (f"{H}<p>云水发〔2023〕</p><p>8号</p>{INFO}", "云水发〔2023〕8号"),
    (f"{H}<p><a href=/y.html>政策原文：云水发〔2021〕3号</a></p>{INFO}", ""),
]


@pytest.mark.parametrize(("head", "number"), NUMBERS)
def test_the_number_beside_the_title(head: str, number: str) -> None:
    assert read(page(head), SITE).doc_number == number


def test_a_table_whose_labels_are_only_boxes() -> None:
    table = (
        "<ul><li><b>索 引 号</b><span>K1/2023-9</span></li><li><b>文　号</b><span>云水发〔2023〕8号</span></li>"
        "<li><b>成文日期</b><span>2023年05月26日</span></li><li><b>发布日期</b><span>2023年05月29日</span></li></ul>"
    )
    notice = read(page(table + H))
    assert (notice.doc_number, day(notice)) == ("云水发〔2023〕8号", "2023-05-29")
    assert notice.written == dt.date(2023, 5, 26)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (TEXT + "<p>二00九年三月二十三日</p><p>冬季检修工作方案</p><p>一、总体要求是安全第一。</p>", "2009-03-23"),
        (f"<table><tr><td>{TEXT}<p>二○○八年七月十四日</p></td></tr></table>", "2008-07-14"),
        (TEXT + "<p>云溪县水务局　　2023年5月26日</p>", "2023-05-26"),
        ("<table><tr><th>处罚机关</th><td>云溪县水务局</td></tr><tr><th>违法事实</th><td>未经批准擅自取水，情节较轻。</td></tr>"
         "<tr><th>处罚决定日期</th><td>2022/06/22</td></tr><tr><th>公示截止期</th><td>2025/06/22</td></tr></table>", "2022-06-22"),
    ],
)  # fmt: skip
def test_the_day_a_notice_was_written(text: str, written: str) -> None:
    assert read(page(H + INFO, text=text)).written == dt.date.fromisoformat(written)


def test_an_english_page_is_signed_in_english() -> None:
    text = "<p>The bureau will check all water works of the county this winter.</p><p>June 16, 2022</p>"
    assert read(page(H + INFO, text=text)).written == dt.date(2022, 6, 16)


@pytest.mark.parametrize(
    "address",
    ["/2023/0529/c1.html", "/202305/29/c.html", "/2023-05-29/1.html", "/x/20230529-04_1/a.htm"],
)
def test_the_address_is_the_last_to_tell_the_day(address: str) -> None:
    assert day(read(page(H), url=f"http://w.example.gov.cn{address}")) == "2023-05-29"


def test_a_report_is_signed_between_title_and_text() -> None:
    head = f"{H}<h2>云溪县水务局　云溪县统计局</h2><h3>2023年5月26日</h3>{INFO}"
    notice = read(page(head, text=TEXT))
    assert notice.written == dt.date(2023, 5, 26)
    assert notice.issuers == ["云溪县水务局", "云溪县统计局"]
