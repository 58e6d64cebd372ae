"""Bytes -> a Scrapy response of the right class in the right encoding.

Header, `<meta>` and the bytes vote, and the bytes win: a text that decodes strictly as UTF-8 is
UTF-8 whatever the server says; only when neither UTF-8 nor GB18030 fits does a declaration count.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
)
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
_WIDE = re.compile(r"[^\x00-\x7f]")
_THREE_BYTES = re.compile(r"[\u0800-\U0010ffff]")  # of UTF-8, or four
_CONTROLS = bytes({*range(9), *range(14, 32)})
_UNFIT = bytes((*range(9), 11, 12, *range(14, 32), 127))
_SETS = ("utf", "gb", "big5", "iso", "cp", "euc", "shift", "koi8", "mac", "latin", "ascii", "hz")
_COMMON = re.compile("[的一是在不了有和人中大年月日，。、：；「」（）]")
_FEW = 3  # signs such as © or · that a page in UTF-8 without any Chinese may hold
_TOLERATED = 0.02  # broken characters a page may hold and still be of that encoding


class PageParser(HTMLParser):
    """lxml.html's, whose class of an element is not asked of Python for every element anew."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.set_element_class_lookup(
            etree.ElementDefaultClassLookup(
                element=HtmlElement,
                comment=HtmlComment,
                pi=HtmlProcessingInstruction,
                entity=HtmlEntity,
            )
        )


class HtmlPage(HtmlResponse):
    """An HtmlResponse whose tree is whole even when the page closes `</html>` too early: libxml2
    drops what follows, browsers do not. `body` and `text` stay as received."""

    page: Any = None  # what `crawler.reading.page.page_of` keeps here

    @property
    def selector(self) -> Selector:
        if self._cached_selector is None:
            text = self.text
            # a sign that no tree takes shows in the bytes, all but two
            bare = len(self.body.translate(None, _UNFIT)) == len(self.body)
            if not bare or "\ufffe" in text or "\uffff" in text:
                text = CONTROL.sub("", text)
            first = _CLOSER.search(text)
            if first and _TAG.search(text, first.end()):
                text = _CLOSER.sub("", text)
            # not by Selector(self): that fails on a <base> that is no address
            root = create_root_node(text, PageParser)
            self._cached_selector = Selector(root=root, type="html")
            self._cached_selector.response = self
        return self._cached_selector


class JsonPage(JsonResponse):
    """A JsonResponse that keeps what is read of it."""

    page: Any = None


class XmlPage(XmlResponse):
    """An XmlResponse that keeps what is read of it."""

    page: Any = None


class TextPage(TextResponse):
    """A TextResponse that keeps what is read of it."""

    page: Any = None


def build_response(
    url: str,
    body: bytes,
    headers: Mapping[Any, Any] | None = None,
    status: int = 200,
    request: Request | None = None,
) -> Response:
    """The response a spider reads: HtmlPage, JsonResponse, XmlResponse or TextResponse with its
    encoding set, or a plain Response when the bytes are no text (PDF, OLE, ZIP, images)."""
    heads = headers if isinstance(headers, Headers) else Headers(headers or {})
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
    if declared in ("big5", "big5-hkscs", "big5hkscs") and _is_big5(body):
        return "big5hkscs"
    if _broken(body, "gb18030") <= _TOLERATED:
        return "gb18030"
    for name in (detect_encoding(body), *declared_names(body, headers)):
        found = resolve_encoding(name) if name else None
        if found and _is_of_texts(found) and _broken(body, found) <= 0.5:
            return "gb18030" if found in ("gbk", "gb2312", "hz") else found
    return "utf-8"


def _is_big5(body: bytes) -> bool:
    """Whether bytes declared Big5 are: most pairs of GB18030 are some character of Big5 too, but
    seldom one of those that every text is full of."""
    if _broken(body, "big5hkscs"):
        return False
    common = (
        len(_COMMON.findall(body.decode(name, "replace"))) for name in ("big5hkscs", "gb18030")
    )
    return next(common) >= next(common)


