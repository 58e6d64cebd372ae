"""The parts of a notice: each line once, in order, and what it is; tables as grids."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from bulletin.blocks import read as blocks
from bulletin.issue import Role, Text
from crawler.archive import Index
from crawler.clock import BEIJING
from crawler.notice import (
    AttachmentKind,
    Notice,
    Part,
    PartKind,
    content_hash,
    parts_as_json,
    parts_from_json,
)
from crawler.reading.charset import build_response
from crawler.reading.notice import read_notice
from crawler.reading.part.tables import MOST_COLUMNS, grid, head_rows, tables_in
from crawler.spider import NoticeSpider
from crawler.warc_records import decoded
from pipelines.clean import tidy
from samples.notices import SampleNotice, load

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NOW = dt.datetime(2026, 11, 24, 23, tzinfo=BEIJING)
TITLE = "关于征集仓储无人盘点试点的通知"


def read(body: str, title: str = TITLE) -> Notice:
    page = f"""<html><head><meta charset="utf-8"><title>{title}</title>
    <meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2026-11-20"></head>
    <body><h1>{title}</h1><p>发布时间：2026-11-20 来源：临溪市工信局</p>
    <div id="c">{body}</div></body></html>"""
    response = build_response("https://gxj.linxi.gov.cn/tzgg/1.html", page.encode())
    assert isinstance(response, TextResponse)
    return read_notice(response, None, now=NOW)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def told(notice: Notice) -> list[tuple[str, int, str]]:
    lines = notice.text.split("\n")
    return [(x.kind.value, x.level, "|".join(lines[x.first : x.after])) for x in notice.parts]


def assert_whole(notice: Notice) -> None:
    """The parts cover every line of the text once, in order."""
    at = 0
    for part in notice.parts:
        assert part.first == at
        assert part.after > part.first or part.kind is PartKind.IMAGE
        at = part.after
    assert at == (notice.text.count("\n") + 1 if notice.text else 0)


WHOLE = paragraphs(
    "临溪市工业和信息化局文件",
    TITLE,
    "临工信〔2026〕18号",
    "各县区工业和信息化局，有关企业：",
    "为了让仓储企业少跑冤枉路，我局拟选出八家单位试行无人盘点。",
    "一、报名条件",
    "（一）场地要求",
    "自有仓库，面积不少于两千平方米。",
    "（二）人员要求",
    "1.有两名以上专职管理员；",
    "2.管理员受过消防训练。",
    "二、报名办法",
    "2026年以来建成的仓库优先。",
    "附件：1.报名表",
    "2.评分细则",
    "临溪市工业和信息化局",
    "2026年11月20日",
    "（此件公开发布）",
    "附件1",
    "无人盘点试点评分细则",
    "第一章　总则",
    "第一条　评分由三名专家独立完成。",
    "第二条　总分一百分，六十分以上入选。",
    "第二章　扣分",
    "第三条　下列情形扣分：",
    "（一）材料缺页的；",
    "（二）数据对不上的。",
)


def test_a_whole_notice_falls_into_its_parts() -> None:
    notice = read(WHOLE)
    assert_whole(notice)
    assert told(notice) == [
        ("letterhead", 0, "临溪市工业和信息化局文件"),
        ("title", 0, TITLE),
        ("number", 0, "临工信〔2026〕18号"),
        ("addressee", 0, "各县区工业和信息化局，有关企业："),
        ("paragraph", 0, "为了让仓储企业少跑冤枉路，我局拟选出八家单位试行无人盘点。"),
        ("heading", 1, "一、报名条件"),
        ("heading", 2, "（一）场地要求"),
        ("paragraph", 0, "自有仓库，面积不少于两千平方米。"),
        ("heading", 2, "（二）人员要求"),
        ("item", 3, "1.有两名以上专职管理员；"),
        ("item", 3, "2.管理员受过消防训练。"),
        ("heading", 1, "二、报名办法"),
        ("paragraph", 0, "2026年以来建成的仓库优先。"),
        ("attachments", 0, "附件：1.报名表|2.评分细则"),
        ("signature", 0, "临溪市工业和信息化局"),
        ("written", 0, "2026年11月20日"),
        ("paragraph", 0, "（此件公开发布）"),
        ("annex", 0, "附件1"),
        ("title", 1, "无人盘点试点评分细则"),
        ("heading", 1, "第一章　总则"),
        ("item", 3, "第一条　评分由三名专家独立完成。"),
        ("item", 3, "第二条　总分一百分，六十分以上入选。"),
        ("heading", 1, "第二章　扣分"),
        ("item", 3, "第三条　下列情形扣分："),
        ("item", 2, "（一）材料缺页的；"),
        ("item", 2, "（二）数据对不上的。"),
    ]


def test_parts_are_had_apart_from_the_text() -> None:
    notice = read(WHOLE)
    assert notice.part_text(PartKind.ADDRESSEE) == "各县区工业和信息化局，有关企业："
    assert notice.part_text(PartKind.SIGNATURE, PartKind.WRITTEN).split("\n") == [
        "临溪市工业和信息化局",
        "2026年11月20日",
    ]
    assert notice.part_text(PartKind.TABLE) == ""
    rest = notice.text_without(PartKind.ADDRESSEE, PartKind.ATTACHMENTS)
    assert "各县区" not in rest
    assert "报名表" not in rest
    assert "自有仓库" in rest


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        # a figure that begins a sentence counts nothing
        (["某厂去年增长很快。", "3.5亿元的订单已经签下。"], ["paragraph", "paragraph"]),
        (["情况如下。", "1.这里只有一条，写成了一段话。"], ["paragraph", "paragraph"]),
        # a list of names is no row of headings
        (
            ["入选单位有三家。", "1.甲仓储公司", "2.乙仓储公司", "3.丙仓储公司"],
            ["paragraph", "item", "item", "item"],
        ),
        # numbering goes on below the next heading
        (
            ["一、先做", "（一）看场地", "先去看。", "二、后做", "（二）定名单", "再去定。"],
            ["heading", "heading", "paragraph", "heading", "heading", "paragraph"],
        ),
        # a heading may end like a sentence where others do
        (
            ["（一）总体思路。边试边改。", "（二）基本原则。", "不加重企业负担。"],
            ["item", "heading", "paragraph"],
        ),
        (["一、为落实要求，各地应当马上部署。", "二、本通知即日施行。"], ["item", "item"]),
        (["● 第一批三家", "● 第二批五家"], ["item", "item"]),
    ],
)
def test_headings_are_told_by_the_course_of_numbering(texts: list[str], kinds: list[str]) -> None:
    notice = read(paragraphs("我局近日走访了几家仓库，先把情况说在前面，供各地参考。", *texts))
    assert [kind for kind, _, _ in told(notice)][1:] == kinds


@pytest.mark.parametrize(
    ("texts", "addressee"),
    [
        (["各有关单位：", "请于月底前报名。"], "各有关单位："),
        (["甲县工信局、", "乙县工信局：", "请于月底前报名。"], "甲县工信局、\n乙县工信局："),
        (["市直各部门（单位）：", "请于月底前报名。"], "市直各部门（单位）："),
        (["现将名单公布如下：", "甲公司、乙公司。"], ""),
        (["联系人：", "某某，电话另告。"], ""),
        (["经研究，决定：", "某某任局长。"], ""),
    ],
)
def test_the_addressee_is_agencies_or_people_and_a_colon(texts: list[str], addressee: str) -> None:
    assert read(paragraphs(*texts)).part_text(PartKind.ADDRESSEE) == addressee


def test_joint_signers_of_an_order_and_its_number() -> None:
    notice = read(
        paragraphs(
            "临溪市工业和信息化局 令",
            "第7号",
            "《临溪市仓储盘点办法》已经局务会议通过，现予公布，自2027年1月1日起施行。",
            "局　长　某大山",
            "2026年11月20日",
            "临溪市仓储盘点办法",
            "第一条　盘点一年一次。",
            "第二条　盘点结果向社会公布。",
        ),
        "临溪市仓储盘点办法",
    )
    kinds = {kind: text for kind, level, text in told(notice)}
    assert kinds["number"] == "第7号"
    assert kinds["signature"].startswith("局")
    assert kinds["written"] == "2026年11月20日"
    assert_whole(notice)


def test_a_table_is_one_part_and_images_stand_in_their_place() -> None:
    notice = read(
        "<p>试点单位见下表，都是自愿报名的。</p>"
        "<p><img src='/a/ku.jpg' alt='仓库外景' width='600'></p>"
        "<table><tr><th>序号</th><th>单位</th></tr><tr><td>1</td><td><p>甲公司</p><p>一分部</p>"
        "</td></tr><tr><td>2</td><td>乙公司<img src='/a/yi.png' width='300'></td></tr></table>"
        "<p>名单有误的，请来电说明。</p>"
    )
    assert_whole(notice)
    assert [(x.kind.value, x.text, x.after - x.first) for x in notice.parts] == [
        ("paragraph", "", 1),
        ("image", "仓库外景", 0),
        ("table", "", 5),
        ("image", "yi.png", 0),
        ("paragraph", "", 1),
    ]
    images = [x.address for x in notice.attachments if x.kind is AttachmentKind.IMAGE]
    assert [x.address for x in notice.parts if x.kind is PartKind.IMAGE] == images
    assert len(tables_in(notice.html)) == 1


def test_a_table_that_only_places_text_is_none() -> None:
    notice = read(
        "<table><tr><td><p>各有关单位：</p><p>请在月底以前报名，过期不再受理。</p></td></tr></table>"
    )
    assert [x.kind for x in notice.parts] == [PartKind.ADDRESSEE, PartKind.PARAGRAPH]


def table(markup: str) -> list[list[str]]:
    return [[x.text for x in row] for row in grid(html.fromstring(f"<table>{markup}</table>"))]


def test_merged_cells_stand_in_all_their_places() -> None:
    markup = (
        "<tr><td rowspan=2>地区</td><td colspan=2>企业数</td></tr><tr><td>大</td><td>小</td></tr>"
        "<tr><td>甲县</td><td>1</td><td>2</td></tr>"
    )
    assert table(markup) == [
        ["地区", "企业数", "企业数"],
        ["地区", "大", "小"],
        ["甲县", "1", "2"],
    ]
    one = grid(html.fromstring(f"<table>{markup}</table>"))
    assert one[0][0] is one[1][0]
    assert (one[0][1].rows, one[0][1].columns) == (1, 2)
    assert head_rows(one) == 2


@pytest.mark.parametrize(
    "markup",
    [
        "<tr><td colspan=100000 rowspan=100000>甲</td><td>乙</td></tr><tr><td>丙</td></tr>",
        "<tr><td colspan=9999999999999999>甲</td><td rowspan=0>乙</td></tr><tr><td>丙</td></tr>",
        "<tr><td colspan=-3>甲</td><td rowspan='x'>乙</td></tr>",
        "".join(f"<tr>{'<td rowspan=9999 colspan=999>甲</td>' * 3}</tr>" for _ in range(2000)),
    ],
)
def test_hostile_spans_make_no_table_larger_than_its_page(markup: str) -> None:
    found = table(markup)
    assert len(found) == markup.count("<tr>")
    assert all(len(row) <= MOST_COLUMNS for row in found)
    assert sum(map(len, found)) <= 400_000


def test_a_short_row_is_filled_up() -> None:
    assert table("<tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr>") == [
        ["甲", "乙"],
        ["丙", ""],
    ]


def test_parts_are_kept_and_are_no_content() -> None:
    notice = read(WHOLE)
    assert parts_from_json(parts_as_json(notice.parts)) == notice.parts
    before = content_hash(notice)
    notice.parts = []
    assert content_hash(notice) == before


def test_parts_follow_the_text_when_it_is_cleaned() -> None:
    parts = [
        Part(PartKind.ADDRESSEE, 0, 1),
        Part(PartKind.PARAGRAPH, 1, 2),  # nothing that can be seen
        Part(PartKind.IMAGE, 2, 2, text=" 仓库\n外景"),
        Part(PartKind.PARAGRAPH, 2, 3),  # two lines of one
        Part(PartKind.SIGNATURE, 3, 4),
    ]
    notice = Notice(
        source="x",
        column="",
        url="https://a.gov.cn/1",
        address="https://a.gov.cn/1",
        title="标题",
        text="各单位：\n\u200b\n先看\u2028后定\n某局",
        parts=parts,
    )
    tidy(notice)
    assert notice.text == "各单位：\n先看\n后定\n某局"
    assert_whole(notice)
    assert notice.part_text(PartKind.SIGNATURE) == "某局"
    assert [x.text for x in notice.parts if x.kind is PartKind.IMAGE] == ["仓库 外景"]
    again = list(notice.parts)
    assert tidy(notice).parts == again


_PIECES = st.sampled_from(
    [
        *(
            "各有关单位：",
            "附件：",
            "附件1",
            "1.报名表",
            "2.细则",
            "某某市财政局",
            "2026年11月20日",
        ),
        *(
            "一、总则",
            "二、分则",
            "（一）甲",
            "（二）乙",
            "第一条　甲。",
            "第三节 乙",
            "①丙",
            "1.1范围",
        ),
        *(
            TITLE,
            "临工信〔2026〕18号",
            "局长　某大山",
            "（此件公开）",
            "这是一段话，有头有尾。",
            "。",
            "-",
        ),
    ]
)
_BLOCKS = st.one_of(
    _PIECES.map(lambda x: f"<p>{x}</p>"),
    _PIECES.map(lambda x: f"<li>{x}</li>"),
    _PIECES.map(lambda x: f"<h3>{x}</h3>"),
    st.lists(_PIECES, min_size=1, max_size=4).map(
        lambda cells: "<table><tr>" + "".join(f"<td>{x}</td>" for x in cells) * 2 + "</tr></table>"
    ),
    st.just("<img src='/p/1.jpg' width='500'>"),
    st.just("<table><tr><td><table><tr><td>甲<td>乙</table></td><td>丙</td></tr></table>"),
    st.just("<div>甲<p>乙</p>丙<br>丁</div>"),
    st.just("<p>打印本页</p>"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_BLOCKS, max_size=14))
def test_whatever_a_page_holds_its_parts_cover_each_line_once(body: list[str]) -> None:
    notice = read("".join(body))
    assert_whole(notice)
    assert_whole(tidy(notice))


def test_lines_beyond_all_measure_are_one_part() -> None:
    notice = read("<p>某某某某某某某某某某某某某某某某。</p>" * 3000)
    assert_whole(notice)
    assert len(notice.parts) == 2001


def test_a_table_beyond_all_measure_is_one_part() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>江北第{n}机械厂</td></tr>" for n in range(2500))
    notice = read(f"<p>名单如下。</p><table>{rows}</table><p>特此公告。</p>")
    assert_whole(notice)
    assert [x.kind for x in notice.parts][-2:] == [PartKind.TABLE, PartKind.PARAGRAPH]
    assert len(notice.parts) == 3


SEEDS = [x for x in load(1) if x.key.endswith("/seed")]
LOADER = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]}))


@pytest.fixture(scope="module")
def night() -> Index:
    return Index(ROOT / "samples" / "2019-09-11.warc.gz")


def seed_notice(night: Index, sample: SampleNotice) -> Notice:
    url = sample.url
    while (found := night.response("GET", url)) and found.status in (301, 302):
        url = (found.headers.get("Location") or b"").decode()
    assert found is not None
    body = decoded(found.body, found.headers)
    response = build_response(url, body, found.headers, found.status)
    assert isinstance(response, TextResponse)
    spider = LOADER.load(sample.source)()
    assert isinstance(spider, NoticeSpider)
    return tidy(
        read_notice(response, None, now=NOW, selectors=spider.selectors, source=sample.source)
    )


@pytest.mark.parametrize("sample", SEEDS, ids=lambda sample: sample.source)
def test_the_bulletin_and_the_reader_agree_on_the_notices_of_the_issue(
    night: Index, sample: SampleNotice
) -> None:
    """The bulletin tells roles by rules of its own, from the cleaned HTML."""
    notice = seed_notice(night, sample)
    assert_whole(notice)
    names = [x.name for x in notice.attachments if x.kind is AttachmentKind.FILE]
    printed = blocks(
        notice.html, titles=[notice.title], doc_number=notice.doc_number, attachments=names
    )

    def theirs(*roles: Role) -> list[str]:
        texts = [x.text for x in printed if isinstance(x, Text) and x.role in roles]
        return [re.sub(r"\s", "", x) for x in texts]

    def ours(*kinds: PartKind) -> list[str]:
        lines = notice.part_text(*kinds).split("\n")
        return [re.sub(r"\s", "", x) for x in lines if x]

    assert ours(PartKind.ADDRESSEE) == theirs(Role.ADDRESSEE)
    assert ours(PartKind.SIGNATURE, PartKind.WRITTEN) == theirs(Role.SIGNATURE)
    assert ours(PartKind.ATTACHMENTS) == theirs(Role.ATTACHMENT)
    assert ours(PartKind.HEADING) == theirs(Role.HEADING, Role.SUBHEADING, Role.CHAPTER)


def test_there_are_nine_notices_of_the_issue() -> None:
    assert len(SEEDS) == 9


def test_parts_of_the_checked_pages_cover_each_line_once(shared: Path) -> None:
    for file in sorted((shared / "corpus" / "pages").glob("*_detail.html")):
        response = build_response("https://www.linxi.gov.cn/1.html", file.read_bytes())
        assert isinstance(response, TextResponse)
        notice = read_notice(response, None, now=NOW)
        assert_whole(notice)
        tables = sum(x.kind is PartKind.TABLE for x in notice.parts)
        assert tables == len(tables_in(notice.html)), file.name
