"""Rows that are no notice yet, for a person to look at and to give up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from crawler.address import canonical
from crawler.notice import RowState
from store.fit import key
from store.models import Row


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
    """The rows that are no notice yet, of one source or of all, for one reason or for all; held
    ones first, then those that waited longest, by column."""
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
    """Give up the waiting rows of the source at that address, as listed or canonical: they are not
    fetched any more, and their reason is kept. One whose notice is kept, and that waited only to be
    fetched again, is kept as it is. [] when no row waits there. A back-fill asks for them anew."""
    waiting = Row.objects.filter(column__source__name=source, state=RowState.WAITING)
    here = Q(address=key(canonical(address))) | Q(url=address.strip())
    dropped = []
    for row in waiting.filter(here).select_related("column").order_by("pk"):
        row.state = RowState.KEPT if row.notice_id else RowState.UNWANTED
        row.held = False
        row.save(update_fields=["state", "held"])
        dropped.append(Dropped(row.column.name, row.title, row.reason, RowState(row.state)))
    return dropped
