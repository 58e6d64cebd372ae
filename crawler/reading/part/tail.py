"""What stands at the end of a text: lists of files, signatures, and what is printed below them."""

import re

from crawler.notice import AttachmentKind, PartKind
from crawler.reading.fact.agencies import is_agency, split_agencies
from crawler.reading.fact.attachments import without_number
from crawler.reading.fact.signature import read_signature
from crawler.reading.limits import ends_of
from crawler.reading.lines import fold
from crawler.reading.part.numbering import may_title
from crawler.reading.part.paragraph import TITLE_PARTS, Known, Paragraph, mark

_ATTACHED = re.compile(
    r"[\[【]?\s*(?:相关)?附\s*件?(?:下载|列表|材料)?\s*\d{0,2}\s*[\]】]?\s*[:：]"
)
_ATTACHED_ITEM = re.compile(r"\d{1,2}\s*[.．、]|[（(]\d{1,2}[）)]|附\s*件\s*\d")
_ANNEX = re.compile(
    r"[\[【（(]?\s*附\s*(?:件|表|录)?\s*[\d一二三四五六七八九十]{0,3}\s*[\]】）)]?\s*[:：]?"
)
_LONGEST_NAME = 160  # of a file
_LONGEST_LISTED = 300  # of a line that names files
_MOST_SIGNATURES = 12  # of a page; one a document that is printed on it
_WHOLE_TITLE = re.compile(
    r"(?:办法|通知|方案|[表书函]|名单|目录|指南|细则|规定|意见|要求|须知|说明|清单|公告|通告|指引|规范|标准"
    r"|条例|模板|计划|规划|要点|规程|制度|[）)])$"
)
_ABOVE = 14  # lines that may stand between who signed first and the day
_REMARK = re.compile(r"[（(\[【].{1,60}[）)\]】]|(?:主动|依申请)公开")  # below a signature
_PERSON = re.compile(
    r".{0,20}(?:主任|[部局厅省市县区州署行委]长|主席|总理|委员长)[:：]?[一-鿿·]{0,4}"
)
_LONGEST_SIGNER = 40


def read_attached(paragraphs: list[Paragraph], known: Known) -> None:
    """The lists of the files, and the lines 附件1 that head what is printed below a notice."""
    names = {_key(x.name) for x in known.attachments if x.kind is AttachmentKind.FILE} - {""}
    inside = bare = False
    for at, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if paragraph.kind is not None or len(text) > _LONGEST_LISTED:
            inside = bare = False
            continue
        marked = "附" in text
        opening = _ATTACHED.match(text) if marked else None
        named = _is_named(text, names)
        after = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        annex = marked and _ANNEX.fullmatch(text) is not None
        if annex and not (after and _lists(after, names)):
            inside = bare = False
            if not opening or (after and after.kind is PartKind.TABLE):
                paragraph.kind = PartKind.ANNEX
                continue
        if opening or (annex and after):
            inside, bare = True, not opening or opening.end() == len(text)
        elif inside and (_ATTACHED_ITEM.match(text) or named or _is_link(paragraph)):
            bare = False
        elif bare and may_title(text) and not split_agencies(text):
            bare = False  # 附件： and one name without a number below it
        elif not named:
            inside = bare = False
            continue
        paragraph.kind = PartKind.ATTACHMENTS


def read_signed(paragraphs: list[Paragraph], known: Known) -> None:
    """Signatures with their day: the notice's and those of documents printed below it."""
    lines = [line for x in paragraphs for line in x.lines]
    at_paragraph = {line.index: n for n, x in enumerate(paragraphs) for line in x.lines}
    signature, first = known.signature, 0
    for _ in range(_MOST_SIGNATURES):
        if signature.line is None:
            break
        position = next((n for n, x in enumerate(lines) if x.index == signature.line), None)
        if position is None:
            break
        _mark_signature(paragraphs, at_paragraph[signature.line], signature.issuers)
        _annex_title(paragraphs, at_paragraph[signature.line] + 1)
        first = position + 1
        signature = read_signature(ends_of(lines[first:]))
        if not signature.issuers:
            return
    last = paragraphs[-1] if paragraphs else None
    undated = known.signature.issuers if known.signature.line is None else []
    if last and last.kind is None and undated and split_agencies(last.text) == undated:
        last.kind = PartKind.SIGNATURE


def _lists(paragraph: Paragraph, names: set[str]) -> bool:
    """Whether a line below 附件 is one of a list of files."""
    return _is_named(paragraph.text, names) or _is_link(paragraph)


def _is_named(text: str, names: set[str]) -> bool:
    return bool(names) and len(text) <= _LONGEST_NAME and _key(without_number(text)) in names


def _is_link(paragraph: Paragraph) -> bool:
    return sum(x.linked for x in paragraph.lines) * 2 > len(paragraph.text)


def _key(name: str) -> str:
    return re.sub(r"\.\w{2,5}$|[\W_]", "", fold(name))


def _mark_signature(paragraphs: list[Paragraph], day: int, issuers: list[str]) -> None:
    if paragraphs[day].kind is not None:
        return
    paragraphs[day].kind = PartKind.WRITTEN
    for at in range(day - 1, max(day - 1 - _ABOVE, -1), -1):
        paragraph = paragraphs[at]
        names = split_agencies(paragraph.text)
        person = len(paragraph.text) < _LONGEST_SIGNER and _is_person(paragraph.text, issuers)
        if paragraph.kind is not None:
            return
        if person or (names and set(names) <= set(issuers)):
            paragraph.kind = PartKind.SIGNATURE
        elif paragraph.text[0] not in "（(":  # （此件公开发布） may stand between
            return


def _is_person(text: str, issuers: list[str]) -> bool:
    """Whether one signs for an agency: 局长 某某, with or without its name before it."""
    plain = fold(text)
    return _PERSON.fullmatch(plain) is not None or any(plain.startswith(fold(x)) for x in issuers)


def _annex_title(paragraphs: list[Paragraph], at: int) -> None:
    """A document printed below a signature begins with its title, and has something below it."""
    while at < len(paragraphs) and (
        paragraphs[at].kind in (PartKind.ANNEX, PartKind.ATTACHMENTS)
        or (paragraphs[at].kind is None and _REMARK.fullmatch(paragraphs[at].text))
    ):
        at += 1
    end = at
    while end < min(at + TITLE_PARTS, len(paragraphs)) and (
        paragraphs[end].kind is None
        and may_title(paragraphs[end].text)
        and not (end > at and _goes_beyond(paragraphs[end - 1].text, paragraphs[end].text))
    ):
        end += 1
    if at < end < len(paragraphs) and end - at < TITLE_PARTS:
        mark(paragraphs, range(at, end), PartKind.TITLE, 1)


def _goes_beyond(title: str, text: str) -> bool:
    """Whether a line below one of a title is no more of it."""
    return bool(_WHOLE_TITLE.search(title)) or "，" in text or is_agency(text)
