"""The attachments and images: small real files, the same bytes at every build.

Archives are stored, not deflated, so that their bytes do not hang on the zlib at hand; the WARC
compresses them anyway.
"""

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from html import escape

import xlsxwriter

from samples import ole

MEDIA = {
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_MAIN = MEDIA["docx"].removesuffix("document") + "document.main+xml"
_STAMP = (2019, 9, 6, 10, 24, 0)
_CENTRED = '<w:pPr><w:jc w:val="center"/></w:pPr>'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def make(kind: str, name: str, about: str) -> bytes:
    """The file of an attachment: `kind` is a key of MEDIA."""
    title = re.sub(r"\.(docx?|xlsx?|pdf|zip)$", "", name)
    notes = [part for part in re.split(r"(?<=[；。])", about) if part]
    heads = [part for part in re.split(r"[、，；。：]", about) if 1 < len(part) <= 12][:6]
    heads = heads or ["序号", "名称", "填报单位", "备注"]
    lines = [title, *notes]
    if kind == "docx":
        return docx(lines, [heads, [""] * len(heads)])
    if kind == "doc":
        return ole.word([*lines, *(f"{head}：" for head in heads)])
    if kind == "xlsx":
        return xlsx(title, heads)
    if kind == "xls":
        return ole.workbook("Sheet1", [[title], heads, *([str(n)] for n in range(1, 6))])
    if kind == "pdf":
        return pdf(lines)
    return archive(
        {f"{title}.docx": docx(lines, [heads]), "填报说明.txt": "\r\n".join(lines).encode()}
    )


def archive(members: dict[str, bytes]) -> bytes:
    """A zip of stored members with one fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name, body in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = 3  # the same on every system
            target.writestr(info, body)
    return out.getvalue()


def docx(paragraphs: list[str], table: list[list[str]]) -> bytes:
    """A Word document: the first paragraph is its heading, the table follows the text."""
    text = "".join(
        f"<w:p>{_CENTRED if not at else ''}"
        f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for at, line in enumerate(paragraphs)
    )
    rows = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="1600" w:type="dxa"/></w:tcPr>'
            f"<w:p><w:r><w:t>{escape(cell)}</w:t></w:r></w:p></w:tc>"
            for cell in line
        )
        + "</w:tr>"
        for line in table
    )
    grid = '<w:gridCol w:w="1600"/>' * len(table[0])
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return archive(
        {
            "[Content_Types].xml": (
                f'{head}<Types xmlns="{kinds}"><Default Extension="rels" '
                'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
                "</Types>"
            ).encode(),
            "_rels/.rels": (
                f'{head}<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{office}" '
                'Target="word/document.xml"/></Relationships>'
            ).encode(),
            "word/document.xml": (
                f'{head}<w:document xmlns:w="{_W}"><w:body>{text}<w:tbl><w:tblPr><w:tblW w:w="0" '
                f'w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
                "<w:p/></w:body></w:document>"
            ).encode(),
        }
    )


def xlsx(title: str, heads: list[str]) -> bytes:
    """A workbook of one sheet: a title, the heads, numbered empty lines."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"title": title, "created": dt.datetime(*_STAMP, tzinfo=dt.UTC)})
    sheet = book.add_worksheet("Sheet1")
    sheet.write(0, 0, title)
    for column, head in enumerate(heads):
        sheet.write(1, column, head)
    for line in range(1, 6):
        sheet.write(line + 1, 0, line)
    book.close()
    with zipfile.ZipFile(made) as parts:
        return archive({info.filename: parts.read(info) for info in parts.infolist()})


def pdf(lines: list[str]) -> bytes:
    """A PDF of A4 pages: the first line is the heading. The font is named, not embedded; its
    standard encoding (UniGB-UCS2-H) gives every reader the words."""
    wrapped = [(lines[0], 16)]
    for line in lines[1:]:
        wrapped += [(line[at : at + 38], 12) for at in range(0, max(len(line), 1), 38)]
    pages = [wrapped[at : at + 36] for at in range(0, len(wrapped), 36)]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /FontDescriptor "
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>",
    ]
    for number, page in enumerate(pages):
        drawn = "".join(
            f"BT /F1 {size} Tf 70 {770 - 20 * at} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for at, (text, size) in enumerate(page)
        )
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font "
            f"<< /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        out
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
            f"startxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def png(seed: int, width: int = 480, height: int = 300) -> bytes:
    """A black and white chart: a frame, boxes joined by lines; `seed` places the boxes."""
    stride = width // 8
    dots = [bytearray(b"\xff" * stride) for _ in range(height)]

    def bar(left: int, top: int, wide: int, high: int) -> None:
        for line in dots[top : top + high]:
            line[left : left + wide] = b"\0" * wide

    for top in (4, height - 7):
        bar(1, top, stride - 2, 3)
    step = 1 + seed % 3
    for number in range(3):
        left, top = 5 + 17 * number, 60 + (seed >> number) % 5 * 20
        bar(left, top, 12, 2)
        bar(left, top + 60, 12, 2)
        bar(left, top, 1, 62)
        bar(left + 11, top, 1, 62)
        for line in range(step + number):
            bar(left + 2, top + 12 + 10 * line, 8, 3)
        if number < 2:
            bar(left + 12, top + 30, 5, 2)
    raw = b"".join(b"\0" + bytes(line) for line in dots)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", _stored(raw))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _stored(raw: bytes) -> bytes:
    """`raw` as a zlib stream of stored blocks."""
    parts = [raw[at : at + 0xFFFF] for at in range(0, len(raw), 0xFFFF)]
    blocks = b"".join(
        struct.pack("<BHH", at == len(parts) - 1, len(part), len(part) ^ 0xFFFF) + part
        for at, part in enumerate(parts)
    )
    return b"\x78\x01" + blocks + struct.pack(">I", zlib.adler32(raw))
