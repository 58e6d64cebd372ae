"""Which of a page's links are its notice list: repeated structure, scored.

Links with the same path of tags form a group; the largest element around each that holds no other
link of the group is its row; rows under one parent (or under equal siblings) are a list. The list
with the most dated, long titles outside navigation wins.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.reading.lines import fold, text_of, tidy
from crawler.reading.row_facts import (
    Facts,
    facts_of,
    is_title,
    label_of,
    link_of,
    main_anchor,
)

_WRAPPERS = frozenset(("b", "strong", "font", "span", "em", "i", "u", "small", "big"))
_ASIDE_TAGS = frozenset(("nav", "footer", "header", "aside"))
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:nav|menu|foot(?:er)?|head(?:er)?|link|friend|crumb|position|hot|rank|relat"
    r"|recommend|banner|slide|top)"
    r"|menu|footer|breadcrumb|related|friendlink|yqlj",
    re.I,
)
_OTHER_TITLE = re.compile(
    r"热点|热门|排行|推荐|相关|友情链接|点击|猜你|专题|导航|快速|链接|延伸阅读|常用|网站群"
)
_ENOUGH = 1.2  # the least score of a list
_ENOUGH_ALONE = 0.35  # of a list of one dated row
_REPEATED = 3
_FULL = 22  # a title of so many characters counts wholly


@dataclass(slots=True)
class Group:
    """A list of rows found on a page, and how much it looks like one."""

    facts: list[Facts]
    score: float


def best_group(root: HtmlElement, base: str, now: dt.datetime, evidence: str) -> Group | None:
    """The list of a tree; None when nothing on it looks like one."""
    labels, groups = _by_path(root)
    lists = [
        (sum(min(len(labels[anchor]), _FULL) for anchor, _ in rows) / _FULL, rows)
        for anchors in groups.values()
        for rows in _lists(anchors)
        if len(rows) > 1 or _single(rows)
    ]
    lists.sort(key=lambda x: -x[0])
    best: Group | None = None
    for bound, rows in lists:
        # strays may add a row or two to what the bound knows
        if best is not None and 1.1 * bound + 1 < best.score:
            break
        group = _group(rows, base, now, evidence)
        if group is not None and (best is None or group.score > best.score):
            best = group
    if best is None:
        return None
    alone = len(best.facts) == 1 and best.facts[0].printed
    return best if best.score >= (_ENOUGH_ALONE if alone else _ENOUGH) else None


def _by_path(
    root: HtmlElement,
) -> tuple[dict[HtmlElement, str], dict[str, list[HtmlElement]]]:
    """The folded titles of all links that have one, and these links by their path of tags; of
    neighbours with one address only the one with the longest text."""
    paths: dict[HtmlElement, str] = {}
    labels: dict[HtmlElement, str] = {}
    groups: dict[str, list[HtmlElement]] = defaultdict(list)
    last: tuple[str, str, HtmlElement] | None = None  # link, path, anchor
    for element in root.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        parent = element.getparent()
        above = paths.get(parent, "") if parent is not None else ""
        if tag in _WRAPPERS:
            path = above
        elif tag in ("td", "th"):
            path = f"{above}>{tag}{_place(element)}"
        else:
            path = f"{above}>{tag}"
        paths[element] = path
        if tag != "a" and not element.get("onclick"):
            continue
        link = link_of(element)
        if not link or (tag != "a" and element.find(".//a") is not None):
            continue
        label = label_of(element)
        if not is_title(label):
            continue
        labels[element] = fold(label)
        if last is not None and last[0] == link and _near(last[2], element):
            if len(labels[element]) <= len(labels[last[2]]):
                continue
            groups[last[1]].remove(last[2])
        groups[path].append(element)
        last = (link, path, element)
    for path, anchors in groups.items():  # the column's own link in every row
        times = Counter(link_of(x) for x in anchors)
        if len(times) > 1:
            groups[path] = [x for x in anchors if times[link_of(x)] < _REPEATED]
    return labels, groups


def _place(cell: HtmlElement) -> int:
    place = 0
    for sibling in cell.itersiblings(preceding=True):
        if isinstance(sibling.tag, str):
            place += 1
        if place > 20:
            break
    return place


def _near(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two links stand in one row: a common parent at most three levels up."""
    chain = {one, *list(one.iterancestors())[:3]}
    return any(x in chain for x in list(other.iterancestors())[:3])


def _lists(anchors: list[HtmlElement]) -> list[list[tuple[HtmlElement, HtmlElement]]]:
    """(anchor, row element) by list."""
    counts: Counter[HtmlElement] = Counter()
    for anchor in anchors:
        counts.update(anchor.iterancestors())
    lists: dict[HtmlElement, list[tuple[HtmlElement, HtmlElement]]] = defaultdict(list)
    for anchor in anchors:
        row = anchor
        for parent in anchor.iterancestors():
            if counts[parent] > 1 or parent.tag in ("body", "html"):
                break
            row = parent
            if parent.tag == "li":
                break  # a list nested in a row stays a list of its own
        if len(anchors) == 1:
            row = _single_row(anchor)
        container = row.getparent()
        lists[container if container is not None else row].append((anchor, row))
    # a list cut into several equal parts, five rows to a <ul>
    merged: dict[object, list[tuple[HtmlElement, HtmlElement]]] = defaultdict(list)
    for container, rows in lists.items():
        parent = container.getparent()
        whole = parent is not None and parent.tag not in ("body", "html")
        key = (parent, container.tag, container.get("class")) if whole else container
        merged[key].extend(rows)
    return list(merged.values())


