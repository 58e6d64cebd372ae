"""The changes that matter between two states of a notice, each named, with the words around it.

What a text and the facts read from it both tell is told once: a deadline that moved is one change,
not one of the text and one of the period. Swapping the states swaps the sides of every change.
"""

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest
from typing import Any

from store.diff.context import Context
from store.diff.files import File, file_changes
from store.diff.matter import Change, Matter
from store.diff.paragraphs import How, Piece, Step, compare
from store.diff.words import Kind, Word, is_day, words_of

_MATTERS = {
    Kind.DATE: Matter.DATE,
    Kind.TERM: Matter.TERM,
    Kind.SUM: Matter.SUM,
    Kind.COUNT: Matter.COUNT,
    Kind.PHONE: Matter.PHONE,
    Kind.EMAIL: Matter.EMAIL,
    Kind.NUMBER: Matter.NUMBER,
}
# In paragraphs that came or went as a whole, numbers of things are part of what they say.
_TOLD_APART = {Matter.DEADLINE, Matter.DATE, Matter.SUM, Matter.PHONE, Matter.EMAIL}
_ORDER = {matter: place for place, matter in enumerate(Matter)}
_DATES = (Matter.DATE, Matter.DEADLINE)
# A bare figure says least of what it is.
_WEIGHT = _ORDER | {Matter.COUNT: len(_ORDER)}
_WORD_LIKE = 40  # characters that may stand in a word's place


@dataclass(frozen=True, slots=True)
class State:
    """What a revision says."""

    title: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)  # as `models.Revision.facts`
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """All that two states tell apart."""

    steps: list[Step]  # every paragraph
    changes: list[Change]  # the weightiest first, those of one matter as the text has them

    def __bool__(self) -> bool:
        return bool(self.changes)


def diff(before: State, after: State) -> Diff:
    """What changed from one state to the other; no changes for two that say the same."""
    steps = compare(before.text, after.text)
    told = list(_of_text(before, after, steps))
    told = _with_facts(told, before, after)
    files = list(file_changes(before.files, after.files))
    told = _without_lists(told, files)
    return Diff(steps, sorted([*told, *files], key=lambda change: _ORDER[change.matter]))


@dataclass(frozen=True, slots=True)
class _Found:
    """A word on one side, named."""

    matter: Matter
    text: str
    around: str


@dataclass(slots=True)
class _Block:
    """What changed between two paragraphs that stayed."""

    before: list[_Found] = field(default_factory=list)  # words without a counterpart yet
    after: list[_Found] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def settle(self) -> list[Change]:
        """The changes, the words left over paired by what they are, in order."""
        gone, come = _without_common(self.before, self.after)
        for matter in sorted({*gone, *come}, key=lambda matter: _ORDER[matter]):
            for one, other in zip_longest(gone.get(matter, []), come.get(matter, [])):
                self.changes.append(_change(one, other))
        return self.changes


def _of_text(before: State, after: State, steps: list[Step]) -> Iterator[Change]:
    here, there = (Context(x.text, x.facts.get("parts") or ()) for x in (before, after))
    titles = before.title.strip(), after.title.strip()
    for stays, block in groupby(steps, key=lambda step: step.how is How.SAME):
        if stays:
            continue
        told = _Block()
        for how, some in groupby(block, key=lambda step: step.how):
            run = list(some)
            if how is How.CHANGED:
                for step in run:
                    sides = (step.before or "").strip(), (step.after or "").strip()
                    if sides != titles or titles[0] == titles[1]:
                        _of_changed(told, step, here, there)
            elif how is How.MOVED:
                told.changes += _moved(run)
            elif how is How.REMOVED:
                told.before += _apart(here, [step.first for step in run])
                gone = "\n".join(step.before or "" for step in run)
                told.changes.append(Change(Matter.TEXT, gone, "", gone[:200], ""))
            else:
                told.after += _apart(there, [step.start for step in run])
                come = "\n".join(step.after or "" for step in run)
                told.changes.append(Change(Matter.TEXT, "", come, "", come[:200]))
        yield from told.settle()


def _moved(run: list[Step]) -> Iterator[Change]:
    """A paragraph that moved is told where it stands now."""
    lines = [step.after for step in run if step.after is not None]
    if lines:
        text = "\n".join(lines)
        yield Change(Matter.PLACE, text, text)


def _apart(context: Context, lines: list[int]) -> Iterator[_Found]:
    for line in lines:
        for word in words_of(context.lines[line]):
            found = _named(context, line, word)
            if found and found.matter in _TOLD_APART:
                yield found


