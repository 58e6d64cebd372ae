"""Facts of notice pages: one small page a platform, in our own words."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import AttachmentKind, Notice, Row
from crawler.reading.charset import build_response
from crawler.reading.notice import NoPage, Selectors, read_notice

URL = "https://gxj.example.gov.cn/zwgk/tzgg/201909/t20190910_1.html"
TITLE = "关于组织申报2019年度示范工厂的通知"
PARAGRAPHS = [
    "各区县工业和信息化主管部门，各有关单位：",
    "为推动制造业高质量发展，现将示范工厂申报工作有关事项通知如下。",
    "一、申报条件",
    "申报单位应当依法设立，近三年没有发生较大安全事故，具备完善的管理制度。",
    "二、申报时间",
    "请于9月30日前将申报材料报送我局。",
    "特此通知。",
]
SIGNED = ["某某市工业和信息化局", "2019年9月9日"]
NAV = (
    "<div class=top><ul>"
    + "".join(f"<li><a href=/c{n}/>栏目{n}</a></li>" for n in range(9))
    + "</ul></div>"
)
PATH = '<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="../">通知公告</a></div>'
FOOT = (
    "<div class=share>分享到：<a href=#>微信</a><a href=#>微博</a></div>"
    "<div class=foot><p>【打印本页】【关闭窗口】</p><p>上一篇：<a href=/a.html>关于另一件事的通知公告</a></p>"
    "<p>版权所有：某某市工业和信息化局 网站标识码：1100000001 京ICP备00000001号</p></div>"
)
META = (
    f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2019-09-10 16:20">'
    '<meta name="ContentSource" content="某某市工业和信息化局">'
)


def paragraphs(*texts: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


BODY = paragraphs(*PARAGRAPHS, *SIGNED)


def response(inner: str, head: str = "", url: str = URL) -> TextResponse:
    text = f"<html><head><title>{TITLE}-某某市工业和信息化局</title>{head}</head><body>{inner}</body></html>"
    built = build_response(url, text.encode())
    assert isinstance(built, TextResponse)
    return built


def read(
    inner: str,
    now: dt.datetime,
    head: str = "",
    selectors: Selectors | None = None,
    row: Row | None = None,
) -> Notice:
    return read_notice(response(inner, head), row, now=now, selectors=selectors or Selectors())


def whole(body: str = BODY, above: str = "", after: str = "") -> str:
    return (
        f"{NAV}{PATH}<div class=main><h1>{TITLE}</h1><div class=info>发布时间：2019-09-10 16:20"
        f" 来源：某某市工业和信息化局 字体：[大 中 小]</div>{above}<div class=con>{body}</div>{after}</div>{FOOT}"
    )


INFO = "<p><span>发布日期：2019-09-10</span><span>浏览次数：12</span></p>"
LAYOUTS = {
    "editor box": whole(),
    "meta only": f"{NAV}<div><h2>{TITLE}</h2><div id=zoom>{BODY}</div></div>{FOOT}",
    "flat siblings": f"{NAV}{PATH}<div class=art><h1>{TITLE}</h1>{INFO}{BODY}</div>{FOOT}",
    "lines are div": whole(paragraphs(*PARAGRAPHS, *SIGNED, tag="div")),
    "lines are br": whole("<br>".join(["", *PARAGRAPHS, *SIGNED])),
    "layout table": f"{NAV}<table><tr><td align=center>{TITLE}</td></tr><tr><td>日期：2019-09-10 来源：本局</td></tr><tr><td>{BODY}</td></tr></table>{FOOT}",
    "furniture inside": f"{NAV}<div><h1>{TITLE}</h1>{INFO}<div>{BODY}<p>【打印】【关闭】</p><p>责任编辑：某某</p><p>扫一扫在手机打开当前页</p></div></div>{FOOT}",
    "side column": f"{NAV}<div><div class=left><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div><div class=right><h3>最新公开</h3><ul>"
    + "".join(
        f"<li><a href=/x{n}.html>关于别的事情的一份很长的通知文件{n}</a></li>" for n in range(9)
    )
    + f"</ul></div></div>{FOOT}",
    "custom tags": f"{NAV}<h1><ucaptitle>{TITLE}</ucaptitle></h1><p><publishtime>2019-09-10</publishtime> 来源：本局</p><ucapcontent>{BODY}</ucapcontent>{FOOT}",
    "title broken": f"{NAV}<h1>关于组织申报2019年度<br>示范工厂的通知</h1>{INFO}<div>{BODY}</div>{FOOT}",
    "word html": whole(
        "".join(
            f"<p class=MsoNormal><span><span>{t[:3]}</span></span><font><span>{t[3:]}</span></font><o:p></o:p></p>"
            for t in [*PARAGRAPHS, *SIGNED]
        )
    ),
    "disclosure page": f"{NAV}<table><tr><td>索引号：</td><td>110/2019-1</td><td>发布机构：</td><td>某某市工业和信息化局</td></tr>"
    f"<tr><td>成文日期：</td><td>2019-09-09</td><td>主题词：</td><td></td></tr><tr><td>名称：</td><td colspan=3>{TITLE}</td></tr>"
    f"<tr><td>文号：</td><td></td><td>发布日期：</td><td>2019-09-10</td></tr></table><h1>{TITLE}</h1><div>发布日期：2019-09-10 浏览次数：-</div><div>{BODY}</div>{FOOT}",
    "info line below": f"{NAV}<div><h1>{TITLE}</h1><div>{BODY}</div><div>发布时间：2019-09-10 来源：本局</div></div>{FOOT}",
    "info line above": f"{NAV}<div><div>发布时间：2019-09-10 来源：本局</div><h1>{TITLE}</h1><div>{BODY}</div></div>{FOOT}",
    "title in the path": f"{NAV}<ul><li><a href=/>首页</a></li><li>{TITLE}</li></ul><div><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}",
    "clock and news above": f"{NAV}<p>今天是2019年9月12日 星期四</p><div><h3>最新公告</h3><ul>"
    + "".join(
        f"<li><a href=/x{n}.html>关于别的事情的一份很长的通知{n}</a><span>2019-09-0{n + 1}</span></li>"
        for n in range(8)
    )
    + f"</ul></div><div><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}",
    "tables in tables": f"{NAV}<table><tr><td><table><tr><td>{TITLE}</td></tr><tr><td><table><tr><td>发布日期：2019-09-10</td><td>来源：本局</td>"
    f"<td>字号：大 中 小</td></tr></table></td></tr><tr><td><table><tr><td>{BODY}</td></tr></table></td></tr></table></td></tr></table>{FOOT}",
    "all in one form": f"<form id=aspnetForm>{NAV}{PATH}<div><h1>{TITLE}</h1>{INFO}<div>{BODY}</div></div>{FOOT}</form>",
    "search form above": f"<form><input name=q><button>站内搜索</button> 热门搜索：申报 公示</form>{whole()}",
    "hidden copy": f"<div style='display:none'>{TITLE}{BODY}</div>{whole()}",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("head", ["", META])
def test_title_body_dates_and_signature(layout: str, head: str, now: dt.datetime) -> None:
    if layout == "meta only":
        head = META
    notice = read(LAYOUTS[layout], now, head)
    assert notice.title == TITLE
    assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]
    assert notice.published is not None
    assert notice.published.date() == dt.date(2019, 9, 10)
    assert notice.published.tzinfo is not None
    assert notice.written == dt.date(2019, 9, 9)
    assert notice.issuers == ["某某市工业和信息化局"]
    assert notice.doc_number == ""
    assert notice.period is not None
    assert notice.period.closes == dt.date(2019, 9, 30)
    assert notice.attachments == []
    assert notice.problems == []


def test_a_page_that_names_only_the_site(now: dt.datetime) -> None:
    for title in (f"<div class=bt>{TITLE}</div>", f"<div>{TITLE}</div>"):
        text = (
            f"<html><head><title>某某市工业和信息化局</title></head><body>{NAV}<div>{title}"
            f"<div><span>2019-09-10</span> <span>来源：本局</span></div><div>{BODY}</div></div></body>"
        )
        built = build_response(URL, text.encode())
        assert isinstance(built, TextResponse)
        notice = read_notice(built, None, now=now)
        assert notice.title == TITLE
        assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]
        assert notice.published == dt.datetime(2019, 9, 10, tzinfo=BEIJING)


def test_evidence_says_where_each_fact_stood(now: dt.datetime) -> None:
    notice = read(whole(), now, META)
    assert notice.evidence["title"] == "meta ArticleTitle"
    assert notice.evidence["published"] == "page"
    assert notice.evidence["written"] == "signature"
    assert notice.evidence["issuers"] == "signature"
    assert notice.reader
    assert notice.address == "https://gxj.example.gov.cn/zwgk/tzgg/201909/t20190910_1.html"
    assert notice.published == dt.datetime(2019, 9, 10, 16, 20, tzinfo=BEIJING)


TABLES = {
    "td pairs": "<table><tr><td>索 引 号：</td><td>11000/2019-00017</td><td>分　　类：</td><td>工业</td></tr>"
    "<tr><td>发文机关：</td><td>某某市经济委员会</td><td>成文日期：</td><td>2019年09月06日</td></tr>"
    "<tr><td>名　　称：</td><td>{t}</td><td>文　　号：</td><td>某经信〔2019〕79 号</td></tr></table>",
    "th and td": "<table><tr><th>索引号</th><td>11000/2019-00017</td><th>主题分类</th><td>工业</td></tr>"
    "<tr><th>发文机关</th><td>某某市经济委员会</td><th>生成日期</th><td>2019-09-06</td></tr>"
    "<tr><th>文号</th><td>某经信〔2019〕79号</td><th>有效性</th><td>有效</td></tr></table>",
    "li": "<ul><li><b>索引号：</b>11000/2019-00017</li><li><b>发布机构：</b>某某市经济委员会</li>"
    "<li><b>成文日期：</b>2019-09-06</li><li><b>发文字号：</b>某经信﹝2019﹞79号</li></ul>",
    "bold and text": "<p><b>索引号:</b> 11000/2019-00017 <b>发文机关:</b> 某某市经济委员会</p>"
    "<p><b>成文日期:</b> 2019-09-06 <b>文号:</b> 某经信[2019]79号</p>",
    "dl": "<dl><dt>索引号</dt><dd>11000/2019-00017</dd><dt>发文机关</dt><dd>某某市经济委员会</dd>"
    "<dt>成文日期</dt><dd>2019-09-06</dd><dt>文号</dt><dd>某经信（2019）79号</dd></dl>",
}


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("place", ["before title", "after title"])
def test_header_tables(form: str, place: str, now: dt.datetime) -> None:
    table = f"<div class=xxgk>{TABLES[form].format(t=TITLE)}</div>"
    inner = table + whole() if place == "before title" else whole(above=table)
    notice = read(inner, now)
    assert notice.index_number == "11000/2019-00017"
    assert notice.issuers == ["某某市经济委员会"]
    assert notice.written == dt.date(2019, 9, 6)
    assert notice.doc_number == "某经信〔2019〕79号"
    assert notice.title == TITLE
    assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]
    assert [x.code for x in notice.problems] == ["date.disagree"]  # 落款 says the 9th


def test_index_codes_and_nothing_are_no_numbers(now: dt.datetime) -> None:
    for value in ("无", "", "696785044/2026-00017", "11000000MB01234567"):
        table = f"<table><tr><td>索引号：</td><td>1</td></tr><tr><td>文号：</td><td>{value}</td></tr></table>"
        assert read(table + whole(), now).doc_number == ""


@pytest.mark.parametrize(
    ("first", "number"),
    [
        ("某工信节〔2019〕12号", "某工信节〔2019〕12号"),
        ("某工信规〔2019〕5 号", "某工信规〔2019〕5号"),
        ("某工信函（２０１９）１２号", "某工信函〔2019〕12号"),
        ("（某工信〔2019〕12号）", "某工信〔2019〕12号"),
        ("发文字号：某工信〔2019〕12号", "某工信〔2019〕12号"),
        ("根据《关于某事的通知》（国发〔2019〕1号），", ""),
        ("现将国发〔2019〕1号文件转发给你们", ""),
        ("项目编号：HBT-16124260-265952", ""),
    ],
)
def test_the_number_that_heads_the_body(first: str, number: str, now: dt.datetime) -> None:
    assert read(whole(paragraphs(first) + BODY), now).doc_number == number


def test_the_number_of_an_order_stands_in_two_lines(now: dt.datetime) -> None:
    body = paragraphs(
        "某某省人民政府令",
        "第232号",
        "《某某管理办法》已经审议通过，现予公布，自公布之日起施行。",
        "省长：某某",
        "2019年9月9日",
    )
    notice = read(whole(body), now)
    assert notice.doc_number == "某某省人民政府令第232号"
    assert notice.issuers == ["某某省人民政府"]
    assert notice.written == dt.date(2019, 9, 9)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("关于印发某某办法的通知（某发改规〔2019〕916号）", "某发改规〔2019〕916号"),
        ("某某部公告2019年第37号", "某某部公告2019年第37号"),
        ("《某某管理规定》 2019年第41号令", "2019年第41号令"),
        ("转发《关于某事的通知》（国办发〔2019〕1号）的通知", ""),
        ("关于贯彻落实国发〔2019〕1号文件的通知", ""),
        ("食品安全监督抽检信息通告（2019年第9期）", ""),
    ],
)
def test_the_number_in_a_title(title: str, number: str, now: dt.datetime) -> None:
    text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{INFO}<div>{BODY}</div></body></html>"
    built = build_response(URL, text.encode())
    assert isinstance(built, TextResponse)
    assert read_notice(built, None, now=now).doc_number == number


@pytest.mark.parametrize(
    ("signed", "names", "day"),
    [
        (
            ["某某省工业和信息化厅　某某省生态环境厅", "2019年9月2日"],
            ["某某省工业和信息化厅", "某某省生态环境厅"],
            2,
        ),
        (
            ["国家发展改革委", "国 家 能 源 局", "住房城乡建设部", "2019年9月3日"],
            ["国家发展改革委", "国家能源局", "住房城乡建设部"],
            3,
        ),
        (
            ["某某市科学技术局办公室", "二〇一九年九月四日", "（此件主动公开）"],
            ["某某市科学技术局办公室"],
            4,
        ),
        (["某某市经济和信息化委员会 2019年9月5日"], ["某某市经济和信息化委员会"], 5),
        (["某某市发展和改革委员会", "2019-09-06", "附件：1.申报书"], ["某某市发展和改革委员会"], 6),
        (
            ["某某省档案局局长　赵　甲", "某某省司法厅厅长 钱乙丙", "2019年9月7日"],
            ["某某省档案局", "某某省司法厅"],
            7,
        ),
        (
            ["某某省司法厅", "厅　长　钱乙丙", "2019年9月8日"],
            ["某某省司法厅"],
            8,
        ),
        (["某某市科技局政务服务窗口", "2019年9月8日"], ["某某市科技局政务服务窗口"], 8),
        (["科技标准处", "2019年9月9日", "（联系电话：010-00000000）"], ["科技标准处"], 9),
    ],
)
def test_signatures(signed: list[str], names: list[str], day: int, now: dt.datetime) -> None:
    notice = read(whole(paragraphs(*PARAGRAPHS, *signed)), now)
    assert notice.issuers == names
    assert notice.written == dt.date(2019, 9, day)


@pytest.mark.parametrize(
    ("first", "names"),
    [
        (["某某省司法厅　某某省档案局令第5号"], ["某某省司法厅", "某某省档案局"]),
        (["某某省人民政府令", "第12号"], ["某某省人民政府"]),
        (["某某省生态环境厅公告 2019年第7号"], ["某某省生态环境厅"]),
        (["2019年第7号公告"], ["某某信息中心"]),
        (["某某省生态环境厅2019年9月6日批准，2020年1月1日起实施。"], ["某某省生态环境厅"]),
        (["本标准由某某省生态环境厅发布，某某协会解释。"], ["某某省生态环境厅"]),
        (["本标准首次发布。"], ["某某信息中心"]),
    ],
)
def test_who_issued_an_order_or_a_standard(
    first: list[str], names: list[str], now: dt.datetime
) -> None:
    title = "污水处理装置技术规范"
    info = "<p>发布时间：2019-09-10 来源：某某信息中心</p>"
    told = paragraphs(*first, "装置的选型应当与来水相称，运行记录保存三年，不得涂改。")
    text = f"<html><body><h1>{title}</h1>{info}<div>{told}</div></body></html>"
    built = build_response(URL, text.encode())
    assert isinstance(built, TextResponse)
    assert read_notice(built, None, now=now).issuers == names


def test_joint_issuers_before_the_title(now: dt.datetime) -> None:
    body = paragraphs(
        "某某省发展改革委 某某省能源局 某某省",
        "生态环境厅 某某省国资委",
        "关于印发某某方案的通知",
        "某发改〔2019〕290号",
        *PARAGRAPHS,
    )
    notice = read(whole(body), now)
    assert notice.issuers == [
        "某某省发展改革委",
        "某某省能源局",
        "某某省生态环境厅",
        "某某省国资委",
    ]
    assert notice.doc_number == "某发改〔2019〕290号"


def test_issuer_of_the_title_and_of_the_source_line(now: dt.datetime) -> None:
    title = "某某省人民政府办公厅关于印发某某方案的通知"
    for text, names in (
        (f"<h1>{title}</h1>{INFO}<div>{paragraphs(*PARAGRAPHS)}</div>", ["某某省人民政府办公厅"]),
        (
            f"<h1>某某工作方案</h1><p>发布时间：2019-09-10 来源：某某省能源局</p><div>{paragraphs(*PARAGRAPHS)}</div>",
            ["某某省能源局"],
        ),
        (
            f"<h1>某某工作开展顺利</h1><p>发布时间：2019-09-10 来源：某某日报</p><div>{paragraphs(*PARAGRAPHS)}</div>",
            [],
        ),
    ):
        built = build_response(URL, f"<html><body>{text}</body></html>".encode())
        assert isinstance(built, TextResponse)
        assert read_notice(built, None, now=now).issuers == names


ATTACHED = (
    '<p>附件：<a href="./P020190910.docx">1.申报书模版</a></p><p><a href="P0201909102.xls" title="推荐汇总表（完整名称）">2. 推荐汇总...</a></p>'
    '<p>3.<a href="/module/download/downfile.jsp?classid=0&amp;filename=ab12.pdf">绩效申报表.pdf</a></p>'
    '<p><a href="/group6/M00/00/1A/rBAB.wps">附件4：2019年自评表</a></p>'
)


def test_attachments_in_the_body_and_right_after_it(now: dt.datetime) -> None:
    after = '<div class=attachment><h4>附件</h4><ul><li><a href="./P0201909103.ofd">公告.ofd</a></li></ul></div>'
    notice = read(
        whole(BODY + ATTACHED + '<p><a href="./P020190910.docx">下载</a></p>', after=after), now
    )
    folder = "https://gxj.example.gov.cn/zwgk/tzgg/201909/"
    assert [(x.name, x.url) for x in notice.attachments] == [
        ("申报书模版", folder + "P020190910.docx"),
        ("推荐汇总表（完整名称）", folder + "P0201909102.xls"),
        (
            "绩效申报表.pdf",
            "https://gxj.example.gov.cn/module/download/downfile.jsp?classid=0&filename=ab12.pdf",
        ),
        ("2019年自评表", "https://gxj.example.gov.cn/group6/M00/00/1A/rBAB.wps"),
        ("公告.ofd", folder + "P0201909103.ofd"),
    ]
    assert {x.kind for x in notice.attachments} == {AttachmentKind.FILE}


def test_files_of_menu_and_footer_are_no_attachments(now: dt.datetime) -> None:
    menu = '<div class=menu><a href="/files/help.doc">网站使用说明下载</a></div>'
    foot = '<div class=f><p>版权所有：某某局</p><a href="/app.zip">客户端安装包下载</a></div>'
    assert read(menu + whole() + foot, now).attachments == []


def test_body_images_and_icons(now: dt.datetime) -> None:
    images = '<p><img src="./W020190910.png" alt="流程图"></p><p><img src="/images/icons/word.png"><img src="x.gif" width=16 height=16></p>'
    notice = read(whole(BODY + images), now)
    assert [(x.name, x.kind) for x in notice.attachments] == [("流程图", AttachmentKind.IMAGE)]


def test_html_of_the_body_has_absolute_links_and_no_furniture(now: dt.datetime) -> None:
    table = "<table><tr><td>名称</td><td>数量</td></tr><tr><td>甲</td><td>1</td></tr></table>"
    built = response(whole(BODY + table + ATTACHED + "<p>责任编辑：某某</p>"))
    before = built.text
    notice = read_notice(built, None, now=now)
    assert 'href="https://gxj.example.gov.cn/zwgk/tzgg/201909/P020190910.docx"' in notice.html
    assert "<td>甲</td>" in notice.html
    assert "责任编辑" not in notice.html
    assert "发布时间" not in notice.html
    assert "名称\t数量\n甲\t1" in notice.text
    assert built.css("h1::text").get() == TITLE
    assert built.css(".con a::attr(href)").get() == "./P020190910.docx"
    assert built.text == before


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('<p><a href="./P020190910.pdf">关于某事的通知.pdf</a></p>', "关于某事的通知.pdf"),
        ('<p><img src="./W020190910.jpg"></p><p><img src="./W020190911.jpg"></p>', "图片"),
        ('<iframe src="/pdfview/1.html" width=100%></iframe>', "嵌入"),
    ],
)
def test_text_that_stands_elsewhere_is_told(body: str, word: str, now: dt.datetime) -> None:
    notice = read(whole(body), now, META)
    told = [x.detail for x in notice.problems if x.code == "text.elsewhere"]
    assert len(told) == 1
    assert word in told[0]
    assert len(notice.text) <= 30


def test_the_number_in_the_name_of_the_only_file(now: dt.datetime) -> None:
    body = f'<p><a href="./P020190910.pdf">{TITLE}（某工信〔2019〕59号）.pdf</a></p>'
    assert read(whole(body), now).doc_number == "某工信〔2019〕59号"


def test_disagreements_are_problems(now: dt.datetime) -> None:
    head = META.replace("2019-09-10", "2019-09-12")
    notice = read(whole(), now, head)
    assert notice.published is not None
    assert notice.published.date() == dt.date(2019, 9, 10)
    assert [x.code for x in notice.problems] == ["date.disagree"]
    row = Row(URL, URL, "关于另一件完全不同的事情的通知", dt.date(2019, 9, 8))
    notice = read(whole(), now, row=row)
    assert {x.code for x in notice.problems} == {"date.disagree", "title.differs"}
    assert (notice.row_title, notice.row_date) == (row.title, row.date)
    table = (
        "<table><tr><td>索引号：</td><td>1</td><td>文号：</td><td>某函〔2019〕1号</td></tr></table>"
    )
    notice = read(table + whole(paragraphs("某发〔2019〕2号") + BODY), now)
    assert "number.disagree" in {x.code for x in notice.problems}


def test_a_cut_row_title_is_no_disagreement(now: dt.datetime) -> None:
    row = Row(URL, URL, TITLE[:10] + "...", dt.date(2019, 9, 10))
    assert read(whole(), now, row=row).problems == []


def test_the_row_gives_what_the_page_lacks(now: dt.datetime) -> None:
    built = build_response(
        "https://x.gov.cn/1.html", f"<html><body><div>{BODY}</div></body></html>".encode()
    )
    assert isinstance(built, TextResponse)
    notice = read_notice(
        built,
        Row("https://x.gov.cn/1.html", "https://x.gov.cn/1.html", TITLE, dt.date(2019, 9, 8)),
        now=now,
    )
    assert notice.title == TITLE
    assert notice.published is not None
    assert notice.published.date() == dt.date(2019, 9, 8)
    assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]


def test_selectors(now: dt.datetime) -> None:
    inner = (
        f"<b id=t>{TITLE}</b><i id=d>2019年9月7日</i><u id=n>某局〔2019〕8号</u><s id=o>某某局</s>"
        f"<div id=b>{BODY}</div><div id=f><a href=/get?id=7>附件一：清单</a></div>"
    )
    chosen = Selectors("#t", "#b", "#d", "#n", "//s[@id='o']", "#f")
    notice = read(inner, now, selectors=chosen)
    assert notice.title == TITLE
    assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]
    assert notice.published == dt.datetime(2019, 9, 7, tzinfo=BEIJING)
    assert notice.doc_number == "某局〔2019〕8号"
    assert notice.issuers == ["某某局"]
    assert [(x.name, x.url) for x in notice.attachments] == [
        ("清单", "https://gxj.example.gov.cn/get?id=7")
    ]
    assert notice.problems == []


def test_a_selector_that_finds_nothing_is_told(now: dt.datetime) -> None:
    notice = read(whole(), now, selectors=Selectors(body="#nothing"))
    assert notice.text.split("\n") == [*PARAGRAPHS, *SIGNED]
    assert [x.code for x in notice.problems] == ["selector.empty"]


def test_no_markup_is_no_page(now: dt.datetime) -> None:
    built = build_response(URL, b'{"a": 1}')
    assert isinstance(built, TextResponse)
    with pytest.raises(NoPage):
        read_notice(built, None, now=now)
