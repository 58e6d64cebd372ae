"""The name an editor reads for a file: the anchor's, else the server's, else the address's."""

import re
from email.header import decode_header
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from pipelines.wording import one_line

LONGEST = 200  # characters
# Anchor words that name a button, not a file.
_BUTTON = re.compile(
    r"[\[【（(]?(?:请?点击)?(?:此处|这里)?(?:下载|查看|预览|打开|浏览)*(?:附件|文件|原文|全文|文档)?"
    r"(?:下载|查看|预览)*[\d一二三四五六七八九十]*[\]】）):：]?|download|here|attachment\d*",
    re.I,
)
_STARRED = re.compile(rb"filename\*\s*=\s*\"?([\w-]*)'[^']*'([^;\"]+)", re.I)
_PLAIN = re.compile(rb"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]+))", re.I)
_NAMED = ("showname", "filename", "file", "name")  # parameters of download addresses


def file_name(anchor: str, disposition: bytes | None, url: str) -> str:
    """The best name: `anchor` unless it is empty, an address or a word such as 点击下载; then the
    Content-Disposition header's; then the last part of the address. Never a path."""
    words = one_line(anchor)
    if words and not _BUTTON.fullmatch(words) and "://" not in words:
        return words[:LONGEST]
    for name in (_of_header(disposition or b""), _of_address(url)):
        if bare := one_line(re.split(r"[/\\]", name)[-1]).strip(". "):
            return bare[-LONGEST:]
    return words or "附件"


def _of_header(header: bytes) -> str:
    """The name in a Content-Disposition header: RFC 5987, or what servers write instead of it:
    raw UTF-8 or GBK bytes, percent escapes of either, RFC 2047 words."""
    if starred := _STARRED.search(header):
        return _decoded(unquote_to_bytes(starred[2]), starred[1].decode("latin-1"))
    plain = _PLAIN.search(header)
    if not plain:
        return ""
    raw = re.sub(rb"\\([\"\\])", rb"\1", plain[1] or plain[2] or b"").strip()
    if raw.startswith(b"=?"):
        parts = decode_header(raw.decode("latin-1"))
        return "".join(
            _decoded(part, charset or "") if isinstance(part, bytes) else part
            for part, charset in parts
        )
    return _decoded(unquote_to_bytes(raw))


def _of_address(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query, encoding="latin-1")
    named = [query[key][0] for key in _NAMED if key in query and "." in query[key][0]]
    if named:
        return _decoded(named[0].encode("latin-1", "replace"))
    return _decoded(unquote_to_bytes(parts.path.rsplit("/", 1)[-1]))


def _decoded(raw: bytes, charset: str = "") -> str:
    for encoding in (charset, "utf-8", "gb18030"):
        try:
            if encoding:
                return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")