def _named(context: Context, line: int, word: Word) -> _Found | None:
    matter = _MATTERS.get(word.kind)
    if matter is None:
        return None
    if matter is Matter.DATE and context.is_deadline(line, word):
        matter = Matter.DEADLINE
    return _Found(matter, word.text, context.around(line, word.start, word.end))


def _of_changed(told: _Block, step: Step, here: Context, there: Context) -> None:
    """The words that changed within a paragraph, and the rest of each piece as text."""
    words = words_of(step.before or ""), words_of(step.after or "")
    at = [0, 0]  # characters passed on either side
    passed = [0, 0]  # words
    for piece in step.pieces:
        ends = at[0] + len(piece.before), at[1] + len(piece.after)
        inside: list[list[Word]] = [[], []]
        for side in (0, 1):
            while passed[side] < len(words[side]) and words[side][passed[side]].end <= ends[side]:
                inside[side].append(words[side][passed[side]])
                passed[side] += 1
        if not piece.same:
            around = (
                here.around(step.first, at[0], ends[0]),
                there.around(step.start, at[1], ends[1]),
            )
            sides = _sides(inside, (step.first, step.start), (here, there))
            if one := _one_word(piece, sides, around):
                told.changes.append(one)
            else:
                found = _replaced(told, sides)
                rest = _bare(piece.before, inside[0], at[0]), _bare(piece.after, inside[1], at[1])
                if not found or _plain(rest[0]) != _plain(rest[1]):
                    told.changes.append(Change(Matter.TEXT, piece.before, piece.after, *around))
        at = list(ends)


def _sides(
    inside: list[list[Word]], lines: tuple[int, int], contexts: tuple[Context, Context]
) -> list[list[_Found]]:
    """The words of a piece on either side, named."""
    return [
        [found for word in words if (found := _named(contexts[side], lines[side], word))]
        for side, words in enumerate(inside)
    ]


def _one_word(piece: Piece, sides: list[list[_Found]], around: tuple[str, str]) -> Change | None:
    """The piece as one change, when it is nothing but one word on one side and on the other a few
    characters of another shape: a 文号 with a digit wrong, 另行通知 in place of a day."""
    texts = piece.before, piece.after
    if not all(0 < len(text) <= _WORD_LIKE for text in texts):
        return None
    whole = [x[0] for x, text in zip(sides, texts, strict=True) if [y.text for y in x] == [text]]
    kinds = {Matter.DATE if x.matter in _DATES else x.matter for x in whole}
    if not whole or (len(whole) == 2 and len(kinds) == 1):
        return None
    matter = min((x.matter for x in whole), key=lambda matter: _WEIGHT[matter])
    return Change(matter, *texts, *around)


def _replaced(told: _Block, sides: list[list[_Found]]) -> bool:
    """Name the words of a piece; whether any was replaced, came or went."""
    alike = [[x.text for x in side] for side in sides]
    if alike[0] == alike[1]:
        return False
    kinds = [[_DATES[0] if x.matter in _DATES else x.matter for x in side] for side in sides]
    if kinds[0] == kinds[1]:
        told.changes += [
            _change(one, other) for one, other in zip(*sides, strict=True) if one.text != other.text
        ]
    else:
        told.before += sides[0]
        told.after += sides[1]
    return True


def _change(one: _Found | None, other: _Found | None) -> Change:
    """One word in place of another. A date is a deadline when either side says so."""
    named = [x.matter for x in (one, other) if x]
    matter = Matter.DEADLINE if Matter.DEADLINE in named else named[0]
    return Change(
        matter,
        one.text if one else "",
        other.text if other else "",
        one.around if one else "",
        other.around if other else "",
    )


def _without_common(
    before: list[_Found], after: list[_Found]
) -> tuple[dict[Matter, list[_Found]], dict[Matter, list[_Found]]]:
    """Both by matter, without what stands on both sides: it was only put elsewhere."""
    left: dict[str, list[_Found]] = defaultdict(list)
    for other in after:
        left[other.text].append(other)
    gone: dict[Matter, list[_Found]] = defaultdict(list)
    for one in before:
        if left[one.text]:
            left[one.text].pop()
        else:
            gone[one.matter].append(one)
    stays = {id(x) for rest in left.values() for x in rest}
    come: dict[Matter, list[_Found]] = defaultdict(list)
    for other in after:
        if id(other) in stays:
            come[other.matter].append(other)
    return gone, come


