"""How every source does: what an administrator looks at in the morning, worst first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from crawler.notice import RowState
from nightly.sources import Sources
from store.models import Column, Night, Outcome, Row, Verdict
from store.nights import INTAKE
from store.queries import LONG_WAIT, READ, StuckRow

LATE = dt.timedelta(hours=30)  # a live night every day, and some hours' grace
SHOWN = 5  # stuck rows shown of one column


@dataclass(frozen=True, slots=True)
class ColumnHealth:
    """One column. `verdict` is None when the last night did not visit it."""

    name: str
    verdict: Verdict | None
    why: str  # Chinese
    success: dt.date | None  # the last night that ended well; None: never
    age: str  # of that, in words
    week: int  # new notices of the last 7 nights
    month: int  # of the last 30
    waiting: int  # rows still to be fetched
    stuck: list[StuckRow]  # the first of those
    stuck_total: int  # rows whose page could not be had on LONG_WAIT nights or more
    external: int  # rows on hosts that may not be visited, ever
    held: int  # rows that wait for `kuaixun rows release`

    @property
    def well(self) -> bool:
        return self.verdict in READ and not self.stuck_total and not self.held


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source, with its columns, worst first."""

    name: str
    agency: str
    enabled: bool
    columns: list[ColumnHealth]

    @property
    def well(self) -> bool:
        """A source that is switched off is well; any other that was not visited is not."""
        return not self.enabled or (bool(self.columns) and all(c.well for c in self.columns))


class NightState(StrEnum):
    """How it stands with the nights themselves."""

    NONE = "none"  # there was none yet
    DONE = "done"
    UNFINISHED = "unfinished"  # it was killed, stopped, or is running now
    LATE = "late"  # no night came when one was due


@dataclass(frozen=True, slots=True)
class Health:
    """All of it."""

    night: dt.date | None
    state: NightState
    words: str  # on the last night, Chinese
    sources: list[SourceHealth] = field(default_factory=list)  # worst first

    @property
    def well(self) -> bool:
        return self.state is NightState.DONE and all(source.well for source in self.sources)


def health(known: Sources, now: dt.datetime) -> Health:
    """The health of every source, by the store and the files in spiders/. `now`: aware."""
    # a night that neither ended nor judged a source was made by a bare `scrapy crawl` or an intake
    run = Night.objects.filter(Exists(Outcome.objects.filter(night=OuterRef("pk"))))
    run |= Night.objects.filter(finished__isnull=False)
    nights = list(run.order_by("-date")[:30])
    last = nights[0] if nights else None
    state, words = _night(last, now)
    columns = _Columns(last, nights)
    names = {*known.spiders, *known.broken, *columns.sources}
    enabled = set(known.enabled)
    found = []
    for name in names:
        spider = known.spiders.get(name)
        wanted = list(spider.columns) if spider else []
        found.append(
            SourceHealth(
                name=name,
                agency=spider.agency if spider else columns.sources.get(name, ""),
                enabled=name in enabled,
                columns=columns.of(name, wanted, gone=name not in enabled),
            )
        )
    return Health(last.date if last else None, state, words, sorted(found, key=_badness))


def _night(last: Night | None, now: dt.datetime) -> tuple[NightState, str]:
    if last is None:
        return NightState.NONE, "还没有跑过一夜：kuaixun nightly"
    if last.finished is None:
        return NightState.UNFINISHED, f"{last.date} 这一夜没有跑完（或正在跑）：再运行一次会接着跑"
    if not last.archive and now - last.finished > LATE:
        days = (now - last.finished).days
        late = f"{days} 天前" if days else f"{(now - last.finished).seconds // 3600} 小时前"
        return (
            NightState.LATE,
            f"最近一夜 {last.date} 结束于 {late}，之后没有再跑：kuaixun schedule show",
        )
    replayed = "（回放）" if last.archive else ""
    return NightState.DONE, f"最近一夜 {last.date}{replayed} 已跑完"


class _Columns:
    """What the store says of all columns, asked in a handful of queries."""

    def __init__(self, last: Night | None, nights: list[Night]) -> None:
        self.last = last
        self.columns: dict[str, dict[str, Column]] = {}
        self.sources: dict[str, str] = {}
        read = Column.objects.exclude(source__level=INTAKE)
        for column in read.select_related("source").order_by("pk"):
            self.columns.setdefault(column.source.name, {})[column.name] = column
            self.sources[column.source.name] = column.source.agency
        outcomes = Outcome.objects.filter(night=last) if last else Outcome.objects.none()
        self.outcomes = {outcome.column_id: outcome for outcome in outcomes}
        well = Outcome.objects.filter(verdict__in=READ).values("column")
        self.success = {o["column"]: o["last"] for o in well.annotate(last=Max("night__date"))}
        self.week, self.month = _new(nights[:7]), _new(nights)
        rows = Row.objects.values("column").annotate(
            waiting=Count("pk", filter=Q(state=RowState.WAITING)),
            external=Count("pk", filter=Q(state=RowState.EXTERNAL)),
            held=Count("pk", filter=Q(held=True)),
        )
        self.rows = {line["column"]: line for line in rows}
        self.stuck: dict[int, list[Row]] = {}
        for row in Row.objects.filter(state=RowState.WAITING, tries__gte=LONG_WAIT).order_by("pk"):
            self.stuck.setdefault(row.column_id, []).append(row)

    def of(self, source: str, wanted: list[str], gone: bool) -> list[ColumnHealth]:
        """The source's columns; those no longer in its file are left out, unless the file itself
        is `gone`, switched off or faulty."""
        kept = self.columns.get(source, {})
        names = wanted if wanted and not gone else [*wanted, *(n for n in kept if n not in wanted)]
        found = [self._one(name, kept.get(name)) for name in names]
        return sorted(found, key=lambda column: (column.well, _rank(column.verdict)))

    def _one(self, name: str, column: Column | None) -> ColumnHealth:
        key = column.pk if column else 0
        outcome = self.outcomes.get(key)
        rows = self.rows.get(key)
        stuck = self.stuck.get(key, [])
        success = self.success.get(key)
        return ColumnHealth(
            name=name,
            verdict=Verdict(outcome.verdict) if outcome else None,
            why=outcome.why if outcome else "最近一夜没有读这个栏目",
            success=success,
            age=_age(success, self.last),
            week=self.week.get(key, 0),
            month=self.month.get(key, 0),
            waiting=rows["waiting"] if rows else 0,
            stuck=[
                StuckRow(name, row.title, row.url, row.tries, row.reason) for row in stuck[:SHOWN]
            ],
            stuck_total=len(stuck),
            external=rows["external"] if rows else 0,
            held=rows["held"] if rows else 0,
        )


def _new(nights: Iterable[Night]) -> dict[int, int]:
    sums = Outcome.objects.filter(night__in=list(nights)).values("column").annotate(n=Sum("new"))
    return {line["column"]: line["n"] for line in sums}


def _age(success: dt.date | None, last: Night | None) -> str:
    """How long before the last night that was: 最近一夜, 3 夜前, 从未成功."""
    if success is None or last is None:
        return "从未成功"
    days = (last.date - success).days
    return "最近一夜" if days == 0 else f"{days} 天前"


def _rank(verdict: Verdict | None) -> float:
    """Worst first; not visited stands after what failed and before what is well."""
    order = list(Verdict)
    return order.index(verdict) if verdict else order.index(Verdict.BROKEN) + 0.5


def _badness(source: SourceHealth) -> tuple[bool, float, str]:
    worst = min((_rank(column.verdict) for column in source.columns), default=_rank(None))
    return source.well, worst, source.name
