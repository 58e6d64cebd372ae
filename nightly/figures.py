"""What the store holds of a column for one night: the figures that a verdict rests on."""

from collections import Counter
from datetime import date

from django.db.models import Max

from crawler.notice import Arrival, RowState
from nightly.outcome import Figures
from store import watch
from store.models import Column, Night, Notice, Problem, Revision, Row
from store.nights import rows_of
from store.queries import LONG_WAIT


def figures(night: Night, source: str, column: str) -> Figures:
    """The column's figures; all zero for one that was never listed. Runs on the writer thread."""
    place = Column.objects.filter(source__name=source, name=column).first()
    if place is None:
        return Figures()
    rows = Row.objects.filter(column=place)
    seen = rows.filter(night=night)
    untaken = rows.filter(state=RowState.WAITING, tried=night)
    # what has failed for many nights is the editor's to settle, and no news of tonight
    fresh = untaken.filter(tries__lte=LONG_WAIT).order_by("pk")
    faults = Counter(fresh.values_list("fault", flat=True))
    fault = faults.most_common(1)[0][0] if faults else ""
    first = fresh.filter(fault=fault).first() or untaken.order_by("pk").first()
    return Figures(
        new=Notice.objects.filter(column=place, night=night).count(),
        revised=Revision.objects.filter(notice__column=place, night=night, number__gt=1).count(),
        problems=Problem.objects.filter(column=place, night=night).count(),
        rows=rows_of(place, night.date),
        seen=seen.count(),
        external=seen.filter(state=RowState.EXTERNAL).count(),
        unwanted=seen.filter(state=RowState.UNWANTED).count(),
        elsewhere=seen.filter(state=RowState.KEPT).exclude(notice__column=place).count(),
        waiting=seen.filter(state=RowState.WAITING, held=False, tried=None).count(),
        untaken=untaken.count(),
        reason=first.reason if first else "",
        fresh=fresh.count(),
        fault=fault,
        vanished=watch.vanished(place, night.date),
        gone=rows.filter(state=RowState.GONE, tried=night).count(),
        held=rows.filter(held=True).count(),
        newest=_newest(place, night.date),
    )


def _newest(place: Column, today: date) -> date | None:
    """The latest of: the days its list shows, and the nights that brought a row after the first."""
    rows = Row.objects.filter(column=place)
    shown = rows.filter(date__lte=today).aggregate(last=Max("date"))["last"]
    came = rows.filter(arrival=Arrival.NIGHT).aggregate(last=Max("night__date"))["last"]
    return max((day for day in (shown, came) if day), default=None)
