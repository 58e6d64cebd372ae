"""Bytes -> a Scrapy response of the right class in the right encoding.

Header, `<meta>` and the bytes vote, and the bytes win: a text that decodes strictly as UTF-8 is
UTF-8 whatever the server says; only when neither UTF-8 nor GB18030 fits does a declaration count.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Any

from lxml.html import HTMLParser
from parsel.selector import create_root_node
from resiliparse.parse.encoding import detect_encoding
from scrapy import Request
from scrapy.http import (
    Headers,
    HtmlResponse,
    JsonResponse,
    Response,
    TextResponse,
    XmlResponse,
)
from scrapy.selector import Selector
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from crawler.reading.lines import CONTROL

_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",  # ZIP, DOCX, XLSX, OFD
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # OLE: DOC, XLS, WPS
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"II*\x00",
    b"MM\x00*",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_CLOSER = re.compile(r"</(?:html|body)\s*>", re.I)
_TAG = re.compile(r"<[a-z!]", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|ul|table|script|meta|a)\b", re.I)
_FEW = 3  # signs such as © or · that a page in UTF-8 without any Chinese may hold
_TOLERATED = 0.02  # broken characters a page may hold and still be of that encoding


class HtmlPage(HtmlResponse):
    """An HtmlResponse whose tree is whole even when the page closes `</html>` too early: libxml2
    drops what follows, browsers do not. `body` and `text` stay as received."""

    @property
    def selector(self) -> Selector:
        if self._cached_selector is None:
            text = CONTROL.sub("", self.text)
            first = _CLOSER.search(text)
            if first and _TAG.search(text, first.end()):
                text = _CLOSER.sub("", text)
            # not by Selector(self): that fails on a <base> that is no address
            root = create_root_node(text, HTMLParser)
            self._cached_selector = Selector(root=root, type="html")
            self._cached_selector.response = self
        return self._cached_selector


def build_response(
    url: str,
    body: bytes,
    headers: Mapping[Any, Any] | None = None,
    status: int = 200,
    request: Request | None = None,
) -> Response:
    """The response a spider reads: HtmlPage, JsonResponse, XmlResponse or TextResponse with its
    encoding set, or a plain Response when the bytes are no text (PDF, OLE, ZIP, images)."""
    heads = Headers(headers or {})
    kind = _class_of(body, heads)
    if not issubclass(kind, TextResponse):
        return kind(url, status=status, headers=heads, body=body, request=request)
    encoding = encoding_of(body, heads)
    return kind(url, status=status, headers=heads, body=body, request=request, encoding=encoding)


def encoding_of(body: bytes, headers: Headers | None = None) -> str:
    """The name of the encoding the text is in; never fails, `utf-8` when nothing tells."""
    bom = read_bom(body)[0]
    if bom:
        return bom
    declared = _declared(body, headers)
    if _broken(body, "utf-8") <= _TOLERATED:
        return "gb18030" if _is_gb_after_all(body, declared) else "utf-8"
    if declared in ("big5", "big5-hkscs", "big5hkscs") and _broken(body, declared) == 0:
        return "big5hkscs"
    if _broken(body, "gb18030") <= _TOLERATED:
        return "gb18030"
    for name in (detect_encoding(body), *declared_names(body, headers)):
        found = resolve_encoding(name) if name else None
        if found and _broken(body, found) <= 0.5:
            return "gb18030" if found in ("gbk", "gb2312", "hz") else found
    return "utf-8"


def _is_gb_after_all(body: bytes, declared: str) -> bool:
    """Whether bytes that happen to be valid UTF-8 are GB18030: pairs such as D2 BB are 一 in the
    one and Cyrillic in the other, and no Chinese page in UTF-8 is without three-byte characters."""
    if body.isascii() or declared.startswith("utf"):
        return False
    wide = [c for c in body.decode("utf-8", "replace") if c > "\x7f"]
    if any(c > "\u07ff" for c in wide) or _broken(body, "gb18030"):
        return False
    return declared in ("gb2312", "gbk", "gb18030") or len(wide) > _FEW


def declared_names(body: bytes, headers: Headers | None) -> list[str]:
    """What the header and the `<meta>` say, in this order."""
    content_type = (headers.get(b"Content-Type") if headers else None) or b""
    names = (
        http_content_type_encoding(content_type.decode("latin-1")),
        html_body_declared_encoding(body[:4096]),
    )
    return [name for name in names if name]


def _declared(body: bytes, headers: Headers | None) -> str:
    names = declared_names(body, headers)
    return names[-1].lower() if names else ""


def _broken(body: bytes, encoding: str) -> float:
    """The share of characters beyond ASCII that do not decode; 0 when it decodes strictly, but
    for a character cut in two by the end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(body)
    except UnicodeDecodeError:
        pass
    except LookupError:
        return 1.0
    else:
        return 0.0
    text = body.decode(encoding, "replace")
    wide = sum(1 for c in text if c > "\x7f")
    return text.count("\ufffd") / max(wide, 1)


def _class_of(body: bytes, headers: Headers) -> type[Response]:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if body.startswith(_MAGIC) or start.startswith(_MAGIC[:1]):
        return Response
    control = sum(1 for byte in body[:1024] if byte < 9 or 13 < byte < 32)
    if control > 0.1 * len(body[:1024]) and not read_bom(body)[0]:
        return Response
    content_type = (headers.get(b"Content-Type") or b"").lower()
    if b"json" in content_type and not start.startswith(b"<"):
        return JsonResponse
    if start[:1] in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]"):
        return JsonResponse
    if start.startswith(b"<?xml") and not _HTML.search(start):
        return XmlResponse
    if b"xml" in content_type and b"html" not in content_type and not _HTML.match(start):
        return XmlResponse
    if b"html" in content_type or b"<" in body[:4096]:
        return HtmlPage
    return TextResponse
