"""The title of a notice: declared, or the heading that the document's own title repeats."""

import re
from dataclasses import dataclass

from crawler.reading.agencies import is_agency
from crawler.reading.header_table import HeaderTable
from crawler.reading.lines import Line, called_title, fold, tidy
from crawler.reading.meta import Meta

_CUT = re.compile(r"\s*(?:_+|[|｜丨]|--+|——|－|\s[-–—]\s?|(?<=[一-鿿》）”\])])[-–]\s?)\s*")
_WRAPPED = re.compile(r"^【([^【】]+)】$")
_MORE_THAN = 4  # shorter texts are column names and buttons
_LONGEST = 220
_PARTS = 5  # lines one title may be broken into


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    evidence: str
    first: int | None = None  # lines where it stands on the page: [first, after)
    after: int | None = None
    declared: str = ""  # what <meta> says, when the page shows another


def read_title(
    meta: Meta,
    lines: list[Line],
    table: HeaderTable,
    info: int | None,
    selected: str = "",
    listed: str = "",
) -> Title:
    """The title and where it stands. `info` is the line of 发布时间 and 来源, near which the title
    is; `selected` what a selector gave, `listed` the row's title in the list.

    "" when the page shows none."""
    declared = unwrap(meta.title)
    if len(fold(declared)) < _MORE_THAN or fold(declared) in (fold(meta.column), fold(meta.site)):
        declared = ""
    for text, evidence in ((declared, "meta ArticleTitle"), (tidy(selected), "selector")):
        if text:
            place = _place(text, lines, table, info)
            return Title(text, evidence, *place)
    shown = _repeated(meta.document_title, lines, table, info)
    if shown:
        return shown
    shown = _heading(lines, table, info)
    if shown:
        return shown
    if "title" in table.values:
        text = table.values["title"]
        return Title(text, "table", *_place(text, lines, table, info))
    if listed:
        return Title(listed, "row", *_place(listed, lines, table, info))
    if info is not None and info and _may_be(lines[info - 1]):
        return Title(tidy(lines[info - 1].text), "above info line", info - 1, info)
    text = unwrap(_CUT.split(meta.document_title, maxsplit=1)[0])
    if is_agency(text):
        return Title("", "")
    return Title(text, "title", *_place(text, lines, table, info)) if text else Title("", "")


def unwrap(text: str) -> str:
    match = _WRAPPED.match(text)
    return match[1] if match else text


def _place(
    text: str, lines: list[Line], table: HeaderTable, info: int | None
) -> tuple[int | None, int | None]:
    """Where `text` stands as one line or a few: the last place before the info line, else the
    first place of all."""
    wanted = fold(text)
    spans = [_span(wanted, x.index, lines) for x in lines if x.index not in table.lines]
    places = [span for span in spans if span is not None]
    before = [span for span in places if info is not None and span[0] <= info]
    near = [span for span in before if info is not None and info - span[0] <= 12]
    chosen = near or before[-1:] or _around(wanted, lines) or places[:1]
    return chosen[0] if chosen else (None, None)


def _around(wanted: str, lines: list[Line]) -> list[tuple[int, int]]:
    """The heading that says the title with an agency before it, or only its main part."""
    for line in lines:
        text = line.plain
        alike = len(text) > 8 and (text.endswith(wanted) or wanted.endswith(text))
        if alike and (line.heading or called_title(line.element)):
            return [(line.index, line.index + 1)]
    return []


def _span(wanted: str, start: int, lines: list[Line]) -> tuple[int, int] | None:
    """[start, end) when the lines from `start` on are `wanted` and nothing else."""
    joined = ""
    for line in lines[start : start + _PARTS]:
        text = line.plain
        if not wanted.startswith(joined + text):
            return None
        joined += text
        if len(joined) == len(wanted):
            return start, line.index + 1
    return None


def _repeated(
    document_title: str, lines: list[Line], table: HeaderTable, info: int | None
) -> Title | None:
    """The visible lines that `<title>` repeats: the longest such run before the info line, or
    anywhere on the page."""
    whole = fold(document_title)
    if len(whole) < _MORE_THAN:
        return None
    best: tuple[int, int, int] | None = None
    for line in lines:
        text = line.plain
        if not _MORE_THAN <= len(text) <= _LONGEST or text not in whole or line.furniture:
            continue
        if line.index in table.lines:
            continue
        joined, end = text, line.index + 1
        for following in lines[line.index + 1 : line.index + _PARTS]:
            more = following.plain
            if joined + more not in whole:
                break
            joined, end = joined + more, following.index + 1
        if line.linked and line.linked >= len(line.text) // 2 and end - line.index == 1:
            continue  # the way back to the column, not a title
        if is_agency(joined):
            continue  # the site's name, a signature
        late = info is not None and line.index > info
        if best is None or (len(joined) - 1000 * late) > best[0]:
            best = (len(joined) - 1000 * late, line.index, end)
    if best is None:
        return None
    text = tidy(" ".join(line.text for line in lines[best[1] : best[2]]))
    for piece in (document_title, *_CUT.split(document_title)):
        if fold(piece) == fold(text):
            text = piece  # as one line, without the breaks of the page
    if len(fold(text)) * 3 < len(fold(_CUT.split(document_title, maxsplit=1)[0])):
        return None  # a column or site name at the end of <title>
    return Title(unwrap(text), "title and page", best[1], best[2])


def _heading(lines: list[Line], table: HeaderTable, info: int | None) -> Title | None:
    """The heading nearest before the info line; without one, the first that a text follows; then
    any block that calls itself a title. The 标题 of the header table stands in for none."""
    for test in (lambda line: line.heading, lambda line: called_title(line.element)):
        found = [x for x in lines if x.index not in table.lines and _may_be(x) and test(x)]
        before = [x for x in found if info is not None and x.index <= info]
        followed = [x for x in found if _text_follows(lines, x.index)]
        line = next(iter(before[-1:] or followed[:1] or found[:1]), None)
        if line is None:
            continue
        first = after = line.index
        while first and lines[first - 1].element is line.element:
            first -= 1
        while after < len(lines) and lines[after].element is line.element:
            after += 1
        text = " ".join(x.text for x in lines[first:after])
        return Title(unwrap(tidy(text)), "heading", first, after)
    return None


def _may_be(line: Line) -> bool:
    return (
        _MORE_THAN <= len(line.plain) <= _LONGEST
        and not line.furniture
        and line.linked * 2 < len(line.text)
    )


def _text_follows(lines: list[Line], index: int) -> bool:
    """Whether one of the next lines is a sentence."""
    return any(
        len(x.text) > 20 and not x.linked and re.search(r"[，。：]", x.text)
        for x in lines[index + 1 : index + 6]
    )
