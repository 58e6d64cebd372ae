"""The files of a notice: links in its body and right after it, with the name a reader sees."""

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement

from crawler.notice import Attachment, AttachmentKind
from crawler.reading.addresses import LONGEST_LINK, absolute, identity
from crawler.reading.lines import Line, hidden, link_text, read_lines, tidy
from crawler.reading.walk import walk

_EXTENSIONS = (
    r"docx?|xlsx?|pptx?|pdf|zip|rar|7z|ofd|wps|et|dps|txt|csv|rtf|tiff?|ceb|cebx|gd|tar|gz"
)
_FILE = re.compile(rf"\.(?:{_EXTENSIONS})$", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|mp4|mp3)$", re.I)
_ENDPOINT = re.compile(
    r"/(?:down(?:load)?_?(?:file|attach(?:ment)?)?s?|(?:file|attach(?:ment)?s?)_?down\w{0,20}"
    r"|(?:read|get|open)_?(?:attach(?:ment)?_?(?:file)?|file)|attach(?:ment)?s?)"
    r"(?:\.(?:jspx?|do|action|aspx?|ashx|php))?$|/document/download$|/group\d/M\d\d/",
    re.I,
)
_PAGE = re.compile(r"\.(?:s?html?|jhtml|jspx?|aspx?|php|do|action)$", re.I)
_STATIC = re.compile(r"\.[sj]?html?$", re.I)
_FILE_KEY = re.compile(r"file|path|name|url|uri|src|attach|down", re.I)  # of a parameter
# the line above a list of the files of a notice
HEADING = re.compile(r"[\[【]?\s*(?:相关)?附\s*件(?:下载|列表|信息)?\s*[\]】]?\s*[:：]?$")
_LONGEST_HEADING = 12
_TABS = frozenset(("li", "dt", "td", "th", "div", "h3", "h4"))  # what tabs are made of
_MOST_BOXES = 60  # hidden ones that are looked at
_MOST_LISTED = 200  # lines of one that lists files
_MOST_ANCHORS = 300  # that are looked at; no notice has so many files
_NAMED = re.compile(r"[\[【（(]?\s*附\s*[件图表]")
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
_SHOWS = re.compile(r"src|url|movie|filename|file", re.I)  # what a player's parameter is called
_MOST_PARAMS = 50
_LONGEST = 1000  # characters of a name
_STRANGE = re.compile(r"浏览器|插件|客户端|阅读器|App\b|使用(?:帮助|手册).{0,30}网站", re.I)


@lru_cache(maxsize=1024)  # several readers ask of each link
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
    page = _PAGE.search(path) is not None
    endpoint = _ENDPOINT.search(path) is not None
    for key, value in parse_qsl(parts.query):
        if _FILE.search(value) and (endpoint or not page or _FILE_KEY.search(key)):
            return True
    if endpoint and (parts.query or _FILE.search(name) or "/group" in path):
        return True
    if _PICTURE.search(path):
        return bool(_NAMED.match(name) or _PICTURE.search(name))
    dynamic = not page or (bool(parts.query) and not _STATIC.search(path))
    return bool(_FILE.search(name)) and dynamic and bool(path.strip("/"))


def _is_page(address: str) -> bool:
    try:
        return bool(_PAGE.search(urlsplit(address).path))
    except ValueError:
        return True


def listed_files(lines: list[Line]) -> list[Line]:
    """The lines of the lists that are headed 附件, wherever on the page they stand."""
    found: list[Line] = []
    listed = False
    for line in lines:
        if listed and line.linked * 2 > len(line.text) and not line.furniture:
            found.append(line)
        else:
            short = len(line.text) <= _LONGEST_HEADING and not line.linked and not line.furniture
            listed = short and "附" in line.text and HEADING.match(line.text) is not None
    return found


