"""One attachment: asked for through all middlewares, judged by its bytes, kept, its text taken."""

import logging
import re

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.archive import NotWritten
from crawler.documents import OPENED, fault, picture_of, sniff, text_of
from crawler.middlewares.refusals import (
    WORDS,
    Blocked,
    Refused,
    status_reason,
    unreachable_reason,
)
from crawler.notice import Attachment, AttachmentKind
from pipelines.file_names import file_name
from pipelines.wording import one_form
from store.files import put
from store.writer import write

logger = logging.getLogger(__name__)

# A name that promises one of these and bytes that are a page or plain text: an error was saved.
_DOCUMENT = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|ofd|wps|et|dps|zip|rar|7z)$", re.I)
_OFFICE_PAGE = b"urn:schemas-microsoft-com:office"  # Word and Excel do save documents as HTML
_PAGE = re.compile(r"\.(?:s?html?|mht)$", re.I)


class _NoFile(Exception):
    """There is no file that can be trusted; the message says why, in Chinese."""


async def fill(crawler: Crawler, attachment: Attachment, column: str, limit: int) -> str:
    """Fill in the attachment's type, size, hash, name and text, or its `problem`; `limit` is in
    bytes. Returns why the text of a kept file could not be taken, Chinese, or "".

    Raises only what keeping the file raises (a full disk)."""
    attachment.problem, text_problem = "", ""
    try:
        body = attachment.body
        if body is None:
            body = await _download(crawler, attachment, column, limit)
        if len(body) > limit:
            raise _NoFile(WORDS["size"])
        text_problem = await _keep(attachment, body)
    except _NoFile as reason:
        attachment.problem = str(reason)
    attachment.body = None
    return text_problem


async def _download(crawler: Crawler, attachment: Attachment, column: str, limit: int) -> bytes:
    assert crawler.engine is not None
    meta = {"file": True, "column": column, "download_maxsize": limit}
    try:
        request = Request(attachment.url, meta=meta, dont_filter=True)
        response = await crawler.engine.download_async(request)
    except NotWritten:
        raise  # the disk is full, which says nothing about the file
    except Exception as reason:
        raise _NoFile(_words(reason, attachment.url)) from reason
    if response.status != 200:
        said = status_reason(response.status)
        raise _NoFile(said or f"网站没有给出文件（{response.status}）")
    if _cut_short(response):
        raise _NoFile("文件不完整：比网站说的短")
    if attachment.kind is AttachmentKind.FILE:
        disposition = response.headers.get("Content-Disposition")
        attachment.name = file_name(attachment.name, disposition, response.url)
    return response.body


async def _keep(attachment: Attachment, body: bytes) -> str:
    media_type = sniff(body, attachment.name if "." in attachment.name else attachment.url)
    if why := fault(body, media_type) or _not_a_document(body, media_type, attachment):
        raise _NoFile(why)
    problem = ""
    if attachment.kind is AttachmentKind.IMAGE:
        picture = await picture_of(body)
        if picture.problem:
            raise _NoFile(picture.problem)
        body, media_type = picture.body, picture.media_type
    elif media_type in OPENED or media_type.startswith("text/"):
        read = await text_of(body, media_type)
        attachment.text = attachment.text or one_form(read.text)
        problem = read.problem if media_type in OPENED else ""
    attachment.sha256 = await write(put, body)
    attachment.media_type, attachment.size = media_type, len(body)
    return problem


def _not_a_document(body: bytes, media_type: str, attachment: Attachment) -> str:
    """Why the bytes are not what the link promised, Chinese; "" when they may be."""
    if media_type == "image/svg+xml":
        return "SVG 图片可带脚本，不收"
    path = attachment.url.split("?")[0]
    if media_type == "text/html":
        page = _PAGE.search(attachment.name) or _PAGE.search(path)
        return "" if page or _OFFICE_PAGE in body[:4096] else "得到的是网页，不是文件"
    if media_type == "text/plain" and (_DOCUMENT.search(attachment.name) or _DOCUMENT.search(path)):
        return "得到的是一段文字，不是文件"
    return ""


def _cut_short(response: Response) -> bool:
    declared = response.headers.get("Content-Length") or b""
    # A length of the compressed bytes may be a little above that of what was unpacked.
    return declared.isdigit() and int(declared) > len(response.body) * 1.001 + 64


def _words(reason: Exception, url: str) -> str:
    if isinstance(reason, Refused | Blocked):
        return reason.reason
    if words := unreachable_reason(reason):
        return words
    if isinstance(reason, IgnoreRequest):
        return f"没有下载：{reason}"
    logger.error("%s: %r", url, reason, exc_info=reason)
    return f"下载时出错（{type(reason).__name__}）"
