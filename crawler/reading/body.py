"""The body of a notice: where it stands, its lines, its HTML; without the page's furniture.

The body begins after the title and the info line and ends where the page goes on to other things.
Its container is the largest element that holds the first line of the text but neither title nor
info line; on flat pages, where all paragraphs are siblings of the title, it is a run of siblings.
"""

import copy
import re
from dataclasses import dataclass, field

from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler.reading.addresses import absolute
from crawler.reading.dates import find_dates
from crawler.reading.header_table import HeaderTable
from crawler.reading.lines import CONTROL, Line, below, called_title, hidden, text_between

# Words that stand for the page around a text; a line that is nothing but these is furniture.
_WORD = (
    r"打印(?:本页|此页|页面|文章|本文|正文|内容)?|关闭(?:本页|窗口|页面|此页|当前窗口)?|返回(?:顶部|列表|首页|上页|上一页)?|收藏(?:本页|此页|文章)?"
    r"|分享(?:到|至)?(?:微信|微博|新浪微博|新浪|QQ空间|QQ|腾讯微博|朋友圈|好友)*|微信|微博|新浪微博|QQ空间|QQ好友|一键分享|更多"
    r"|扫一扫.{0,24}|扫码.{0,16}|二维码|手机(?:版|扫一扫|浏览).{0,10}|责任编辑.{0,16}|【责任编辑.{0,16}|编辑[:：].{0,10}"
    r"|(?:上|下)一?(?:篇|条|页|则).{0,120}|(?:字体|字号|文字|字体大小)[:：]?|[大中小]|A[a+-]?|放大|缩小|正常|默认|标准|超大|特大"
    r"|(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?[:：]?\d*次?|复制链接|语音播报|朗读|纠错|我要纠错|网站纠错|无障碍.{0,6}|长辈版|关怀版"
    r"|加入收藏|设为首页|保存|下载本文|推荐给朋友|转发|评论|点赞|公众号"
)
# possessive: a line of repeated words must not be tried in all its divisions
_FURNITURE = re.compile(rf"^(?>[\s\[\]【】()（）|｜丨/·•>＞:：,，、-]|{_WORD})++$", re.I)
_COUNTER = re.compile(r"[^。]{0,40}(?:浏览|阅读|点击|访问)(?:次数|量|数)[:：]?\s*\d*\s*次?$")
# Where the text is over.
_END = re.compile(
    r"^[\[【(（▶►◆■●>]*\s*(?:相关(?:阅读|文章|新闻|信息|报道|内容|推荐|稿件|文档|文件|链接|附件下载|政策|解读|专题)|延伸阅读|推荐阅读|热点(?:新闻|推荐)|猜你喜欢"
    r"|您可能对|友情链接|上一?(?:篇|条)|下一?(?:篇|条)|前一篇|后一篇|责任编辑|网络编辑|责编|扫一扫|扫码|分享到|版权所有|版权声明|主办单位|承办单位|主办[:：]"
    r"|网站地图|网站声明|网站标识码|关于我们|联系我们|打印本页|关闭窗口|【?打印】?$|返回顶部|我要评论|【返回)"
)
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|copyright|主办单位|承办单位|技术支持|政府网站找错|建议使用.{0,12}(?:浏览|分辨率)|党政机关",
    re.I,
)
_INFO = re.compile(
    r"^[\[【(（]?\s*(?:文章|信息|稿件|内容|新闻|消息)?(?:来\s*源|作\s*者|供\s*稿|编\s*辑|审\s*核|撰\s*稿|发布(?:时间|日期|机构|单位|人|者)|"
    r"(?:更新|发稿|发表|公布|公开|信息)?(?:时间|日期)|字\s*体|字\s*号|浏览|阅读|点击|访问|分享|打印|视力保护色|收藏|责任编辑|保护视力|"
    r"索\s*引\s*号|主题分类|发文机关|发文字号|信息类别|您的位置|当前位置)"
)
_PUNCTUATED = re.compile(r"[，。；：！？、,;]")
_ICON = re.compile(r"icon|filetype|/face/|logo|qrcode|ewm|erweima|print|share|blank\.|spacer", re.I)
_SMALL = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*([0-9.]+)px", re.I)
_OTHER = re.compile(
    r"^[\[【(（▶►◆■●>]*\s*(?:相关(?:阅读|文章|新闻|信息|报道|推荐|稿件)|延伸阅读|推荐阅读|热点|友情链接|猜你喜欢"
    r"|上一?(?:篇|条)|下一?(?:篇|条)|版权|网站地图|关于我们)"
)
_BEFORE, _AFTER = 20, 40
_HEAD_SPAN = 14  # lines between title and info line
_FILES = re.compile(r"^[\[【]?\s*(?:相关)?附\s*件(?:下载|列表|信息)?\s*[\]】]?\s*[:：]?$")
_BOXES = frozenset(("div", "h2", "h3", "h4", "h5", "h6", "dt", "li", "ul"))
_MUCH = 150  # prose that a page's own text has, when what stands by the title has none
SHORT = 30  # a text of at most so many characters says nothing itself


