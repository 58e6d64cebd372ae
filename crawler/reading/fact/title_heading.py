"""The line that looks most like a title: as a heading, by the info line, above the text."""

import re
from itertools import islice

from crawler.reading.dates import find_dates
from crawler.reading.fact.agencies import is_agency
from crawler.reading.fact.doc_number import normalise
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.title_places import (
    LONGEST,
    MORE_THAN,
    NEAR,
    PARTS,
    Title,
    joined_lines,
    may_be_title,
    stem_of,
    unwrap,
    whole_title,
)
from crawler.reading.lines import HEADINGS, Line, called_title, fold, text_between
from crawler.reading.meta import Meta
from crawler.reading.pieces import pieces_of

# names of columns and of boxes beside a text, which headings carry too
COLUMN = re.compile(
    r"(?:政府|政务|法定主动|主动|依申请|重点领域|基层)?信息公开(?:指南|目录|制度|年报|内容|专栏|平台)?|政务公开|(?:通知|公示|公告)(?:通知|公示|公告)"
    r"|(?:政策|文件|新闻|信息|热点|最新|图片|视频|相关|推荐|工作|政务|部门|本地|要闻|公示|通知|站内|网站|栏目|阅读|点击|访问|浏览"
    r"|网友|互动|办事|便民|专题|延伸|详细|文章|公告)"
    r"(?:解读|文件|法规|新闻|动态|信息|要闻|资讯|文章|阅读|推荐|导航|搜索|排行榜?|评论|公告|交流|服务|指南|专栏|详情|内容|正文|浏览|列表|中心|查看)"
    r"|(?:来信|信件|留言|咨询|提问|诉求|答复|回复|办理|受理|处理|反馈|公开|官方)(?:内容|情况|结果|信息|详情|意见|单位|部门|时间)"
    r"|(?:您(?:现在)?的|当前|所在)位置.*|友情链接|附件下载|下载附件|扫一扫.*|正文|规范性文件|政府文件|政策文件"
)
_PATH = re.compile(r"首\s*页\s*(?:[>＞»→/\\|·-]|&gt;)|[>＞»→]\s*正文$|位置\s*[:：]")
_BIG = re.compile(r"font-size\s*:\s*(?:1[89]|[2-4]\d|1[4-7](?=[\d.]*pt))(?:\.\d+)?p[xt]", re.I)
_TELLS = re.compile(
    r"(?:来\s*源|时\s*间|日\s*期|作\s*者|浏览[次量]?数?|阅读[次量]?数?|点击[次量]?数?|字\s*[体号])\s*[:：]"
    r"|^\W{0,3}(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}"
)
_PROSE = re.compile(r"[。；]|[：:，]$")
NAME = 10  # characters of the name of a column
_INLINE = frozenset(("font", "span", "b", "strong"))
_MOST_INLINE = 20  # elements of a heading
_MOST = 20  # lines of a heading
_NUMBER = 60  # characters of a 文号
_LINKS = 2000  # links among which names of columns are looked for


def short_links(lines: list[Line]) -> set[str]:
    """What the links of the page say that are as short as names of columns."""
    names: set[str] = set()
    anchors = (anchor for line in lines for anchor in line.anchors)
    for anchor in islice(anchors, _LINKS):
        text = anchor.text or ""
        if len(text) <= NAME * 2:
            names.add(fold(text))
    return names


def best_heading(
    meta: Meta, lines: list[Line], table: HeaderTable, info: int | None
) -> tuple[Title | None, bool]:
    """The line that looks most like a title, and whether it calls itself one: as a heading, by
    the name of its block; by the info line below it, by the text that follows."""
    links: set[str] | None = None
    best: tuple[tuple[int, bool, int], Line] | None = None
    for line in lines:
        if line.index in table.lines or not may_be_title(line):
            continue
        named = _named(line)
        if not named and (line.index == info or _TELLS.search(line.text)):
            continue
        if line.index == info and not _before_info(line):
            continue
        close = _closeness(line, lines, table, info)
        if not named and close < 3 and not _stands_out(line, lines):
            continue
        plain = line.plain
        if is_agency(plain) or COLUMN.fullmatch(plain) or _PATH.search(line.text):
            continue
        if _is_number(line):
            continue
        score = named + close + _large(line)
        if len(plain) <= NAME:
            links = short_links(lines) if links is None else links
            score -= 5 * (plain in links)
        score += 2 * _text_follows(lines, line.index) - 3 * _links_follow(lines, line.index)
        order = (score, bool(named), line.index if close else -line.index)
        if best is None or order > best[0]:
            best = order, line
    if best is None:
        return _linked_heading(lines, info), False
    (_, by_name, _), line = best
    first, after = _extent(line, lines, table, info)
    text = joined_lines(lines[first:after]) if line.index != info else _before_info(line)
    if stem := stem_of(fold(text)):
        text = whole_title(stem, meta, lines) or text
    where = "heading" if by_name else "above info line" if info is not None else "above text"
    return Title(unwrap(text), where, first, after), by_name


