"""文号: found where a notice's own stands, validated by shape, kept in one form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.lines import Line, fold
from crawler.reading.pieces import apart

_OPEN, _CLOSE = r"[〔\[［【﹝（(〈<]", r"[〕\]］】﹞）)〉>]"
_FIGURE = r"[0-9０-９]"
_YEAR = rf"(?:19|20|１９|２０){_FIGURE}{{2}}"
_COUNT = rf"(?:{_FIGURE}\s*){{1,5}}(?:-{_FIGURE}{{1,3}}\s*)?"
_ORDINAL = rf"(?:{_COUNT}|[一二三四五六七八九十百〇零]{{1,5}}\s*)"
# 〔2019〕191号, behind an agency's code
DATED = rf"{_OPEN}\s*{_YEAR}\s*{_CLOSE}\s*第?\s*{_COUNT}号"
# 令第232号, 公告2019年第12号, behind an agency's name
ORDERED = (
    rf"(?:令|公\s*告|通\s*告|决\s*定)\s*"
    rf"(?:{_OPEN}?\s*{_YEAR}\s*{_CLOSE}?\s*年?\s*)?[,，(（]?\s*第?\s*{_ORDINAL}号[)）]?"
)
# 2026年第41号令
TURNED = rf"(?:{_YEAR}\s*年\s*)?第\s*{_ORDINAL}号\s*(?:令|公\s*告|通\s*告)"
# 工信厅消费函〔2019〕191号
_PLAIN = rf"[一-鿿][一-鿿\sA-Za-z0-9]{{0,24}}?\s*{DATED}"
# the same without spaces in its first part
_TIGHT = _PLAIN.replace(r"[一-鿿\sA-Za-z0-9]{0,24}?\s*", "[一-鿿A-Za-z0-9]{0,24}?", 1)
# 江西省人民政府令第232号, 财政部公告2019年第12号, 令〔2019〕5号
_ISSUED = rf"[一-鿿、\s()（）]{{0,80}}?{ORDERED}"
_ALONE = re.compile(rf"^(?:{_YEAR}\s*年\s*)?第\s*{_ORDINAL}号$")
_SHAPES = [re.compile(rf"^(?:{shape})$") for shape in (_PLAIN, _ISSUED, TURNED)]
_PLAIN_ANY = re.compile(_PLAIN)
_AT_END = re.compile(rf"[（(\[【〔]?\s*({_PLAIN})\s*[）)\]】〕]?\s*$")
_AT_START = re.compile(rf"[\s\d.、（(\[【]*({_PLAIN})")
# behind the title's own last word, or set apart from it
_AFTER_TITLE = re.compile(
    r"^.{0,300}(?:[\s（(\[【]|通知|意见|决定|办法|方案|批复|公告|通告|通报|函|规定|细则|报告|纪要)"
    rf"({_TIGHT})\s*[）)\]】〕]?\s*$"
)
_IN_TITLE = re.compile(
    rf"^({_ISSUED})(?=\s|$|[《：:（(])|^({TURNED})(?=[\s：:《])|({TURNED})[)）]?$"
)
_BEFORE_TITLE = re.compile(rf"^[（(\[【]?({_TIGHT})(?:[）)\]】]|[\s:：]|(?=关于)).{{4}}")
_LABEL = re.compile(
    r"^[\[【]?(?:发文字号|文\s*号|发文文号|文件编号|公文文号)[\]】]?\s*[:：]\s*(.{4,60})$"
)
_LABELLED = re.compile(rf"(?:发文字号|文\s*号|发文文号|文件编号|公文文号)\s*[:：]?\s*({_PLAIN})")
_ENDS_TITLE = re.compile(rf"(?:公告|通告)\s*((?:{_YEAR}\s*年\s*)第\s*{_ORDINAL}号)$")
_BRACKETED = re.compile(rf"[（(]\s*((?:{_YEAR}\s*年\s*)第\s*{_ORDINAL}号)\s*[)）]$")
_OFFICE = re.compile(r"(?:令|公告|通告)$")
_ADDRESSED = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"[。；]")
_HEAD = 12  # lines of a body among which its own number stands
_HAS_YEAR = re.compile(rf"{_OPEN}\s*{_YEAR}\s*{_CLOSE}")
_LAYOUT = 2  # cells of a row that only sets a number beside 签发人
_SHORT = 20  # characters of half a number, that a line break cuts
_LONGEST = 160  # characters of a line between title and text
_HALF = re.compile(rf"^{DATED}$")
_SIGNED_OFF = re.compile(r"\s*签\s*发\s*人.*$")
_OF_OTHERS = re.compile(r"转发|贯彻|落实|学习|执行|解读")  # before 《…》: the number behind is its
_RELATED = re.compile(
    r"[\[【]?(?:关联|相关|解读|对应|依据|所依据的?|原|政策|配套|引用)(?:的)?(?:政策|法规)?(?:文件|文号|政策|原文|公文)"
)
# a title: the number is that of what it explains
_EXPLAINS = re.compile(
    r"^[【\[（(]?(?:政策|文件|部门|专家|图文|视频|动漫)?(?:解读|图解|问答)(?=[】\])）:：\s《])|一图读懂|图说"
    r"|(?:解读|图解|问答|答记者问|起草说明|政策说明)[】\])）]?$"
)
_QUOTED = re.compile(r"^(?:根据|按照|依据|贯彻|落实|原|详见|参照|执行|以|即|见)")


@dataclass(frozen=True, slots=True)
class DocNumber:
    number: str = ""  # in the one form
    printed: str = ""
    evidence: str = ""
    other: str = ""  # another place of the page names another number as its own


def normalise(printed: str) -> str:
    """The one form: 〔〕 around the year, no spaces, ASCII figures. "" when it has no shape of a
    文号; index codes have none.

    >>> normalise("鲁工信产（2019） 146 号")
    '鲁工信产〔2019〕146号'
    """
    if "号" not in printed:
        return ""
    text = fold(printed).strip("()[]【】")
    if text.count("(") > text.count(")"):
        text += ")"  # 某局公告（2024年第3号）
    if not any(shape.match(text) for shape in _SHAPES) and not _ALONE.match(text):
        return ""
    return re.sub(r"[〔\[(【<〈﹝]((?:19|20)\d\d)[〕\])】>〉﹞]", r"〔\1〕", text)


def read_doc_number(
    table: HeaderTable,
    title: str,
    body: list[Line],
    others: list[Line],
    selected: str = "",
    head: Sequence[Line] = (),
) -> DocNumber:
    """The notice's own number: of the table, of a selector, of the lines that head the body or are
    labelled 文号, of those between title and text, of the title. `others`: the lines around the
    body; `head`: those between title and text, the info line with them. A number that a text
    quotes is not its own."""
    said = [
        (where, printed)
        for where, printed in (
            ("table", _whole_or_first(table.values.get("doc_number", ""))),
            ("selector", _whole_or_first(selected)),
            ("body", _of_head(body, title)),
            ("label", _labelled(others)),
            ("head", _beside(head, title)),
            ("title", _of_title(title)),
        )
        if normalise(printed)
    ]
    if not said:
        return DocNumber()
    where, printed = said[0]
    number = normalise(printed)
    other = next(
        (
            normalise(p)
            for _, p in said[1:]
            if _is_plain(normalise(p)) and _is_plain(number) and normalise(p) != number
        ),
        "",
    )
    return DocNumber(number, printed, where, other)


def number_of_file(names: list[str], title: str) -> DocNumber:
    """The number that a file's name carries, for a page that is only the cover of that file."""
    for name in names:
        stem = re.sub(r"\s*(?:\(\d+\))?\.\w{2,5}$", "", name)
        match = _AT_END.search(stem) or _AT_START.match(stem)
        if match and fold(title)[:12] in fold(stem) and normalise(match[1]):
            return DocNumber(normalise(match[1]), match[1], "attachment")
    return DocNumber()


