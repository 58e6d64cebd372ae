"""Lists as columns, searches and interfaces make them, and notices that look like lists."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt
import json

import pytest
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.notice import Row
from crawler.reading.charset import build_response
from crawler.reading.page_kind import Kind, page_kind
from crawler.reading.rows import NoRows, read_rows

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)
COLUMN = "http://kjj.example.gov.cn/zwgk/tzgg/"
ARTICLE = "http://kjj.example.gov.cn/zwgk/tzgg/202611/t20261120_33221.html"
SITE = "某某市科学技术局"
NOTICES = [
    ("关于征集高价值专利培育项目的通知", "2026-11-20"),
    ("关于公布技术转移机构名单的公告", "2026-11-18"),
    ("关于开放共享大型仪器设备的通知", "2026-11-12"),
    ("关于科技特派员拟选派人员的公示", "2026-10-30"),
]
SUMMARY = "为加快成果转化，推动产学研用结合，现将有关事项告知如下。请各单位对照条件认真准备材料，逾期不再受理……"


def framed(inner: str, title: str = f"通知公告_{SITE}") -> str:
    return (
        f"<html><head><title>{title}</title></head><body>"
        '<div><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/hd/">互动交流</a></div>'
        f"<div>{inner}</div><div>主办单位：{SITE} 地址：创新路8号</div></body></html>"
    )


def listed(form: str) -> str:
    return "".join(
        form.format(t=t, d=d, n=n, y=d[:4], m=d[5:7], a=d[8:])
        for n, (t, d) in enumerate(NOTICES, 4101)
    )


def kind_of(text: str, url: str = COLUMN) -> Kind:
    return page_kind(build_response(url, text.encode())).kind


def rows_of(text: str, url: str = COLUMN) -> list[Row]:
    response = build_response(url, text.encode())
    assert isinstance(response, TextResponse)
    try:
        return read_rows(response, NOW)
    except NoRows:
        return []


LISTS = {
    "summaries of search results": listed(
        '<div><h3><span>[公告]</span><a href="/a/{n}.html">{t}</a></h3><p>'
        + SUMMARY
        + "</p><i>www.example.gov.cn {d}</i></div>"
    ),
    "a summary and what names the buyer": "<ul>"
    + listed(
        '<li><a href="/a/{n}.html">{t}</a><p>'
        + SUMMARY
        + "</p><span>{y}.{m}.{a} 09:10:25 | 采购人：某某大学 | 代理机构：某某招标有限公司</span></li>"
    )
    + "</ul>",
    "cards that are links, with a named day": listed(
        '<a href="/a/{n}.html"><h4>{t}</h4><p>'
        + SUMMARY
        + "</p><span>发布时间：{d}　浏览：35</span></a>"
    ),
    "below a column's introduction": "<h2>通知公告</h2><p>本栏目公布科技计划、成果和人才工作的通知，供"
    "企业和公众查阅。需要其他信息的，可以依法申请公开，办法见公开指南。</p><ul>"
    + listed('<li><a href="./{n}.html">{t}</a><span>{d}</span></li>')
    + "</ul>",
    "below a form": "<form>标题：<input> 发布时间：<input>至<input> 来源：<select><option>全部</select>"
    "<input type=submit value=查询></form><ul>"
    + listed('<li><a href="./{n}.html">{t}</a><span>{d}</span></li>')
    + "</ul>",
    "in a box that a script empties": "<textarea style='display:none'><ul>"
    + listed('<li><a href="/a/{n}.html">{t}</a><span>{d}</span></li>')
    + "</ul></textarea>",
    "files of a column": "<ul>"
    + listed('<li><a href="/u/{n}.pdf">{t}</a><span>{d}</span></li>')
    + "</ul>",
}


@pytest.mark.parametrize("name", LISTS)
def test_templates_of_lists(name: str) -> None:
    page = framed(LISTS[name])
    assert kind_of(page) is Kind.LIST
    assert [(row.title, str(row.date)) for row in rows_of(page)] == NOTICES


def test_days_as_headings_above_several_rows() -> None:
    page = framed(
        "<h3>2026-11-20</h3><ul><li><a href='/a/1.html'>关于征集高价值专利培育项目的通知</a></li>"
        "<li><a href='/a/2.html'>关于公布技术转移机构名单的公告</a></li></ul>"
        "<h3>2026-11-18</h3><ul><li><a href='/a/3.html'>关于开放共享大型仪器设备的通知</a></li>"
        "<li><a href='/a/4.html'>关于科技特派员拟选派人员的公示</a></li></ul>"
    )
    assert kind_of(page) is Kind.LIST
    days = ["2026-11-20", "2026-11-20", "2026-11-18", "2026-11-18"]
    assert [str(row.date) for row in rows_of(page)] == days


def test_one_day_above_a_list_is_no_day_of_its_rows() -> None:
    titles = [f"{t}（第{n}批）" for n in "一二三" for t, _ in NOTICES]
    rows = "".join(f"<li><a href='/a/41{n:02d}.html'>{t}</a></li>" for n, t in enumerate(titles))
    page = framed(f"<p>2026-11-24 星期二</p><ul>{rows}</ul>")
    assert [row.date for row in rows_of(page)] == [None] * 12


def test_days_of_the_month_for_each_link_below_a_month() -> None:
    boxes = (
        "<div><p>2026年11月</p><div><a href='/a/1.html'>关于征集高价值专利培育项目的通知</a><em>20日</em>"
        "</div><div><a href='/a/2.html'>关于公布技术转移机构名单的公告</a><em>18日</em></div></div>"
        "<div><p>2026年10月</p><div><a href='/a/3.html'>关于开放共享大型仪器设备的通知</a><em>30日</em>"
        "</div><div><a href='/a/4.html'>关于科技特派员拟选派人员的公示</a><em>21日</em></div></div>"
    )
    days = [str(row.date) for row in rows_of(framed(boxes))]
    assert days == ["2026-11-20", "2026-11-18", "2026-10-30", "2026-10-21"]


def test_issues_of_a_gazette_are_rows_and_offices_are_none() -> None:
    issues = "".join(
        f"<li><a href='/gb/{n}/'>某某市人民政府公报2026年第{n}期</a></li>" for n in range(8, 1, -1)
    )
    assert len(rows_of(framed(f"<ul>{issues}</ul>", "政府公报"))) == 7
    offices = "".join(
        f"<li><a href='/gkml/{n}/'>某某市第{n}区政府信息公开目录平台</a></li>" for n in "一二三四五"
    )
    assert rows_of(framed(f"<ul>{offices}</ul>", "公开目录")) == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "<a href='./202611/t20261120_1.html' title='2026-11-17受理的环评文件公示'>2026-11-17受理的"
            "环评文件公示</a>",
            ("2026-11-17受理的环评文件公示", "2026-11-20"),
        ),
        (
            "<a href='./202611/t20261120_1.html'>2026-11-17拟作出的审批决定公示</a>",
            ("2026-11-17拟作出的审批决定公示", "2026-11-20"),
        ),
        (
            "<a href='/a/4101.html' title='关于征集培育项目的通知'>2026-11-17关于征集培育项目的通知</a>",
            ("关于征集培育项目的通知", "2026-11-17"),
        ),
        (
            "<a href='/a/4101.html'>关于征集培育项目的通知 2026-11-17</a>",
            ("关于征集培育项目的通知", "2026-11-17"),
        ),
    ],
)
def test_a_day_that_the_title_begins_with(link: str, expected: tuple[str, str]) -> None:
    links = (link.replace("1.html", f"{n}.html") for n in range(1, 9))
    page = framed("<ul>" + "".join(f"<li>{x}</li>" for x in links) + "</ul>")
    row = rows_of(page)[0]
    assert (row.title, str(row.date)) == expected


def test_a_title_with_a_day_in_its_words_is_not_dated_by_it() -> None:
    link = "<a href='/a/{n}.html' title='2026年9月1日起停水的公告'>2026年9月1日起停水的公告</a>"
    page = framed(
        "<ul>" + "".join(f"<li>{link.format(n=n)}</li>" for n in range(4101, 4113)) + "</ul>"
    )
    assert [row.date for row in rows_of(page)] == [None] * 12


FILES = "".join(
    f"<li><a href='/u/{n}.xlsx'>附件{n}：入库企业名单第{n}部分.xlsx</a><span>2026-11-{n:02d}</span></li>"
    for n in range(1, 21)
)
RELATED = "".join(
    f"<li><a href='/a/{n}.html'>{t}</a><span>{d}</span></li>" for n, (t, d) in enumerate(NOTICES)
)
TITLE = "关于公布科技型企业入库名单的通告"


@pytest.mark.parametrize(
    "inner",
    [
        f"<h1>{TITLE}</h1><p>各区科技局：名单见附件，请遵照执行。</p><ul>{FILES}</ul>",
        f"<h1>{TITLE}</h1><ul>{FILES}</ul>",
        f"<h1>{TITLE}</h1><p>发布时间：2026-11-20　来源：规划科</p><p>名单见附件。</p><ul>{FILES}</ul>",
        f"<h1>{TITLE}</h1><p>2026-11-20</p><p>经审核，现公布入库企业名单，请各区做好后续服务工作。</p>"
        f"<p>2026年11月19日</p><h3>相关信息</h3><ul>{RELATED}</ul>",
    ],
)
def test_a_notice_with_many_files_or_related_ones_stays_a_notice(inner: str) -> None:
    assert kind_of(framed(inner, f"{TITLE}_{SITE}"), ARTICLE) is Kind.NOTICE


ROW = "<li><h3><a href='/a/{n}.html'>{t}</a></h3><p>来源：规划科　发布时间：{d}</p></li>"


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize(
    "form", [ROW, "<li><a href='/a/{n}.html'>{t}</a><span>{d}</span></li>"], ids=["told", "plain"]
)
def test_a_column_with_a_row_or_two(form: str, many: int) -> None:
    rows = "".join(form.format(t=t, d=d, n=n) for n, (t, d) in enumerate(NOTICES[:many]))
    page = framed(f"<p>当前位置：首页 &gt; 招标采购</p><ul>{rows}</ul>", f"招标采购_{SITE}")
    assert kind_of(page) is Kind.LIST
    assert [(row.title, str(row.date)) for row in rows_of(page)] == NOTICES[:many]


@pytest.mark.parametrize(
    "head",
    [
        f"<h1>{TITLE}</h1><p>来源：<a href='http://www.example.cn/'>某某市大数据管理局</a> 2026-11-20</p>",
        f"<h1><a href='{ARTICLE}'>{TITLE}</a></h1><p>发布时间：2026-11-20</p>",
        f"<table><tr><td>索引号</td><td>0012/2026-1</td><td>发布机构</td><td>{SITE}</td></tr>"
        f"<tr><td>名称</td><td colspan=3>{TITLE}</td></tr></table>",
    ],
)
def test_a_notice_that_says_little_above_related_ones(head: str) -> None:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>{t}（第{n}批）</a><span>{d}</span></li>"
        for n, (t, d) in enumerate(NOTICES + NOTICES)
    )
    inner = f"{head}<p>名单另行公布。</p><h4>相关文件</h4><ul>{rows}</ul>"
    assert kind_of(framed(inner, TITLE), ARTICLE) is Kind.NOTICE


def test_an_array_of_a_script_is_a_list() -> None:
    items = ",".join(
        f"{{title:'{t}',url:'/a/{n}.html',date:'{d}'}}" for n, (t, d) in enumerate(NOTICES)
    )
    assert kind_of(f"var list=[{items}];") is Kind.LIST
    assert [(row.title, str(row.date)) for row in rows_of(f"var list=[{items}];")] == NOTICES


RECORD = {"title": NOTICES[0][0], "url": "/a/4101.html", "date": NOTICES[0][1]}
ANSWERS = [
    (Kind.LIST, {"aaData": [[1, NOTICES[0][0], "/a/4101.html", "2026-11-20"]]}),
    (Kind.LIST, {"status": 1, "info": {"0": RECORD, "1": RECORD | {"url": "/a/4102.html"}}}),
    (Kind.LIST, {"code": 200, "data": [RECORD]}),
    (Kind.LIST, {"data": [json.dumps(RECORD, ensure_ascii=False)]}),
    (Kind.LIST, {"html": "<ul><li><a href='/a/4101.html'>通知</a></li></ul>"}),
    (Kind.EMPTY, []),
    (Kind.EMPTY, {}),
    (Kind.EMPTY, {"code": 200, "msg": "success", "data": {"total": 0, "rows": []}}),
    (Kind.EMPTY, {"code": "0000", "success": True, "message": "查询成功", "result": []}),
    (Kind.EMPTY, {"total": 0, "facets": [{"name": "年份", "n": 0}], "list": []}),
    (Kind.ERROR, {"status": 500, "error": "Internal Server Error", "path": "/list"}),
    (Kind.ERROR, {"code": 500, "msg": "系统异常", "data": None}),
    (Kind.ERROR, {"ret": -1, "errmsg": "缺少参数"}),
    (Kind.ERROR, {"status": "error", "message": "Forbidden"}),
    (Kind.LOGIN, {"code": 401, "msg": "未授权", "data": None}),
    (Kind.LOGIN, {"success": False, "message": "请先登录"}),
]


@pytest.mark.parametrize(("kind", "answer"), ANSWERS)
def test_what_an_interface_answers(kind: Kind, answer: object) -> None:
    assert kind_of(json.dumps(answer, ensure_ascii=False)) is kind
