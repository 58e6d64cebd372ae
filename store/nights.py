"""Nights and their outcomes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from store import files, statements, watch
from store.models import Column, Night, Notice, Outcome, Problem, Revision, Source, Verdict

BEIJING = ZoneInfo("Asia/Shanghai")
INTAKE = "intake"  # the level of a host that is no source of the night


def open_night(date: dt.date, now: dt.datetime, archive: str = "") -> int:
    """Begin the night of that date, or go on with it, and remove what a killed run left half
    written; returns its key. `now`: the night's own clock; `archive`: the WARC it replays.

    Whether a night is live or a replay is settled when it is made. Replaying an archive on the
    date of a live night goes on with that night, which stays live: what the replay finds is kept
    in it as by any second run. So does a live run on the date of a replay: the night stays one."""
    files.sweep()
    with transaction.atomic():
        night = current(date, now, archive)
        night.finished = None
        night.save(update_fields=["finished"])
    return night.pk


def current(date: dt.date, now: dt.datetime | None = None, archive: str = "") -> Night:
    """The night of that date; made here when nobody opened it (a bare `scrapy crawl`)."""
    if found := statements.night_of(date):
        return found
    now = now or dt.datetime.combine(date, dt.time(), BEIJING)
    night, _ = Night.objects.get_or_create(
        date=date, defaults={"now": now, "started": timezone.now(), "archive": archive}
    )
    return night


def finish_night(pk: int) -> None:
    """Every source has its outcome."""
    Night.objects.filter(pk=pk).update(finished=timezone.now())


def column_of(source: str, column: str) -> Column:
    """The column, made with its source when it is new."""
    kept = Column.objects.select_related("source").filter(source__name=source, name=column)
    if found := kept.first():
        return found
    owner, _ = Source.objects.get_or_create(name=source)
    return Column.objects.get_or_create(source=owner, name=column)[0]


def taken_in(source: str) -> None:
    """The source is a host whose saved pages were taken in by hand: no night reads it."""
    Source.objects.update_or_create(name=source, defaults={"level": INTAKE})


def write_outcome(
    night_pk: int,
    source: str,
    column: str,
    verdict: Verdict | str,
    why: str,
    report: Mapping[str, Any],
) -> None:
    """What a column's night came to, in place of what an earlier run of the night said.

    `report` is `dataclasses.asdict` of a ColumnReport. Its requests, watched ones, 304s and seconds
    add up over the night's runs; rows, new, revised, vanished and problems are counted from
    what the night has stored, so that a run that was killed and run again tells the same."""
    verdict = Verdict(verdict)
    with transaction.atomic():
        night = Night.objects.get(pk=night_pk)
        place = column_of(source, column)
        outcome, _ = Outcome.objects.select_for_update().get_or_create(
            night=night, column=place, defaults={"verdict": verdict}
        )
        tonight = {"night": night, "notice__column": place}
        Outcome.objects.filter(pk=outcome.pk).update(
            verdict=verdict,
            why=why,
            stopped=report.get("stopped", ""),
            requests=F("requests") + report.get("requests", 0),
            not_modified=F("not_modified") + report.get("not_modified", 0),
            seconds=F("seconds") + report.get("seconds", 0.0),
            rows=rows_of(place, night.date) or max(outcome.rows, report.get("rows", 0)),
            new=Notice.objects.filter(night=night, column=place).count(),
            revised=Revision.objects.filter(number__gt=1, **tonight).count(),
            problems=Problem.objects.filter(night=night, column=place).count(),
            watched=F("watched") + report.get("watched", 0),
            vanished=watch.vanished(place, night.date),
        )
        if report.get("listed"):
            Column.objects.filter(pk=place.pk).update(last_listed=night.now)


def rows_of(column: Column, date: dt.date) -> int:
    """How many rows the column's list pages had on that night; 0 when they were not read."""
    for night, *pages in column.row_counts:
        if night == date.isoformat():
            return sum(pages)
    return 0