def _is_plain(number: str) -> bool:
    return "〔" in number


def _whole_or_first(value: str) -> str:
    """A stated value, or the number in it when it says more: 某发〔2019〕1号（已废止）."""
    if normalise(value) or len(value) > _LONGEST:
        return value
    match = _PLAIN_ANY.search(value)
    return match[0] if match else value


def _of_head(body: list[Line], title: str) -> str:
    office, related = "", False
    for line in [] if _EXPLAINS.search(title) else body[:_HEAD]:
        text = _SIGNED_OFF.sub("", line.text[:_LONGEST].strip())
        behind, related = related, bool(_RELATED.match(text))
        if (behind or related) and "。" not in text:
            continue
        if _SENTENCE.search(text) or len(text) > 90:
            break
        if line.row is not None and (len(text) < 3 or _in_list(line, body)):
            continue
        bare = text.strip("（()）[]【】 ")
        if "号" in bare and any(shape.match(bare) for shape in _SHAPES):
            return bare
        if both := _broken(line, body):
            return both
        if _ALONE.match(bare) and (office or _OFFICE.search(title)):
            return f"{office}{bare}" if office else _of_office(bare, title)
        if _OFFICE.search(text) and len(text) <= 60:
            office = re.sub(r"\s+", "", text)
        before = _BEFORE_TITLE.match(text) if "号" in text else None
        if before and fold(text).endswith(fold(title)):
            return before[1]
        match = _AT_END.search(text) if "号" in text else None
        if match and len(match[1]) < len(text) and _own(text, match):
            return match[1]
        if _ADDRESSED.search(text) and len(text) > 4 and not _LABEL.match(text):
            break
    return ""


