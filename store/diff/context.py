"""Where a word stands: its sentence or table cell, and whether a date there is a deadline."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from store.diff.words import Word

LONGEST = 200  # characters of a sentence that are told

_HEAD = 40  # characters of what a cell is headed
_MARKS = "。；！？;!?\t"
_END = re.compile(f"[{_MARKS}]")
_SAYS = re.compile(r"[^\W\d_年月日时分点至到号上下中午起止前]{2}")  # more than dates alone
_EXACT = re.compile(r"[日号底末旬时点:：]|\d[-./]\d")  # a year or a month alone is no deadline
_HANDING_IN = (
    r"(?:申报|报送|报名|申请|提交|上报|受理|征集|推荐|填报|反馈|公示|公告|征求意见|投标|递交|登记|缴费"
    r"|审核|完成|办理|有效)"
)
_DUE = re.compile(
    rf"截止|截至|逾期|最迟|最晚|期限|有效期|{_HANDING_IN}(?:的?(?:时间|日期|时限)|期(?![间末初]))"
)
_BEFORE = re.compile(r"(?:截止|截至|最迟|最晚|不晚于|不迟于|延[长期]?[至到]|为止)[^。；\d]{0,10}$")
_RANGE = re.compile(r"(?:[至到~～—－-]|——)\s?$")
_AFTER = re.compile(
    r"\s?(?:[（(][^）)]{0,12}[）)])?\s?(?:之?前|以前|止|截止|截至|结束|为止|逾期|内(?:报|提|完))"
)
_ASKS = re.compile(_HANDING_IN)


class Context:
    """A text with its tables: what stands around a word of it."""

    def __init__(self, text: str, parts: Sequence[Sequence[Any]] = ()) -> None:
        """`parts` as a revision keeps them: [kind, first line, line after, …]; without them a line
        with tabs is a table's row."""
        self.lines = text.split("\n")
        self._table: dict[int, int] = {}  # line -> the first line of its table
        self._kind: dict[int, str] = {}
        for kind, first, after, *_ in parts:
            for line in range(first, min(after, len(self.lines))):
                self._kind[line] = kind
                if kind == "table":
                    self._table[line] = first
        if not parts:
            self._guess()

    def _guess(self) -> None:
        first = None
        for at, line in enumerate(self.lines):
            if "\t" not in line:
                first = None
                continue
            first = at if first is None else first
            self._table[at] = first

    def kind(self, line: int) -> str:
        """What part of the notice the line belongs to; "" when that is not known."""
        return self._kind.get(line, "")

    def around(self, line: int, start: int, end: int) -> str:
        """The sentence, or the cell of a table with what it is headed, that holds the place."""
        text = self.lines[line]
        first, last = _bounds(text, start, end)
        said = _short(text, first, last, start, end)
        head = self._head(line, start) if line in self._table else ""
        return f"{head}：{said}" if head and head != said else said

    def _head(self, line: int, start: int) -> str:
        """What a cell of a table is about: the heading above it, else the first cell of its row,
        else, where each cell is a line, the one before."""
        row, top = self.lines[line], self._table[line]
        tabs = _tabs(row)
        if not tabs:
            return self.lines[line - 1][-_HEAD:] if line > top else ""
        column = bisect_left(tabs, start)
        first = row[: min(tabs[0], _HEAD)] if column else ""
        heads = _tabs(self.lines[top])
        named = ""
        if top < line and len(heads) == len(tabs):
            edges = (-1, *heads, len(self.lines[top]))
            named = self.lines[top][edges[column] + 1 : edges[column + 1]][:_HEAD]
        return " ".join(dict.fromkeys(x for x in (first, named) if x))

    def is_deadline(self, line: int, word: Word) -> bool:
        """Whether a date, by its own sentence or cell, is a day until which something is due."""
        if not _EXACT.search(word.text):
            return False
        text = self.lines[line]
        before, after = text[max(0, word.start - 24) : word.start], text[word.end : word.end + 24]
        if _AFTER.match(after) or _BEFORE.search(before):
            return True
        first, last = _bounds(text, word.start, word.end)
        told = text[max(first, word.start - LONGEST) : min(last, word.end + LONGEST)]
        if line in self._table:
            if _DUE.search(told) or _DUE.search(self._head(line, word.start)):
                return not _opens(after)
            return bool(_RANGE.search(before)) and bool(_ASKS.search(told))
        if _opens(after):
            return False
        if line and not _SAYS.search(told):
            told = self.lines[line - 1][-_HEAD:] + told
        return bool(_DUE.search(told)) or (
            bool(_RANGE.search(before)) and _ASKS.search(told) is not None
        )


def _opens(after: str) -> bool:
    """Whether a range goes on behind the date: it is the day of its begin."""
    return re.match(r"\s?(?:起|开始|[至到~～—－-])", after) is not None


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence or cell begins and ends; not looked for any further than is told."""
    least, most = max(0, start - 2 * LONGEST), min(len(text), end + 2 * LONGEST)
    first = max(max(text.rfind(mark, least, start) for mark in _MARKS) + 1, least)
    ends = _END.search(text, end, most)
    return first, ends.start() if ends else most


@lru_cache(maxsize=4)
def _tabs(line: str) -> tuple[int, ...]:
    """Where the cells of a row end; asked for again for every word of it."""
    return tuple(match.start() for match in re.finditer("\t", line))


def _short(text: str, first: int, last: int, start: int, end: int) -> str:
    """The sentence; of a long one what stands around the place."""
    if last - first <= LONGEST:
        return text[first:last].strip()
    room = max(0, LONGEST - (end - start)) // 2
    left, right = max(first, start - room), min(last, end + room)
    lead, rest = "…" if left > first else "", "…" if right < last else ""
    return lead + text[left:right][: 2 * LONGEST].strip() + rest
