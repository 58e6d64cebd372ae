"""文号: found where a notice's own stands, validated by shape, kept in one form."""

import re
from dataclasses import dataclass

from crawler.reading.header_table import HeaderTable
from crawler.reading.lines import Line, fold

_OPEN, _CLOSE = r"[〔\[［【﹝（(〈<]", r"[〕\]］】﹞）)〉>]"
_FIGURE = r"[0-9０-９]"
_YEAR = rf"(?:19|20|１９|２０){_FIGURE}{{2}}"
_COUNT = rf"(?:{_FIGURE}\s*){{1,5}}(?:-{_FIGURE}{{1,3}}\s*)?"
_ORDINAL = rf"(?:{_COUNT}|[一二三四五六七八九十百〇零]{{1,5}}\s*)"
# 工信厅消费函〔2019〕191号
_PLAIN = rf"[一-鿿][一-鿿\sA-Za-z0-9]{{0,24}}?\s*{_OPEN}\s*{_YEAR}\s*{_CLOSE}\s*第?\s*{_COUNT}号"
# 江西省人民政府令第232号, 财政部公告2019年第12号, 令〔2019〕5号
_ISSUED = (
    rf"[一-鿿、\s()（）]{{0,80}}?(?:令|公\s*告|通\s*告|决\s*定)\s*"
    rf"(?:{_OPEN}?\s*{_YEAR}\s*{_CLOSE}?\s*年?\s*)?[,，(（]?\s*第?\s*{_ORDINAL}号[)）]?"
)
# 2026年第41号令
_TURNED = rf"(?:{_YEAR}\s*年\s*)?第\s*{_ORDINAL}号\s*(?:令|公\s*告|通\s*告)"
_ALONE = re.compile(rf"^(?:{_YEAR}\s*年\s*)?第\s*{_ORDINAL}号$")
_SHAPES = [re.compile(rf"^(?:{shape})$") for shape in (_PLAIN, _ISSUED, _TURNED)]
_PLAIN_ANY = re.compile(_PLAIN)
_AT_END = re.compile(rf"[（(\[【〔]?\s*({_PLAIN})\s*[）)\]】〕]?\s*$")
_IN_TITLE = re.compile(rf"^({_ISSUED})(?=\s|$|[《：:（(])|({_TURNED})[)）]?$")
_LABEL = re.compile(
    r"^[\[【]?(?:发文字号|文\s*号|发文文号|文件编号|公文文号)[\]】]?\s*[:：]\s*(.{4,60})$"
)
_OFFICE = re.compile(r"(?:令|公告|通告)$")
_ADDRESSED = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"[。；]")
_HEAD = 12  # lines of a body among which its own number stands
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
    text = re.sub(r"\s+", "", fold(printed)).strip("()[]【】")
    if not any(shape.match(text) for shape in _SHAPES) and not _ALONE.match(text):
        return ""
    return re.sub(r"[〔\[(【<〈﹝]((?:19|20)\d\d)[〕\])】>〉﹞]", r"〔\1〕", text)


def read_doc_number(
    table: HeaderTable, title: str, body: list[Line], others: list[Line], selected: str = ""
) -> DocNumber:
    """The notice's own number: of the table, of a selector, of the lines that head the body or are
    labelled 文号, of the title. `others`: the lines around the body. A number that a text quotes
    is not its own."""
    said = [
        (where, printed)
        for where, printed in (
            ("table", table.values.get("doc_number", "")),
            ("selector", selected),
            ("body", _of_head(body)),
            ("label", _labelled(others)),
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
        match = _AT_END.search(stem)
        if match and fold(title)[:12] in fold(stem) and normalise(match[1]):
            return DocNumber(normalise(match[1]), match[1], "attachment")
    return DocNumber()


def _is_plain(number: str) -> bool:
    return "〔" in number


def _of_head(body: list[Line]) -> str:
    office = ""
    for line in body[:_HEAD]:
        text = line.text.strip()
        if _SENTENCE.search(text) or len(text) > 90:
            break
        if line.row is not None and len(text) < 3:
            continue
        bare = text.strip("（()）[]【】 ")
        if any(shape.match(bare) for shape in _SHAPES):
            return bare
        if office and _ALONE.match(bare):
            return f"{office}{bare}"
        if _OFFICE.search(text) and len(text) <= 60:
            office = re.sub(r"\s+", "", text)
        match = _AT_END.search(text)
        if match and len(match[1]) < len(text) and _own(text, match):
            return match[1]
        if _ADDRESSED.search(text) and len(text) > 4 and not _LABEL.match(text):
            break
    return ""


def _own(text: str, match: re.Match[str]) -> bool:
    """Whether the number that ends a heading line is the heading's own."""
    before = text[: match.start()].rstrip()
    return not _QUOTED.match(text) and before.count("《") == before.count("》")


def _labelled(lines: list[Line]) -> str:
    for line in lines:
        if match := _LABEL.match(line.text):
            found = _PLAIN_ANY.search(match[1])
            return found[0] if found else match[1]
    return ""


def _of_title(title: str) -> str:
    match = _AT_END.search(title)
    if match and _own(title, match):
        return match[1]
    match = _IN_TITLE.search(title)
    if match:
        return match[1] or match[2]
    turned = re.search(rf"{_TURNED}$", title)
    return turned[0] if turned else ""
