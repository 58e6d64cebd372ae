"""The lines of a page that `<title>`, or the name it is shared by, repeats."""

from crawler.reading.fact.agencies import is_agency
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.title_heading import COLUMN
from crawler.reading.fact.title_places import (
    CUT,
    DOTS,
    LONGEST,
    MORE_THAN,
    PARTS,
    STEM,
    Title,
    joined_lines,
    stem_of,
    unwrap,
    whole_title,
)
from crawler.reading.lines import Line, called_title, fold
from crawler.reading.meta import Meta
from crawler.reading.pieces import pieces_of


def repeated_title(
    meta: Meta, lines: list[Line], table: HeaderTable, info: int | None
) -> Title | None:
    """The visible lines that `<title>` repeats: the longest such run before the info line, or
    anywhere on the page."""
    for said in dict.fromkeys((meta.document_title, meta.social_title)):
        whole = fold(said)
        if len(whole) < MORE_THAN:
            continue
        found = _said_by(said, whole, meta, lines, table, info)
        if found is not None:
            return found
    return None


def _said_by(
    said: str, whole: str, meta: Meta, lines: list[Line], table: HeaderTable, info: int | None
) -> Title | None:
    best: tuple[tuple[int, bool], int, int] | None = None
    parts = [fold(x) for x in CUT.split(said)]
    long = [x for x in parts if len(x) >= STEM + 4]
    broken = [DOTS.sub("", x) for x in long]
    for line in lines:
        if len(line.text) > 2 * LONGEST:
            continue
        text = line.plain
        if not MORE_THAN <= len(text) <= LONGEST or line.furniture or line.index in table.lines:
            continue
        stem = ""
        if text not in whole:
            stem = stem_of(text)
            if stem and stem in whole:
                text = stem
            elif not any(_goes_on(text, x) for x in broken):
                continue
        joined, end = text, line.index + 1
        for following in lines[line.index + 1 : line.index + PARTS]:
            more = following.plain
            if stem or joined + more not in whole:
                break
            joined, end = joined + more, following.index + 1
        linked = line.linked and line.linked >= len(line.text) // 2 and end - line.index == 1
        if linked and not (line.heading and joined == parts[0]):
            continue  # the way back to the column, not a title
        if is_agency(joined) or COLUMN.fullmatch(joined):
            continue  # the site's name, a signature, a column
        worth = len(joined)
        if (info is not None and line.index > info) or (len(parts) > 1 and joined == parts[-1]):
            worth -= 1000  # in the text, or the site's name
        order = (worth, line.heading or called_title(line.element))
        if best is None or order > best[0]:
            best = order, line.index, end
    if best is None:
        return None
    text = joined_lines(lines[best[1] : best[2]])
    if fold(text) not in whole:
        text = _leading(lines[best[1]], long) or text
    if stem := stem_of(fold(text)):
        text = whole_title(stem, meta, lines) or text
    for piece in (said, *CUT.split(said)):
        if fold(piece) == fold(text):
            text = piece  # as one line, without the breaks of the page
    if len(fold(text)) * 3 < len(fold(CUT.split(said, maxsplit=1)[0])):
        return None  # a column or site name at the end of <title>
    return Title(unwrap(text), "title and page", best[1], best[2])


def _leading(line: Line, parts: list[str]) -> str:
    """The first boxes of a line that are the title; the others tell date and source."""
    joined = ""
    for count, piece in enumerate(pieces_of(line), 1):
        joined += fold(piece)
        if joined in parts:
            return "".join(pieces_of(line)[:count])
    return ""


def _goes_on(text: str, stem: str) -> bool:
    """Whether a line is the title that <title> breaks off after `stem`."""
    longer = len(stem) < len(text) <= len(stem) * 3
    return longer and text.startswith(stem) and text[-1] not in "。：:"
