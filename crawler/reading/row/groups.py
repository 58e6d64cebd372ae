"""Which of a page's links are its notice list: repeated structure, scored.

Links with the same path of tags form a group; the largest element around each that holds no other
link of the group is its row; rows under one parent (or under equal siblings) are a list. The list
with the most dated, long titles outside navigation wins. Links that share one day are one row;
lists of one form that stand side by side are one list when each goes on in time where the one
before it ended.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from crawler.notice import Row
from crawler.reading.limits import MOST_LINKS, most_links, most_rows
from crawler.reading.lines import fold, short_text, text_of, tidy
from crawler.reading.row.days import Days
from crawler.reading.row.facts import Facts, RowReader, dated_by
from crawler.reading.row.parts import one_a_row, parts_of
from crawler.reading.row.paths import by_path
from crawler.reading.row.places import days_above, heading_of, is_paged, standing
from crawler.reading.row.years import settle

_ENOUGH = 1.2  # the least score of a list
_ENOUGH_ALONE, _FEW = 0.35, 2  # of each row, where all of so few are dated
_FULL = 22  # a title of so many characters counts wholly
_HIGHEST = 40  # levels from a link up to its row
_NAMES = 400  # characters of class and id
_BETWEEN = 200  # characters between two rows that are looked at
_MOST_STRAYS = 200  # siblings of rows that are asked for a link
_BESIDE = 60  # elements between two links of a row
_MOST_HELD = 6  # links inside a link
_TRIED = 20  # rows that tell whether the days stand between the rows
_MOST_LISTS = 100  # looked into, those with the most titles first
_MOST_PARTS = 40  # lists that are one
_BLOCK = 3  # dated rows of a block
_ALIKE = 0.4  # of the strongest block's score
_RIVAL = 0.3  # of the strongest list's score
_NAME = 2  # characters of a column's name at least
_FIRST = 0.6  # of the score of links that stand behind in the same rows
_NUMBER = re.compile(r"\d{4}|[?&]id=")  # in the address of a notice
_ISSUE = re.compile(r"第\s?\d+\s?[期号辑]|20\d\d年")  # in the title of one of a series
_LAST = re.compile(r"\d[^/]{0,20}/?$")  # a number at the end of an address
_MOST_CELLS, _HEAD_CELL = 21, 40  # of a row; characters in a cell of a table's head

_Rows = list[tuple[HtmlElement, HtmlElement]]  # (anchor, row element)


@dataclass(slots=True)
class Group:
    """A list of rows found on a page, and how much it looks like one."""

    facts: list[Facts]
    score: float


@dataclass(slots=True)
class _List:
    """Rows that may be a list, with what is known of them whatever the day is."""

    rows: _Rows
    bound: float = 0.0  # no score is much higher
    ends: list[int] = field(default_factory=list)  # where lists begin that were put together
    beside: dict[HtmlElement, Days] = field(default_factory=dict)  # anchor -> the text that is its
    whole: bool = False  # strays were looked for
    between: Sequence[list[Days | None]] | None = None  # the days after the rows, and before them
    above: list[Days | None] | None = None  # the days that head several rows each


class Lists:
    """The lists of links of a page, or a part of one, of `size` bytes: sought once and judged by
    any clock. Of one that is too dense they are cut."""

    def __init__(self, root: HtmlElement, base: str, size: int, embedded: bool = False) -> None:
        self.rows = RowReader(base, root)
        title = next(root.iter("title"), None)
        self._title = fold((title.text or "")[:_NAMES]) if title is not None else ""
        found: list[_List] = []
        paths, self.cut = by_path(root, self.rows, most_links(size, embedded))
        most = most_rows(size)
        for anchors in paths.values():
            lists = _lists(anchors)
            if kept := one_a_row(lists, self.rows):
                lists = _lists([x for x in anchors if x in kept])
            self.cut = self.cut or any(len(x) > most for x in lists)
            of_path = [_List(x[:most]) for x in lists if len(x) > 1 or _single(x)]
            found += of_path + [x for x in _chains(of_path) if len(x.rows) <= most]
        for each in found:
            sizes = (min(len(self.rows.plain(anchor)), _FULL) for anchor, _ in each.rows)
            each.bound = sum(sizes) / _FULL
        found.sort(key=lambda x: -x.bound)
        self._found = found[:_MOST_LISTS]
        self._found += _side_by_side(self._found)
        self._found.sort(key=lambda x: -x.bound)
        self._bars: dict[HtmlElement, bool] = {}  # whether an element is a bar of pages
        self._standings: dict[HtmlElement, float] = {}

    def best(self, now: dt.datetime, evidence: str) -> Group | None:
        """The list with the most dated, long titles; None when none is good enough."""
        best: Group | None = None
        chosen: _List | None = None
        for each in self._found:
            # strays may add a row or two to what the bound knows
            if best is not None and 1.1 * each.bound + 1 < best.score:
                break
            group = self._group(each, now, evidence)
            if group is not None and (best is None or group.score > best.score):
                best, chosen = group, each
        if best is None or chosen is None:
            return None
        best = self._first_in(chosen, best, now, evidence)
        best = self._own(best, now, evidence)
        few = len(best.facts) <= _FEW and all(x.printed for x in best.facts)
        enough = _ENOUGH_ALONE * len(best.facts) if few else _ENOUGH
        return best if best.score >= enough else None

    def blocks(self, now: dt.datetime, evidence: str) -> list[Group]:
        """The lists of a page with several, strongest first: dated ones of like strength that
        share no row."""
        found: list[Group] = []
        for each in self._found:
            group = self._group(each, now, evidence) if not each.ends else None
            if group is not None and sum(x.row.date is not None for x in group.facts) >= _BLOCK:
                found.append(group)
        found.sort(key=lambda x: -x.score)
        kept: list[Group] = []
        seen: set[str] = set()
        for group in found:
            addresses = {x.row.address for x in group.facts}
            if group.score >= _ALIKE * found[0].score and not addresses & seen:
                kept.append(group)
                seen |= addresses
        return kept

    def _first_in(self, chosen: _List, best: Group, now: dt.datetime, evidence: str) -> Group:
        """The group of the links that stand first in the same rows (the notice itself, not its
        reading), when they are hardly weaker."""
        rows = {row: anchor for anchor, row in chosen.rows}
        for each in self._found:
            shared = [(x, rows[row]) for x, row in each.rows if row in rows]
            if each is chosen or len(shared) * 5 < len(rows) * 4 or each.beside:
                continue
            if not all(_before(one, other) for one, other in islice(shared, 3)):
                continue
            group = self._group(each, now, evidence)
            if group is not None and group.score >= _FIRST * best.score:
                return group
        return best

    def _own(self, best: Group, now: dt.datetime, evidence: str) -> Group:
        """The list under the page's own name, or with further pages, when the strongest has
        neither: the column's latest or hot ones beside may be as many."""
        if self._is_headed(best.facts[0].anchor, best.facts[-1].anchor):
            return best
        addresses = {x.row.address for x in best.facts}
        for each in self._found:
            same = each.rows[0][0] is best.facts[0].anchor
            if each.ends or same or each.bound < _RIVAL * best.score:
                continue
            if not self._is_headed(each.rows[0][0], each.rows[-1][0]):
                continue
            group = self._group(each, now, evidence)
            if group is None or group.score < _RIVAL * best.score:
                continue
            if not any(x.row.address in addresses for x in group.facts):
                return group
        return best

    def _is_headed(self, first: HtmlElement, last: HtmlElement) -> bool:
        """Whether the page's own name stands above a list, or a bar with further pages below."""
        heading = fold(heading_of(first))
        return (len(heading) > _NAME and heading in self._title) or is_paged(last, self._bars)

    def _group(self, each: _List, now: dt.datetime, evidence: str) -> Group | None:
        if not each.whole:
            each.whole = True
            if not each.ends and not each.beside:
                rows = _with_strays(each.rows, self.rows, self.cut)
                firsts: dict[str, tuple[HtmlElement, HtmlElement]] = {}
                for anchor, row in rows:
                    firsts.setdefault(self.rows.link(anchor), (anchor, row))
                each.rows = list(firsts.values())
        rows, beside = each.rows, each.beside
        column = _date_column(rows[0][1]) if not beside else None
        read = self.rows.facts
        facts = [read(x, row, now, evidence, beside.get(x), column) for x, row in rows]
        if _undated(facts) * 2 > len(rows) > 1 and not beside:
            facts = min((facts, *self._with_between(each, facts, now)), key=_undated)
            if _undated(facts) == len(facts):
                facts = self._below_days(each, facts, now)
        settle(facts, [row for _, row in rows], now)
        if each.ends and not _go_on(facts, each.ends):
            return None
        kept: dict[str, Facts] = {}
        for fact in facts:
            if fact is not None:
                kept.setdefault(fact.row.address, fact)
        if not kept:
            return None
        row = rows[0][1]
        if row not in self._standings:
            self._standings[row] = standing(row)
        found = list(kept.values())
        return Group(found, _score(found) * self._standings[row])

    def _with_between(
        self, each: _List, facts: list[Facts | None], now: dt.datetime
    ) -> Iterator[list[Facts | None]]:
        """The facts with the days that stand after their rows, and with those before them."""
        if each.between is None:
            first = _between(each.rows[:_TRIED])
            stand = any(x is not None and x.day(now) for texts in first for x in texts)
            each.between = _between(each.rows) if stand else ()
        for texts in each.between:
            yield [
                dated_by(fact, text, now) if fact is not None and text is not None else fact
                for fact, text in zip(facts, texts, strict=True)
            ]

    def _below_days(
        self, each: _List, facts: list[Facts | None], now: dt.datetime
    ) -> list[Facts | None]:
        """The facts with the days that stand as headings above several rows each."""
        if each.above is None:
            each.above = days_above([row for _, row in each.rows])
        if not each.above:
            return facts
        return [
            dated_by(fact, text, now) if fact is not None and text is not None else fact
            for fact, text in zip(facts, each.above, strict=True)
        ]


