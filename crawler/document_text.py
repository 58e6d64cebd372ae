"""The child process that opens other people's documents: `python -m crawler.document_text`.

It reads jobs from standard input and answers on standard output, one frame each: two lengths
(big endian, four bytes each), a JSON header, a body. A job's header is {"do": "text"|"picture",
"type": media type}; the answer's is {"text", "problem"} or {"type", "problem"}. It holds no
secrets, may use so much time and memory, and is killed and replaced when it fails.
"""

import io
import json
import logging
import os
import re
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from crawler.document_types import DOCX, PDF, XLS, XLSB, XLSX, Unreadable

logger = logging.getLogger(__name__)

MEMORY = 1536 * 1024 * 1024  # bytes of address space for the whole child
CPU_SECONDS = 20  # for one job
MAX_TEXT = 1_000_000  # characters kept of one document
MAX_PAGES = 300
MAX_CELLS = 200_000
MAX_MEMBERS = 5_000  # of a docx or xlsx, which are zip files
MAX_UNPACKED = 200 * 1024 * 1024  # bytes, by the zip's own directory

_LENGTHS = struct.Struct(">II")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAGE_NUMBER = re.compile(r"[-—–－―\s]*\d{1,4}[-—–－―\s]*")
# A line that begins like this opens a paragraph, however full the line before it was.
_OPENING = re.compile(
    r"[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]"
    r"|第\S{1,4}[条章节]|附件"
)


class Cut(Exception):
    """The rest of the document is left out; the message says why, in Chinese."""


