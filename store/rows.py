"""Rows that are no notice yet, for a person to look at and to give up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from crawler.notice import RowState
from store.fit import key
from store.models import Row, Source


class NoSource(LookupError):
    """Nothing is kept of a source of that name; says so."""


class NoRow(LookupError):
    """No row waits there; says what stands there instead."""


class Lack(StrEnum):
    """Why a row is no notice yet."""

    HELD = "held"  # its list did not look as usual: it waits for `release`
    WAITING = "waiting"  # its page is still to be fetched
    EXTERNAL = "external"  # its page stands on a host that may not be visited


@dataclass(frozen=True, slots=True)
class RowLine:
    """One such row."""

    source: str
    column: str
    lack: Lack
    date: date | None  # the day the list shows
    title: str
    url: str
    tries: int  # nights on which its page could not be had
    reason: str  # Chinese; "" when it was not asked for yet


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that was given up."""

    column: str
    title: str
    reason: str  # why its page could not be had, Chinese
    state: RowState  # unwanted; kept, when it waited only to be fetched again


_IS = {
    Lack.HELD: Q(state=RowState.WAITING, held=True),
    Lack.WAITING: Q(state=RowState.WAITING, held=False),
    Lack.EXTERNAL: Q(state=RowState.EXTERNAL),
}


def lacking(source: str = "", lack: Lack | None = None) -> list[RowLine]:
    """The rows that are no notice yet, of one source or of all, for one reason or for all: by
    reason, source and column, those that waited longest first. Raises NoSource."""
    _need(source)
    found: list[RowLine] = []
    for one in [lack] if lack else Lack:
        rows = Row.objects.filter(_IS[one]).select_related("column__source")
        if source:
            rows = rows.filter(column__source__name=source)
        found += [
            RowLine(
                source=row.column.source.name,
                column=row.column.name,
                lack=one,
                date=row.date,
                title=row.title,
                url=row.url,
                tries=row.tries,
                reason=row.reason,
            )
            for row in rows.order_by("column__source__name", "column__name", "-tries", "pk")
        ]
    return found


@transaction.atomic
def drop(source: str, address: str) -> list[Dropped]:
    """Give up the source's waiting rows (one a column) at that canonical address: they are not
    fetched any more, and their reason is kept. One whose notice is kept, and that waited only to be
    fetched again, goes back to that. A back-fill asks for them anew. Raises NoSource, NoRow."""
    _need(source)
    here = Row.objects.filter(column__source__name=source, address=key(address))
    waiting = here.filter(state=RowState.WAITING).select_related("column")
    dropped = []
    for row in waiting.order_by("pk"):
        row.state = RowState.KEPT if row.notice_id else RowState.UNWANTED
        row.held = False
        row.save(update_fields=["state", "held"])
        dropped.append(Dropped(row.column.name, row.title, row.reason, RowState(row.state)))
    if not dropped:
        states = ", ".join(sorted(set(here.values_list("state", flat=True))))
        what = f"is {states}, not waiting" if states else "is in none of its lists"
        raise NoRow(f"{address} of {source} {what}")
    return dropped


def _need(source: str) -> None:
    if source and not Source.objects.filter(name=source).exists():
        raise NoSource(f"no night has read a source {source}")
