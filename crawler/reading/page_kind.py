"""What kind of page a response is, with a reason an editor understands.

Cheap tests first: what a challenge, a log-in page or an error looks like is decided on the raw
text; list or notice on the tree.
"""

import datetime as dt
import html
import re
from dataclasses import dataclass
from enum import StrEnum

from lxml.html import HtmlElement
from scrapy.http import JsonResponse, Response, TextResponse, XmlResponse

from crawler.clock import BEIJING
from crawler.reading.addresses import absolute, base_of, identity
from crawler.reading.body import weight
from crawler.reading.dates import find_dates
from crawler.reading.header_table import read_header_table
from crawler.reading.lines import Line, fold, read_lines, root_of
from crawler.reading.meta import read_meta
from crawler.reading.published import info_line
from crawler.reading.rows import NoRows, read_rows
from crawler.reading.title import read_title


class Kind(StrEnum):
    LIST = "list"  # a column's list, or a list API's answer
    NOTICE = "notice"
    SHELL = "shell"  # markup that scripts fill; no rows, no text of its own
    CHALLENGE = "challenge"  # a page that wants to see a browser first
    LOGIN = "login"
    ERROR = "error"  # an error page, whatever its status
    REDIRECT = "redirect"  # leads on by script or <meta>
    EMPTY = "empty"
    FILE = "file"  # no page: PDF, DOC, an image


@dataclass(frozen=True, slots=True)
class PageKind:
    kind: Kind
    reason: str  # Chinese, for the night's table
    target: str = ""  # of a redirect: where it leads, absolute; "" when only a script knows


