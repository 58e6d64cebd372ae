"""What kind of page a response is, with a reason an editor understands.

Cheap tests first: what a challenge, a log-in page or an error looks like is decided on the raw
text; list or notice on the tree.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from scrapy.http import JsonResponse, Response, TextResponse, XmlResponse

from crawler.clock import BEIJING
from crawler.notice import Row
from crawler.reading.addresses import absolute, identity
from crawler.reading.dates import find_dates
from crawler.reading.fact.attachments import is_file
from crawler.reading.fact.title_places import Title
from crawler.reading.kind.answers import said_in
from crawler.reading.kind.channels import is_aside, is_channel, is_directory
from crawler.reading.kind.own_words import Says, alerted, foot_of, is_login_title, own_lines, said
from crawler.reading.kind.redirects import only_frame, read_redirect
from crawler.reading.lines import HEAD, Line, fold, link_text
from crawler.reading.page import Page, page_of
from crawler.reading.row.facts import link_of
from crawler.reading.row.feed import is_feed
from crawler.reading.rows import NoRows, read_rows
from crawler.reading.text.furniture import prose as prose_of
from crawler.reading.text.furniture import weight


class Kind(StrEnum):
    LIST = "list"  # a column's list, or a list API's answer
    NOTICE = "notice"
    SHELL = "shell"  # markup that scripts fill; no rows, no text of its own
    CHALLENGE = "challenge"  # a page that wants to see a browser first
    LOGIN = "login"
    ERROR = "error"  # an error page, whatever its status
    REDIRECT = "redirect"  # leads on by script or <meta>
    EMPTY = "empty"  # nothing at all, or a column without rows
    CHANNEL = "channel"  # several blocks of rows, none the page's list; names of columns
    FILE = "file"  # no page: PDF, DOC, an image


@dataclass(frozen=True, slots=True)
class PageKind:
    kind: Kind
    reason: str  # Chinese, for the night's table
    target: str = ""  # of a redirect: where it leads, absolute; "" when only a script knows


_ANSWERS = {  # what an interface says instead of records -> what it is
    Says.ERROR: lambda words: PageKind(Kind.ERROR, f"接口报错：{words[:40]}"),
    Says.LOGIN: lambda words: PageKind(Kind.LOGIN, f"接口要求登录：{words[:40]}"),
    Says.NONE: lambda words: PageKind(Kind.EMPTY, "接口没有返回数据"),
}
_PASSWORD = re.compile(r"<input[^<>]{0,500}?type\s{0,9}=\s{0,9}[\"']?password", re.I)
_ANY_TIME = dt.datetime(2100, 1, 1, tzinfo=BEIJING)  # only whether there are dates matters here
_LABELLED = re.compile(r"来\s*源|发布|时\s*间\s*[:：]|日\s*期\s*[:：]|字\s*[号体]")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|<%[=#]")
_LONG = 1000  # characters of a line that may hold a date
_NEXT, _MANY, _DEEP = 15, 4, 40  # lines below an info line; alike ones; tags they stand in
_LONG_TITLE = 10  # a column's name is shorter
# addresses of one document, not of a column
_OF_ARTICLE = re.compile(
    r"/t20\d{6}_\d|/art[_/]\d|/content[_/](?:[\w-]{1,40}[_/])?\d|/\d{5,}\.s?html?"
    r"|[?&](?:article|news|info|content|doc)_?id=\w",
    re.I,
)
_SUMMARY, _TOLD = 4, 16  # lines of a row's summary; characters that tell a title
_FEW = 15  # rows that a box beside the page's own part may have
_SHORT = 40  # characters a page without any content may show
_MUCH = 2000  # whoever shows so much has a text of its own
_MESSAGE = 300  # what a page says that only tells of an error or asks for a log-in
_ON_THE_WAY = 100  # what a page says that leads on
_SAYS_ON = re.compile(
    r"(?:正在|即将|将|自动)(?:为您)?(?:自动)?(?:跳转|转[到向入至]|进入|打开)|跳转中|秒钟?后|redirecting",
    re.I,
)
_STUB = 6000  # characters of a page without a frame


def page_kind(response: Response) -> PageKind:
    """The kind of a page, by its content alone; the status is the middlewares' business."""
    if not isinstance(response, TextResponse):
        return PageKind(Kind.FILE, "不是网页，是文件")
    if not response.body.strip():
        return PageKind(Kind.EMPTY, "空白页")
    if isinstance(response, (JsonResponse, XmlResponse)):
        return _answer(response) or PageKind(Kind.LIST, "列表接口的数据")
    if is_feed(response.text):
        return PageKind(Kind.LIST, "列表的 XML 数据")
    page = page_of(response)
    if page.challenge:
        return PageKind(Kind.CHALLENGE, page.challenge)
    if page.root is None:  # JSONP, or words without any markup
        rows = "(" in response.text[:80] or _rows(page)  # JSONP, a script's array
        plain = PageKind(Kind.LIST if rows else Kind.EMPTY, "不是网页的文本")
        return _answer(response) or plain
    shown = _shown_by(page.lines)
    own = own_lines(page.lines, page.meta) if shown <= _MUCH or _mostly_links(page) else None
    return (_unusual(page, shown, own) if own is not None else None) or _list_or_notice(page, shown)


