"""Documents: what a file is, whether it is whole, its text, its picture; and that hostile ones
cost nothing but their text."""

import asyncio
import io
import os
import struct
import sys
import zipfile
import zlib

import docx
import pypdfium2
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crawler import document_text, documents
from crawler.document_text import paragraphs
from crawler.documents import DocumentText, Picture, fault, picture_of, sniff, text_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"


def make_pdf(*lines: str) -> bytes:
    """A PDF of one page with a Chinese font that is not embedded: its ToUnicode map tells."""
    codes = {char: number + 1 for number, char in enumerate(dict.fromkeys("".join(lines)))}
    shown = "".join(
        f"1 0 0 1 60 {780 - 20 * n} Tm <{''.join(f'{codes[c]:04x}' for c in line)}> Tj\n"
        for n, line in enumerate(lines)
    )
    pairs = "".join(
        f"<{code:04x}> <{char.encode('utf-16-be').hex()}>\n" for char, code in codes.items()
    )
    mapping = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{pairs}endbfchar\nendcmap end end"
    )
    content = f"BT /F1 12 Tf\n{shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H "
        "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 8 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        f"<< /Length {len(mapping)} >>\nstream\n{mapping}\nendstream",
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] "
        "/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 800 /StemV 80 >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{thing}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def make_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("关于报送节水方案的通知")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [c for row in table.rows for c in row.cells],
        ["序号", "企业", "1", "某某水务公司"],
        strict=True,
    ):
        cell.text = text
    document.add_paragraph("联系人：林某")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_xlsx(*, far: bool = False, hidden: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("汇总表")
        sheet.write_row(0, 0, ["序号", "企业名称", "用水量"])
        sheet.write_row(1, 0, [1, "某某纸业有限公司", 12.5])
        if far:
            sheet.write(1_048_575, 16_383, "远")
        if hidden:
            other = book.add_worksheet("选项")
            other.write(0, 0, "不给人看的")
            other.hide()
    return out.getvalue()


def make_ole(*streams: str, inner: str = "") -> bytes:
    """A compound file whose root storage holds empty streams; `inner` lies in a storage below."""
    nothing, end, free = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF

    def entry(name: str, kind: int, right: int = nothing, child: int = nothing) -> bytes:
        raw = name.encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw) + 2, kind, 1, nothing, right, child)
        ).ljust(128, b"\0")

    names = [entry("Root Entry", 5, child=1)]
    for number, name in enumerate(streams, 1):
        names.append(entry(name, 2, right=number + 1 if number < len(streams) else nothing))
    if inner:
        names.append(entry(inner, 2))
    directory = b"".join(names).ljust(512, b"\0")
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + table + directory


def make_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def make_png(width: int = 8, height: int = 6, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 0).save(out, "PNG")
    return out.getvalue()


def read(body: bytes, media_type: str) -> DocumentText:
    return asyncio.run(text_of(body, media_type))


