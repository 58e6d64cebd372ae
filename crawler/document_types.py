"""What a file is by its bytes, never by its name or header; and whether all of it is there."""

import io
import re
import struct
import zipfile

PDF = "application/pdf"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
WPS = "application/wps-office.wps"
ET = "application/wps-office.et"
DPS = "application/wps-office.dps"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD = "application/ofd"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
OLE = "application/x-ole-storage"
SVG = "image/svg+xml"
HTML = "text/html"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
)
_FREE = 0xFFFFFFFF  # an entry of the sector table that stands for no sector
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A stream of the root storage -> what wrote it. Kingsoft writes the same streams as Microsoft:
# there only the name's ending tells which program the sender used.
_OLE_STREAMS = {
    "WordDocument": DOC,
    "Workbook": XLS,
    "Book": XLS,
    "PowerPoint Document": PPT,
    "MatOST": "application/vnd.ms-works",
}
_KINGSOFT = {(DOC, "wps"): WPS, (XLS, "et"): ET, (PPT, "dps"): DPS}
_ZIP_MEMBERS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "xl/workbook.bin": XLSB,
    "ppt/presentation.xml": PPTX,
    "OFD.xml": OFD,
}
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|script|style|meta|title|center|table|div|h1|p)\b",
    re.I | re.S,
)
_SVG_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype[^>]*>\s*)*<svg\b", re.I | re.S
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Unreadable(Exception):
    """A document or picture cannot be read; the message says why, in Chinese."""


def sniff(body: bytes, name: str = "") -> str:
    """The media type of `body`; `name` only tells a .wps from a .doc and a .csv from a .txt.

    "application/octet-stream" when nothing fits; empty bytes too."""
    ending = name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""
    if b"%PDF-" in body[:1024]:  # the standard lets a few bytes stand before it
        return PDF
    if body.startswith(_OLE_MAGIC):
        kind = next((_OLE_STREAMS[s] for s in _ole_streams(body) if s in _OLE_STREAMS), OLE)
        return _KINGSOFT.get((kind, ending), kind)
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(body)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    for magic, media_type in _MAGIC:
        if body.startswith(magic) and (magic != b"BM" or body[6:10] == b"\0\0\0\0"):
            return media_type
    return _text_kind(body, ending)


def fault(body: bytes, media_type: str) -> str:
    """Why the file cannot be whole, one Chinese clause; "" when nothing speaks against it."""
    if not body:
        return "文件是空的"
    tail = body[-4096:]
    whole = {
        PDF: b"%%EOF" in tail,
        "image/jpeg": b"\xff\xd9" in tail,
        "image/png": b"IEND" in tail,
        SEVEN_ZIP: _seven_zip_whole(body),
    }
    if media_type in (DOCX, XLSX, XLSB, PPTX, OFD, ZIP) or body.startswith(b"PK\x03\x04"):
        return "" if zipfile.is_zipfile(io.BytesIO(body)) else "文件不完整：压缩包没有目录"
    if body.startswith(_OLE_MAGIC):
        return "" if _ole_streams(body) else "文件不完整：读不出文档结构"
    return "" if whole.get(media_type, True) else "文件不完整：没有结尾"


def readable(body: bytes) -> str | None:
    """`body` decoded as strict UTF-8, UTF-16 with its mark, or GB18030; None when it is no text."""
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding == "utf-16" and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _text_kind(body: bytes, ending: str) -> str:
    head = body[:65536].removeprefix(b"\xef\xbb\xbf")
    if _SVG_START.match(head):
        return SVG
    if _HTML_START.match(head):
        return HTML
    if not body or readable(body) is None:
        return UNKNOWN
    return {"csv": "text/csv"}.get(ending, TEXT)


def _zip_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        return ZIP
    return next((kind for member, kind in _ZIP_MEMBERS.items() if member in names), ZIP)


def _seven_zip_whole(body: bytes) -> bool:
    if len(body) < 32:
        return False
    offset, size = struct.unpack_from("<QQ", body, 12)
    return bool(32 + offset + size <= len(body))


def _ole_streams(body: bytes) -> list[str]:
    """Names in the root storage of a compound file; [] when it is torn.

    Only the root counts: a Word file may hold a workbook deeper down."""
    try:
        shift, sector = struct.unpack_from("<H", body, 30)[0], struct.unpack_from("<I", body, 48)[0]
        if shift not in (9, 12):
            return []
        size = 1 << shift
        sectors = -(-len(body) // size) - 1  # without the header; the last one may be short
        table = [
            entry
            for at in struct.unpack_from("<109I", body, 76)
            if at < sectors
            for entry in struct.unpack_from(f"<{size // 4}I", body, (at + 1) * size)
        ]
        if sum(entry != _FREE for entry in table[sectors:]) > 1:
            return []
        entries: list[bytes] = []
        chain: set[int] = set()
        while sector < sectors and sector not in chain:
            chain.add(sector)
            start = (sector + 1) * size
            entries += [body[at : at + 128] for at in range(start, start + size, 128)]
            sector = table[sector]
        names: list[str] = []
        siblings, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
        while siblings:
            index = siblings.pop()
            if index >= len(entries) or index in seen:
                continue
            seen.add(index)
            length, _, left, right = struct.unpack_from("<HHII", entries[index], 64)
            names.append(entries[index][: max(length - 2, 0)].decode("utf-16-le", "replace"))
            siblings += [left, right]
    except (struct.error, IndexError):
        return []
    return names