def _answer(response: TextResponse) -> PageKind | None:
    """What an interface says that answers without records."""
    told = said_in(response.text) if not isinstance(response, XmlResponse) else None
    if told is None or _rows(page_of(response)):
        return None
    return _ANSWERS[told.what](told.words)


def _unusual(page: Page, shown: int, own: list[Line]) -> PageKind | None:
    """Log-in, error, redirect or nothing at all; None for a page that says something. `own`: the
    lines that are not its site's frame."""
    response, root, text = page.response, page.root, page.response.text
    title = page.meta.document_title
    told = sum(len(x.plain) for x in own)
    message = said(own, title)
    if message is None and shown <= _SHORT and len(text) < _STUB:
        message = alerted(text)
    form = _PASSWORD.search(text) is not None
    asks = (form and shown < _MESSAGE) or (told <= _MESSAGE and is_login_title(title))
    if (asks or message is not None) and not _is_article(page):
        if message is not None and message.what is Says.ERROR:
            return PageKind(Kind.ERROR, f"错误页：{message.words[:40]}")
        words = message.words if message is not None and message.what is Says.LOGIN else ""
        if asks or (words and not _lists(page)):
            return PageKind(Kind.LOGIN, f"登录页：{words[:40]}".rstrip("："))
    if told <= _ON_THE_WAY and root is not None:
        bare = shown <= _SHORT and len(text) < _STUB
        says = any(_SAYS_ON.search(x.text) for x in own)
        led = read_redirect(root, page.base, response.url, bare=bare, says=says)
        if led is None and shown == 0:
            led = only_frame(root, page.base, response.url)
        if led is not None:
            return PageKind(Kind.REDIRECT, f"{led.how} {led.link}".rstrip(), led.target)
    if shown == 0 and not re.search(r"<(?:img|iframe|embed|object|script)\b", text, re.I):
        return PageKind(Kind.EMPTY, "空白页")
    return None


def _lists(page: Page) -> bool:
    """Whether the page has a list of its own, beside which a box may ask for a log-in."""
    rows = _rows(page)
    return sum(row.date is not None for row in rows) >= 3 and not is_aside(page, rows)


def _rows(page: Page) -> list[Row]:
    if page.rows_at_any_time is None:
        try:
            page.rows_at_any_time = read_rows(page.response, _ANY_TIME)
        except NoRows:
            page.rows_at_any_time = []
    return page.rows_at_any_time


def _is_article(page: Page) -> bool:
    """Whether title and info line say that the page is a notice, whatever its text tells of."""
    info = page.info
    return bool(page.meta.title) or (
        info is not None and _LABELLED.search(page.lines[info].text) is not None
    )


def _mostly_links(page: Page) -> bool:
    """Whether a page with much on it is little more than its site's frame and lists."""
    told = 0
    for line in page.lines:
        told += len(line.text) - line.linked if not line.furniture else 0
        if told > _MUCH:
            return False
    return True


def _shown_by(lines: list[Line]) -> int:
    """How many characters a page shows; of one that shows many no more are counted."""
    shown = 0
    for line in lines:
        shown += len(line.text) - line.text.count(" ")
        if shown > _MUCH:
            break
    return shown


