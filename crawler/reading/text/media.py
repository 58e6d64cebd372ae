"""Pictures, frames and documents that stand in a text or in its stead."""

import re
from itertools import islice

from lxml.html import HtmlElement

from crawler.reading.lines import Line, hidden, holders_of

_ICON = re.compile(r"icon|filetype|/face/|logo|qrcode|ewm|erweima|print|share|blank\.|spacer", re.I)
_SMALL = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*([0-9.]+)px", re.I)
_SIZE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_MOST_IMAGES = 200
_SCAN = 2000  # characters of an image in its own address that is no icon
_SCRIPT = 2000  # characters of a script among which it names what it shows
_DOCUMENT = re.compile(r"\.(?:pdf|ofd|docx?|wps|swf)[?&\"']", re.I)


def media_after(head: list[HtmlElement], lines: list[Line], start: int) -> HtmlElement | None:
    """The element beside the head that holds pictures or a frame, when no text stands before it."""
    text = lines[start].element if start < len(lines) else None
    holders = {text, *text.iterancestors()} if text is not None else set()
    media = _media(head[0].getroottree().getroot()) if head else set()
    if not media:
        return None
    for element in reversed(head):
        current = element
        for _ in range(3):
            for sibling in current.itersiblings():
                if sibling in holders:
                    return None
                if sibling in media:
                    return sibling
            parent = current.getparent()
            if parent is None:
                break
            current = parent
    return None


def _media(root: HtmlElement) -> set[HtmlElement]:
    """The pictures and frames of a page, and all that holds one."""
    shown = {*body_images(root), *embedded(root)}
    return shown | holders_of(shown)


def embedded(*elements: HtmlElement) -> list[HtmlElement]:
    """What shows a text that is not of the page: frames, scans kept in the page itself, scripts
    that name a document to show."""
    found = []
    for element in elements:
        for x in islice(element.iter("iframe", "embed", "object", "img", "script"), _MOST_IMAGES):
            source = x.get("src") or ""
            if x.tag == "img":
                shows = len(source) > _SCAN and source.startswith("data:image/")
            elif x.tag == "script":
                shows = _DOCUMENT.search(x.text or "", 0, _SCRIPT) is not None
            else:
                shows = True
            if shows and not hidden(x):
                found.append(x)
    return found


def body_images(*elements: HtmlElement) -> list[HtmlElement]:
    """The pictures of the text; icons of file types and buttons are none."""
    found = []
    for element in elements:
        for image in islice(element.iter("img"), _MOST_IMAGES):
            source = image.get("src") or ""
            if not source or source.startswith("data:") or _ICON.search(source) or hidden(image):
                continue
            sizes = [x for name in ("width", "height") if (x := image.get(name))]
            if style := image.get("style"):
                sizes += _SMALL.findall(style)
            figures = [float(x) for x in sizes if _SIZE.fullmatch(x)]
            if figures and min(figures) <= 32:
                continue
            found.append(image)
    return found
