"""Who issued a notice: header table, heading of an order, signature, title, source line."""

import re
from dataclasses import dataclass, field

from crawler.reading.agencies import is_press, split_agencies
from crawler.reading.header_table import HeaderTable
from crawler.reading.lines import Line
from crawler.reading.meta import Meta

_PREFIX = re.compile(
    r"^(.{2,160}?)(?:等[一二三四五六七八九十\d]+(?:个)?(?:部门|单位|部委))?\s*"
    r"(?:关于|印发|转发|发布|公布|批转|征求|公开征|令|公告|通告|决定)"
)
_OFFICE = re.compile(
    r"^(.{2,60}?)\s*(?:令|公\s?告|通\s?告)"
    r"(?:\s*[（(〔\[]?(?:(?:19|20)\d\d)?[）)〕\]]?\s*年?\s*第?\s*[\d一二三四五六七八九十百]{1,5}\s*号[）)]?)?$"
)
_APPROVED = re.compile(
    r"^(?:本标准)?(?:已?由|经)?([一-鿿、]{3,60}?)(?:于)?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日)?(?:批准|发布)"
    r"[，。,]"
)
_SOURCE = re.compile(r"(?:来\s*源|发布机构|发布单位)\s*[:：]\s*([^\s|｜]{2,40})")
_ABOUT = re.compile(r"^(?:关于|印发|转发)")
_HEAD = 8


@dataclass(frozen=True, slots=True)
class Issuers:
    names: list[str] = field(default_factory=list)
    evidence: str = ""


def read_issuers(
    table: HeaderTable,
    signed: list[str],
    title: str,
    body: list[Line],
    meta: Meta,
    info: str,
    selected: str = "",
) -> Issuers:
    """The issuers as printed, in order; none when no place names any."""
    stated = table.values.get("issuers", "")
    for where, names in (
        ("selector", _names(selected)),
        ("table", _names(stated) or ([stated] if 1 < len(stated) <= 40 else [])),
        ("order", _of_order(body)),
        ("signature", signed),
        ("body", _of_head(body)),
        ("title", _of_title(title)),
        ("approval", _of_approval(body)),
        ("source", _of_source(info, meta)),
    ):
        if names:
            return Issuers(list(dict.fromkeys(names)), where)
    return Issuers()


def _names(text: str) -> list[str]:
    return split_agencies(text) if text else []


def _of_order(body: list[Line]) -> list[str]:
    """中华人民共和国某部令, above its number."""
    for line in body[:2]:
        if match := _OFFICE.match(line.text):
            return _names(match[1])
    return []


def _of_approval(body: list[Line]) -> list[str]:
    """Who approved a standard, in the sentence of its own that says so."""
    for line in body:
        match = _APPROVED.match(line.text) if len(line.text) < 80 else None
        if match and (names := _names(match[1])):
            return names
    return []


def _of_head(body: list[Line]) -> list[str]:
    """The agencies that head a text, before 关于…; the lines may be broken anywhere."""
    joined = ""
    for line in body[:_HEAD]:
        if _ABOUT.match(line.text):
            return _names(joined) if joined else []
        if len(line.text) > 80 or line.row is not None:
            return []
        joined = f"{joined} {line.text}" if joined else line.text
        if not _could_be(line.text):
            return []
    return []


def _could_be(text: str) -> bool:
    return not re.search(r"[。：:；《》〔]", text)


def _of_title(title: str) -> list[str]:
    match = _PREFIX.match(title)
    return _names(match[1]) if match else []


def _of_source(info: str, meta: Meta) -> list[str]:
    match = _SOURCE.search(info)
    for said in (match[1] if match else "", meta.source, meta.issuer):
        if said and not is_press(said):
            names = _names(said)
            if names:
                return names
    return []
