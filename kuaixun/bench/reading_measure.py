"""Reads checked pages by several readers in one run: how right and how fast each is.

Readers take turns page by page, so that whatever slows the machine slows all of them.
"""

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from kuaixun.bench.score import FIGURES, UNSCORED, Record, score

LARGE = 50_000  # bytes; on a smaller page the constant cost hides what grows with the size
_FINE = 1e-5  # s; a clock that ticks slower cannot time one page


@dataclass(frozen=True, slots=True)
class Page:
    """One saved page with its checked answers."""

    id: str
    host: str
    url: str  # http://host/ where the address was not saved
    body: bytes
    gold: Record

    @property
    def is_list(self) -> bool:
        return "rows" in self.gold

    @property
    def is_scored(self) -> bool:
        return self.gold.get("page_kind") != UNSCORED


@dataclass(frozen=True, slots=True)
class Reader:
    """What is measured: bytes and address -> a reading in the form of `kuaixun read --batch`."""

    name: str
    version: str
    read: Callable[[bytes, str], Mapping[str, Any]]
    figures: frozenset[str] = frozenset(FIGURES)  # those it reads anything for
    reads_lists: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """One page's score in one figure, 0 to 1."""

    score: float
    page: Page
    reading: Record


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over all its pages, in per cent, and how it was come by."""

    mean: float  # every page weighs the same
    by_host: float  # every host weighs the same
    right: int  # pages with a full score
    pages: int
    hosts: int


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from the bytes to the reading; a page's time is the median of its
    passes after the first."""

    pages: int
    median: float
    p95: float
    first: float  # the median when each page was seen for the first time
    worst_a_mb: float | None  # of the pages of at least LARGE bytes; None: there is none


@dataclass(slots=True)
class Measured:
    """All that is known of one reader after the run."""

    reader: Reader
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by page id
    faults: dict[str, str] = field(default_factory=dict)  # page id -> what the reader raised

    def figure(self, name: str) -> Figure | None:
        """None when the reader reads no such thing, or no page has it."""
        marks = self.marks.get(name)
        if not marks:
            return None
        hosts: dict[str, list[float]] = defaultdict(list)
        for mark in marks:
            hosts[mark.page.host].append(mark.score)
        return Figure(
            mean=100 * fmean(mark.score for mark in marks),
            by_host=100 * fmean(map(fmean, hosts.values())),
            right=sum(mark.score == 1 for mark in marks),
            pages=len(marks),
            hosts=len(hosts),
        )

    def worst(self, name: str, count: int) -> list[Mark]:
        """The `count` worst pages of a figure, those with a full score left out."""
        short = [mark for mark in self.marks.get(name, []) if mark.score < 1]
        return sorted(short, key=lambda mark: (mark.score, mark.page.id))[:count]

    def times(self, pages: Iterable[Page]) -> Times | None:
        """Over those of `pages` that this reader read; None when it read none."""
        first, usual, a_mb = [], [], []
        for page in pages:
            passes = self.seconds.get(page.id)
            if not passes:
                continue
            first.append(1000 * passes[0])
            usual.append(1000 * median(passes[1:] or passes))
            if len(page.body) >= LARGE:
                a_mb.append(usual[-1] / len(page.body) * 1e6)
        if not usual:
            return None
        worst = max(a_mb, default=None)
        return Times(len(usual), median(usual), _p95(usual), median(first), worst)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[(95 * len(values) + 99) // 100 - 1]


def clock() -> tuple[Callable[[], float], str]:
    """The finest clock for one page's work and what it counts: CPU time where it is fine enough,
    so that a busy machine does not count."""
    if time.get_clock_info("thread_time").resolution <= _FINE:
        return time.thread_time, "CPU time"
    return time.perf_counter, "wall time"


def measure(
    pages: Sequence[Page],
    readers: Sequence[Reader],
    passes: int,
    told: Callable[[int], object] = lambda number: None,
) -> list[Measured]:
    """Read every page by every reader `passes` times, the first for the score as well.

    A reader that raises on a page has read nothing there, and the fault is kept. `told` is called
    with the number of each pass before it begins."""
    results = [Measured(reader) for reader in readers]
    tick, _ = clock()
    for number in range(passes):
        told(number)
        gc.collect()  # each pass begins alike; within it the collector runs as it does in a crawl
        for page in pages:
            for result in results:
                if page.is_scored and (result.reader.reads_lists or not page.is_list):
                    reading = _timed(result, page, tick)
                    if number == 0:
                        _mark(result, page, reading)
    return results


def _timed(result: Measured, page: Page, tick: Callable[[], float]) -> Record:
    reading: Record = {}
    began = tick()
    try:
        reading = result.reader.read(page.body, page.url)
    except Exception as fault:  # one page's fault is told with the figures, not the end of the run
        result.faults[page.id] = f"{type(fault).__name__}: {fault}"
    result.seconds[page.id].append(tick() - began)
    return reading


def _mark(result: Measured, page: Page, reading: Record) -> None:
    for name, value in score(page.url, page.gold, reading).items():
        if name in result.reader.figures:
            result.marks[name].append(Mark(value, page, reading))
