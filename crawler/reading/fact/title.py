"""The title of a notice: declared, or the heading that the document's own title repeats, or the
line that stands where titles stand: by the info line, above the text, as a heading."""

import re
from dataclasses import replace

from crawler.reading.fact.agencies import is_agency
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.title_heading import best_heading, short_links
from crawler.reading.fact.title_places import (
    CUT,
    MORE_THAN,
    NEAR,
    Title,
    place_of,
    stem_of,
    unwrap,
    whole_title,
)
from crawler.reading.fact.title_repeated import repeated_title
from crawler.reading.lines import HEAD, Line, fold, tidy
from crawler.reading.meta import Meta

# the name of a column that a page prints before a title: [通知]
_MARK = re.compile(r"^[\[［【](?P<name>[^\[\]［］【】]{2,8})[\]］】]\s*(?=\S{6})")
_KIND = re.compile(
    r"(?:通知|公告|公示|通告|公报|新闻|动态|政策|文件|招标|人事|工作|政务|信息|要闻)+"
)
_SITE_NAME = 16


def read_title(
    meta: Meta,
    lines: list[Line],
    table: HeaderTable,
    info: int | None,
    selected: str = "",
    listed: str = "",
) -> Title:
    """The title and where it stands. `info` is the line of 发布时间 and 来源, near which the title
    is; `selected` what a selector gave, `listed` the row's title in the list. One that is cut
    (关于印发…) is given whole when anything on the page says it whole.

    "" when the page shows none."""
    title = _read(meta, lines[:HEAD], table, info, selected, listed)
    mark = _MARK.match(title.text)
    if mark is None or title.evidence in ("meta ArticleTitle", "selector"):
        return title
    return replace(title, text=_unmarked(title.text, mark, meta))


def declared_title(meta: Meta) -> str:
    """The title that a page declares, which goes before all others; "" when it declares none, or
    the name of its column or site."""
    declared = unwrap(meta.title)
    plain = fold(declared)
    named = len(plain) >= MORE_THAN and plain not in (fold(meta.column), fold(meta.site))
    return declared if named else ""


def _unmarked(text: str, mark: re.Match[str], meta: Meta) -> str:
    """The title without the column's name before it, when the page says it so elsewhere, or in
    no other place as it stands."""
    bare, whole = text[mark.end() :], fold(text)
    said = [fold(x) for x in (meta.document_title, meta.social_title)]
    if any(whole in x for x in said):
        return text
    column = text[0] != "【" and _KIND.fullmatch(mark["name"])
    return bare if column or any(fold(bare) in x for x in said) else text


def _read(
    meta: Meta,
    lines: list[Line],
    table: HeaderTable,
    info: int | None,
    selected: str,
    listed: str,
) -> Title:
    declared = declared_title(meta)
    for text, evidence in ((declared, "meta ArticleTitle"), (tidy(selected), "selector")):
        if text:
            return _stated(text, evidence, meta, lines, table, info)
    shown = repeated_title(meta, lines, table, info)
    if shown and len(fold(shown.text)) > _SITE_NAME:
        return shown
    heading, by_name = best_heading(meta, lines, table, info)
    if shown and not (heading and _is_column(shown, heading, lines, info)):
        return shown
    if shown:
        return heading or shown
    if heading and by_name:
        return heading
    for text, evidence in ((table.values.get("title", ""), "table"), (listed, "row")):
        if text:
            return _stated(text, evidence, meta, lines, table, info)
    if heading:
        return heading
    text = unwrap(CUT.split(meta.document_title, maxsplit=1)[0])
    if not text or is_agency(text):
        return Title("", "")
    return _stated(text, "title", meta, lines, table, info)


def _stated(
    text: str,
    evidence: str,
    meta: Meta,
    lines: list[Line],
    table: HeaderTable,
    info: int | None,
) -> Title:
    place = place_of(text, lines, table, info)
    stem = stem_of(fold(text))
    if stem and (whole := whole_title(stem, meta, lines)):
        at = place_of(whole, lines, table, info)
        return Title(whole, evidence, *(at if at[0] is not None else place))
    return Title(text, evidence, *place)


def _is_column(shown: Title, heading: Title, lines: list[Line], info: int | None) -> bool:
    """Whether what <title> repeats is the name of column or site, which links set apart from the
    title by the info line, `heading`."""
    name, other = fold(shown.text), fold(heading.text)
    if name == other or shown.after is None or heading.first is None:
        return False
    if info is None or abs(info - heading.first) > NEAR or shown.after > heading.first:
        return False
    between = lines[shown.after : heading.first]
    return name in short_links(lines) or any(x.linked * 2 > len(x.text) for x in between)
