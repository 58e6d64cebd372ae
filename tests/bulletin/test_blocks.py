"""A body becomes blocks: what each paragraph is, and tables with their merged cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.blocks import read, unlisted
from bulletin.issue import Block, Cell, Image, Role, Table, Text


def roles(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(b.role.value, b.text) for b in blocks if isinstance(b, Text)]


def test_each_paragraph_of_a_letter_is_known_for_what_it_is() -> None:
    html = """
    <p>各区工信局：</p><p>　　为做好工作，现通知如下：</p>
    <p>一、总体要求</p><p>（一）工作目标</p><p>到明年，全市新建二十家。</p>
    <p>（二）各区要按月报送进度，逾期不候；</p>
    <p>附件：1. 申报表</p><p>2. 汇总表</p>
    <p>甲市工业和信息化局</p><p>甲市财政局</p><p>2019年9月9日</p><p>（联系电话：010-55500000）</p>
    """
    assert [role for role, _ in roles(read(html))] == [
        "addressee",
        "body",
        "heading",
        "subheading",
        "body",
        "body",
        "attachment",
        "attachment",
        "signature",
        "signature",
        "signature",
        "body",
    ]


def test_a_document_behind_its_letter_has_a_title_and_chapters() -> None:
    text = (
        "现将办法印发给你们。\n2019年9月4日\n甲市绿色工厂评价办法\n第一章　总则\n"
        "第一条　为规范评价，制定本办法。\n第二章 附 则\n第二条　自印发之日起施行。"
    )
    assert roles(read("", text)) == [
        ("body", "现将办法印发给你们。"),
        ("signature", "2019年9月4日"),
        ("title", "甲市绿色工厂评价办法"),
        ("chapter", "第一章　总则"),
        ("body", "第一条　为规范评价，制定本办法。"),
        ("chapter", "第二章 附 则"),
        ("body", "第二条　自印发之日起施行。"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "甲省工业和信息化厅　甲省生态环境厅",
        "甲市经济和信息化委员会办公室",
        "中共甲省工业和信息化厅党组",
        "甲市科技局（代章）",
    ],
)
@pytest.mark.parametrize("date", ["2019年9月9日", "2019 年 9 月 9 日", "二〇一九年九月二十九日"])
def test_signatures(line: str, date: str) -> None:
    found = roles(read("", f"请认真执行。\n{line}\n{date}"))
    assert [role for role, _ in found] == ["body", "signature", "signature"]


def test_agency_and_date_on_one_line_are_a_signature() -> None:
    assert roles(read("", "特此公告。\n甲市科技局 2019年9月9日"))[1][0] == "signature"


@pytest.mark.parametrize(
    "line", ["现将有关事项公告如下：", "局党组决定：", "会期一天。", "时间：三天"]
)
def test_a_sentence_is_no_addressee(line: str) -> None:
    assert roles(read("", f"{line}\n正文。"))[0][0] == "body"


def test_title_and_number_above_the_text_are_not_repeated() -> None:
    html = "<h2>甲市工信局<br>关于报送的通知</h2><p>甲工信[2019]5号</p><p>各区：</p><p>请报送。</p>"
    blocks = read(html, titles=["甲市工信局关于报送的通知"], doc_number="甲工信〔2019〕5号")
    assert roles(blocks) == [("addressee", "各区："), ("body", "请报送。")]


def test_source_breaks_and_indents_are_no_text() -> None:
    html = "<p>　　&nbsp;&nbsp;示范\n   名单 GB/T\n 19001</p><p>第一条　　　内容</p><p>&nbsp;</p>"
    assert [text for _, text in roles(read(html))] == ["示范名单 GB/T 19001", "第一条　内容"]


def test_lists_keep_their_numbers() -> None:
    html = "<ol><li>登录系统</li><li>提交</li></ol><ul><li>（一）甲</li><li>乙</li></ul>"
    assert [text for _, text in roles(read(html))] == ["1. 登录系统", "2. 提交", "（一）甲", "乙"]


def test_images_keep_their_place_and_name() -> None:
    html = '<p>流程如下：<img src="/a/liucheng.png" alt="流程图">完。</p>'
    assert read(html)[1] == Image("/a/liucheng.png", "流程图")


def test_names_that_the_body_lists_are_not_listed_again() -> None:
    blocks = read("<p>附件：</p><p>1.申报表.doc</p><p>2.《汇总表》</p>")
    assert unlisted(blocks, ["申报表", "汇总表.xlsx", "说明"]) == ["说明"]


def test_merged_cells() -> None:
    html = """<table><thead><tr><th rowspan=2>序号<th colspan=2>单位</tr>
    <tr><th>名称<th>地区</tr></thead>
    <tbody><tr><td>1<td rowspan=9>甲<br>公司<td>东区</tr><tr><td>2<td>西区</tr></tbody></table>"""
    (table,) = read(html)
    assert table == Table(
        4,
        3,
        [
            Cell(0, 0, "序号", 2, 1, True),
            Cell(0, 1, "单位", 1, 2, True),
            Cell(1, 1, "名称", head=True),
            Cell(1, 2, "地区", head=True),
            Cell(2, 0, "1"),
            Cell(2, 1, "甲\n公司", 2, 1),
            Cell(2, 2, "东区"),
            Cell(3, 0, "2"),
            Cell(3, 2, "西区"),
        ],
    )


def test_a_span_beyond_the_table_closes_up() -> None:
    html = "<table><tr><td colspan=1000>名单</td></tr><tr><td>甲</td><td>乙</td></tr></table>"
    (table,) = read(html)
    assert isinstance(table, Table)
    assert (table.width, table.cells[0].columns) == (2, 2)


def test_tables_that_only_place_text_are_text() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    blocks = read(f"<table><tr><td><p>各区：</p>{inner}</td></tr></table>")
    assert roles(blocks) == [("addressee", "各区：")]
    assert isinstance(blocks[1], Table)


def test_a_table_too_wide_for_any_program_becomes_lines() -> None:
    html = "<table>" + ("<tr>" + "<td>甲</td>" * 70 + "</tr>") * 2 + "</table>"
    assert [text for _, text in roles(read(html))] == ["　".join("甲" * 70)] * 2


_TAGS = ["p", "div", "table", "tr", "td", "th", "li", "ol", "h1", "br", "img", "pre", "b"]


@settings(derandomize=True)
@given(
    st.recursive(
        st.text(max_size=12) | st.sampled_from(["2019年9月9日", "附件：", "一、", "甲市局"]),
        lambda inner: st.builds(
            lambda tag, attributes, parts: f"<{tag}{attributes}>{''.join(parts)}</{tag}>",
            st.sampled_from(_TAGS),
            st.sampled_from(["", " colspan=3", " rowspan=0", " colspan=x", ' src="&#0;"']),
            st.lists(inner, max_size=4),
        ),
        max_leaves=25,
    )
)
def test_any_html_becomes_blocks_with_clean_text(html: str) -> None:
    for block in read(html, "文", attachments=["甲"]):
        if isinstance(block, Text):
            assert block.text == block.text.strip() != ""
            assert not any(c < " " or "\ud800" <= c <= "\udfff" for c in block.text)
            assert isinstance(block.role, Role)
        elif isinstance(block, Table):
            taken = [
                (cell.row + y, cell.column + x)
                for cell in block.cells
                for y in range(cell.rows)
                for x in range(cell.columns)
            ]
            assert len(taken) == len(set(taken))
            assert all(y < block.height and x < block.width for y, x in taken)