def _lists(anchors: list[HtmlElement]) -> list[_Rows]:
    """(anchor, row element) by list."""
    lists: dict[HtmlElement, _Rows] = defaultdict(list)
    once: set[HtmlElement] = set()  # what holds an anchor
    more: set[HtmlElement] = set()  # what holds several, and so does all above it
    for anchor in anchors if len(anchors) > 1 else ():
        for parent in islice(anchor.iterancestors(), _HIGHEST):
            if parent in more:
                break
            (more if parent in once else once).add(parent)
    for anchor in anchors:
        row = anchor
        for parent in islice(anchor.iterancestors(), _HIGHEST if len(anchors) > 1 else 0):
            if parent in more or parent.tag in ("body", "html"):
                break
            row = parent
            if parent.tag == "li":
                break  # a list nested in a row stays a list of its own
        if len(anchors) == 1:
            row = _single_row(anchor)
        container = row.getparent()
        lists[container if container is not None else row].append((anchor, row))
    # a list cut into several equal parts, five rows to a <ul>
    merged: dict[object, _Rows] = defaultdict(list)
    for container, rows in lists.items():
        parent = container.getparent()
        whole = parent is not None and parent.tag not in ("body", "html")
        key = (parent, container.tag, container.get("class")) if whole else container
        merged[key].extend(rows)
    return list(merged.values())