def _single_row(anchor: HtmlElement) -> HtmlElement:
    for parent in list(anchor.iterancestors())[:4]:
        if parent.tag in ("li", "tr", "dd", "dl", "p"):
            return parent
    return anchor


def _single(rows: list[tuple[HtmlElement, HtmlElement]]) -> bool:
    return len(rows) == 1 and rows[0][1].tag in ("li", "tr", "dl")


def _group(
    rows: list[tuple[HtmlElement, HtmlElement]], base: str, now: dt.datetime, evidence: str
) -> Group | None:
    rows = _with_strays(rows)
    column = _date_column(rows[0][1])
    facts = [facts_of(anchor, row, base, now, evidence, "", column) for anchor, row in rows]
    if _undated(facts) * 2 > len(rows) > 1:
        for texts in _between(rows):
            again = [
                facts_of(anchor, row, base, now, evidence, beside)
                for (anchor, row), beside in zip(rows, texts, strict=True)
            ]
            if _undated(again) < _undated(facts):
                facts = again
    found = [x for x in facts if x is not None]
    seen: set[str] = set()
    kept = []
    for fact in found:
        if fact.row.address not in seen:
            seen.add(fact.row.address)
            kept.append(fact)
    if not kept:
        return None
    return Group(kept, _score(kept, rows[0][1]))


def _date_column(row: HtmlElement) -> int | None:
    """Which cell of a table row is the day of publication, by the table's head, where the head
    names several days."""
    if row.tag != "tr":
        return None
    table = next(row.iterancestors("table"), None)
    head = next(table.iter("tr"), None) if table is not None else None
    if head is None or head is row:
        return None
    names = [text_of(cell) for cell in head]
    days = [n for n, name in enumerate(names) if re.search(r"日期|时间", name)]
    named = [n for n in days if re.search(r"发布|公开|公布|上网", names[n])]
    return named[0] if len(days) > 1 and named else None


def _undated(facts: list[Facts | None]) -> int:
    return sum(1 for x in facts if x is None or not x.printed)


def _with_strays(
    rows: list[tuple[HtmlElement, HtmlElement]],
) -> list[tuple[HtmlElement, HtmlElement]]:
    """The rows with those siblings of the same kind that hold their link elsewhere (a pinned
    first row, say)."""
    container = rows[0][1].getparent()
    if container is None or len(rows) < 2 or any(r.getparent() is not container for _, r in rows):
        return rows
    tag = rows[0][1].tag
    if tag not in ("li", "tr", "dl", "dd", "div", "p"):
        return rows
    by_row = {row: anchor for anchor, row in rows}
    whole = []
    for child in container:
        if child in by_row:
            whole.append((by_row[child], child))
        elif child.tag == tag:
            anchor = main_anchor(child)
            if anchor is not None and len(fold(label_of(anchor))) > 6:
                whole.append((anchor, child))
    return whole


def _between(rows: list[tuple[HtmlElement, HtmlElement]]) -> list[list[str]]:
    """For every row what stands after it, up to the next, and what stands before it."""
    marks = {row for _, row in rows}

    def collect(row: HtmlElement, preceding: bool) -> str:
        texts = [] if preceding else [row.tail or ""]
        for sibling in row.itersiblings(preceding=preceding):
            if sibling in marks or len(texts) > 12:
                if preceding:
                    texts.append(sibling.tail or "")
                break
            if isinstance(sibling.tag, str):
                texts.append(text_of(sibling))
            texts.append(sibling.tail or "")
        return tidy(" ".join(texts))[:200]

    return [[collect(row, False) for _, row in rows], [collect(row, True) for _, row in rows]]


def _score(facts: list[Facts], row: HtmlElement) -> float:
    total = 0.0
    for fact in facts:
        length = min(len(fold(fact.row.title)), _FULL) / _FULL
        dated = 1.0 if fact.printed else 0.6 if fact.row.date else 0.25
        total += length * dated
    dated = sum(1 for fact in facts if fact.row.date is not None)
    if dated == 0:
        average = sum(len(fold(fact.row.title)) for fact in facts) / len(facts)
        paged = sum(1 for fact in facts if re.search(r"\d{4}|[?&]id=", fact.row.address))
        if average < 9 or len(facts) < 3 or paged * 2 < len(facts):
            return 0.0
    return total * _standing(row)


def _standing(row: HtmlElement) -> float:
    """Less for lists in navigation, footers and boxes of hot or related links."""
    factor = 1.0
    for depth, parent in enumerate(row.iterancestors()):
        if parent.tag in ("body", "html"):
            break
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}"
        if parent.tag in _ASIDE_TAGS or (names != " " and _ASIDE.search(names)):
            factor = min(factor, 0.5)
        if depth < 4 and _titled_other(parent):
            factor = min(factor, 0.3)
    return factor


def _titled_other(container: HtmlElement) -> bool:
    previous = container.getprevious()
    while previous is not None and not isinstance(previous.tag, str):
        previous = previous.getprevious()
    if previous is None:
        return False
    text = text_of(previous)
    return (
        len(text) <= 16 and bool(_OTHER_TITLE.search(text)) and not any(c.isdigit() for c in text)
    )
