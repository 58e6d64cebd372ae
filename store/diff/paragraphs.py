"""Two texts side by side: which paragraphs stayed, changed, moved, went or came, and within a
changed one, which characters.

A date, a sum, a telephone number is replaced as a whole. Swapping the two texts swaps the sides of
every step and changes nothing else. Bounds: `alignment.EXACT` pairs of characters are compared
exactly within a paragraph (beyond them sentence by sentence), PAIRED pairs of paragraphs are
looked at to tell which became which (beyond them only those in the same place of a block).
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from store.diff.alignment import EXACT, Run, align
from store.diff.words import masked, words_of

PAIRED = 400  # pairs of paragraphs within one block
ALIKE = 50  # of 100: less is another paragraph, not a changed one
_LOOKED_AT = 1000  # characters of a paragraph that tell whether it is the same
_MOVABLE = 8  # characters: a shorter paragraph stands in many places by chance
_SHORT = 40  # alone between unchanged ones, so short a paragraph is a changed one whatever it says
_REWORDED = 6  # words on both sides of a character: it is the same by chance
_SENTENCE = re.compile(r"[^。；！？;!?\t]{0,200}[。；！？;!?\t]?", re.S)


class How(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"  # a step where it stood and one where it stands
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a changed paragraph; both sides are equal where nothing changed."""

    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after

    def swapped(self) -> "Piece":
        return Piece(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Step:
    """One paragraph, or one and what it became. A side without it is None."""

    how: How
    before: str | None
    after: str | None
    first: int  # number of the line before, from 0; where it would stand when it has none
    start: int  # of the line after
    pieces: tuple[Piece, ...] = ()  # of a changed one: together both sides, in order

    def swapped(self) -> "Step":
        turned = {How.REMOVED: How.ADDED, How.ADDED: How.REMOVED}.get(self.how, self.how)
        pieces = tuple(piece.swapped() for piece in self.pieces)
        return Step(turned, self.after, self.before, self.start, self.first, pieces)


def compare(before: str, after: str) -> list[Step]:
    """Every paragraph of both texts, in order of either side. A line is a paragraph."""
    if before > after:  # one way round for both, or ties would be broken in two ways
        return [step.swapped() for step in compare(after, before)]
    return list(_steps(before.split("\n"), after.split("\n")))


def applied(steps: Sequence[Step]) -> str:
    """The text after all steps."""
    return "\n".join(step.after for step in steps if step.after is not None)


def undone(steps: Sequence[Step]) -> str:
    """The text before all steps."""
    return "\n".join(step.before for step in steps if step.before is not None)


def _steps(before: list[str], after: list[str]) -> Iterator[Step]:
    runs = align(before, after)
    changed = [run for run in runs if not run.same]
    moved_from, moved_to = _moves(before, after, changed)
    for run in runs:
        if run.same:
            for k in range(run.last - run.first):
                line = before[run.first + k]
                yield Step(How.SAME, line, line, run.first + k, run.start + k)
            continue
        left = [i for i in range(run.first, run.last) if i not in moved_from]
        right = [j for j in range(run.start, run.stop) if j not in moved_to]
        pairs = _pairs([before[i] for i in left], [after[j] for j in right])
        pairs = [(left[x], right[y]) for x, y in pairs]
        i, j = run.first, run.start
        for first, start in [*pairs, (run.last, run.stop)]:
            for gone in range(i, first):
                how = How.MOVED if gone in moved_from else How.REMOVED
                yield Step(how, before[gone], None, gone, j)
            for come in range(j, start):
                how = How.MOVED if come in moved_to else How.ADDED
                yield Step(how, None, after[come], first, come)
            i, j = first, start
            if (i, j) != (run.last, run.stop):
                same = before[i] == after[j]  # of many lines `align` may miss one
                pieces = () if same else tuple(_pieces(before[i], after[j]))
                yield Step(How.SAME if same else How.CHANGED, before[i], after[j], i, j, pieces)
                i, j = i + 1, j + 1


def _moves(before: list[str], after: list[str], changed: list[Run]) -> tuple[set[int], set[int]]:
    """Lines that stand elsewhere now, by their numbers before and after."""
    gone = [i for run in changed for i in range(run.first, run.last)]
    come = [j for run in changed for j in range(run.start, run.stop)]
    free: dict[str, deque[int]] = defaultdict(deque)
    for j in come:
        if len(after[j]) >= _MOVABLE:
            free[after[j]].append(j)
    here, there = set(), set()
    for i in gone:
        if free.get(before[i]):
            here.add(i)
            there.add(free[before[i]].popleft())
    return here, there


def _pairs(gone: list[str], come: list[str]) -> list[tuple[int, int]]:
    """Which of the lines became which, in order."""
    if not gone or not come:
        return []
    if len(gone) == len(come) == 1 and max(len(gone[0]), len(come[0])) <= _SHORT:
        return [(0, 0)]
    masks = [[masked(line[:_LOOKED_AT]) for line in lines] for lines in (gone, come)]
    if len(gone) * len(come) > PAIRED:
        both = zip(*masks, strict=False)
        return [(k, k) for k, (one, other) in enumerate(both) if _likeness(one, other)]
    # the pairs, in order, that are most alike together
    width = len(come) + 1
    best = [[0.0] * width for _ in range(len(gone) + 1)]
    like = [[_likeness(one, other) for other in masks[1]] for one in masks[0]]
    for i in range(len(gone) - 1, -1, -1):
        for j in range(len(come) - 1, -1, -1):
            skipped = max(best[i + 1][j], best[i][j + 1])
            paired = best[i + 1][j + 1] + like[i][j] if like[i][j] else 0.0
            best[i][j] = max(skipped, paired)
    pairs, i, j = [], 0, 0
    while i < len(gone) and j < len(come):
        if like[i][j] and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(one, other, score_cutoff=ALIKE)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    here, there = _symbols(before), _symbols(after)
    if len(here) * len(there) > EXACT:
        for piece in _joined(_SENTENCE.findall(before), _SENTENCE.findall(after)):
            fits = len(piece.before) * len(piece.after) <= EXACT
            yield from (
                _joined(*map(_symbols, (piece.before, piece.after)))
                if (not piece.same and fits)
                else [piece]
            )
        return
    yield from _joined(here, there)


def _symbols(line: str) -> list[str]:
    """Characters, and words that are kept whole."""
    out: list[str] = []
    at = 0
    for word in words_of(line):
        out += line[at : word.start]
        out.append(word.text)
        at = word.end
    return [*out, *line[at:]]


def _joined(before: list[str], after: list[str]) -> Iterator[Piece]:
    """The runs as pieces; one character that happens to be the same between two changes is no
    reason to tell them apart."""
    runs = align(before, after)
    pieces: list[Piece] = []
    for at, run in enumerate(runs):
        told = before[run.first : run.last], after[run.start : run.stop]
        piece = Piece("".join(told[0]), "".join(told[1]))
        chance = run.same and len(piece.before) == 1 and 0 < at < len(runs) - 1
        chance = chance and _stray(runs[at - 1], runs[at + 1])
        if pieces and not pieces[-1].same and (chance or not run.same):
            last = pieces.pop()
            piece = Piece(last.before + piece.before, last.after + piece.after)
        pieces.append(piece)
    yield from pieces


def _stray(left: Run, right: Run) -> bool:
    many = sum(run.last - run.first + run.stop - run.start for run in (left, right))
    return many >= _REWORDED