def _in_list(line: Line, body: list[Line]) -> bool:
    """Whether a line is a cell of a table that lists things, several to a row."""
    return len({x.cell for x in body[: 2 * _HEAD] if x.row is line.row}) > _LAYOUT


def _own(text: str, match: re.Match[str]) -> bool:
    """Whether the number that ends a heading line is the heading's own."""
    before = text[: match.start(1)].rstrip(" （([【〔")
    if before.endswith("》") and _OF_OTHERS.search(before.split("《")[0]):
        return False
    return not _QUOTED.match(text) and before.count("《") == before.count("》")


def _labelled(lines: list[Line]) -> str:
    for line in lines:
        if match := _LABEL.match(line.text):
            found = _PLAIN_ANY.search(match[1])
            return found[0] if found else match[1]
    return ""


def _beside(head: Sequence[Line], title: str) -> str:
    """The number in a line or a box of its own by the title, or labelled in the info line."""
    explains = bool(_EXPLAINS.search(title))
    related = False
    for line in head[:_HEAD]:
        text = line.text
        if len(text) > _LONGEST or line.linked * 2 > len(text):
            continue
        if not ("号" in text or _HAS_YEAR.search(text) or _RELATED.match(text)):
            related = False
            continue
        text = apart(line)
        behind, related = related, bool(_RELATED.match(text))
        if behind or related:
            continue
        if not _HAS_YEAR.search(text) and "号" not in text:
            continue
        if match := _LABELLED.search(text):
            return match[1]
        if explains:
            continue
        for piece in (text, *text.split(" ")):
            bare = piece.strip("（()）[]【】 ")
            if _SHAPES[0].match(bare) and not _QUOTED.match(bare):
                return bare
        if both := _broken(line, head):
            return both
        bare = text.strip("（()）[]【】 ")
        if _ALONE.match(bare) and _OFFICE.search(title):
            return _of_office(bare, title)
    return ""


def _of_office(bare: str, title: str) -> str:
    """第4号 below a title that ends with 公告 or 令, which is the number's first part when it says
    nothing but who issues."""
    return bare if "关于" in title else f"{title}{bare}"


def _broken(line: Line, lines: Sequence[Line]) -> str:
    """The number of which the next line holds the end."""
    if len(line.text) > _SHORT:
        return ""
    following = next((x.text for x in lines[: 2 * _HEAD] if x.index > line.index), "")
    if not _HAS_YEAR.search(line.text) and not _HALF.match(following):
        return ""
    both = f"{line.text}{following}".strip("（()）[]【】 ")
    return both if len(following) < _SHORT and _SHAPES[0].match(both) else ""


def _of_title(title: str) -> str:
    if "号" not in title or _EXPLAINS.search(title):
        return ""
    if (match := _BRACKETED.search(title)) and "关于" in title:
        return match[1]
    match = _AFTER_TITLE.search(title) or _AT_END.search(title)
    if match and _own(title, match):
        return match[1]
    match = _BEFORE_TITLE.match(title) or ("关于" in title and _ENDS_TITLE.search(title)) or None
    if match:
        return match[1]
    match = _IN_TITLE.search(title)
    if match and match[1] and "关于" in match[1]:
        return ""  # the first of several notices about one thing has no number of its own
    if match:
        return match[1] or match[2] or match[3]
    turned = re.search(rf"{TURNED}$", title)
    return turned[0] if turned else ""
