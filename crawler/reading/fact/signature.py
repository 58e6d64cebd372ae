"""The signature under a notice: who signed, and on which day (落款)."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from lxml.html import HtmlElement

from crawler.reading.dates import find_dates
from crawler.reading.fact.agencies import is_agency, is_office, joined, split_agencies
from crawler.reading.lines import Line, fold
from crawler.reading.text.furniture import weight

_ABOVE = 14  # lines a joint signature may fill
_FIGURE = re.compile(r"[0-9０-９年]")
_DAY_ENDS = frozenset("0123456789０１２３４５６７８９日。)）印发时点分Z一二三四五六天")
# what may follow a day in its line, but for 星期一; how the day itself ends then
_BEHIND = "日 。)）(（印发"
_OWN_ENDS = frozenset(
    "0123456789０１２３４５６７８９:：时点分Z期周天一二三四五六七八九十廿卅元〇○◯零ＯOoОоΟο"
)
_SHORTEST = 8  # characters of a day with its year
_PAST = re.compile(
    r"^[（(]?(?:此件|信息公开|公开属性|联系|盖章|印章|主动公开)|^[（(].{0,30}代?章[）)]$"
)
_HEADS_LIST = re.compile(r"(?:单位|部门|机构|成员|企业|名单)$|[:：]$")
_GOES_ON = re.compile(r"[一-鿿“”]{4,30}$")
# they sign after an organ of state, not before one: there they end a list above the signature
_FIRM = re.compile(r"(?:公司|集团|厂|大学|学院|[中小]学|学校|医院)$")
# 部长 某某; 国家某某局局长 某　某
_PERSON = re.compile(
    r"^(.{0,30}?)\s*(?:主\s*任|部\s*长|局\s*长|厅\s*长|省\s*长|市\s*长|署\s*长|行\s*长|主\s*席)"
    r"\s*[:：]?\s*\S[\s·]{0,3}\S{1,3}(?:\s?\S)?$"
)
# the cells of 行政处罚 and 行政许可 that every credit site publishes
_DECIDED_BY = re.compile(
    r"(?:作出|做出)?(?:行政)?(?:处罚|许可|处理|强制|决定|执法|审批|批准|备案)(?:决定)?(?:机关|部门|单位|机构)(?:名称)?[:：]?"
)
_DECIDED_ON = re.compile(
    r"(?:作出|做出)?(?:行政)?(?:处罚|许可|处理|强制|审批|批准)?(?:决定)(?:书)?(?:日期|时间)[:：]?"
)
_WEEKDAY = re.compile(r"^\s*[（(]?(?:星期|周)[一二三四五六日天][)）]?")
_WRITTEN_OUT = re.compile(r"[（(\[]?[^:：]{4}年[^:：]{1,3}月[^:：]{1,3}日[)）\]]?$")
_TABLE_ABOVE = 4  # a row stands in its table, or in a tbody of it
_LABEL, _VALUE = 16, 120  # characters of a cell


@dataclass(slots=True)
class Signature:
    issuers: list[str] = field(default_factory=list)
    written: dt.date | None = None
    line: int | None = None  # index of the date's line


def read_signature(body: list[Line], head: Sequence[Line] = ()) -> Signature:
    """The first date that stands alone below agencies, or with one in its line; without any
    agency, the last date that stands alone below the text. A text that is a form names who decided
    and when in its cells; one that nobody signed may be signed between title and text, `head`."""
    signature = _below_text(body)
    if not signature.written and not signature.issuers:
        signature = _in_form(body)
    if not signature.written and head:
        return _below_title(list(head), signature)
    return signature


def _below_text(body: list[Line]) -> Signature:
    alone: Signature | None = None
    seen = 0
    data = _data(body)
    for position, line in enumerate(body):
        day, before = _date_line(line) if line.index not in data else (None, "")
        if day is None:
            seen += weight(line)
            continue
        names = split_agencies(before) if before else []
        above = _agencies_above(body[max(0, position - _ABOVE) : position], data)
        if seen and (names or above):
            beside = _of_row(line, body)
            signed = [*above, *names]
            signed = beside if len(beside) > len(signed) else signed
            return Signature(_signers(signed), day, line.index)
        if seen and not before:
            alone = Signature([], day, line.index)
    return alone or Signature(_undated(body, data))


def _of_row(line: Line, body: list[Line]) -> list[str]:
    """The agencies that sign in the cells of one row, each above a day of its own."""
    row = [x for x in body if x.row is line.row] if line.row is not None else []
    if len({x.cell for x in row}) < 2:
        return []
    return [name for x in row for name in split_agencies(x.text)]


def _data(body: list[Line]) -> set[int]:
    """The lines, by index, in rows of several cells that do more than set a signature: among
    agencies and dates something else stands in their table. A row of one cell lays out text."""
    rows: dict[HtmlElement, list[Line]] = {}
    for line in body:
        if (row := line.row) is not None:
            if row in rows:
                rows[row].append(line)
            else:
                rows[row] = [line]
    tables: dict[HtmlElement, list[Line]] = {}
    for row, held in rows.items():
        if len({x.cell for x in held if x.cell is not None}) > 1:
            near = islice(row.iterancestors(), _TABLE_ABOVE)
            table = next((x for x in near if x.tag == "table"), row)
            tables.setdefault(table, []).extend(held)
    return {
        x.index
        for held in tables.values()
        if len(held) > _ABOVE * 2 or not _signs(held)
        for x in held
    }


def _signs(lines: list[Line]) -> bool:
    """Whether a table holds a signature and nothing else: agencies and one day, for each of them
    or for all; firms with their days are data."""
    days: set[dt.date] = set()
    dated = 0
    firms = False
    for line in lines:
        day, _ = _date_line(line)
        if day is not None:
            days.add(day)
            dated += 1
            continue
        names = split_agencies(line.text)
        if not names and not _PERSON.match(line.text):
            return False
        firms = firms or any(_FIRM.search(x) for x in names)
    return len(days) <= 1 and not (firms and dated > 1)


def _signers(names: list[str]) -> list[str]:
    """Those that sign, without the end of a list of firms that stands right above them."""
    first = next((at for at, name in enumerate(names) if not _FIRM.search(name)), 0)
    return names[first:]


def _in_form(body: list[Line]) -> Signature:
    """处罚机关, 处罚决定日期 and their like with their values in the next cell of the row."""
    names: list[str] = []
    day: dt.date | None = None
    for label, value in pairwise(body):
        if label.row is None or label.row is not value.row or label.cell is value.cell:
            continue
        if len(label.text) > _LABEL or len(value.text) > _VALUE:
            continue
        if _DECIDED_BY.fullmatch(label.plain):
            names = names or split_agencies(value.text)
        elif _DECIDED_ON.fullmatch(label.plain) and day is None:
            dates = find_dates(value.text)
            day = dates[0].day if dates and dates[0].start <= 1 else None
    return Signature(names, day)


def _below_title(head: list[Line], signature: Signature) -> Signature:
    """A date written out in a line of its own between title and text, agencies above it."""
    for position, line in enumerate(head):
        day, before = _date_line(line)
        if day is None or not _WRITTEN_OUT.match(line.plain.removeprefix(fold(before))):
            continue
        names = [*_agencies_above(head[:position], set()), *split_agencies(before)]
        return Signature(signature.issuers or names, day, line.index)
    return signature


def _date_line(line: Line) -> tuple[dt.date | None, str]:
    """The day a line ends with and what stands before it; None when the line says more."""
    text = line.text
    own = text.rstrip(_BEHIND)
    if own[-1:] not in _OWN_ENDS or len(text) > 120 or not _FIGURE.search(text):
        return None, ""
    text = text.strip("（）() ")
    if len(text) < _SHORTEST or text[-1] not in _DAY_ENDS:
        return None, ""
    dates = find_dates(text)
    if len(dates) != 1 and " " in text:
        closed = text.replace(" ", "")
        text, dates = (closed, find_dates(closed)) if len(closed) <= 16 else (text, dates)
    rest = _WEEKDAY.sub("", text[dates[0].end :]) if len(dates) == 1 else ""
    if len(dates) != 1 or rest.strip("日 。)）印发"):
        return None, ""
    before = text[: dates[0].start].strip(" ，,（(")
    if before and not split_agencies(before):
        return None, ""
    return dates[0].day, before


def _agencies_above(lines: list[Line], data: set[int]) -> list[str]:
    names: list[str] = []  # the lowest first
    for line in reversed(lines):
        if line.index in data:
            break
        text = line.text if len(line.text) <= 120 else ""
        if found := split_agencies(text) or ([text] if is_office(text) else []):
            names += reversed(found)
        elif person := _PERSON.match(text):
            if is_agency(person[1]):  # one signs for each of them
                names.append(person[1])
        elif names and is_office(names[-1]) and _GOES_ON.match(text):
            names[-1] = f"{text}{names[-1]}"  # a name that is broken before 领导小组办公室
        elif not _PAST.match(line.text):
            break
    return joined(names[::-1])


def _undated(body: list[Line], data: set[int]) -> list[str]:
    """Agencies alone in the very last lines, when no date follows; not the end of a list."""
    names = _agencies_above(body[-_ABOVE:], data) if len(body) > 1 else []
    if len(names) > 1 and any(_FIRM.search(x) for x in names):
        return []
    above = next((x for x in reversed(body[-_ABOVE:]) if not split_agencies(x.text)), None)
    if above is not None and _HEADS_LIST.search(above.text):
        return []
    return names if len(names) < min(_ABOVE, len(body)) else []