def draw(body: bytes) -> Picture:
    return asyncio.run(picture_of(body))


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        (make_pdf("通知"), "a.doc", PDF),
        (make_docx(), "a.doc", DOCX),
        (make_xlsx(), "a.xls", XLSX),
        (make_zip({"OFD.xml": b"<ofd/>"}), "a.pdf", "application/ofd"),
        (make_zip({"ppt/presentation.xml": b"<p/>"}), "", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),  # noqa: E501
        (make_zip({"a": b"1"}), "附件.zip", "application/zip"),
        (make_ole("\x05SummaryInformation", "WordDocument"), "a.doc", DOC),
        (make_ole("WordDocument"), "表.wps", "application/wps-office.wps"),
        (make_ole("Workbook"), "a.doc", XLS),
        (make_ole("Book"), "", XLS),
        (make_ole("PowerPoint Document"), "", "application/vnd.ms-powerpoint"),
        (make_ole("WordDocument", inner="Workbook"), "", DOC),
        (make_ole("EncryptedPackage"), "a.docx", "application/x-ole-storage"),
        (b"Rar!\x1a\x07\x00....", "", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c", "", "application/x-7z-compressed"),
        (make_png(), "a.jpg", "image/png"),
        (b"GIF89a....", "", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", "image/webp"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "", "image/svg+xml"),
        ("\ufeff<!DOCTYPE html><title>404</title>".encode(), "申报书.doc", "text/html"),
        (b"  <!-- x -->\n<HTML><body>x", "a.xls", "text/html"),
        ("一、总体要求".encode("gb18030"), "a.txt", "text/plain"),
        ("序号,名称".encode(), "a.csv", "text/csv"),
        (b"\x00\x01\x02\x03", "a.pdf", "application/octet-stream"),
        (b"", "a.pdf", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_type_comes_from_the_bytes(body: bytes, name: str, kind: str) -> None:
    assert sniff(body, name) == kind


@given(
    st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"BM"])
    | st.integers(0, 1100).map(lambda cut: make_ole("WordDocument")[:cut])
    | st.integers(0, 400).map(lambda cut: make_zip({"a": b"text" * 9})[:cut]),
    st.binary(max_size=600),
    st.text(max_size=12),
)
def test_any_bytes_have_a_type_and_no_fault_is_raised(head: bytes, tail: bytes, name: str) -> None:
    kind = sniff(head + tail, name)
    assert "/" in kind
    assert isinstance(fault(head + tail, kind), str)
    assert sniff(head + tail, "x") == sniff(head + tail)


@pytest.mark.parametrize(
    "body",
    [make_pdf("通知"), make_docx(), make_xlsx(), make_zip({"a": bytes(99)}), make_png(64, 64)],
)
def test_a_torn_file_is_seen(body: bytes) -> None:
    assert fault(body, sniff(body)) == ""
    half = body[: len(body) // 2]
    assert "不完整" in fault(half, sniff(half))


def test_a_torn_compound_file_is_seen() -> None:
    whole = make_ole("WordDocument")
    assert fault(whole, sniff(whole)) == ""
    assert "不完整" in fault(whole[:900], sniff(whole[:900]))


def test_an_empty_file_is_a_fault() -> None:
    assert fault(b"", sniff(b"")) == "文件是空的"


def test_the_text_of_a_pdf_with_chinese() -> None:
    read_ = read(make_pdf("关于报送节水方案的通知", "请于2019年9月30日前报送。"), PDF)
    assert read_ == DocumentText("关于报送节水方案的通知\n请于2019年9月30日前报送。")


def test_full_lines_of_a_pdf_run_on_into_one_paragraph() -> None:
    line = "各县区工业和信息化主管部门要逐户核对企业用水台账并"
    page = f"通知\n{line}\n{line}\n{line}\n按时上报。\n（一）另起一段\n— 3 —\n"
    assert list(paragraphs(page)) == ["通知", line * 3 + "按时上报。", "（一）另起一段"]


def test_the_text_of_a_docx_keeps_the_order_of_paragraphs_and_tables() -> None:
    assert read(make_docx(), DOCX).text.split("\n") == [
        "关于报送节水方案的通知",
        "序号\t企业",
        "1\t某某水务公司",
        "联系人：林某",
    ]


def test_the_text_of_a_workbook_is_what_a_reader_sees() -> None:
    read_ = read(make_xlsx(hidden=True), XLSX)
    assert read_ == DocumentText("序号\t企业名称\t用水量\n1\t某某纸业有限公司\t12.5")


@pytest.mark.parametrize(
    ("limit", "body", "kind", "kept"),
    [
        ("MAX_CELLS", make_xlsx(), XLSX, "序号\t企业名称\t用水量"),
        ("MAX_TEXT", make_docx(), DOCX, "关于报"),
    ],
)
def test_what_is_too_long_is_cut_and_says_so(
    monkeypatch: pytest.MonkeyPatch, limit: str, body: bytes, kind: str, kept: str
) -> None:
    monkeypatch.setattr(document_text, limit, 3)
    text, problem = document_text.read(body, kind)
    assert text == kept
    assert "只取了前 3" in problem


def test_a_long_pdf_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_text, "MAX_PAGES", 3)
    long, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    with pypdfium2.PdfDocument(make_pdf("通知")) as page:
        for _ in range(5):
            long.import_pages(page)
    long.save(out)
    long.close()
    text, problem = document_text.read(out.getvalue(), PDF)
    assert text == "通知\n通知\n通知"
    assert problem == "共 5 页，只取了前 3 页"


def test_plain_text_is_decoded() -> None:
    assert read("一、总体要求".encode("gb18030"), "text/plain") == DocumentText("一、总体要求")


@pytest.mark.parametrize("kind", [DOC, "application/ofd", "application/zip", "text/html"])
def test_other_types_say_that_no_text_is_taken(kind: str) -> None:
    assert read(b"x", kind).text == ""
    assert "不提取文字" in read(b"x", kind).problem


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (make_pdf("x").replace(b"Tj", b"  "), PDF, "扫描件"),
        (b"%PDF-1.4 nonsense %%EOF", PDF, "打不开"),
        (make_zip({"word/document.xml": b"<"}), DOCX, "打不开"),
        (make_zip({"xl/workbook.xml": b"<"}), XLSX, "打不开"),
        (make_docx()[:999], DOCX, "损坏"),
        (make_ole("Workbook"), XLS, "没有文字"),
    ],
)
def test_a_bad_document_is_a_problem(body: bytes, kind: str, words: str) -> None:
    read_ = read(body, kind)
    assert read_.text == ""
    assert words in read_.problem


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = make_zip({"word/document.xml": bytes(201 * 1024 * 1024)})
    assert len(bomb) < 300_000
    assert "压缩炸弹" in read(bomb, DOCX).problem


