"""The 信息公开 table above a notice: labels and values, whatever its markup.

It is read from the page's lines, so `td` pairs, `li`, `b` + text and `dl` are one form: a label
with its value behind a colon, or a label alone and its value in the next line.
"""

import re
from dataclasses import dataclass, field
from itertools import islice

from crawler.reading.lines import HEAD, Line, fold
from crawler.reading.pieces import pieces_of

_LABELS = {
    "index_number": ("索引号", "索取号", "索引码", "统一登记号", "信息索引号"),
    "issuers": (
        *("发文机关", "发文机构", "发文单位", "发文部门", "发布机构", "发布机关", "公开主体"),
        *("制发机关", "制发机构", "制发单位", "制定机关", "制文机关", "制文单位", "颁布机关"),
        *("颁布单位", "印发机关", "印发单位", "公开机构", "生成机构", "产生单位", "成文机构"),
    ),
    "written": (
        *("成文日期", "成文时间", "生成日期", "生成时间", "发文日期", "发文时间", "制发日期"),
        *("印发日期", "印发时间", "签发日期", "签发时间", "产生日期", "形成日期", "落款日期"),
        *("制定日期", "制文日期", "签署日期", "颁布日期", "信息生成日期"),
    ),
    "published": ("公开日期", "公开时间", "发布日期", "发布时间"),
    "doc_number": (
        *("发文字号", "发文文号", "发文号", "发文编号", "发布文号", "文件编号", "文件字号"),
        *("文件文号", "文件号", "公文文号", "公文字号", "公文编号", "公文号", "信息文号"),
        *("文书号", "文号"),
    ),
    "title": ("信息名称", "公文名称", "文件名称", "标题", "名称"),
    "": (
        *("主题分类", "信息分类", "组配分类", "体裁分类", "公文种类", "文种", "所属主题", "分类"),
        *("有效性", "是否有效", "时效性", "时效", "效力状态", "主题词", "关键词", "内容概述"),
        *("施行日期", "实施日期", "生效日期", "废止日期", "失效日期", "公开方式", "公开范围"),
        *("公开类别", "公开属性", "公开形式", "公开程序", "公开时限", "语种", "服务对象"),
    ),
    # who put it on the page, often a department of who issued it
    "source": (
        *("来源", "信息来源", "发布单位", "发布部门", "发布者", "信息发布机构", "责任部门"),
        *("责任单位", "公开单位", "提供单位", "信息提供单位", "发起单位", "发起部门"),
        *("征集单位", "征集部门"),
    ),
    # of a call for opinions
    "period": (
        *("征集时间", "征集日期", "征集期限", "征集起止时间", "起止时间", "开始时间", "结束时间"),
        *("征集开始时间", "征集结束时间", "征集截止时间", "征集状态"),
    ),
}
_FIELD = {label: name for name, labels in _LABELS.items() for label in labels}
# Words that also stand elsewhere on a page; they do not make a table.
_WEAK = frozenset(
    (
        *(x for x in _LABELS["source"] if not x.startswith(("发起", "征集"))),
        *("征集时间", "征集日期", "征集期限", "起止时间", "开始时间", "结束时间"),
        *("标题", "名称", "发布日期", "发布时间", "关键词", "分类", "时效", "公开日期"),
        *("有效性", "服务对象", "施行日期", "实施日期", "语种", "文种", "公开时间"),
    )
)
_SPACED = "|".join(
    r"\s*".join(label) for label in sorted(_FIELD, key=lambda label: (-len(label), label))
)
_BEGINNINGS = frozenset(label[:2] for label in _FIELD)
_FIRST = "".join(sorted({label[0] for label in _FIELD}))  # tried before all the labels are
_LABELLED = re.compile(
    rf"(?<![一-鿿])(?=[\[【{_FIRST}])[\[【]?({_SPACED})(?:[\]】]\s*[:：]?|\s*[:：])\s*"
)
_MAY_LABEL = re.compile("[:：\\]】]")
_STARTS = re.compile(rf"[\[【]?(?=[{_FIRST}])(?:{_SPACED})")
_NOTHING = frozenset(("", "无", "暂无", "无文号", "-", "--", "—", "/", "空", "无。"))
_APART = 4  # lines between two entries of one table


