"""Where on a page a title stands that is known, and where one that is cut is said whole."""

import re
from dataclasses import dataclass
from itertools import islice

from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.lines import Line, called_title, fold, tidy
from crawler.reading.meta import Meta

CUT = re.compile(r"\s*(?:_+|[|｜丨]|--+|——|－|\s[-–—]\s?|(?<=[一-鿿》）”\])])[-–]\s?)\s*")
_WRAPPED = re.compile(r"^【([^【】]+)】$")
DOTS = re.compile(r"(?:\.{2,6}|…{1,3}|。{3})$")
_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef“”]) ?\n ?(?=[\u2e80-\u9fff\uff00-\uffef“”—])")
MORE_THAN = 4  # shorter texts are column names and buttons
STEM = 8  # characters of a cut title that tell it
LONGEST = 220
PARTS = 5  # lines one title may be broken into
NEAR = 12  # lines between a title and its info line


@dataclass(frozen=True, slots=True)
class Title:
    """A title, where it was read, and where it stands; "" for none."""

    text: str
    evidence: str
    first: int | None = None  # lines where it stands on the page: [first, after)
    after: int | None = None
    declared: str = ""  # what <meta> says, when the page shows another

    @property
    def span(self) -> tuple[int | None, int | None]:
        return self.first, self.after


def unwrap(text: str) -> str:
    """The title that stands in 【】 as a whole."""
    match = _WRAPPED.match(text)
    return match[1] if match else text


def place_of(
    text: str, lines: list[Line], table: HeaderTable, info: int | None
) -> tuple[int | None, int | None]:
    """Where `text` stands as one line or a few: the last place before the info line, else the
    first place of all."""
    wanted = fold(text)
    first, longest = wanted[:1], 2 * len(wanted)
    places: list[tuple[int, int]] = []
    for line in lines:
        begins = line.text[0]
        if begins != first and "一" <= begins <= "鿿":  # those are folded to themselves
            continue
        if len(line.text) > longest or not wanted.startswith(line.plain):
            continue
        span = _span(wanted, line.index, lines) if line.index not in table.lines else None
        if span is not None:
            places.append(span)
    before = [span for span in places if info is not None and span[0] <= info]
    near = [span for span in before if info is not None and info - span[0] <= NEAR]
    chosen = near or before[-1:] or _around(wanted, lines) or places[:1]
    return chosen[0] if chosen else (None, None)


def _around(wanted: str, lines: list[Line]) -> list[tuple[int, int]]:
    """The heading that says the title with an agency before it, or only its main part; or cut."""
    for line in lines:
        if len(line.text) > 2 * LONGEST:
            continue
        text = line.plain
        alike = len(text) > 8 and (text.endswith(wanted) or wanted.endswith(text))
        alike = alike or (len(text) > 8 and wanted.startswith(stem_of(text) or "-"))
        if alike and (line.heading or called_title(line.element)):
            return [(line.index, line.index + 1)]
    return []


def _span(wanted: str, start: int, lines: list[Line]) -> tuple[int, int] | None:
    """[start, end) when the lines from `start` on are `wanted` and nothing else."""
    joined = ""
    for line in lines[start : start + PARTS]:
        text = line.plain
        if not wanted.startswith(joined + text):
            return None
        joined += text
        if len(joined) == len(wanted):
            return start, line.index + 1
    return None


def stem_of(plain: str) -> str:
    """What a cut text says, folded like `plain`; "" when it is not cut."""
    if not plain.endswith(("..", "…", "。。")):
        return ""
    stem = plain.rstrip(".…。")
    return stem if len(stem) >= STEM else ""


def whole_title(stem: str, meta: Meta, lines: list[Line]) -> str:
    """The title that begins with `stem`, where the page says it whole: in <meta>, in a `title`
    attribute, in <title>, in another line; "" when nowhere."""
    said = [meta.title, meta.social_title]
    for line in lines:
        if stem in line.plain:
            element = line.element
            holders = (element, *islice(element.iterancestors(), 1), *islice(element, 3))
            said.extend(tidy((x.get("title") or "")[: LONGEST * 2]) for x in holders)
    rest = meta.document_title
    for cut in CUT.finditer(rest):
        if len(fold(rest[: cut.start()])) > len(stem):
            rest = rest[: cut.start()]
            break
    said += [rest, *(x.text for x in lines if x.plain.startswith(stem) and may_be_title(x))]
    for text in said:
        plain = fold(text)
        if plain.startswith(stem) and len(plain) > len(stem) and not DOTS.search(plain):
            return unwrap(text)
    return ""


def joined_lines(lines: list[Line]) -> str:
    """A title that is broken into lines; Chinese needs no space where they meet."""
    return _BREAK.sub("", "\n".join(tidy(x.text) for x in lines)).replace("\n", " ")


def may_be_title(line: Line) -> bool:
    """Whether a line is as long as titles are, and neither a link nor the page's frame."""
    return (
        MORE_THAN <= len(line.plain) <= LONGEST
        and not line.furniture
        and line.linked * 2 < len(line.text)
    )