def _list_or_notice(page: Page, shown: int) -> PageKind:
    lines, meta, table = page.lines, page.meta, page.table
    title, info = page.head()
    told_by = lines[: foot_of(lines)]
    prose = prose_of([x for x in told_by if _is_prose(x)])
    if meta.title and (info is not None or prose > 200 or table.values):
        return PageKind(Kind.NOTICE, "页面声明了文章标题")
    bare = info is not None and not _LABELLED.search(lines[info].text)
    many = info is not None and _many_dates(lines, info)
    if prose < _SHORT and (_leads_on(page, title.first) or _leads_on(page, info)):
        rows = _rows(page)
        if _are_told(page, title, info, rows):
            return PageKind(Kind.LIST, f"有 {len(rows)} 行的列表")
    if info is not None and not many and not bare:
        return PageKind(Kind.NOTICE, "标题旁有发布时间或来源")
    rows = _rows(page)
    if _stands_beside(page, title, info, rows):
        return PageKind(Kind.NOTICE, "列表旁有正文")
    if not many and _heads_document(page, title, info):
        return PageKind(Kind.NOTICE, "标题旁有发布时间或来源")
    dated = sum(1 for row in rows if row.date is not None)
    told = sum(len(fold(row.title)) for row in rows)
    if prose >= told and dated >= 3 and dated * 2 > len(rows):
        prose -= _summed_up(told_by, rows)
    listed = dated >= 3 and many
    if info is not None and not listed and not (bare and dated >= 3 and prose < told):
        return PageKind(Kind.NOTICE, "标题旁有发布时间或来源")
    if table.values and (dated < 5 or is_aside(page, rows)):
        return PageKind(Kind.NOTICE, "有信息公开表")
    if _encloses(page, title, rows):
        return PageKind(Kind.NOTICE, "标题下是附件")
    if len(rows) >= 3 and (dated >= 3 or told > prose) and prose < 4 * told:
        few = len(rows) <= _FEW
        if few and (none := _none(page)) is not None and is_aside(page, rows):
            return none
        if is_channel(page, rows):
            return PageKind(Kind.CHANNEL, f"有几个栏目的列表，最大的有 {len(rows)} 行")
        return PageKind(Kind.LIST, f"有 {len(rows)} 行的列表")
    if prose >= _SHORT or table.values or info is not None:
        return PageKind(Kind.NOTICE, "有正文")
    if rows and dated:
        return PageKind(Kind.LIST, f"有 {len(rows)} 行的列表")
    return _without_text(page, title, shown)


def _leads_on(page: Page, place: int | None) -> bool:
    """Whether a line taken for the title or the info line is mostly a link to another page."""
    if place is None or page.lines[place].linked * 2 < len(page.lines[place].text):
        return False
    links = [link_of(x) for x in islice(page.lines[place].anchors, _MANY)]
    own = identity(page.response.url)
    return bool(links) and all(x and identity(absolute(page.base, x)) != own for x in links)


def _are_told(page: Page, title: Title, info: int | None, rows: list[Row]) -> bool:
    """Whether what was taken for the title, or for the info line, is one of a few dated rows."""
    if not rows or any(x.date is None for x in rows):
        return False
    titles = {fold(x.title) for x in rows}
    own = fold(title.text)
    if own in titles:
        return own not in fold(page.meta.document_title)
    shown = page.lines[info].plain if info is not None else ""
    return len(rows) > 1 and any(shown.startswith(x) for x in titles)


def _encloses(page: Page, title: Title, rows: list[Row]) -> bool:
    """Whether the list below a document's title is but its attachments."""
    if title.first is None or not _is_title(page, title) or not rows:
        return False
    named = fold(page.meta.document_title).startswith(fold(title.text))
    article = _OF_ARTICLE.search(page.response.url) is not None
    return named and article and sum(is_file(x.url) for x in rows) * 5 >= len(rows) * 4


def _summed_up(lines: list[Line], rows: list[Row]) -> int:
    """How much of the prose stands between the rows of a list: a summary below each title."""
    titles = {fold(x.title)[:_TOLD] for x in rows}
    some = enumerate(islice(lines, 2 * HEAD))
    marks = [n for n, x in some if not titles.isdisjoint(_linked_by(x))]
    if len(marks) * 2 <= len(rows):
        return 0
    within = islice(lines, marks[0] + 1, marks[-1] + _SUMMARY)
    return prose_of([x for x in within if _is_prose(x)])


def _linked_by(line: Line) -> Iterator[str]:
    """How the titles begin that a line's links show."""
    for anchor in islice(line.anchors, _MANY):
        yield fold((anchor.get("title") or "")[: _TOLD * 2])[:_TOLD]
        yield fold(link_text(anchor, _TOLD * 2))[:_TOLD]


