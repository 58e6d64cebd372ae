"""The signature under a notice: who signed, and on which day (落款)."""

import datetime as dt
import re
from dataclasses import dataclass, field

from crawler.reading.agencies import is_agency, split_agencies
from crawler.reading.body import weight
from crawler.reading.dates import find_dates
from crawler.reading.lines import Line

_ABOVE = 14  # lines a joint signature may fill
_PAST = re.compile(r"^[（(]?(?:此件|信息公开|公开属性|联系|盖章|印章|主动公开)")
# 部长 某某; 国家某某局局长 某　某
_PERSON = re.compile(
    r"^(.{0,30}?)\s*(?:主\s*任|部\s*长|局\s*长|厅\s*长|省\s*长|市\s*长|署\s*长|行\s*长|主\s*席)"
    r"\s*[:：]?\s*\S[\s·]{0,3}\S{1,3}(?:\s?\S)?$"
)


@dataclass(slots=True)
class Signature:
    issuers: list[str] = field(default_factory=list)
    written: dt.date | None = None
    line: int | None = None  # index of the date's line


def read_signature(body: list[Line]) -> Signature:
    """The first date that stands alone below agencies, or with one in its line; without any
    agency, the last date that stands alone below the text."""
    alone: Signature | None = None
    seen = 0
    for position, line in enumerate(body):
        day, before = _date_line(line)
        if day is None:
            seen += weight(line)
            continue
        names = split_agencies(before) if before else []
        above = _agencies_above(body[:position]) if not names or _joint(names) else []
        if seen and (names or above):
            return Signature([*above, *names], day, line.index)
        if seen and not before and line.row is None:
            alone = Signature([], day, line.index)
        elif not seen and not before:
            continue
    return alone or Signature(_undated(body))


def _joint(names: list[str]) -> bool:
    return len(names) >= 1


def _date_line(line: Line) -> tuple[dt.date | None, str]:
    """The day a line ends with and what stands before it; None when the line says more."""
    if len(line.text) > 120:
        return None, ""
    text = line.text.strip("（）() ")
    dates = find_dates(text)
    if len(dates) != 1:
        closed = text.replace(" ", "")
        text, dates = (closed, find_dates(closed)) if len(closed) <= 16 else (text, dates)
    if len(dates) != 1 or text[dates[0].end :].strip("日 。)）印发"):
        return None, ""
    before = text[: dates[0].start].strip(" ，,（(")
    if before and not split_agencies(before):
        return None, ""
    return dates[0].day, before


def _agencies_above(lines: list[Line]) -> list[str]:
    names: list[list[str]] = []
    for line in reversed(lines[-_ABOVE:]):
        found = split_agencies(line.text) if len(line.text) <= 120 else []
        if found:
            names.append(found)
        elif person := _PERSON.match(line.text):
            if is_agency(person[1]):  # one signs for each of them
                names.append([person[1]])
        elif not _PAST.match(line.text):
            break
    return [name for found in reversed(names) for name in found]


def _undated(body: list[Line]) -> list[str]:
    """Agencies alone in the very last lines, when no date follows."""
    if len(body) < 2:
        return []
    last = body[-1]
    return split_agencies(last.text) if is_agency(last.text) and last.row is None else []
