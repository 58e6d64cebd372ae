"""Pages above the columns: several blocks of rows under headings of their own, none of which is the
page's list (a home page, a topic), or nothing but the names of columns and departments."""

import re
from dataclasses import dataclass, field
from itertools import islice

from crawler.notice import Row
from crawler.reading.lines import HEAD, Line, Within, fold, link_text
from crawler.reading.page import Page

_PAGED = re.compile(
    r"[上下前后]一?页|末页|尾页|[共总]\s?\d+\s?[页条]|第\s?\d+\s?/\s?\d+\s?页|跳转到?第?"
)
# how scripts and their boxes call the turning of pages
_TURNED = re.compile(
    r"createPageH|(?:class|id)=[\"'][^\"'<>]{0,80}?pagination|\.pagination\("
    r"|(?:class|id)=[\"']?(?:page|pages|paging|pager|fenye)\b"
    r"|(?:total_?page|page_?count|count_?page)\w{0,10}\s{0,3}[=:]",
    re.I,
)
_PATH = re.compile(r"位置\s*[:：]?|首页\s*[>＞»›/→\-]")
_MORE = re.compile(r"^[\[【(（]?\s*(?:查看)?(?:更多|more)", re.I)
_ASIDE = re.compile(
    r"热点|热门|排行|推荐|相关|友情|点击|最新(?:信息|公开|更新|发布)|快速|常用|导航"
)
_SEPARATORS = re.compile(r"[-_|—–>＞»›/]")
_LARGEST = 40  # rows of a block among others
_LEAST = 3  # rows of a block
_ALIKE = 2  # how many times the rows of one block another of the page may have
_HEADING = 16  # characters of a block's heading
_MANY = 8  # names of a directory
_NAME = 16  # characters of one
_DAYS = 14  # characters of a line that is but the row's date
_NEAR = 60  # characters of a path, or of what turns pages
_LAST = 400  # lines among which it stands
_LEVELS = 4  # from a heading up to what holds its block


@dataclass(slots=True)
class _Block:
    heading: Line | None
    titles: set[str] = field(default_factory=set)


def is_channel(page: Page, rows: list[Row]) -> bool:
    """Whether the strongest list of a page, `rows`, is but one of several alike, each under its own
    heading, and has neither the page's name nor further pages."""
    if len(rows) > _LARGEST or any(map(_turns, page.lines[-_LAST:])):
        return False
    blocks, own = _own_block(page, rows)
    if own is None or own.heading is None:
        return False
    if _PATH.search(own.heading.text) or own.heading.plain in _names(page):
        return False
    size = len(own.titles)
    others = {
        x.heading.plain
        for x in blocks
        if x.heading is not None
        and x.heading.plain != own.heading.plain
        and not _ASIDE.search(x.heading.text)
        and size <= _ALIKE * len(x.titles)
    }
    return bool(others) and len(rows) <= _ALIKE * size and not _TURNED.search(page.response.text)


def is_aside(page: Page, rows: list[Row]) -> bool:
    """Whether a list is headed as the hot, latest or related ones are."""
    _, own = _own_block(page, rows)
    return own is not None and own.heading is not None and bool(_ASIDE.search(own.heading.text))


def _own_block(page: Page, rows: list[Row]) -> tuple[list[_Block], _Block | None]:
    """The blocks of a page, and the one that `rows` are of."""
    titles = {fold(x.title)[:_NAME] for x in rows}
    blocks = [x for x in _blocks(page.lines[:HEAD]) if len(x.titles) >= _LEAST]
    own = max(blocks, key=lambda x: len(titles & x.titles), default=None)
    return blocks, own if own is not None and not titles.isdisjoint(own.titles) else None


def _turns(line: Line) -> bool:
    return len(line.text) <= _NEAR and _PAGED.search(line.text) is not None


def is_directory(page: Page) -> bool:
    """Whether all that stands under the page's own name is a set of short links: the columns of a
    channel, the departments of a government."""
    names = _names(page)
    heads = (x for x in page.lines if x.plain in names and not x.linked and not x.furniture)
    return any(_links_below(page.lines, head) >= _MANY for head in islice(heads, 3))


def _links_below(lines: list[Line], head: Line) -> int:
    """How many short links follow a heading in what holds it."""
    box = head.element
    for parent in islice(box.iterancestors(), _LEVELS):
        if parent.tag in ("body", "html"):
            break
        box = parent
    within = Within([box])
    below = islice((x for x in lines[head.index + 1 :]), 400)
    return sum(len(x.anchors) for x in below if _is_name(x) and x.element in within)


def _is_name(line: Line) -> bool:
    return line.linked * 2 > len(line.text) and line.linked <= _NAME * len(line.anchors)


def _names(page: Page) -> set[str]:
    """What the page calls itself: its column, the parts of its document title but the site's name,
    the end of the path to it."""
    meta = page.meta
    parts = [fold(x) for x in _SEPARATORS.split(meta.document_title)]
    own = {fold(meta.column), *(parts[:2] if len(parts) > 1 else ())}
    paths = (x.text for x in page.lines[:HEAD] if _PATH.search(x.text, 0, _NEAR))
    for text in islice(paths, 3):
        own.add(fold(re.split(r"[-_|>＞»›/：:]", text[-_NEAR:])[-1]))
    return {x for x in own if len(x) > 1} - {fold(meta.site), "首页"}


def _blocks(lines: list[Line]) -> list[_Block]:
    """The runs of rows of a page, each with the line above it."""
    blocks: list[_Block] = []
    current: _Block | None = None
    heading: Line | None = None
    for line in lines:
        if line.furniture or _MORE.match(line.text):
            continue
        size = len(line.plain)
        if _is_row(line):
            if current is None:
                current = _Block(heading)
                blocks.append(current)
            anchor = line.anchors[0]
            title = fold((anchor.get("title") or "")[:99] or link_text(anchor, 99))[:_NAME]
            current.titles.add(title)
        elif size <= _DAYS and any(c.isdigit() for c in line.text):
            continue  # the row's day in a block of its own
        else:
            current = None
            heading = line if size <= _HEADING else None
    return blocks


def _is_row(line: Line) -> bool:
    return line.linked >= 8 and line.linked * 2 > len(line.text) - 12 and bool(line.anchors)
