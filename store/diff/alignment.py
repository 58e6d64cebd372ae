"""Which things of two sequences are the same, in their order: lines, sentences or characters.

Bounded for any input: up to EXACT pairs of things are compared exactly (a longest common
subsequence); more are matched occurrence by occurrence in n·log n, which may miss some of the
longest sequence and never anything that stands in the same place from either end.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

EXACT = 4_000_000  # pairs: 0.5 MB of memory, some 5 ms


@dataclass(frozen=True, slots=True)
class Run:
    """Things `before[first:last]` that are (or, not `same`, became) `after[start:stop]`."""

    same: bool
    first: int
    last: int
    start: int
    stop: int


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Run]:
    """All of both sequences in runs, same and other ones by turns, in order; [] for two empty
    ones."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    inner = before[head : len(before) - tail], after[head : len(after) - tail]
    pairs = [(i, i) for i in range(head)]
    pairs += [(head + i, head + j) for i, j in _matches(*inner)]
    pairs += [(len(before) - k, len(after) - k) for k in range(tail, 0, -1)]
    return list(_runs(pairs, len(before), len(after)))


def _common(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """How many things the two begin with in common."""
    most = min(len(before), len(after))
    return next((i for i in range(most) if before[i] != after[i]), most)


def _matches(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    shared = {thing: at for at, thing in enumerate(set(before) & set(after))}
    here = [i for i, thing in enumerate(before) if thing in shared]
    there = [j for j, thing in enumerate(after) if thing in shared]
    if len(here) * len(there) > EXACT:
        return _by_occurrence(before, after, here, there)
    found = Indel.opcodes([shared[before[i]] for i in here], [shared[after[j]] for j in there])
    return [
        (here[op.src_start + k], there[op.dest_start + k])
        for op in found
        if op.tag == "equal"
        for k in range(op.src_end - op.src_start)
    ]


def _by_occurrence(
    before: Sequence[Hashable], after: Sequence[Hashable], here: list[int], there: list[int]
) -> list[tuple[int, int]]:
    """The k-th of a thing is matched with its k-th, as far as their order agrees."""
    seen: Counter[Hashable] = Counter()
    places = {}
    for j in there:
        places[after[j], seen[after[j]]] = j
        seen[after[j]] += 1
    seen.clear()
    pairs = []
    for i in here:
        place = places.get((before[i], seen[before[i]]))
        seen[before[i]] += 1
        if place is not None:
            pairs.append((i, place))
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest rising subsequence of the second places, by patience sorting."""
    tops: list[int] = []
    last: list[int] = []  # which pair lies on top of each pile
    under = [-1] * len(pairs)
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        under[at] = last[pile - 1] if pile else -1
        if pile == len(tops):
            tops.append(j)
            last.append(at)
        else:
            tops[pile], last[pile] = j, at
    chosen, at = [], last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = under[at]
    return chosen[::-1]


def _runs(pairs: list[tuple[int, int]], before: int, after: int) -> "list[Run]":
    runs: list[Run] = []
    i = j = at = 0
    while at < len(pairs):
        first, start = pairs[at]
        if (i, j) != (first, start):
            runs.append(Run(False, i, first, j, start))
        i, j = first, start
        while at < len(pairs) and pairs[at] == (i, j):
            i, j, at = i + 1, j + 1, at + 1
        runs.append(Run(True, first, i, start, j))
    if (i, j) != (before, after):
        runs.append(Run(False, i, before, j, after))
    return runs