def _chains(lists: list[_List]) -> list[_List]:
    """Lists of one path side by side, under one parent or in boxes of their own, put together as
    one that may be: a list a year, five rows a box."""
    boxes: dict[object, list[_List]] = defaultdict(list)
    for each in lists:
        container = each.rows[0][1].getparent()
        above = container.getparent() if container is not None else None
        if container is None or above is None or above.tag in ("body", "html"):
            continue
        boxes[above].append(each)
        if (higher := above.getparent()) is not None and higher.tag not in ("body", "html"):
            boxes[higher, above.tag].append(each)
    found: list[_List] = []
    for parts in islice(boxes.values(), _MOST_LISTS):
        if 1 < len(parts) <= _MOST_PARTS:
            ends = [sum(len(x.rows) for x in parts[:n]) for n in range(1, len(parts))]
            found.append(_List([row for x in parts for row in x.rows], ends=ends))
    return found


def _go_on(facts: list[Facts | None], ends: list[int]) -> bool:
    """Whether each part of a list is dated and ends where the next begins."""
    latest: list[dt.date] = []
    earliest: list[dt.date] = []
    for start, end in zip([0, *ends], [*ends, len(facts)], strict=True):
        days = [x.row.date for x in facts[start:end] if x is not None and x.row.date is not None]
        if len(days) * 2 < end - start or not days:
            return False
        latest.append(max(days))
        earliest.append(min(days))
    return all(one >= other for one, other in zip(earliest, latest[1:], strict=False))


def _side_by_side(lists: list[_List]) -> list[_List]:
    """Lists whose rows are the same elements, each link with a day of its own: two notices in a
    row of a table, put together as one list."""
    of_row: dict[HtmlElement, list[_List]] = defaultdict(list)
    for each in lists:
        if len(each.rows) > 1 and not each.ends and each.rows[0][1].tag == "tr":
            of_row[each.rows[0][1]].append(each)
    found: list[_List] = []
    for together in of_row.values():
        if not 1 < len(together) <= _MOST_HELD:
            continue
        in_row: dict[HtmlElement, set[HtmlElement]] = defaultdict(set)
        for each in together:
            for anchor, row in each.rows:
                in_row[row].add(anchor)
        merged = _List([], sum(x.bound for x in together))
        for row, anchors in in_row.items():
            for anchor, text in parts_of(row, anchors):
                merged.rows.append((anchor, anchor))
                if text:
                    merged.beside[anchor] = Days([text])
        if len(merged.beside) * 5 >= len(merged.rows) * 4:
            found.append(merged)
    return found


