"""Measures what `kuaixun bench store` built: saving, joining, and whether the joins are right."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from statistics import quantiles
from typing import Any

from rapidfuzz import fuzz, process

from kuaixun.bench.crawl_cost import peak_mb
from kuaixun.bench.store_build import MEASURED, Truth, as_notice
from kuaixun.bench.store_corpus import Planted

_RIVALS = 25  # notices whose titles are compared with every kept one


@dataclass(slots=True)
class Score:
    """How many of what was claimed is right, and how much of what is true was claimed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return 100 * self.right / (self.right + self.wrong) if self.right + self.wrong else 100.0

    @property
    def recall(self) -> float:
        return 100 * self.right / (self.right + self.missed) if self.right + self.missed else 100.0


@dataclass(slots=True)
class Measured:
    """What saving the last notices came to. Seconds and milliseconds are of the wall."""

    kept: int  # notices in the store before
    saved: int  # pages saved: notices and later texts of them
    seconds: float
    joins: list[float] = field(default_factory=list)  # ms of each index and join
    links: list[float] = field(default_factory=list)  # ms of each settling of links
    pairs: Score = field(default_factory=Score)
    linked: Score = field(default_factory=Score)
    whole: int = 0  # notices whose family is exactly the notices of their document
    judged: int = 0
    mistakes: list[str] = field(default_factory=list)
    rival_ms: float = 0.0  # one title compared with that of every kept notice
    bytes_a_notice: float = 0.0
    peak_mb: float | None = None

    @property
    def a_second(self) -> float:
        return self.saved / self.seconds


def share(values: list[float], percent: int) -> float:
    """The percentile of the values, 0 of none."""
    if len(values) < 2:
        return max(values, default=0.0)
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def measure(last: list[Planted], truth: Truth, show: Callable[[int], None]) -> Measured:
    """Save the last notices one by one as a night does, and compare with the truth, to which they
    are added."""
    from store import models
    from store.nights import open_night
    from store.save import save

    measured = Measured(kept=len(truth.documents), saved=len(last), seconds=0.0)
    notices = [as_notice(planted) for planted in last]
    open_night(MEASURED, _at_night())
    with _clocks(measured):
        begin = time.perf_counter()
        for count, notice in enumerate(notices):
            save(notice, MEASURED)
            if count % 100 == 0:
                show(count)
        measured.seconds = time.perf_counter() - begin
    keys = dict(models.Notice.objects.filter(night__date=MEASURED).values_list("address", "pk"))
    fresh: dict[int, Planted] = {}
    for planted in last:
        if planted.address in keys and keys[planted.address] not in fresh:
            fresh[keys[planted.address]] = planted
            truth.add(keys[planted.address], planted.document)
    _judge_families(measured, fresh, truth)
    _judge_links(measured, fresh, truth)
    measured.rival_ms = _rival(last)
    measured.bytes_a_notice = _size() / max(len(truth.documents), 1)
    measured.peak_mb = peak_mb()
    return measured


def _at_night() -> Any:
    import datetime as dt

    from crawler.clock import BEIJING

    return dt.datetime.combine(MEASURED, dt.time(2), BEIJING)


@contextmanager
def _clocks(measured: Measured) -> Iterator[None]:
    """The time in index and join of each save, and in settling its links."""
    from store import families, links

    def clocked(function: Callable[..., Any], put: Callable[[float], None]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            begin = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                put(1000 * (time.perf_counter() - begin))

        return timed

    def add_to_last(ms: float) -> None:
        measured.joins[-1] += ms

    before = families.index, families.join, links.settle
    families.index = clocked(families.index, measured.joins.append)
    families.join = clocked(families.join, add_to_last)
    links.settle = clocked(links.settle, measured.links.append)
    try:
        yield
    finally:
        families.index, families.join, links.settle = before


def _judge_families(measured: Measured, fresh: dict[int, Planted], truth: Truth) -> None:
    """Every pair of a fresh notice and any other that is one family, or should be; once."""
    from store import models

    family_of = dict(models.Notice.objects.values_list("pk", "family_id"))
    titles = models.Notice.objects.values_list("title", flat=True)
    members: dict[int, list[int]] = {}
    for notice, family in family_of.items():
        members.setdefault(family, []).append(notice)
    for notice, planted in fresh.items():
        told = {x for x in members[family_of[notice]] if x != notice}
        true = {x for x in truth.members[planted.document] if x != notice}
        measured.judged += 1
        measured.whole += told == true
        for other in told | true:
            if other in fresh and other < notice:
                continue  # the pair was counted from the other side
            if other in told and other in true:
                measured.pairs.right += 1
                continue
            wrong = other in told
            measured.pairs.wrong += wrong
            measured.pairs.missed += not wrong
            words = "joined, not one document" if wrong else "one document, not joined"
            both = f"{planted.copy.title} | {titles.get(pk=other)}"
            done = "，".join(planted.copy.changes)
            measured.mistakes.append(f"{words} ({planted.story}): {both} [{done}]")


def _judge_links(measured: Measured, fresh: dict[int, Planted], truth: Truth) -> None:
    from store import models

    linked = dict(
        models.Link.objects.filter(notice__in=list(fresh)).values_list("notice_id", "to_id")
    )
    for notice, planted in fresh.items():
        to = linked.get(notice)
        about = truth.documents[to] if to else 0
        wanted = planted.about if planted.about in truth.members else 0
        if about and about == wanted:
            measured.linked.right += 1
        elif about:
            measured.linked.wrong += 1
            measured.mistakes.append(f"linked to another ({planted.story}): {planted.copy.title}")
        if wanted and about != wanted:
            measured.linked.missed += 1
            measured.mistakes.append(f"not linked ({planted.story}): {planted.copy.title}")


def _rival(last: list[Planted]) -> float:
    """Milliseconds that it takes to find like titles by comparing one with every kept one."""
    from store import models

    titles = list(models.Notice.objects.values_list("title", flat=True))
    some = [planted.copy.title for planted in last[:: max(len(last) // _RIVALS, 1)]]
    begin = time.perf_counter()
    for title in some:
        process.extract(title, titles, scorer=fuzz.ratio, score_cutoff=85, limit=5)
    return 1000 * (time.perf_counter() - begin) / max(len(some), 1)


def _size() -> int:
    """Bytes of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).stat().st_size
