"""What stands at the head of a text: letterhead, title, 文号 and addressee."""

import re

from crawler.notice import PartKind
from crawler.reading.fact.agencies import split_agencies
from crawler.reading.fact.doc_number import normalise
from crawler.reading.lines import fold
from crawler.reading.part.numbering import begins_numbered
from crawler.reading.part.paragraph import (
    LONGEST_HEADING,
    LONGEST_TITLE,
    TITLE_PARTS,
    Known,
    Paragraph,
    mark,
)

_ADDRESSED = re.compile(
    r"(?:[局委办厅部院处司署会室府心司业位构门校学团区企志人者们组所站队行社馆台科县市省州盟旗院园户商厂]"
    r"|先生|女士|同胞|代表)(?:[（(][^（()）]{1,24}[）)])?[:：]$"
)
_NO_ADDRESSEE = re.compile(
    r"^(?:附|联系|申请|申报|负责|发言|主持|记者|答|问|经办|注|地址|电话|邮箱|第)"
    r"|[。；]|如下|下列|以下|现将|决定|公告|公示|通知如"
)
_ORDER = re.compile(r"^(?:[\d〇零一二三四五六七八九]{4}年)?(第\d+号)$")
_LETTERHEAD = re.compile(r"(?:令|文件|公告|通告)$")
_LONGEST_ADDRESSEE = 600
_MOST_ADDRESSEES = 12  # lines
_HEAD = 8  # lines that may stand above and in the head of a text
_NUMBER_BEHIND = re.compile(r"\([^()]*号\)$")
_MOST_OF_IT = 6  # tenths of a title


def read_head(paragraphs: list[Paragraph], known: Known) -> None:
    """Title, 文号 and addressee at the beginning of the text."""
    title = _NUMBER_BEHIND.sub("", fold(known.title))
    for start in range(min(_HEAD, len(paragraphs)) if title else 0):
        end = _title_end(paragraphs, start, title)
        if end:
            mark(paragraphs, range(start, end), PartKind.TITLE)
        if end or not _may_stand_above(paragraphs[start].text):
            break
    for paragraph in paragraphs[:_HEAD]:
        short = paragraph.kind is None and len(paragraph.text) <= LONGEST_HEADING
        if short and known.number and _is_number(paragraph.text, known.number):
            paragraph.kind = PartKind.NUMBER
            break
    _letterhead(paragraphs)
    free = [n for n, x in enumerate(paragraphs[: 2 * _HEAD]) if x.kind is None]
    for at in free[:_HEAD]:
        if end := _addressee_end(paragraphs, at):
            mark(paragraphs, range(at, end), PartKind.ADDRESSEE)
            return
        if paragraphs[at].text[-1] in "。；;：:" or len(paragraphs[at].text) > LONGEST_HEADING:
            return  # the text has begun


def _may_stand_above(text: str) -> bool:
    """Whether a line may stand above a title: a letterhead, a number, an order's one sentence."""
    return not begins_numbered(text) and len(text) <= _LONGEST_ADDRESSEE and not text.endswith("：")


def _is_number(text: str, number: str) -> bool:
    """Whether a line is the 文号, or its end: 第232号 below 某省人民政府令."""
    if "号" not in text:
        return False
    end = _ORDER.search(fold(text))
    return normalise(text) == number or (end is not None and number.endswith(end[1]))


def _title_end(paragraphs: list[Paragraph], start: int, title: str) -> int:
    """The line after the title that begins at `start`, with or without the agency before it or
    the 文号 behind it; 0 when none does."""
    joined, end = "", 0
    for at in range(start, min(start + TITLE_PARTS, len(paragraphs))):
        if paragraphs[at].kind is not None:
            break
        joined += fold(paragraphs[at].text)
        if len(joined) * 10 >= _MOST_OF_IT * len(title) and (
            title.startswith(joined) or title.endswith(joined)
        ):
            end = at + 1
        if joined not in title:
            break
    return end


def _letterhead(paragraphs: list[Paragraph]) -> None:
    """The names above the title or the 文号 of a text."""
    stands = (PartKind.TITLE, PartKind.NUMBER)
    first = next((n for n, x in enumerate(paragraphs[:_HEAD]) if x.kind in stands), 0)
    texts = [x.text for x in paragraphs[:first]]
    if any(len(x) > LONGEST_TITLE or re.search("[。；：，]", x) for x in texts):
        return
    if any(split_agencies(x) or _LETTERHEAD.search(x) for x in texts):
        mark(paragraphs, range(first), PartKind.LETTERHEAD)


def _addressee_end(paragraphs: list[Paragraph], start: int) -> int:
    """The line after the addressees that begin at `start`; 0 when none do."""
    told = 0
    for at in range(start, min(start + _MOST_ADDRESSEES, len(paragraphs))):
        text = paragraphs[at].text
        told += len(text)
        if paragraphs[at].kind is not None or told > _LONGEST_ADDRESSEE:
            return 0
        if _NO_ADDRESSEE.search(text) or begins_numbered(text):
            return 0
        if _ADDRESSED.search(text):
            return at + 1
        if text[-1] not in "、，,":
            return 0
    return 0
