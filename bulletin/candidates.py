"""The candidates as XLSX, CSV and JSON lines.

What comes from a page is text to every reader: Excel runs nothing of it."""

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from bulletin.files import write_whole
from bulletin.links import web_address
from bulletin.plain import printable

CELL_LIMIT = 32_767  # characters Excel takes in a cell
_CUT = "……（全文见 JSON）"
_LINK_LIMIT = 2_079  # characters of an address that Excel follows
_LINKS_A_SHEET = 65_530
# Full-width signs too: a Chinese Excel reads them as their narrow forms.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One family that an editor shortlisted, as one line. Moments are aware or Beijing time."""

    source: str  # the source's name
    agency: str  # whose site it is
    region: str
    title: str  # the page's
    edited_title: str = ""
    doc_number: str = ""  # 文号
    issuers: list[str] = field(default_factory=list)
    published: dt.datetime | dt.date | None = None
    written: dt.date | None = None
    opens: dt.datetime | dt.date | None = None
    closes: dt.datetime | dt.date | None = None
    section: str = ""
    kind: str = ""
    topics: list[str] = field(default_factory=list)
    url: str = ""
    attachments: list[str] = field(default_factory=list)  # names
    family_size: int = 1  # notices that are this document
    problems: list[str] = field(default_factory=list)  # sentences
    text: str = ""


Value = str | int | dt.date | None  # a datetime is a date


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: int  # characters
    value: Callable[[Candidate], Value]


_COLUMNS = (
    _Column("版块", 10, lambda c: c.section),
    _Column("标题", 48, lambda c: c.edited_title or c.title),
    _Column("原标题", 36, lambda c: c.title),
    _Column("文号", 24, lambda c: c.doc_number),
    _Column("发文机关", 26, lambda c: "、".join(c.issuers)),
    _Column("发布时间", 17, lambda c: c.published),
    _Column("成文日期", 12, lambda c: c.written),
    _Column("开始", 17, lambda c: c.opens),
    _Column("截止", 17, lambda c: c.closes),
    _Column("类型", 10, lambda c: c.kind),
    _Column("主题", 16, lambda c: "、".join(c.topics)),
    _Column("地区", 14, lambda c: c.region),
    _Column("来源", 24, lambda c: c.agency),
    _Column("来源代号", 16, lambda c: c.source),
    _Column("链接", 44, lambda c: c.url),
    _Column("附件", 36, lambda c: "\n".join(c.attachments)),
    _Column("同文数", 8, lambda c: c.family_size),
    _Column("问题", 30, lambda c: "\n".join(c.problems)),
    _Column("正文", 60, lambda c: c.text),
)
_FIXED_COLUMNS = 2  # section and title stay in sight
_LINK = "链接"
_ONE_LINE = ("正文", _LINK)  # these do not wrap: a whole text would make the row a page high


def write_xlsx(candidates: Sequence[Candidate], path: Path, *, made: dt.datetime) -> None:
    """An Excel table: filters, frozen head, dates as dates, links that can be clicked.

    `made` is the date of its properties: the same candidates and date give the same bytes.
    Raises OSError when the file cannot be written."""
    packed = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(packed, options) as book:
        book.set_properties({"title": "候选", "created": _naive(made)})
        sheet = book.add_worksheet("候选")
        _table(book, sheet, candidates)
    write_whole(path, packed.getvalue())


def write_csv(candidates: Sequence[Candidate], path: Path) -> None:
    """UTF-8 with a byte order mark, which is how Excel knows it. A cell that Excel would take for a
    formula begins with an apostrophe. Raises OSError."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([column.heading for column in _COLUMNS])
    for candidate in candidates:
        writer.writerow([_csv_cell(column.value(candidate)) for column in _COLUMNS])
    write_whole(path, lines.getvalue().encode("utf-8-sig"))


def write_jsonl(candidates: Sequence[Candidate], path: Path) -> None:
    """One JSON object a line with the fields of Candidate; dates in ISO 8601. Raises OSError."""
    lines = (
        json.dumps(_json_value(dataclasses.asdict(candidate)), ensure_ascii=False) + "\n"
        for candidate in candidates
    )
    write_whole(path, "".join(lines).encode())


def _table(book: Any, sheet: Any, candidates: Sequence[Candidate]) -> None:
    # A font that every Chinese Excel has; sizes are Excel's own.
    look = {"font_name": "宋体", "font_size": 10, "valign": "top"}
    head = book.add_format(
        {**look, "bold": True, "bg_color": "#DDE6F0", "bottom": 1, "valign": "vcenter"}
    )
    plain = book.add_format(look)
    wrapped = book.add_format({**look, "text_wrap": True})
    day = book.add_format({**look, "num_format": "yyyy-mm-dd", "align": "left"})
    moment = book.add_format({**look, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    link = book.add_format({**look, "font_color": "#0563C1", "underline": 1})
    for at, column in enumerate(_COLUMNS):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.heading, head)
    for row, candidate in enumerate(candidates, start=1):
        for at, column in enumerate(_COLUMNS):
            value = column.value(candidate)
            if isinstance(value, dt.datetime) and value.year >= 1900:
                sheet.write_datetime(row, at, _naive(value), moment)
            elif isinstance(value, dt.date) and value.year >= 1900:  # where Excel's days begin
                sheet.write_datetime(row, at, value, day)
            elif isinstance(value, int):
                sheet.write_number(row, at, value, plain)
            elif value:
                text = _cell_text(str(value))
                target = web_address(text) if column.heading == _LINK else ""
                if target and len(target) <= _LINK_LIMIT and row <= _LINKS_A_SHEET:
                    sheet.write_url(row, at, target, link, text)
                else:
                    form = plain if column.heading in _ONE_LINE else wrapped
                    sheet.write_string(row, at, text, form)
    sheet.freeze_panes(1, _FIXED_COLUMNS)
    sheet.autofilter(0, 0, len(candidates), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return _naive(value).strftime("%Y-%m-%d %H:%M")
    if not isinstance(value, str):
        return str(value)
    # Cleaned first: a control character in front would hide the sign from the test.
    text = _cell_text(value)
    return "'" + text if text.lstrip(" \u3000\xa0").startswith(_FORMULA_STARTS) else text


def _cell_text(text: str) -> str:
    text = printable(text)
    units = text.encode("utf-16-le")  # Excel counts these; an emoji has two
    if len(units) <= 2 * (CELL_LIMIT - 1):  # one is kept for the CSV's apostrophe
        return text
    return units[: 2 * (CELL_LIMIT - 1 - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _naive(moment: dt.datetime) -> dt.datetime:
    """Excel knows no time zones; the hour printed is kept."""
    return moment.replace(tzinfo=None)


def _json_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return printable(value) if isinstance(value, str) else value