def files_behind_tab(root: HtmlElement, lines: list[Line]) -> list[Line]:
    """The lines of files that a tab named 附件 shows when it is clicked: what is hidden below the
    tab and lists nothing else."""
    short = (x for x in lines if len(x.text) <= _LONGEST_HEADING and "附" in x.text)
    heads = (x for x in short if HEADING.match(x.text))
    tab = next((x for x in heads if x.element.tag in _TABS and not x.furniture), None)
    if tab is None:
        return []
    found: list[Line] = []
    below = False
    boxes = 0
    steps = walk(root)
    for event, element in steps:
        below = below or element is tab.element
        if event != "start" or not below or not hidden(element):
            continue
        steps.skip_subtree()
        boxes += 1
        if boxes > _MOST_BOXES:
            break
        listed = read_lines(element, with_hidden=True) if len(element) else []
        if 0 < len(listed) <= _MOST_LISTED and all(
            x.linked * 2 > len(x.text) or HEADING.match(x.text) for x in listed
        ):
            found += listed
    return found


def read_attachments(lines: list[Line], base: str, most: int = _MOST_ANCHORS) -> list[Attachment]:
    """The files that the first `most` anchors of `lines` lead to, in order, each address once."""
    anchors = ((anchor, line) for line in lines for anchor in line.anchors)
    return _attachments(list(islice(anchors, most)), base)


def shown_files(elements: list[HtmlElement], base: str) -> list[Attachment]:
    """The documents that frames, players and scripts show in the page, those of a viewer too
    (`viewer.html?file=…`); each with the name of its file."""
    found: dict[str, Attachment] = {}
    for element in elements:
        for link in _shown_links(element):
            url = absolute(base, link)
            url = next((absolute(url, x) for x in _viewed(url)), url)
            address = identity(url)
            if address and address not in found and is_file(url):
                name = tidy((element.get("title") or "")[:_LONGEST])
                name = name or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
                found[address] = Attachment(url, address, name, AttachmentKind.FILE)
                break
    return list(found.values())


def _shown_links(element: HtmlElement) -> list[str]:
    """The addresses that an element may show."""
    if element.tag == "script":
        quoted = _QUOTED.findall((element.text or "")[:LONGEST_LINK])
        return [x for x in quoted if _FILE.search(x.split("?")[0])]
    own = [element.get("src"), element.get("data")]
    given = (x for x in islice(element.iter("param"), _MOST_PARAMS) if x.get("value"))
    own += [x.get("value") for x in given if _SHOWS.fullmatch(x.get("name") or "")]
    return [x.strip() for x in own if x and len(x) <= LONGEST_LINK and not x.startswith("data:")]


def _viewed(url: str) -> list[str]:
    """The documents among the parameters of a viewer."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    path = unquote(parts.path)
    if _FILE.search(path) or _ENDPOINT.search(path):
        return []
    values = (value for _, value in parse_qsl(parts.query))
    return [x for x in values if "/" in x and _FILE.search(x.split("?")[0].split("#")[0])]


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
        text = link_text(anchor, _LONGEST)
        if not text and anchor.find(".//img") is None:
            continue
        if not trusted and _ORDINARY.search(link) and not _FILE.search(text):
            continue
        url = absolute(base, link)
        named = text or tidy((anchor.get("title") or "")[:_LONGEST])
        if _PICTURE.search(link) and text:
            named = _picture_name(anchor, named, line)
        if not is_file(url, named) and not (trusted and not _is_page(url)):
            continue
        if _STRANGE.search(named):
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


def _picture_name(anchor: HtmlElement, named: str, line: Line | None) -> str:
    """What tells whether a link to a picture is a file of the notice: its name, or its line's."""
    if line is not None and _NAMED.match(line.text):
        return line.text[:_LONGEST]
    return named if _PICTURE.search(named) else tidy((anchor.get("title") or named)[:_LONGEST])


def _link(anchor: HtmlElement) -> str:
    href = (anchor.get("href") or "").strip()
    if len(href) > LONGEST_LINK:
        return ""
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:")):
        return href
    script = f"{(anchor.get('onclick') or '')[:LONGEST_LINK]} {href}"
    for match in _QUOTED.finditer(script):
        if "/" in match[1] or _FILE.search(match[1]):
            return match[1]
    return ""


def _name(anchor: HtmlElement, text: str, url: str, line: Line | None) -> str:
    """What a reader sees: the anchor's text, its `title` when the text is cut or says only
    下载, the words of its line, the file's own name."""
    title = tidy((anchor.get("title") or anchor.get("download") or "")[:_LONGEST])
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
