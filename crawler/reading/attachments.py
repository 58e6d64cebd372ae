"""The files of a notice: links in its body and right after it, with the name a reader sees."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from crawler.notice import Attachment, AttachmentKind
from crawler.reading.addresses import absolute, identity
from crawler.reading.lines import Line, text_of, tidy

_EXTENSIONS = (
    r"docx?|xlsx?|pptx?|pdf|zip|rar|7z|ofd|wps|et|dps|txt|csv|rtf|tiff?|ceb|cebx|gd|tar|gz"
)
_FILE = re.compile(rf"\.(?:{_EXTENSIONS})$", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|mp4|mp3)$", re.I)
_ENDPOINT = re.compile(
    r"/(?:downfile|download|downloadfile|filedownload|attach(?:ment)?s?(?:download)?|file_?down\w*)"
    r"(?:\.(?:jsp|do|action|aspx?|php))?$|/document/download$|/group\d/M\d\d/",
    re.I,
)
_PAGE = re.compile(r"\.(?:s?html?|jhtml|jsp|aspx?|php|do|action)$", re.I)
_ORDINARY = re.compile(r"^[^?]*(?:/|\.s?html?)(?:#.*)?$", re.I)
_QUOTED = re.compile(r"""['"]([^'"]+)['"]""")
_NUMBERED = re.compile(
    r"^(?:附\s*件|附\s*表|附)\s*[0-9０-９一二三四五六七八九十]{0,3}\s*[:：.．、]\s*(?=\S)"
    r"|^[0-9０-９]{1,2}\s*[.．、]\s*(?=[^\d０-９\s])|^[（(][0-9]{1,2}[)）]\s*(?=\S)"
)
_NO_NAME = re.compile(
    r"^[\[【（(]?\s*(?:点击|请点击)?(?:此处|这里)?(?:下载|查看|浏览|打开|预览)?(?:附件|文件|全文|原文|PDF|pdf|word|doc)?(?:下载|查看)?\d*\s*[\]】）)]?$",
    re.I,
)
_STRANGE = re.compile(r"浏览器|插件|客户端|阅读器|App\b|使用(?:帮助|手册).*网站", re.I)


def is_file(address: str, name: str = "") -> bool:
    """Whether an address leads to a document: by its path, by a file name among its parameters,
    by a download endpoint, or because the link's own name ends like one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    path = unquote(parts.path)
    if _FILE.search(path):
        return True
    values = [value for _, value in parse_qsl(parts.query)]
    if any(_FILE.search(value) for value in values):
        return True
    if _ENDPOINT.search(path) and (parts.query or _FILE.search(name) or "/group" in path):
        return True
    if _PICTURE.search(path):
        return bool(re.match(r"^附\s*件", name))
    return bool(_FILE.search(name)) and not _PAGE.search(path) and bool(path.strip("/"))


def _is_page(address: str) -> bool:
    try:
        return bool(_PAGE.search(urlsplit(address).path))
    except ValueError:
        return True


def read_attachments(lines: list[Line], base: str) -> list[Attachment]:
    """The files that the anchors of `lines` lead to, in order, each address once."""
    anchors = [(anchor, line) for line in lines for anchor in line.anchors]
    return _attachments(anchors, base)


def selected_attachments(elements: list[HtmlElement], base: str) -> list[Attachment]:
    """The same for elements that a selector gave: anchors, or what holds anchors."""
    anchors = [
        (anchor, None)
        for element in elements
        for anchor in ([element] if element.tag == "a" else element.iter("a"))
    ]
    return _attachments(anchors, base, trusted=True)


def _attachments(
    anchors: list[tuple[HtmlElement, Line]] | list[tuple[HtmlElement, None]],
    base: str,
    trusted: bool = False,
) -> list[Attachment]:
    found: dict[str, Attachment] = {}
    for anchor, line in anchors:
        link = _link(anchor)
        if not link:
            continue
        text = text_of(anchor)
        if not trusted and _ORDINARY.search(link) and not _FILE.search(text):
            continue
        url = absolute(base, link)
        named = text or tidy(anchor.get("title") or "")
        if not is_file(url, named) and not (trusted and not _is_page(url)):
            continue
        if _STRANGE.search(named) or (not text and anchor.find(".//img") is None):
            continue
        address = identity(url)
        if not address:
            continue
        name = _name(anchor, text, url, line)
        if address in found:
            if _NO_NAME.match(found[address].name) and not _NO_NAME.match(name):
                found[address].name = name
            continue
        found[address] = Attachment(url, address, name, AttachmentKind.FILE)
    return list(found.values())


def _link(anchor: HtmlElement) -> str:
    href = (anchor.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:")):
        return href
    for match in _QUOTED.finditer(f"{anchor.get('onclick') or ''} {href}"):
        if "/" in match[1] or _FILE.search(match[1]):
            return match[1]
    return ""


def _name(anchor: HtmlElement, text: str, url: str, line: Line | None) -> str:
    """What a reader sees: the anchor's text, its `title` when the text is cut or says only
    下载, the words of its line, the file's own name."""
    title = tidy(anchor.get("title") or anchor.get("download") or "")
    start = without_number(text).rstrip(".… ")
    cut = text.endswith(("...", "…", "..")) and without_number(title).startswith(start[:8])
    if cut and title:
        return without_number(title)
    if text and not _NO_NAME.match(text):
        return without_number(text)
    if title and not _NO_NAME.match(title):
        return without_number(title)
    beside = ""
    if line is not None and text and len(line.text) < 200:
        beside = tidy(line.text.replace(text, "", 1))
    if 3 < len(beside) < 120 and not _NO_NAME.match(beside):
        return without_number(beside)
    return text or unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or url


def without_number(name: str) -> str:
    """The name without a numbering in front: 附件1：, 1. ; figures that belong to it stay."""
    return _NUMBERED.sub("", name, count=1).strip() or name