# one that is never closed hides the rest, as in a browser
_HIDDEN = re.compile(r"<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_MARKUP = re.compile(r"<[^<>]*>")
# (what a challenge page holds, what it is called)
_CHALLENGES = (
    (re.compile(r"wzws|WZWS|waf_text_verify|CheckJS|/WZWSREL"), "网站卫士验证页"),
    (re.compile(r"__jsl_clearance|__jsluid|jsl_clearance"), "加速乐验证页"),
    (re.compile(r"\$_ts\s*=|\$_ts\[|_\$[a-zA-Z0-9]{2}\(|FSSBBIl1UgzbN7N|r2mKa"), "瑞数验证页"),
    (
        re.compile(r"Just a moment|cf-browser-verification|cf_chl_|challenge-platform"),
        "Cloudflare 验证页",
    ),
    (re.compile(r"acw_sc__v2|arg1\s*=\s*'[0-9A-F]{30,}'"), "阿里云验证页"),
    (
        re.compile(
            r"正在(?:进行)?(?:安全)?(?:检测|验证).{0,20}浏览器|安全验证|人机验证"
            r"|请(?:完成|进行)(?:安全)?验证|浏览器安全检查"
        ),
        "安全验证页",
    ),
)
_BLOCKED = re.compile(
    r"(?:访问|请求)(?:行为)?(?:被|已被|遭到)?(?:拦截|阻断|拒绝|禁止)|您的访问(?:存在|可能)"
    r"|Web应用防火墙|云防护|触发了?.{0,12}(?:安全|防护)|IP.{0,12}(?:封禁|受限)"
    r"|Request (?:blocked|denied)|Access Denied"
)
_ERROR = re.compile(
    r"^(?:.{0,12}[\s_-])?(?:404|403|50[023]|Error|错误|出错了?|系统错误|页面不存在|找不到页面"
    r"|无法访问|访问出错)(?:[\s_-].{0,30}|页面|提示)?$"
    r"|(?:您|你)?(?:要)?(?:访问|查看|浏览|请求)的(?:页面|内容|资源|信息|文章|网页).{0,12}"
    r"(?:不存在|已(?:被)?删除|找不到|已下线|走丢|无法)"
    r"|(?:页面|网页|文件|信息|内容)(?:不存在|未找到|找不到了?|已(?:被)?删除|走丢了)"
    r"|Not Found|Internal Server Error|Bad Gateway|Service Unavailable"
    r"|(?:系统|网站|服务器?)(?:正在)?(?:维护|升级)(?:中|，|。|$)|服务器(?:内部)?错误|没有(?:访问)?权限",
    re.I,
)
_LOGIN = re.compile(r"<input[^<>]*type\s*=\s*[\"']?password", re.I)
_META_REFRESH = re.compile(
    r"<meta[^<>]*http-equiv\s*=\s*[\"']?refresh[^<>]*url\s*=\s*[\"']?([^\"'>\s]+)", re.I
)
_JUMP = re.compile(
    r"(?:(?:window|top|self|parent|document)\s*\.\s*)?location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']"
    r"|location\.(?:replace|assign)\s*\((?:\s*[\"']([^\"']+)[\"']\s*\))?"
)
_GOES_ON = re.compile(r"\s*\+")  # an address put together by the script
_ANY_TIME = dt.datetime(2100, 1, 1, tzinfo=BEIJING)  # only whether there are dates matters here
_LABELLED = re.compile(r"来\s*源|发布|时\s*间\s*[:：]|日\s*期\s*[:：]|字\s*[号体]")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|<%[=#]")
_SHORT = 40  # characters a page without any content may show
_TOLD = 120  # what a page shows that only tells of a check
_LARGEST_CHALLENGE = 60_000


def challenge_reason(response: Response) -> str | None:
    """The Chinese name of the challenge or refusal that a 200 page is, None for all else. Cheap and
    conservative: a page that shows a text of its own is never one."""
    if not isinstance(response, TextResponse) or isinstance(response, (JsonResponse, XmlResponse)):
        return None
    if len(response.body) > _LARGEST_CHALLENGE:
        return None
    text = response.text
    cookies = b" ".join(response.headers.getlist(b"Set-Cookie")).decode("latin-1")
    shown = _shown(text)
    if len(shown) > 400:
        return None
    scripted = "<script" in text.lower()
    for pattern, name in _CHALLENGES:
        if pattern.search(text) and (len(shown) <= _SHORT or _is_told(pattern, shown)):
            return name
        bare = scripted and len(shown) <= _SHORT and len(text) < 4000 and "<a" not in text.lower()
        if bare and pattern.search(cookies):
            return name
    if len(shown) <= 300 and _BLOCKED.search(shown):
        return "访问被拦截"
    return None


def page_kind(response: Response) -> PageKind:
    """The kind of a page, by its content alone; the status is the middlewares' business."""
    if not isinstance(response, TextResponse):
        return PageKind(Kind.FILE, "不是网页，是文件")
    if not response.body.strip():
        return PageKind(Kind.EMPTY, "空白页")
    if isinstance(response, (JsonResponse, XmlResponse)):
        body = response.body.strip()[1:]
        if isinstance(response, JsonResponse) and b"{" not in body and b"<" not in body:
            return PageKind(Kind.EMPTY, "接口没有返回数据")
        return PageKind(Kind.LIST, "列表接口的数据")
    challenge = challenge_reason(response)
    if challenge:
        return PageKind(Kind.CHALLENGE, challenge)
    root = root_of(response)
    text = response.text
    if root is None:  # JSONP, or words without any markup
        return PageKind(Kind.LIST if "(" in text[:80] else Kind.EMPTY, "不是网页的文本")
    lines = read_lines(root)
    shown = sum(len(fold(x.text)) for x in lines)
    head = " ".join(x.text for x in lines[:12])
    early = _unusual(response, shown, head, read_meta(root).document_title)
    return early or _list_or_notice(response, root, lines)


def _unusual(response: TextResponse, shown: int, head: str, title: str) -> PageKind | None:
    """Log-in, error, redirect or nothing at all; None for a page that says something."""
    text = response.text
    if shown <= 100:
        refresh = _META_REFRESH.search(text)
        if refresh:
            target = _target(response, refresh[1])
            return PageKind(Kind.REDIRECT, f"页面转到 {refresh[1][:120]}", target)
        if shown <= _SHORT and len(text) < 6000 and (jump := _JUMP.search(text)):
            link = "" if _GOES_ON.match(text, jump.end()) else jump[1] or jump[2] or ""
            target = _target(response, link)
            return PageKind(Kind.REDIRECT, f"脚本转到别处：{jump[0][:120]}", target)
    if shown < 600 and (_ERROR.search(title) or (shown < 300 and _ERROR.search(head[:300]))):
        return PageKind(Kind.ERROR, f"错误页：{(title or head)[:40]}")
    if shown < 300 and _LOGIN.search(text):
        return PageKind(Kind.LOGIN, "登录页")
    if shown == 0 and not re.search(r"<(?:img|iframe|embed|object|script)\b", text, re.I):
        return PageKind(Kind.EMPTY, "空白页")
    return None


def _target(response: TextResponse, link: str) -> str:
    """The page a redirect leads to; "" when it leads to no page, or to itself."""
    url = absolute(base_of(response), html.unescape(link)) if link else ""
    own = identity(url)
    return url if own and own != identity(response.url) else ""


def _list_or_notice(response: TextResponse, root: HtmlElement, lines: list[Line]) -> PageKind:
    meta = read_meta(root)
    table = read_header_table(lines)
    title = read_title(meta, lines, table, None)
    info = info_line(lines, table, title.after)
    prose = sum(weight(x) for x in lines if len(x.text) >= 40 or "。" in x.text)
    if meta.title and (info is not None or prose > 200 or table.values):
        return PageKind(Kind.NOTICE, "页面声明了文章标题")
    try:
        rows = read_rows(response, _ANY_TIME)
    except NoRows:
        rows = []
    dated = sum(1 for row in rows if row.date is not None)
    told = sum(len(fold(row.title)) for row in rows)
    bare = info is not None and not _LABELLED.search(lines[info].text)
    listed = dated >= 3 and info is not None and _many_dates(lines, info)
    if info is not None and not listed and not (bare and dated >= 3 and prose < told):
        return PageKind(Kind.NOTICE, "标题旁有发布时间或来源")
    if table.values and dated < 5:
        return PageKind(Kind.NOTICE, "有信息公开表")
    if len(rows) >= 3 and (dated >= 3 or told > prose) and prose < 4 * told:
        return PageKind(Kind.LIST, f"有 {len(rows)} 行的列表")
    if prose >= _SHORT or table.values or info is not None:
        return PageKind(Kind.NOTICE, "有正文")
    if rows and dated:
        return PageKind(Kind.LIST, f"有 {len(rows)} 行的列表")
    shown = sum(len(fold(x.text)) for x in lines)
    if _PLACEHOLDER.search(response.text):
        return PageKind(Kind.SHELL, "内容由脚本填充，页面里只有模板")
    if meta.title or (title.first is not None and lines[title.first].heading):
        return PageKind(Kind.NOTICE, "有标题，没有文字正文")
    if "<script" in response.text.lower():
        return PageKind(Kind.SHELL, "内容由脚本填充，页面里没有")
    return PageKind(Kind.NOTICE, "有文字") if shown > _SHORT else PageKind(Kind.EMPTY, "没有内容")


def _many_dates(lines: list[Line], info: int) -> bool:
    """Whether the line taken for an info line is one of many: a row of a list."""
    following = 0
    for line in lines[info + 1 : info + 16]:
        if weight(line) >= 16 and "。" in line.text:
            break
        following += bool(find_dates(line.text))
    alike = sum(1 for x in lines if _LABELLED.search(x.text[:30]) and find_dates(x.text))
    return following >= 3 or alike >= 4


def _shown(text: str) -> str:
    """The visible text by rough means, without building a tree."""
    plain = _MARKUP.sub(" ", _HIDDEN.sub(" ", text))
    return " ".join(plain.split())


def _is_told(pattern: re.Pattern[str], shown: str) -> bool:
    return len(shown) <= _TOLD and pattern.search(shown) is not None