@dataclass(slots=True)
class Body:
    """What was found. `elements` hold the text, in order; `lines` are those of the text."""

    elements: list[HtmlElement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dropped: list[Line] = field(default_factory=list)  # furniture inside `elements`
    evidence: str = ""

    @property
    def text(self) -> str:
        """One paragraph a line; the cells of a table row stand in one line, apart by tabs."""
        return "\n".join(_paragraphs(self.lines))


def read_body(
    root: HtmlElement,
    lines: list[Line],
    table: HeaderTable,
    title: tuple[int | None, int | None],
    info: int | None,
    selected: list[HtmlElement] | None = None,
) -> Body:
    """The body by the elements a selector gave, else by where the title stands, else by density."""
    if selected:
        # a list of selectors may name a box and the editor's box inside it
        chosen = set(selected)
        selected = [box for box in selected if chosen.isdisjoint(box.iterancestors())]
        inside = _inside(lines, selected)
        return _trim(Body(selected, inside, [], "selector"))
    start = _start(lines, table, title, info)
    if start is not None and start > 0:
        body = _after_head(lines, title, info, start)
        if body is not None:
            own = sum(map(weight, body.lines))
            told = info is not None or (title[0] is not None and _is_heading(lines[title[0]]))
            if told or own * 4 > sum(weight(x) for x in lines if x.index not in table.lines):
                return body
            dense = _dense(root, lines, table)  # the title was taken from somewhere else
            return dense if sum(map(weight, dense.lines)) > max(4 * own, _MUCH) else body
    return _dense(root, lines, table)


def around(lines: list[Line], body: Body, after_only: bool = False) -> list[Line]:
    """The lines beside the body that still belong to the notice: those above it on the page and
    those after it until the page goes on to other things."""
    if not body.lines and not body.elements:
        return []
    indexes = [x.index for x in (*body.lines, *body.dropped)]
    first, last = (min(indexes), max(indexes)) if indexes else (len(lines), len(lines))
    after = []
    for line in lines[last + 1 : last + 1 + _AFTER]:
        if line.furniture or _FOOTER.search(line.text) or _OTHER.match(line.text):
            break
        after.append(line)
    return after if after_only else [*lines[max(0, first - _BEFORE) : first], *after]


def is_furniture(line: Line) -> bool:
    """Whether a line is nothing but buttons and counters of the page."""
    text = line.text
    return len(text) <= 160 and bool(_FURNITURE.match(text) or _COUNTER.match(text))


def weight(line: Line) -> int:
    """How much of a line is prose: its characters that are no links, if it is a sentence or long
    enough; footers and buttons weigh nothing."""
    if line.weight is None:
        line.weight = _weigh(line)
    return line.weight


def _weigh(line: Line) -> int:
    own = len(line.text) - line.linked
    if line.furniture or own < 6 or _FOOTER.search(line.text) or is_furniture(line):
        return 0
    return own if own >= 16 or _PUNCTUATED.search(line.text) else own // 2


def _start(
    lines: list[Line],
    table: HeaderTable,
    title: tuple[int | None, int | None],
    info: int | None,
) -> int | None:
    """The first line after title, info line and whatever belongs to them."""
    start = title[1]
    if info is not None and (
        start is None
        or (info < start and title[0] is not None and not _is_heading(lines[title[0]]))
        or (start <= info <= start + _HEAD_SPAN and not text_between(lines, start, info))
    ):
        start = info + 1
    if start is None:
        return None
    while start < len(lines):
        line = lines[start]
        if line.index in table.lines or is_furniture(line) or _is_info(line):
            start += 1
        else:
            break
    return start


def _is_info(line: Line) -> bool:
    if len(line.text) > 100:
        return False
    if _INFO.match(line.text):
        return True
    dates = find_dates(line.text)
    if not dates or dates[0].start > 2:
        return False
    rest = line.text[dates[0].end :].strip("])】 ")
    return not rest or _INFO.match(rest) is not None


def _after_head(
    lines: list[Line],
    title: tuple[int | None, int | None],
    info: int | None,
    start: int,
) -> Body | None:
    head = [lines[i].element for i in (title[0], info) if i is not None and i < start]
    above = {x for element in head for x in (element, *element.iterancestors())}
    pictures = _media_after(head, lines, start)
    if start >= len(lines):
        return Body([pictures], [], [], "after title") if pictures is not None else None
    box = lines[start].element
    if box in above:  # the title's own block goes on with text
        parent = box.getparent()
        if parent is None:
            return _trim(Body([box], lines[start:], [], "after title"))
        return _siblings(lines, title, info, start, box, parent)
    while (parent := box.getparent()) is not None and parent not in above:
        box = parent
    parent = box.getparent()
    inside = _inside(lines, [box], start)
    if pictures is not None and sum(map(weight, inside)) <= SHORT and pictures is not box:
        return Body([pictures], _inside(lines, [pictures], start), [], "after title")
    if parent is None:
        return _trim(Body([box], inside, [], "after title"))
    run = _run(lines, start, parent)
    own, all_of_it = sum(map(weight, inside)), sum(map(weight, run))
    if own * 2 < all_of_it or (box.tag in ("p", "br") and len(run) > len(inside)):
        return _siblings(lines, title, info, start, box, parent)
    return _trim(_narrow(Body([box], inside, [], "after title")))


def _run(lines: list[Line], start: int, parent: HtmlElement) -> list[Line]:
    """The lines of `parent` from `start` on, until the page goes on to other things."""
    run = []
    for line in lines[start:]:
        if line.element is not parent and parent not in line.element.iterancestors():
            continue
        if len(line.text) < 80 and _END.match(line.text):
            break
        run.append(line)
    return run


def _siblings(
    lines: list[Line],
    title: tuple[int | None, int | None],
    info: int | None,
    start: int,
    box: HtmlElement,
    parent: HtmlElement,
) -> Body:
    """A flat page: the body is `box` and what follows it beside it."""
    first_line = title[0]
    own_title = info is None and first_line is not None and not _is_heading(lines[first_line])
    if own_title and first_line is not None:
        element = lines[first_line].element
        if parent in element.iterancestors():  # the text carries its own title
            start, box = first_line, below(parent, element)
    run = _run(lines, start, parent)
    last = box
    for line in run:
        if line.element is not parent:
            last = below(parent, line.element)
    elements = [box]
    for sibling in box.itersiblings():
        if elements[-1] is last:
            break
        if isinstance(sibling.tag, str):
            elements.append(sibling)
    return _trim(Body(elements, run, [], "after title, siblings"))


def _is_heading(line: Line) -> bool:
    return line.heading or called_title(line.element)


def _media_after(head: list[HtmlElement], lines: list[Line], start: int) -> HtmlElement | None:
    """The element beside the head that holds pictures or a frame, when no text stands before it."""
    text = lines[start].element if start < len(lines) else None
    holders = {text, *text.iterancestors()} if text is not None else set()
    for element in reversed(head):
        current = element
        for _ in range(3):
            for sibling in current.itersiblings():
                if sibling in holders:
                    return None
                if isinstance(sibling.tag, str) and _holds_media(sibling):
                    return sibling
            parent = current.getparent()
            if parent is None:
                break
            current = parent
    return None


def _holds_media(element: HtmlElement) -> bool:
    frames = element.iter("iframe", "embed", "object")
    return bool(body_images(element)) or any(not hidden(x) for x in frames)


def _narrow(body: Body) -> Body:
    """Descend while one child holds nearly all prose and what it leaves out is links."""
    if len(body.elements) != 1:
        return body
    while True:
        box = body.elements[0]
        total = sum(map(weight, body.lines))
        if total < 100:
            return body
        for child in box:
            if not isinstance(child.tag, str) or child.tag in ("p", "table", "tbody", "tr", "ul"):
                continue
            inside = _inside(body.lines, [child])
            if sum(map(weight, inside)) < 0.85 * total:
                continue
            kept = {x.index for x in inside}
            left = [x for x in body.lines if x.index not in kept]
            characters = sum(len(x.text) for x in left)
            if left and sum(x.linked for x in left) >= 0.6 * characters and characters > 40:
                body = Body([child], inside, [], body.evidence)
                break
        else:
            return body


def _dense(root: HtmlElement, lines: list[Line], table: HeaderTable) -> Body:
    """The deepest element with nearly all of the page's prose."""
    scores: dict[HtmlElement, int] = {}
    total = 0
    for line in lines:
        value = 0 if line.index in table.lines else weight(line)
        if not value:
            continue
        total += value
        for element in (line.element, *line.element.iterancestors()):
            scores[element] = scores.get(element, 0) + value
    if not total:
        return Body()
    box = root
    while True:
        child = max((x for x in box if x in scores), key=lambda x: scores[x], default=None)
        if child is None or scores[child] < 0.8 * scores[box]:
            break
        if child.tag in ("p", "span", "td", "li") and len(box) > 1 and scores[box] > scores[child]:
            break
        box = child
    if box.tag in ("p", "span") and (parent := box.getparent()) is not None:
        box = parent
    return _trim(Body([box], _inside(lines, [box]), [], "density"))


def _inside(lines: list[Line], boxes: list[HtmlElement], start: int = 0) -> list[Line]:
    """The lines that stand in one of `boxes`; those of one box follow one another."""
    wanted = set(boxes)
    found: list[Line] = []
    for line in lines[start:] if start else lines:
        if line.element in wanted or any(x in wanted for x in line.element.iterancestors()):
            found.append(line)
        elif found and len(boxes) == 1:
            break
    return found


def _trim(body: Body) -> Body:
    """Furniture out; the text is over at the first line that says so, unless most follows it."""
    lines = body.lines
    total = sum(map(weight, lines)) or 1
    seen = 0
    end = len(lines)
    for i, line in enumerate(lines):
        ends = len(line.text) < 80 and _END.match(line.text)
        if ends and (seen > 0.7 * total or not any(map(weight, lines[i + 1 :]))):
            end = i
            break
        seen += weight(line)
    kept, dropped = [], list(lines[end:])
    for line in lines[:end]:
        if is_furniture(line) or (_FOOTER.search(line.text) and len(line.text) < 120):
            dropped.append(line)
        else:
            kept.append(line)
    while kept and len(kept[0].text) < 60 and _is_info(kept[0]):
        dropped.append(kept.pop(0))
    box = _attachment_box(kept)
    body.lines, body.dropped = kept[: len(kept) - box], dropped + kept[len(kept) - box :]
    return body


def _attachment_box(lines: list[Line]) -> int:
    """How many lines at the end are a list of files in a box of its own, below the text."""
    count = 0
    for line in reversed(lines):
        count += 1
        if line.linked * 2 > len(line.text):
            continue
        boxed = count > 1 and line.element.tag in _BOXES and _FILES.match(line.text)
        return count if boxed and count < len(lines) else 0
    return 0


def _paragraphs(lines: list[Line]) -> list[str]:
    paragraphs: list[str] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.row is None:
            paragraphs.append(line.text)
            i += 1
            continue
        end = i
        while end < len(lines) and lines[end].row is line.row:
            end += 1
        cells = lines[i:end]
        if len({id(x.cell) for x in cells}) == len(cells):
            paragraphs.append("\t".join(x.text for x in cells))
        else:
            paragraphs.extend(x.text for x in cells)
        i = end
    return paragraphs


def body_images(*elements: HtmlElement) -> list[HtmlElement]:
    """The pictures of the text; icons of file types and buttons are none."""
    found = []
    for element in elements:
        for image in element.iter("img"):
            source = image.get("src") or ""
            if not source or source.startswith("data:") or _ICON.search(source) or hidden(image):
                continue
            sizes = [image.get("width") or "", image.get("height") or ""]
            sizes += _SMALL.findall(image.get("style") or "")
            figures = [float(x) for x in sizes if re.fullmatch(r"\d+(?:\.\d+)?", x)]
            if figures and min(figures) <= 32:
                continue
            found.append(image)
    return found


def body_html(body: Body, base: str) -> str:
    """The body's inner HTML with absolute links and without its furniture; the page's own tree
    is copied, not changed."""
    gone = _whole(body)
    parts = []
    for element in body.elements:
        clone = copy.deepcopy(element)
        clone.tail = None
        twins = zip(element.iter(), clone.iter(), strict=True)
        doomed = [twin for original, twin in twins if original in gone]
        for twin in clone.iter("a", "img", "iframe", "embed", "video"):
            for name in ("href", "src"):
                value = twin.get(name)
                if value and not value.startswith(("#", "javascript:", "data:", "mailto:")):
                    twin.set(name, CONTROL.sub("", absolute(base, value)))
        for twin in doomed:
            parent = twin.getparent()
            if parent is not None and twin is not clone:
                twin.drop_tree()
        whole = lxml_html.tostring(clone, encoding="unicode")
        if len(body.elements) == 1:
            whole = whole[whole.index(">") + 1 : whole.rindex("<")] if "</" in whole else whole
        parts.append(whole.strip())
    return "\n".join(parts)


def _whole(body: Body) -> set[HtmlElement]:
    """The largest elements that hold nothing but dropped lines."""
    kept: set[HtmlElement] = set()
    for line in body.lines:
        kept.add(line.element)
        kept.update(line.element.iterancestors())
    gone = set()
    limits = set(body.elements)
    for line in body.dropped:
        element = line.element
        if element in kept:
            continue
        while element not in limits and (parent := element.getparent()) is not None:
            if parent in kept or parent in limits:
                break
            element = parent
        if element not in limits:
            gone.add(element)
    return gone
