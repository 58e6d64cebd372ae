"""Until when: 申报截止, 公示期, 征求意见, 填报时间, with the sentence that says so.

Only what a text says in so many words: a range or a last day beside a word for handing in or
being on display. Nothing is counted from working days or from a day of publication.
"""

import datetime as dt
import re
from dataclasses import replace

from crawler.notice import Period
from crawler.reading.fact import period_words as words
from crawler.reading.fact.period_days import FIGURE, UNTIL, day_in, folded, time_in
from crawler.reading.fact.period_sentence import (
    Candidate,
    Context,
    add_opening,
    in_sentence,
    last_day,
)

_BEGINS = re.compile(r"^.{0,10}(?:开始|起始)(?:时间|日期)\s*[:：]")
_ENDS = re.compile(r"^.{0,10}(?:结束|截止|终止)(?:时间|日期)\s*[:：]")
_HEADING = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]?)?\s*"
    r"([一-鿿]{0,12}?(?:时间|期限|时限|日期))(?:要求|安排|节点|[及、和].{0,12})?\s*[:：]?$"
)
_COLUMN = re.compile(
    r"^(?:[一-鿿]{0,8}(?:截止|申报|报名|填报|受理|报送|提交|反馈|征集|公示)[一-鿿]{0,4}"
    r"(?:时间|日期|期限|时限)|[一-鿿]{0,6}截止|截止[一-鿿]{0,4})$"
)
_SENTENCES = re.compile(r"[^。；;！？]+[。；;！？]?")
_DATED = re.compile(r"\d\s?[年月/.-]\s?\d")  # what every day has
# what a day without 月 has: before it is folded, and after
_FIGURES = re.compile(r"[-./．—–－−‐‑─━ー﹣](?<=[\d\]】］[【［].)[][【】［］]*\d")
_APART_BY = re.compile(r"[-./](?<=\d[-./])\d")
_HEADS_DAYS = re.compile("截止|时间|日期|期限|时限")  # what the head of a column of days has
_MOST_DATED = 100  # sentences with a day that are looked at
_LONGEST = 2000  # characters looked at in one sentence
_NEAR = 3  # so many paragraphs a heading reaches, itself among them


def read_period(paragraphs: list[str], day: dt.date | None, title: str = "") -> Period | None:
    """The period a notice states, or None. `day` is when it was written or published: it gives the
    year where the text has none, and no period lies far from it. `title` tells what a bare
    时间： is for."""
    best: Candidate | None = None
    calls = bool(
        words.WHAT_FOR.search(title) or words.ASKED_FOR.search(title)
    ) and not words.OCCASION.search(title)
    answers, changes = words.ASKED_FOR.search(title), words.CHANGES.search(title)
    plain_context = Context(day, "", bool(answers), calls, bool(changes))
    context = plain_context
    heading_at = -_NEAR
    dated = 0
    for number, paragraph in enumerate(paragraphs):
        if not _may_tell(paragraph):
            continue
        plain = folded(paragraph, day)
        headed = len(plain) <= 30 and _names_time(plain)
        if headed and (match := _HEADING.match(plain.strip())):
            meant = words.WHAT_FOR.search(match[1]) or (calls and match[1] in ("时间", "期限"))
            context = replace(plain_context, heading=match[1] if meant else "")
            heading_at = number
            continue
        if not ("月" in plain or _APART_BY.search(plain)):
            continue
        whole = paragraph  # as it is folded
        if _BEGINS.match(paragraph) and number + 1 < len(paragraphs):
            following = paragraphs[number + 1]
            paragraph = f"{paragraph} {following}" if _ENDS.match(following) else paragraph
        elif not FIGURE.search(plain):
            continue
        near = context if number - heading_at < _NEAR else plain_context
        told = ""  # what the paragraph has said so far
        for part in _SENTENCES.finditer(paragraph):
            sentence = plain if part[0] == whole else folded(part[0], day)
            told += sentence[:_LONGEST]
            if not (_DATED.search(sentence) and FIGURE.search(sentence)):
                continue
            dated += 1
            if dated > _MOST_DATED:
                break
            found = in_sentence(sentence[:_LONGEST], near)
            if found is not None and found.beats(best, context.changes):
                if (
                    best
                    and found.period.opens is None
                    and found.period.closes == best.period.closes
                ):
                    found.period.opens = best.period.opens
                    found.period.opens_time = best.period.opens_time
                if found.period.opens is None:
                    add_opening(found.period, told, day)
                found.period.sentence = part[0].strip()
                best = found
    found = _in_table(paragraphs, plain_context)
    if found is not None and found.beats(best):
        best = found
    if best is None and "截" in title and (best := last_day(folded(title, day), plain_context)):
        best.period.sentence = title
    return best.period if best else None


def _may_tell(paragraph: str) -> bool:
    """Whether a paragraph may tell a day or head those that do: a cheap no for most."""
    return "月" in paragraph or _names_time(paragraph) or _FIGURES.search(paragraph) is not None


def _names_time(text: str) -> bool:
    return "时间" in text or "日期" in text or "期限" in text or "时限" in text


def with_opening(period: Period | None, boxed: Period | None) -> Period | None:
    """The period of a text with the opening that a box beside it states for the same last day;
    the box's own period where the text has none."""
    if period is None or boxed is None:
        return period or boxed
    if period.opens is None and boxed.closes == period.closes:
        period.opens, period.opens_time = boxed.opens, boxed.opens_time
        period.closes_time = period.closes_time or boxed.closes_time
    return period


def _in_table(paragraphs: list[str], context: Context) -> Candidate | None:
    """The last day in a column that is headed 截止时间, when all rows say the same."""
    found: list[Candidate] = []
    head: list[str] = []
    for paragraph in paragraphs:
        if "\t" not in paragraph:
            head = []
            continue
        if not head and not _HEADS_DAYS.search(paragraph):
            continue
        cells = folded(paragraph, context.day).split("\t")
        if len(cells) < 2:
            head = []
        elif _heads_days(cells):
            head = cells
        elif len(cells) == len(head):
            for name, cell in zip(head, cells, strict=True):
                candidate = _COLUMN.match(name.strip()) and _in_cell(name, cell, context)
                if candidate:
                    candidate.period.sentence = paragraph.replace("\t", " ")
                    found.append(candidate)
    days = {x.period.closes for x in found}
    return found[0] if len(days) == 1 else None


def _heads_days(cells: list[str]) -> bool:
    named = (cell.strip() for cell in cells if _HEADS_DAYS.search(cell))
    return any(_COLUMN.match(name) for name in named)


def _in_cell(name: str, cell: str, context: Context) -> Candidate | None:
    name = name.strip()
    if found := in_sentence(f"{name}:{cell}", replace(context, heading=name)):
        return found
    match = UNTIL.fullmatch(cell.strip())
    closes = day_in(match, "a", context.day) if match else None
    if match is None or closes is None:
        return None
    return Candidate(5, Period(None, closes, None, time_in(match, "a"), name))
