"""An issue becomes a DOCX: reopened, and laid out by LibreOffice where that is installed."""

import dataclasses
import datetime as dt
import io
import re
import sys
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from PIL import Image as Picture

from bulletin import layout
from bulletin.blocks import read
from bulletin.docx import Built, build
from bulletin.issue import Cell, Entry, House, Image, Issue, Table, Text

SECTIONS = ["[政策文件]", "[绿色制造]", "[申报通知]"]


def one(house: House, made: dt.datetime, path: Path, entry: Entry) -> tuple[Built, DocumentObject]:
    """An issue of one entry, built and opened."""
    built = build(Issue("(2019) 0902 期", 2019, 9, 2, house, [entry]), path, made=made)
    return built, Document(str(path))


def texts(document: DocumentObject, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style is not None and p.style.name == style]


def after_contents(document: DocumentObject) -> list[tuple[str, str]]:
    """Style and text of every paragraph from the first section on."""
    lines = [(p.style.name or "" if p.style else "", p.text) for p in document.paragraphs]
    first = next(at for at, (style, _) in enumerate(lines) if style == "Heading 1")
    return lines[first:]


@pytest.mark.usefixtures("no_office")
def test_the_parts_of_an_issue_stand_in_their_order(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    built = build(issue, tmp_path / "x.docx", made=made)
    document = Document(str(tmp_path / "x.docx"))
    front = [p.text for p in document.paragraphs[:4]]
    assert front == ["北京某某科技有限公司", "快 讯", "(2019) 0902 期", "目 录"]
    assert texts(document, "Heading 1") == SECTIONS
    assert texts(document, "Heading 2") == [entry.title for entry in issue.entries]
    assert [line.title for line in built.contents if line.level == 1] == SECTIONS
    lines = after_contents(document)
    fourth = lines.index(("Heading 2", "关于印发某市绿色工厂评价办法的通知"))
    assert lines[fourth + 1 : fourth + 3] == [
        ("文号", "某经信〔2019〕79号"),
        ("主送机关", "各区县主管部门，各有关企业："),
    ]
    end = lines.index(("Heading 1", "[申报通知]"))
    assert lines[end - 5 : end] == [
        ("附件", "附件：评价报告"),
        ("落款", "某省经济和信息化厅"),
        ("落款", "2019年9月9日"),
        ("相关链接", "相关链接："),
        ("链接地址", "http://www.example.cn/art/2019/9/9/art_3.html"),
    ]
    assert [text for style, text in lines[-3:] if style == "结束语"] == issue.house.closing


@pytest.mark.usefixtures("no_office")
def test_the_contents_are_a_filled_field_whose_lines_lead_to_the_headings(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    built = build(issue, tmp_path / "x.docx", made=made)
    document = Document(str(tmp_path / "x.docx"))
    lines = [p for p in document.paragraphs if p.style and (p.style.name or "").startswith("toc")]
    assert [p.text.replace("\n", "") for p in lines] == [f"{c.title}\t…" for c in built.contents]
    code = "".join(node.text or "" for node in document.element.iter(qn("w:instrText")))
    assert r'TOC \o "1-2"' in code
    kinds = [node.get(qn("w:fldCharType")) for node in document.element.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 13
    targets = [p._p.xpath("string(w:hyperlink/@w:anchor)") for p in lines]
    marks = {
        str(node.get(qn("w:name"))): node.xpath("string(..)")
        for node in document.element.iter(qn("w:bookmarkStart"))
    }
    assert [marks[target] for target in targets] == [line.title for line in built.contents]
    tab = document.styles["toc 2"].paragraph_format.tab_stops[0]
    assert str(tab.leader).startswith("DOTS")


@pytest.mark.usefixtures("no_office")
def test_without_libreoffice_the_pages_are_open_and_the_remedy_is_named(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    built = build(issue, tmp_path / "x.docx", made=made)
    assert built.pages is None
    assert {line.page for line in built.contents} == {None}
    assert len(built.warnings) == 1
    assert "libreoffice-writer" in built.warnings[0]


@pytest.mark.usefixtures("no_office")
def test_every_style_has_an_east_asian_font_beside_the_latin_one(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    build(issue, tmp_path / "x.docx", made=made)
    document = Document(str(tmp_path / "x.docx"))
    wanted = {"宋体", "黑体"}
    for style in document.styles.element.iterchildren(qn("w:style")):
        if style.get(qn("w:type")) != "paragraph":
            continue
        fonts = style.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) in wanted
        assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Times New Roman"
    known = {style.get(qn("w:styleId")) for style in document.styles.element.iter(qn("w:style"))}
    assert {n.get(qn("w:val")) for n in document.element.iter(qn("w:pStyle"))} <= known
    # No run names fonts of its own, or a restyle in Word would not reach it; marks that both
    # scripts have are sent to the Chinese font.
    for fonts in document.element.iter(qn("w:rFonts")):
        assert dict(fonts.attrib) == {qn("w:hint"): "eastAsia"}


@pytest.mark.usefixtures("no_office")
def test_body_text_is_indented_by_two_characters_on_an_exact_pitch(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    build(issue, tmp_path / "x.docx", made=made)
    styles = Document(str(tmp_path / "x.docx")).styles
    indent = styles["快讯正文"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    spacing = styles["Normal"].element.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "exact"
    assert styles["落款"].element.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"


@pytest.mark.usefixtures("no_office")
def test_footer_properties_and_language(issue: Issue, made: dt.datetime, tmp_path: Path) -> None:
    build(issue, tmp_path / "x.docx", made=made)
    document = Document(str(tmp_path / "x.docx"))
    footer = document.sections[0].footer
    assert footer.paragraphs[0].text == issue.house.running_footer
    assert "PAGE" in footer._element.xpath("string(.//w:instrText)")
    assert not document.sections[0].different_first_page_header_footer
    about = document.core_properties
    assert about.title == "快讯 (2019) 0902 期"
    assert about.author == "北京某某科技有限公司"
    assert about.created == about.modified == made
    assert about.language == "zh-CN"
    (language,) = document.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:eastAsia")) == "zh-CN"


@pytest.mark.usefixtures("no_office")
def test_only_web_addresses_become_links(house: House, made: dt.datetime, tmp_path: Path) -> None:
    addresses = {
        "http://www.example.cn/a?b=1&c=2": "http://www.example.cn/a?b=1&c=2",
        "https://www.example.cn/通知.html": "https://www.example.cn/%E9%80%9A%E7%9F%A5.html",
        "javascript:alert(1)": None,
        "file:///etc/passwd": None,
        "\\\\server\\share": None,
        "http://[::1": None,
    }
    for address, target in addresses.items():
        _, document = one(house, made, tmp_path / "x.docx", Entry("政策文件", "题", url=address))
        paragraph = next(p for p in document.paragraphs if p.style and p.style.name == "链接地址")
        assert paragraph.text == address
        assert [link.address for link in paragraph.hyperlinks] == ([target] if target else [])


@pytest.mark.usefixtures("no_office")
def test_sections_without_entries_are_left_out_and_unknown_ones_follow(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    entries = [Entry("其他", "甲"), Entry("申报通知", "乙"), Entry("其他", "丙")]
    issue = Issue("(2019) 0903 期", 2019, 9, 3, house, entries)
    built = build(issue, tmp_path / "x.docx", made=made)
    assert [line.title for line in built.contents] == ["[申报通知]", "乙", "[其他]", "甲", "丙"]


@pytest.mark.usefixtures("no_office")
def test_an_issue_without_entries_is_built_and_said(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    built = build(Issue("(2019) 0903 期", 2019, 9, 3, house), tmp_path / "x.docx", made=made)
    assert "本期没有条目" in built.warnings
    assert texts(Document(str(built.path)), "结束语") == house.closing


@pytest.mark.usefixtures("no_office")
def test_characters_that_break_files_are_dropped_and_rare_ones_kept(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    bad = "\x00\x0b\x1b\ud800\ufffe\u202e"
    entry = Entry(
        "政策文件",
        f"关于{bad}𬭛㐂〇的通知😀",
        [Text(f"正{bad}文"), Table(1, 2, [Cell(0, 0, f"甲{bad}"), Cell(0, 1, "乙")])],
        f"甲{bad}〔2019〕1号",
        [f"附{bad}表"],
        f"http://www.example.cn/{bad}a",
    )
    _, document = one(house, made, tmp_path / "x.docx", entry)
    assert texts(document, "Heading 2") == ["关于𬭛㐂〇的通知😀"]
    assert texts(document, "文号") == ["甲〔2019〕1号"]
    assert texts(document, "快讯正文") == ["正文"]
    assert texts(document, "附件") == ["附件：附表"]
    assert document.tables[0].cell(0, 0).text == "甲"
    assert texts(document, "链接地址") == ["http://www.example.cn/a"]


@pytest.mark.usefixtures("no_office")
def test_attachments_that_the_body_does_not_list_follow_it(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    entry = Entry("政策文件", "题", read("<p>附件：1.申报表</p>"), "", ["申报表.doc", "甲", "乙"])
    _, document = one(house, made, tmp_path / "x.docx", entry)
    assert texts(document, "附件") == ["附件：1.申报表", "附件：1. 甲"]
    assert texts(document, "附件项") == ["2. 乙"]


def wide_table(columns: int) -> str:
    """A table with a head of two rows, merged both ways, and long cells."""
    head = "".join(f"<th>第{n}项指标名称</th>" for n in range(1, columns))
    row = "".join(f"<td>{'内容较长的单元格' * 4}{n}</td>" for n in range(1, columns))
    return (
        f"<table><tr><th rowspan=2>序号</th><th colspan={columns - 1}>指标</th></tr>"
        f"<tr>{head}</tr><tr><td rowspan=2>1</td>{row}</tr><tr>{row}</tr>"
        f"<tr><td colspan={columns}>注：数据为初步统计。</td></tr></table>"
    )


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("columns", [2, 5, 12, 40])
def test_tables_are_as_wide_as_the_text_and_keep_their_merged_cells(
    house: House, made: dt.datetime, tmp_path: Path, columns: int
) -> None:
    entry = Entry("政策文件", "题", [*read(wide_table(columns)), *read(wide_table(3))])
    _, document = one(house, made, tmp_path / "x.docx", entry)
    table, second = document.tables
    section = document.sections[0]
    assert section.page_width
    room = (section.page_width - (section.left_margin or 0) - (section.right_margin or 0)) // 635
    grid = [int(width) for width in table._tbl.xpath("w:tblGrid/w:gridCol/@w:w")]
    assert len(grid) == columns
    assert sum(grid) == room
    assert min(grid) > 0
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert table.cell(0, 1)._tc is table.cell(0, columns - 1)._tc
    assert table.cell(2, 0)._tc is table.cell(3, 0)._tc
    assert table.cell(4, columns - 1).text == "注：数据为初步统计。"
    for row in table._tbl.tr_lst:  # each row's cells add up to the grid
        assert sum(int(width) for width in row.xpath("w:tc/w:tcPr/w:tcW/@w:w")) == room
    assert second._tbl.xpath("preceding-sibling::*[1][self::w:p]")


@pytest.mark.usefixtures("no_office")
def test_images_are_scaled_to_the_page_and_broken_ones_are_named(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    file = io.BytesIO()
    Picture.new("RGB", (3000, 4000), "steelblue").save(file, "PNG")
    entry = Entry(
        "政策文件",
        "题",
        [Image("a", "流程图"), Image("b", "坏图"), Image("c", "没有的图")],
        images={"a": file.getvalue(), "b": b"<html>404</html>"},
    )
    built, document = one(house, made, tmp_path / "x.docx", entry)
    (shape,) = document.inline_shapes
    assert shape.width / shape.height == pytest.approx(0.75, abs=0.01)
    assert shape.height < 17 * 360_000
    assert texts(document, "图") == ["", "〔图：坏图〕", "〔图：没有的图〕"]
    assert any("坏图" in warning for warning in built.warnings)


@pytest.mark.usefixtures("no_office")
def test_building_twice_gives_the_same_bytes(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    build(issue, first, made=made)
    build(issue, second, made=made)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.usefixtures("no_office")
def test_a_failed_build_leaves_the_old_file(
    issue: Issue, made: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        build(issue, path, made=made)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["x.docx"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_layout_that_hangs_or_says_nothing_is_a_warning(
    issue: Issue, made: dt.datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for script, words in (("sleep 60", "秒内没有排完"), ("echo no filter; exit 1", "no filter")):
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(layout, "find_soffice", lambda program=program: program)
        built = build(issue, tmp_path / "x.docx", made=made, seconds=0.3)
        assert words in built.warnings[0]
        assert texts(Document(str(built.path)), "Heading 1") == SECTIONS


def pages_of(path: Path) -> list[str]:
    """Each page's text without spaces, laid out anew."""
    with layout.Office() as office:
        pdf = pypdfium2.PdfDocument(office.pdf(path.read_bytes()))
    try:
        found = [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()
    return [re.sub(r"\s", "", text) for text in found]


def check_pages(built: Built, pages: list[str]) -> None:
    """Every page number in the contents is that of the page its heading stands on."""
    assert built.pages == len(pages)
    for line in built.contents:
        assert line.page is not None
        title = re.sub(r"\s", "", line.title)
        # A heading may run over to the next page only as a whole: it is kept together.
        assert title in pages[line.page - 1]


@pytest.mark.usefixtures("office")
def test_the_page_numbers_are_those_of_libreoffice(
    issue: Issue, made: dt.datetime, tmp_path: Path
) -> None:
    built = build(issue, tmp_path / "x.docx", made=made)
    assert built.warnings == []
    pages = pages_of(built.path)
    check_pages(built, pages)
    assert 12 <= len(pages) <= 24
    assert built.contents[0].page == 2
    footer = re.sub(r"\s", "", issue.house.running_footer)
    for number, page in enumerate(pages, start=1):
        assert footer in page
        assert f"—{number}—" in page
    document = Document(str(built.path))
    lines = [p.text for p in document.paragraphs if p.style and (p.style.name or "")[:3] == "toc"]
    assert [line.split("\t")[1] for line in lines] == [str(line.page) for line in built.contents]
    again = build(issue, tmp_path / "again.docx", made=made)
    assert again.path.read_bytes() == built.path.read_bytes()
    # The contents as printed say the same.
    for line in built.contents:
        title = re.escape(re.sub(r"\s", "", line.title))
        assert re.search(rf"{title}[.…]*{line.page}(?!\d)", pages[0])


@pytest.mark.usefixtures("office")
def test_hard_cases_are_laid_out_with_true_page_numbers(
    house: House, made: dt.datetime, tmp_path: Path
) -> None:
    long = "关于" + "进一步完善工业绿色发展有关工作" * 13 + "的通知"
    entries = [
        Entry(
            "申报通知", long[:200], read(wide_table(12)), url="http://www.example.cn/" + "a" * 900
        ),
        *(
            Entry("绿色制造", f"第{n}号公告关于名单的通报", [Text("正文。" * 90)])
            for n in range(60)
        ),
        Entry("其他", "只有表格的通知", read("<table>" + "<tr><td>甲<td>乙" * 120 + "</table>")),
        Entry("其他", "مرحبا 𬭛㐂〇 😀 通知", []),
    ]
    issue = Issue("(2019) 0903 期", 2019, 9, 3, house, entries)
    built = build(issue, tmp_path / "x.docx", made=made)
    pages = pages_of(built.path)
    # Right-to-left words come out of a PDF in another order, so the last title is not looked for.
    plain = dataclasses.replace(built, contents=built.contents[:-1])
    check_pages(plain, pages)
    first = built.contents[0].page
    assert first is not None
    assert first > 2  # the contents fill more than one page