def charset_evidence(response: TextResponse) -> str:
    """What spoke for the encoding of a response of ours: BOM, bytes, meta or header; and the
    declaration that says another."""
    body, chosen = response.body, response.encoding
    content_type = response.headers.get(b"Content-Type") or b""
    declared = {
        "header": http_content_type_encoding(content_type.decode("latin-1")),
        "meta": html_body_declared_encoding(body[:4096]),
    }
    agree = {x: _family(name) == _family(chosen) for x, name in declared.items() if name}
    others = "".join(f", {x} {declared[x]}" for x, same in agree.items() if not same)
    if read_bom(body)[0]:
        return f"BOM{others}"
    stated = next((x for x, same in agree.items() if same), "bytes")
    # these two are tried on the bytes before any declaration counts
    return f"{'bytes' if chosen in ('utf-8', 'gb18030') else stated}{others}"


def _family(name: str) -> str:
    """The name of an encoding, one for GB2312, GBK and GB18030, one for both kinds of Big5."""
    found = resolve_encoding(name) or name
    if found in ("gb2312", "gbk", "gb18030", "hz"):
        return "gb18030"
    return "big5hkscs" if found.startswith("big5") else found


def _is_gb_after_all(body: bytes, declared: str) -> bool:
    """Whether bytes that happen to be valid UTF-8 are GB18030: pairs such as D2 BB are 一 in the
    one and Cyrillic in the other, and no Chinese page in UTF-8 is without three-byte characters."""
    if body.isascii() or declared.startswith("utf"):
        return False
    text = body.decode("utf-8", "replace")
    if _THREE_BYTES.search(text) or _broken(body, "gb18030"):
        return False
    return declared in ("gb2312", "gbk", "gb18030") or len(_WIDE.findall(text)) > _FEW


def declared_names(body: bytes, headers: Headers | None) -> list[str]:
    """What the header and the `<meta>` say, in this order."""
    content_type = (headers.get(b"Content-Type") if headers else None) or b""
    names = (
        http_content_type_encoding(content_type.decode("latin-1")),
        html_body_declared_encoding(body[:4096]),
    )
    return [name for name in names if name]


def _is_of_texts(encoding: str) -> bool:
    """Whether Python's name stands for a character set, not for a transport such as hex."""
    name = codecs.lookup(encoding).name
    return name.startswith(_SETS) and name not in ("utf-7", "idna", "punycode")


def _declared(body: bytes, headers: Headers | None) -> str:
    names = declared_names(body, headers)
    return names[-1].lower() if names else ""


def _broken(body: bytes, encoding: str) -> float:
    """The share of characters beyond ASCII that do not decode; 0 when it decodes strictly, but
    for a character cut in two by the end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(body)
    except UnicodeError:  # UTF-16 without a mark of byte order is no UnicodeDecodeError
        pass
    except LookupError:
        return 1.0
    else:
        return 0.0
    text = body.decode(encoding, "replace")
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / max(wide, 1)


def _class_of(body: bytes, headers: Headers) -> type[Response]:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if body.startswith(_MAGIC) or start.startswith(_MAGIC[:1]):
        return Response
    head = body[:1024]
    plain = len(head.translate(None, _CONTROLS))
    if len(head) - plain > 0.1 * len(head) and not read_bom(body)[0]:
        return Response
    content_type = (headers.get(b"Content-Type") or b"").lower()
    if b"json" in content_type and not start.startswith(b"<"):
        return JsonPage
    if start[:1] in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]"):
        return JsonPage
    if start.startswith(b"<?xml") and not _HTML.search(start):
        return XmlPage
    if b"xml" in content_type and b"html" not in content_type and not _HTML.match(start):
        return XmlPage
    if b"html" in content_type or b"<" in body[:4096]:
        return HtmlPage
    return TextPage