def _linked_heading(lines: list[Line], info: int | None) -> Title | None:
    """The heading right above the info line, when it is a link: to the page itself."""
    line = lines[info - 1] if info else None
    if line is None or not line.heading or line.furniture or not line.linked:
        return None
    if not MORE_THAN <= len(line.plain) <= LONGEST or COLUMN.fullmatch(line.plain):
        return None
    named = is_agency(line.plain) or _PATH.search(line.text)
    return None if named else Title(line.text, "above info line", line.index, line.index + 1)


def _before_info(line: Line) -> str:
    """The first boxes of a line whose others tell date and source."""
    own: list[str] = []
    for piece in pieces_of(line):
        if _TELLS.search(piece) or find_dates(piece):
            break
        own.append(piece)
    return "".join(own)


def _stands_out(line: Line, lines: list[Line]) -> bool:
    """Whether a line is set in the middle, large or bold, with a text below it."""
    if _PROSE.search(line.text) or _TELLS.search(line.text):
        return False
    element = line.element
    centred = element.get("align") == "center" or "center" in (element.get("style") or "")[:400]
    bold = any(x.tag in ("b", "strong") for x in islice(element, _MOST_INLINE))
    return (centred or bold or bool(_large(line))) and _text_follows(lines, line.index)


def _named(line: Line) -> int:
    """How a line calls itself a title: by its element, by the name of its block."""
    if line.heading:
        holders = (line.element, *islice(line.element.iterancestors(), 4))
        tag = next((x.tag for x in holders if x.tag in HEADINGS), "h3")
        return {"h1": 4, "h2": 3, "h3": 3}.get(tag, 2) + called_title(line.element)
    return 3 if called_title(line.element) else 0


def _closeness(line: Line, lines: list[Line], table: HeaderTable, info: int | None) -> int:
    """0 to 4: how near above the info line it stands; a little less below it."""
    if info is None or abs(info - line.index) > 60 or text_between(lines, line.index, info):
        return 0
    low, high = min(line.index, info), max(line.index, info)
    apart = sum(1 for x in range(low + 1, high) if x not in table.lines)
    if line.index > info:
        return 2 if apart <= 1 else 0
    return 4 if apart <= 1 else 3 if apart <= 3 else 2 if apart <= NEAR else 0


def _large(line: Line) -> int:
    """1 for a text that is set larger than others, or in the middle."""
    element = line.element
    inline = (x for x in islice(element.iterdescendants(), _MOST_INLINE) if x.tag in _INLINE)
    for holder in (element, *islice(inline, 2)):
        size = holder.get("size")
        if (size and size.lstrip("+") in "34567") or _BIG.search((holder.get("style") or "")[:400]):
            return 1
    return 0


def _extent(line: Line, lines: list[Line], table: HeaderTable, info: int | None) -> tuple[int, int]:
    """The lines of one heading: those of its element, or paragraphs of one box that is called a
    title; neither the 文号 nor the info line."""
    box = line.element
    parent = box.getparent()
    first = after = line.index
    parts = (
        parent is not None and not line.heading and called_title(parent) and len(parent) <= PARTS
    )

    def belongs(other: Line) -> bool:
        if other.index == info or other.index in table.lines or _is_number(other):
            return False
        if other.element is box:
            return not _tells(other)
        same = other.element.getparent() is parent and other.element.tag == box.tag
        return bool(parts and same and not _tells(other))

    while first and after - first < _MOST and belongs(lines[first - 1]):
        first -= 1
    after += 1
    while after < len(lines) and after - first < _MOST and belongs(lines[after]):
        after += 1
    return first, after


def _is_number(line: Line) -> bool:
    return len(line.text) <= _NUMBER and "关于" not in line.text and "〔" in normalise(line.text)


def _tells(line: Line) -> bool:
    """Whether a line tells a date, a source or a counter."""
    return _TELLS.search(line.text) is not None


def _text_follows(lines: list[Line], index: int) -> bool:
    """Whether one of the next lines is a sentence."""
    return any(
        len(x.text) > 20 and not x.linked and re.search(r"[，。：]", x.text)
        for x in lines[index + 1 : index + 6]
    )


def _links_follow(lines: list[Line], index: int) -> bool:
    """Whether the next lines are links, as below the name of a menu or a list."""
    following = lines[index + 1 : index + 4]
    return len(following) > 1 and all(x.linked * 2 > len(x.text) for x in following)