def send(stream: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush it."""
    head = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(head), len(body)) + head)
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read one frame. Raises EOFError when the other side is gone."""
    head, body = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    return json.loads(_exactly(stream, head)), _exactly(stream, body)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def read(body: bytes, media_type: str) -> tuple[str, str]:
    """(text, problem) of a PDF, docx, xls or xlsx; one paragraph or table row a line, cells
    divided by tabs. Raises Unreadable."""
    readers = {PDF: _pdf, DOCX: _docx, XLSX: _workbook, XLSB: _workbook, XLS: _workbook}
    if body.startswith(b"PK"):
        _measure(body)
    lines: list[str] = []
    size = 0
    try:
        for line in readers[media_type](body):
            lines.append(line)
            size += len(line) + 1
            if size > MAX_TEXT:
                raise Cut(f"文字太长，只取了前 {MAX_TEXT} 字")
    except Cut as reason:
        return "\n".join(lines)[:MAX_TEXT], str(reason)
    if not lines:
        raise Unreadable("文件里没有文字")
    return "\n".join(lines), ""


def _measure(body: bytes) -> None:
    """Refuse a zip that unpacks to too much, before anything of it is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(body)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable("压缩结构损坏") from None
    if len(members) > MAX_MEMBERS:
        raise Unreadable(f"压缩包内文件太多（{len(members)} 个）")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Unreadable("解压后太大，疑似压缩炸弹")


def _pdf(body: bytes) -> Iterator[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        raise Unreadable("PDF 有密码" if locked else "PDF 打不开") from None
    with document:
        pages = len(document)
        plain = "\n".join(_page_text(document[n]) for n in range(min(pages, MAX_PAGES)))
    if not plain.strip():
        raise Unreadable("PDF 里没有文字，可能是扫描件")
    yield from paragraphs(plain)
    if pages > MAX_PAGES:
        raise Cut(f"共 {pages} 页，只取了前 {MAX_PAGES} 页")


def _page_text(page: Any) -> str:
    words = page.get_textpage()
    # U+FFFE is pdfium's mark for a hyphen at a line's end; NUL is a glyph without a character.
    plain: str = re.sub("[\ufffe\x00]", "", words.get_text_range())
    words.close()
    page.close()
    return plain


def paragraphs(plain: str) -> Iterator[str]:
    """The paragraphs of a PDF's lines: a line that fills the width runs on into the next one.

    The width is the one that most lines share; page numbers are left out."""
    lines = [line.strip() for line in plain.splitlines()]
    lines = [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]
    widths = Counter(_width(line) for line in lines if _width(line) >= 20)
    slack = 1.5  # a punctuation mark or a number at the line's end may not fit
    shared = {
        width: sum(n for other, n in widths.items() if width - slack <= other <= width)
        for width in widths
    }
    full = max(shared, key=lambda width: (shared[width], width), default=0.0)
    runs_on = shared.get(full, 0) >= 3
    paragraph = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        paragraph += line
        if runs_on and _width(line) >= full - slack and not _OPENING.match(following):
            continue
        yield paragraph
        paragraph = ""
    if paragraph:
        yield paragraph


def _width(line: str) -> float:
    return sum(1 if ord(char) > 0x2E7F else 0.5 for char in line)


def _docx(body: bytes) -> Iterator[str]:
    import docx
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(body))
    except (KeyError, ValueError, zipfile.BadZipFile, XMLSyntaxError):
        raise Unreadable("DOCX 打不开") from None
    yield from _blocks(document.element.body)


def _blocks(parent: Any) -> Iterator[str]:
    # python-docx walks cells in quadratic time, so the tree is read itself.
    for element in parent:
        if element.tag == f"{_WORD}p":
            if text := _runs(element).strip():
                yield text
        elif element.tag == f"{_WORD}tbl":
            for row in element.iterchildren(f"{_WORD}tr"):
                cells = [" ".join(_blocks(cell)) for cell in row.iterchildren(f"{_WORD}tc")]
                if any(cells):
                    yield "\t".join(cells)
        elif element.tag in (f"{_WORD}sdt", f"{_WORD}sdtContent"):
            yield from _blocks(element)


def _runs(paragraph: Any) -> str:
    return "".join(
        (node.text or "") if node.tag == f"{_WORD}t" else " "
        for node in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br")
        # The fallback says once more what a text box said.
        if next(node.iterancestors(_FALLBACK), None) is None
    )


def _workbook(body: bytes) -> Iterator[str]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    except python_calamine.PasswordError:
        raise Unreadable("表格有密码") from None
    except python_calamine.CalamineError:
        raise Unreadable("表格打不开") from None
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible is python_calamine.SheetVisibleEnum.Visible
        and sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    cells = 0
    for name in visible:
        if len(visible) > 1:
            yield f"【{name}】"
        for row in workbook.get_sheet_by_name(name).iter_rows():
            cells += len(row)
            if cells > MAX_CELLS:
                raise Cut(f"单元格太多，只取了前 {MAX_CELLS} 个")
            if line := "\t".join(_cell(value) for value in row).rstrip("\t"):
                yield line


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _limit() -> None:
    """Cap this process's memory, and its processor time anew for each job. POSIX only: elsewhere
    the parent's clock alone holds."""
    if sys.platform == "win32":
        return
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, spent + CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(what, (soft, hard))
        except (ValueError, OSError) as fault:  # macOS knows RLIMIT_AS and refuses it
            logger.debug("limit %s not set: %s", what, fault)


def _answer(job: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from crawler.document_image import encode_again

    try:
        if job["do"] == "picture":
            picture, media_type = encode_again(body)
            return {"type": media_type, "problem": ""}, picture
        text, problem = read(body, job["type"])
        return {"text": text, "problem": problem}, b""
    except Unreadable as fault:
        return {"problem": str(fault)}, b""
    except MemoryError:
        return {"problem": "内存超限"}, b""
    except Exception as fault:  # any fault of a parser is a fault of the document
        return {"problem": f"解析出错（{type(fault).__name__}）", "fault": repr(fault)[:500]}, b""


def main() -> None:
    """Answer jobs until standard input ends."""
    jobs = sys.stdin.buffer
    # What a library prints must not stand among the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while True:
        try:
            job, body = receive(jobs)
        except EOFError:
            return
        _limit()
        send(answers, *_answer(job, body))


if __name__ == "__main__":
    main()