def _bare(text: str, words: list[Word], start: int) -> str:
    """The text of a piece without its words."""
    out, at = [], 0
    for word in words:
        if word.kind is not Kind.NAME:
            out.append(text[at : word.start - start])
            at = word.end - start
    return "".join([*out, text[at:]])


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _with_facts(told: list[Change], before: State, after: State) -> list[Change]:
    """The changes of the facts besides; what the text told of them already gets their name."""
    if before.title != after.title:
        told.append(Change(Matter.TITLE, before.title, after.title))
    told = _with_number(told, before.facts, after.facts)
    told = _with_issuers(told, before.facts, after.facts)
    periods = before.facts.get("period") or {}, after.facts.get("period") or {}
    for name, matter in (("closes", Matter.DEADLINE), ("opens", Matter.DATE)):
        sides = tuple(_moment(period, name) for period in periods)
        told = _with_day(told, matter, sides, tuple(str(x.get("sentence") or "") for x in periods))
    for name, matter in (("written", Matter.WRITTEN), ("published", Matter.PUBLISHED)):
        days = tuple(_said_day(facts.get(name)) for facts in (before.facts, after.facts))
        told = _with_day(told, matter, days, ("", ""))
    return told


def _with_number(
    told: list[Change], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    old, new = before.get("doc_number") or "", after.get("doc_number") or ""
    if old == new:
        return told
    keys = _folded(old), _folded(new)
    rest = [
        change
        for change in told
        if not (
            change.matter is Matter.NUMBER
            and _folded(change.before).endswith(keys[0])
            and _folded(change.after).endswith(keys[1])
        )
    ]
    if len(rest) == len(told):  # an added or removed line may be no more than the number
        rest = [c for c in told if (_folded(c.before), _folded(c.after)) != keys]
    return [*rest, Change(Matter.NUMBER, old, new)]


def _folded(number: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", number))


def _with_issuers(
    told: list[Change], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    old, new = list(before.get("issuers") or ()), list(after.get("issuers") or ())
    if old == new:
        return told
    gone, come = [x for x in old if x not in new], [x for x in new if x not in old]

    def signs(change: Change) -> bool:
        if change.matter is not Matter.TEXT:
            return False
        named = _names(change.before, old) and _names(change.after, new)
        return named and (change.before != "" or change.after != "")

    rest = [change for change in told if not signs(change)]
    return [*rest, Change(Matter.ISSUERS, "、".join(gone or old), "、".join(come or new))]


def _names(text: str, agencies: list[str]) -> bool:
    """Whether the text is nothing but names of these agencies, or parts of them."""
    lines = [x for x in re.split(r"[\s、，]+", text) if x]
    return all(any(line in agency for agency in agencies) for line in lines)


Moment = tuple[dt.date | None, str]  # the day, and as it is told


def _moment(period: Mapping[str, Any], name: str) -> Moment:
    day, told = _said_day(period.get(name))
    hour = str(period.get(f"{name}_time") or "")
    return day, f"{told} {hour[:5]}".strip() if told else ""


def _said_day(said: object) -> Moment:
    text = str(said or "")[:10]
    try:
        return dt.date.fromisoformat(text), text
    except ValueError:
        return None, ""


def _with_day(
    told: list[Change],
    matter: Matter,
    sides: tuple[Moment, ...],
    sentences: tuple[str, ...],
) -> list[Change]:
    """A day among the facts that is another now: the change of the text that says so gets its
    name; without one it is told by itself."""
    (old, was), (new, now) = sides
    if was == now:
        return told
    for at, change in enumerate(told):
        if change.matter in _DATES and _says(change.before, old) and _says(change.after, new):
            named = matter if change.matter is Matter.DATE else change.matter
            told[at] = replace(change, matter=named)
            return told
    return [*told, Change(matter, was, now, *sentences)]


def _says(text: str, day: dt.date | None) -> bool:
    return text == "" if day is None else is_day(text, day)


def _without_lists(told: list[Change], files: list[Change]) -> list[Change]:
    """Without the lines of the text that only name a file that came, went or was renamed."""
    names = {(file.matter, _stem(file.before), _stem(file.after)) for file in files}
    gone = {old for matter, old, _ in names if matter is Matter.FILE_REMOVED}
    come = {new for matter, _, new in names if matter is Matter.FILE_ADDED}
    again = {(old, new) for matter, old, new in names if matter is Matter.FILE_RENAMED}

    def only_lists(change: Change) -> bool:
        if change.matter is not Matter.TEXT:
            return False
        if change.before and change.after:
            return (_stem(change.was), _stem(change.now)) in again
        lines = (change.before or change.after).split("\n")
        return all(_stem(line) in (come if change.after else gone) for line in lines)

    return [change for change in told if not only_lists(change)]


def _stem(name: str) -> str:
    """What 附件2：申报表 and 2. 申报表.docx both name."""
    bare = _plain(re.sub(r"\.[A-Za-z0-9]{1,5}\s*$", "", name))
    return re.sub(r"^(?:附件)?\d{0,3}", "", bare)
