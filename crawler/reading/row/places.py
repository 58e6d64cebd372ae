"""What stands around a list: its heading, the bar with further pages, the box that says it is
navigation or the hot and related ones."""

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.lines import short_text
from crawler.reading.row.days import Days

_ASIDE_TAGS = frozenset(("nav", "footer", "header", "aside"))
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|foot(?:er)?|head(?:er)?|link|friend|crumb|position|hot|rank|relat"
    r"|recommend|banner|slide|top)"
    r"|menu|footer|breadcrumb|related|friendlink|yqlj",
    re.I,
)
_OTHER_TITLE = re.compile(
    r"热点|热门|排行|推荐|相关|友情链接|点击|猜你|专题|导航|快速|链接|延伸阅读|常用|网站群"
)
_MORE = re.compile(r"\s*[\[【(（]?\s*(?:查看)?(?:更多|more)\W*$", re.I)
_PAGED = re.compile(r"下一?页|后一页|末页|尾页|[共总]\s?\d+\s?[页条]|\d+\s?/\s?\d+\s?页")
_PAGING = 120  # characters of a bar with the numbers of pages
_HEADING, _ABOVE = 24, 6  # characters of a heading; levels up to it
_NAMES = 400  # characters of class and id
_DAY = re.compile(
    r"\W?(?:(?:20)?\d\d\s?[-./年]\s?)?\d{1,2}\s?[-./月]\s?\d{1,2}\s?日?(?:\W|星期|周|$)"
)
_DAY_HEADING = 24  # characters of a heading that is a day
_DEEPEST = 500  # elements that a row stands in
_LISTS_UP = 3  # levels from a row up to what stands below such a heading


def heading_of(anchor: HtmlElement) -> str:
    """The short line above the list whose first link is `anchor`, "" where none stands."""
    inside = anchor
    for parent in islice(inside.iterancestors(), _ABOVE):
        if parent.tag in ("body", "html"):
            break
        for sibling in islice(inside.itersiblings(preceding=True), _ABOVE):
            if not isinstance(sibling.tag, str):
                continue
            text = _MORE.sub("", short_text(sibling, _HEADING))
            if len(text) > 1 and not any(c.isdigit() for c in text):
                return text
            if sibling.tag == inside.tag:
                break
        inside = parent
    return ""


def days_above(rows: list[HtmlElement]) -> list[Days | None]:
    """The day in the heading above each row, where several rows stand under one and there are
    several such headings; [] where there are none."""
    marks = set(rows)
    found: list[Days | None] = []
    current: Days | None = None
    count = 0
    for row in rows:
        above = _right_above(row, marks)
        text = short_text(above, _DAY_HEADING) if above is not None else ""
        if text and _DAY.match(text):
            current = Days([text])
            count += 1
        found.append(current)
    return found if 1 < count < len(rows) else []


def _right_above(row: HtmlElement, marks: set[HtmlElement]) -> HtmlElement | None:
    """What stands right above a row, or above its list when the row is the first."""
    inside = row
    for _ in range(_LISTS_UP):
        above = next(inside.itersiblings(etree.Element, preceding=True), None)
        if above is not None:
            return above if above not in marks else None
        parent = inside.getparent()
        if parent is None or parent.tag in ("body", "html"):
            return None
        inside = parent
    return None


def is_paged(anchor: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether a bar with the numbers of pages follows the list whose last link is `anchor`.
    `known`: elements looked at before, and whether they are such a bar."""
    inside = anchor
    for parent in islice(inside.iterancestors(), _ABOVE):
        if parent.tag in ("body", "html"):
            break
        for sibling in islice(inside.itersiblings(), _ABOVE):
            if sibling not in known:
                text = short_text(sibling, _PAGING) if isinstance(sibling.tag, str) else ""
                known[sibling] = _PAGED.search(text) is not None
            if known[sibling]:
                return True
        inside = parent
    return False


def standing(row: HtmlElement) -> float:
    """Less for lists in navigation, footers and boxes of hot or related links."""
    factor = 1.0
    for depth, parent in enumerate(islice(row.iterancestors(), _DEEPEST)):
        if parent.tag in ("body", "html"):
            break
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}"[:_NAMES]
        if parent.tag in _ASIDE_TAGS or (names != " " and _ASIDE.search(names)):
            factor = min(factor, 0.5)
        if depth < 4 and _titled_other(parent):
            factor = min(factor, 0.3)
    return factor


def _titled_other(container: HtmlElement) -> bool:
    previous = container.getprevious()
    while previous is not None and not isinstance(previous.tag, str):
        previous = previous.getprevious()
    if previous is None:
        return False
    text = short_text(previous, 16)
    return bool(_OTHER_TITLE.search(text)) and not any(c.isdigit() for c in text)