def _before(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether an element stands before another of the same row."""
    above = [one, *islice(one.iterancestors(), _HIGHEST)]
    places = {x: n for n, x in enumerate(above)}
    last = other
    for parent in (other, *islice(other.iterancestors(), _HIGHEST)):
        if parent in places:
            mine = above[places[parent] - 1] if places[parent] else one
            return any(x is last for x in islice(mine.itersiblings(), _BESIDE))
        last = parent
    return False


def _single_row(anchor: HtmlElement) -> HtmlElement:
    for parent in islice(anchor.iterancestors(), 4):
        if parent.tag in ("li", "tr", "dd", "dl", "p"):
            return parent
    return anchor


def _single(rows: _Rows) -> bool:
    return len(rows) == 1 and rows[0][1].tag in ("li", "tr", "dl")


def _date_column(row: HtmlElement) -> int | None:
    """Which cell of a table row is the day of publication, by the table's head, where the head
    names several days."""
    if row.tag != "tr":
        return None
    table = next(row.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is row:
        return None
    names = [short_text(cell, _HEAD_CELL) for cell in islice(head, _MOST_CELLS)]
    days = [n for n, name in enumerate(names) if re.search(r"日期|时间", name)]
    named = [n for n in days if re.search(r"发布|公开|公布|上网", names[n])]
    return named[0] if len(days) > 1 and named else None


def _undated(facts: list[Facts | None]) -> int:
    return sum(1 for x in facts if x is None or not x.printed)


def _with_strays(rows: _Rows, reader: RowReader, cut: bool) -> _Rows:
    """The rows with those siblings of the same kind that hold their link elsewhere (a pinned
    first row, say); `cut`: what follows the last row was not to be read."""
    container = rows[0][1].getparent()
    if container is None or len(rows) < 2 or any(r.getparent() is not container for _, r in rows):
        return rows
    tag = rows[0][1].tag
    if tag not in ("li", "tr", "dl", "dd", "div", "p"):
        return rows
    by_row = {row: anchor for anchor, row in rows}
    whole: _Rows = []
    left, tries = len(rows), _MOST_STRAYS
    for child in container:
        if len(whole) >= MOST_LINKS or (cut and not left):
            break
        if child in by_row:
            whole.append((by_row[child], child))
            left -= 1
        elif child.tag == tag and tries:
            tries -= 1
            anchor = reader.main_anchor(child)
            if anchor is not None and len(reader.plain(anchor)) > 6:
                whole.append((anchor, child))
    return whole


def _between(rows: _Rows) -> tuple[list[Days | None], list[Days | None]]:
    """For every row the days in what stands after it, up to the next, and in what stands before."""
    marks = {row for _, row in rows}

    def collect(row: HtmlElement, preceding: bool) -> Days | None:
        texts = [] if preceding else [row.tail or ""]
        for sibling in row.itersiblings(preceding=preceding):
            if sibling in marks or len(texts) > 12:
                if preceding:
                    texts.append(sibling.tail or "")
                break
            if isinstance(sibling.tag, str):
                texts.append(text_of(sibling, _BETWEEN))
            texts.append(sibling.tail or "")
        text = tidy(" ".join(texts))[:_BETWEEN]
        return Days(text.split(), text) if text else None

    return [collect(row, False) for _, row in rows], [collect(row, True) for _, row in rows]


def _is_numbered(row: Row) -> bool:
    """Whether an address is a document's: by its own number, or by that of an issue."""
    if _NUMBER.search(row.address):
        return True
    return _ISSUE.search(row.title) is not None and _LAST.search(row.address) is not None


def _score(facts: list[Facts]) -> float:
    total = 0.0
    lengths = [len(fold(fact.row.title)) for fact in facts]
    for fact, size in zip(facts, lengths, strict=True):
        length = min(size, _FULL) / _FULL
        dated = 1.0 if fact.printed else 0.6 if fact.row.date else 0.25
        total += length * dated
    dated = sum(1 for fact in facts if fact.row.date is not None)
    if dated == 0:
        average = sum(lengths) / len(facts)
        paged = sum(1 for fact in facts if _is_numbered(fact.row))
        if average < 9 or len(facts) < 3 or paged * 2 < len(facts):
            return 0.0
    return total