def _is_prose(line: Line) -> bool:
    return len(line.text) >= 40 or "。" in line.text


def _without_text(page: Page, title: Title, shown: int) -> PageKind:
    """What a page is that has neither a text nor rows: a notice whose text stands elsewhere, a
    column without rows, a directory, or a frame that scripts fill."""
    text, lines = page.response.text, page.lines
    if _PLACEHOLDER.search(text):
        return PageKind(Kind.SHELL, "内容由脚本填充，页面里只有模板")
    if (none := _none(page)) is not None:
        return none
    headed = title.first is not None and lines[title.first].heading
    if page.meta.title or (headed and _is_title(page, title)):
        return PageKind(Kind.NOTICE, "有标题，没有文字正文")
    if is_directory(page):
        return PageKind(Kind.CHANNEL, "只有栏目或部门的链接")
    if "<script" in text.lower():
        return PageKind(Kind.SHELL, "内容由脚本填充，页面里没有")
    return PageKind(Kind.NOTICE, "有文字") if shown > _SHORT else PageKind(Kind.EMPTY, "没有内容")


def _none(page: Page) -> PageKind | None:
    """An empty list, or one that is still to come, when the page says so."""
    message = said(own_lines(page.lines, page.meta) or [], "")
    if message is None or message.what not in (Says.NONE, Says.LOADING):
        return None
    if message.what is Says.NONE:
        return PageKind(Kind.EMPTY, f"列表是空的：{message.words[:40]}")
    return PageKind(Kind.SHELL, f"内容由脚本填充，页面里只有“{message.words[:20]}”")


def _is_title(page: Page, title: Title) -> bool:
    """Whether a heading is a document's, not a column's or the site's name."""
    name = fold(title.text)
    if name in (fold(page.meta.column), fold(page.meta.site)):
        return False
    return len(name) >= _LONG_TITLE or _OF_ARTICLE.search(page.response.url) is not None


def _stands_beside(page: Page, title: Title, info: int | None, rows: list[Row]) -> bool:
    """Whether the page has a text of its own under its title, and the list of `rows` is none of
    it: the column's latest, hot or related ones."""
    articled = info is not None or len(fold(title.text)) >= _LONG_TITLE
    if (
        page.root is None
        or title.first is None
        or not (articled or _OF_ARTICLE.search(page.response.url))
    ):
        return False
    head = title.first, title.after
    body = page.body(head, info)
    if not body.evidence.startswith("after title"):
        return False
    told = [x for x in body.lines if x.linked * 2 <= len(x.text)]
    links = len(body.lines) - len(told)
    listed = {fold(row.title) for row in rows}
    if links * 2 > len(rows) or any(x.plain in listed for x in told):
        return False
    return prose_of(told) >= _SHORT and any("。" in x.text for x in told)


def _heads_document(page: Page, title: Title, info: int | None) -> bool:
    """Whether a heading that the document's title repeats, longer than names of columns, has its
    date right below: a notice, though its text be hidden and a list the most that is shown."""
    return (
        info is not None
        and info == title.after
        and title.first is not None
        and page.lines[title.first].heading
        and page.lines[title.first].linked == 0
        and fold(page.meta.document_title).startswith(fold(title.text))
        and len(fold(title.text)) >= _LONG_TITLE
    )


def _many_dates(lines: list[Line], info: int) -> bool:
    """Whether the line taken for an info line is one of many: a row of a list, which all stand
    in the same tags."""
    own = _path(lines[info])
    following = 0
    for line in lines[info + 1 : info + 1 + _NEXT]:
        if weight(line) >= 16 and "。" in line.text:
            break
        following += bool(find_dates(line.text[:_LONG])) and _path(line) == own
    if following >= _MANY - 1:
        return True
    tag = lines[info].element.tag
    beside = (x for x in lines[:HEAD] if x.element.tag == tag)
    labelled = (x for x in beside if _LABELLED.search(x.text, 0, 30))
    alike = (x for x in labelled if find_dates(x.text[:_LONG]) and _path(x) == own)
    return sum(1 for _ in islice(alike, _MANY)) == _MANY


def _path(line: Line) -> list[str]:
    """The tags that a line stands in, from its own outwards."""
    way = islice(line.element.iterancestors(), _DEEP)
    return [str(line.element.tag), *(str(x.tag) for x in way)]