def test_too_many_members_are_refused() -> None:
    assert "太多" in read(make_zip({f"m{n}": b"" for n in range(5_001)}), DOCX).problem


def test_a_sheet_that_claims_seventeen_milliard_cells_kills_only_the_child() -> None:
    if sys.platform == "win32":
        pytest.skip("no limit on memory there")
    assert read(make_xlsx(far=True), XLSX).problem
    assert read(make_xlsx(), XLSX).text  # its successor works


def test_a_child_that_hangs_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "WALL_SECONDS", 0.0)
    assert read(make_docx(), DOCX) == DocumentText("", "解析超时")
    monkeypatch.undo()
    assert read(make_docx(), DOCX).text


def test_a_child_that_is_gone_is_replaced() -> None:
    assert read(make_docx(), DOCX).text
    assert documents._worker.process is not None
    os.kill(documents._worker.process.pid, 9)
    documents._worker.process.wait()
    assert read(make_docx(), DOCX).text


def test_one_child_serves_many_documents_at_once() -> None:
    async def all_of_them() -> list[DocumentText]:
        return list(await asyncio.gather(*(text_of(make_docx(), DOCX) for _ in range(5))))

    assert len({read_.text for read_ in asyncio.run(all_of_them())}) == 1


def test_the_child_is_not_told_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUAIXUN_DATABASE_URL", "postgresql://who:secret@host/name")
    documents._worker.close()
    assert read(make_docx(), DOCX).text
    assert documents._worker.process is not None
    if sys.platform != "linux":
        pytest.skip("only Linux shows a process's environment")
    with open(f"/proc/{documents._worker.process.pid}/environ", "rb") as environment:
        assert b"secret" not in environment.read()


def test_an_image_is_encoded_again_without_what_was_hidden_in_it() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS and more"
    Image.new("RGB", (30, 20), "red").save(out, "JPEG", exif=exif, comment=b"hidden")
    picture = draw(out.getvalue() + b"<script>trailing</script>")
    assert (picture.media_type, picture.problem) == ("image/jpeg", "")
    assert not any(word in picture.body for word in (b"GPS", b"hidden", b"script"))
    assert draw(out.getvalue()).body == draw(out.getvalue()).body  # a replay stores the same file


def test_a_large_image_is_made_smaller() -> None:
    picture = draw(make_png(5000, 100))
    assert Image.open(io.BytesIO(picture.body)).size == (2400, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_kept_as_png(mode: str) -> None:
    assert draw(make_png(mode=mode)).media_type == "image/png"


def test_images_that_are_not_kept() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    assert "SVG" in draw(svg).problem
    assert "不是图片" in draw(b"<html>404").problem
    noise = zlib.compress(bytes(range(256)) * 200)
    assert draw(make_png(300, 300)[:60] + noise).problem
    head = make_png()
    size = struct.pack(">II", 60_000, 60_000)
    chunk = b"IHDR" + size + head[24:29]
    bomb = (
        head[:8] + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + head[33:]
    )
    assert "像素过多" in draw(bomb).problem or "损坏" in draw(bomb).problem