@dataclass(slots=True)
class HeaderTable:
    """Values by field name (index_number, issuers, source, written, published, period, doc_number,
    title); only those that say something. `lines`: where it stands, by index."""

    values: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # field -> the label as printed
    lines: set[int] = field(default_factory=set)


def read_header_table(lines: list[Line]) -> HeaderTable:
    """The first table of at least two labels, one of which stands nowhere else on pages; an empty
    one when there is none."""
    may_label = (x for x in lines[:HEAD] if _may_begin(x.text[:2]))
    entries = [entry for line in may_label for entry in _entries(line, lines)]
    table: list[tuple[str, str, set[int]]] = []
    for entry in entries:
        if table and min(entry[2]) - max(table[-1][2]) > _APART:
            if _is_table(table):
                break
            table = []
        table.append(entry)
    if not _is_table(table):
        return HeaderTable()
    found = HeaderTable()
    for label, value, where in table:
        found.lines |= where
        name = _FIELD[label]
        if name and fold(value) not in _NOTHING and name not in found.values:
            found.values[name] = value
            found.labels[name] = label
    return found


def _may_begin(text: str) -> bool:
    """Whether a label may be what a line begins with, or stand in it after two signs; `text`:
    its first two."""
    if not "一" <= text[0] <= "鿿":
        return True
    following = text[1:]
    return text in _BEGINNINGS or (following != "" and not "一" <= following <= "鿿")


def _is_table(entries: list[tuple[str, str, set[int]]]) -> bool:
    labels = {label for label, _, _ in entries}
    return len(labels) > 1 and not labels <= _WEAK


def _entries(line: Line, lines: list[Line]) -> list[tuple[str, str, set[int]]]:
    text = line.text
    if len(text) > 300:
        return []
    matches = list(_LABELLED.finditer(text)) if _MAY_LABEL.search(text) else []
    if not matches:
        if text[0].isascii() and text[0].isalnum():
            return []
        label = _label(text) if len(text) < 20 else ""
        if label in _FIELD:
            return [_with_next(label, line, lines)]
        return _of_pieces(line) if _STARTS.match(text) else []
    if matches[0].start() > 2:
        return []
    entries = []
    for match, after in zip(matches, [*matches[1:], None], strict=True):
        label = fold(match[1])
        value = text[match.end() : after.start() if after else len(text)].strip(" |｜;；")
        if not value and after is None:
            entries.append(_with_next(label, line, lines))
        else:
            entries.append((label, value, {line.index}))
    return entries


def _of_pieces(line: Line) -> list[tuple[str, str, set[int]]]:
    """Labels and values that only boxes hold apart: `<b>文号</b><span>某发〔2019〕1号</span>`."""
    entries: list[tuple[str, str, set[int]]] = []
    for piece in pieces_of(line):
        label = _label(piece) if len(piece) < 20 else ""
        if label in _FIELD:
            entries.append((label, "", {line.index}))
        elif not entries:
            return []
        else:
            label, value, where = entries[-1]
            entries[-1] = label, f"{value} {piece}".strip(), where
    return entries


def _label(text: str) -> str:
    return fold(text).strip("[]【】:")


def _with_next(label: str, line: Line, lines: list[Line]) -> tuple[str, str, set[int]]:
    """The label with the next line as its value, if that is in a cell of its own or beside it."""
    following = lines[line.index + 1] if line.index + 1 < len(lines) else None
    if (
        following is None
        or len(following.text) > 300
        or _LABELLED.match(following.text)
        or fold(following.text).strip("[]【】:") in _FIELD
        or (line.row is not None and following.row is not line.row)
        or not _beside(line, following)
    ):
        return label, "", {line.index}
    return label, following.text, {line.index, following.index}


def _beside(line: Line, following: Line) -> bool:
    own, other = line.element, following.element
    if own is other:
        return True
    chain = {own, *islice(own.iterancestors(), 2)}
    return any(parent in chain for parent in (other, *islice(other.iterancestors(), 2)))
