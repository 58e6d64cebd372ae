"""Kept notices that are asked for again: which, and what came of it.

A page that the site took down is an event of its notice, not an error: the notice says since when
it is gone, and its family's history tells editors who had decided on it; likewise when it is back.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from crawler.memory import Watched
from crawler.notice import Arrival, Row
from store import lists, models
from store.fit import key
from store.lookup import find

DAYS = 30  # after the last decision on a family, or after its publication
CRAWLED = ("revised", "gone", "back", "maybe_handled")  # events that no editor made
IMPORTED = "import"  # who took over past issues: what ran then is not watched now
_STATES = (models.ReviewState.CANDIDATE, models.ReviewState.PUBLISHED)
_LONGEST = {"etag": 500, "last_modified": 100}


def watched(source: str, now: dt.datetime) -> list[Watched]:
    """Of the source's notices those on which a candidate or published family was decided or that
    are its origin, for DAYS after the decision or the issue; by address. `now`: the night's."""
    found = _due(source, now).select_related("column", "source").order_by("address")
    rows = Prefetch("rows", models.Row.objects.select_related("column").order_by("pk"))
    return [_watched(notice) for notice in found.prefetch_related(rows)]


def _due(source: str, now: dt.datetime) -> "QuerySet[models.Notice]":
    since = now - dt.timedelta(days=DAYS)
    family = OuterRef("family")
    decided = models.ReviewEvent.objects.filter(family=family, at__gte=since)
    decided = decided.exclude(what__in=CRAWLED).exclude(who=IMPORTED)
    recent = Q(issue__year__gt=since.year) | Q(
        issue__year=since.year, issue__month__gte=since.month
    )
    printed = models.Entry.objects.filter(recent)
    chosen = Q(pk=F("family__review__notice")) | Q(pk=F("family__origin"))
    shortlisted = Q(family__review__state__in=_STATES) & Q(Exists(decided)) & chosen
    in_issue = Exists(printed.filter(family=family)) & Q(pk=F("family__origin"))
    in_issue |= Q(Exists(printed.filter(notice=OuterRef("pk"))))
    buried = models.Tombstone.objects.filter(source=OuterRef("source"), address=OuterRef("address"))
    kept = models.Notice.objects.filter(source__name=source).filter(shortlisted | in_issue)
    return kept.exclude(Exists(buried))


def _watched(notice: models.Notice) -> Watched:
    rows = sorted(
        notice.rows.all(),
        key=lambda row: (row.address != notice.address, row.column_id != notice.column_id),
    )
    row = lists.as_item(rows[0]) if rows else _unlisted(notice)
    # the validators are those of the page that was read: of no other that only leads there
    own = row.url.partition("://")[2] == notice.url.partition("://")[2]
    return Watched(row, notice.etag if own else "", notice.last_modified if own else "")


def _unlisted(notice: models.Notice) -> Row:
    """The line that a notice without one was read with."""
    newest = notice.revisions.order_by("-number").first()
    said = (newest and newest.facts.get("row")) or {}
    day = said.get("date")
    return Row(
        url=notice.url,
        address=notice.address,
        title=said.get("title") or notice.title,
        date=dt.date.fromisoformat(day) if day else None,
        column=notice.column.name,
        arrival=Arrival(notice.arrival),
    )


def validators(etag: str, last_modified: str) -> dict[str, str]:
    """The columns of models.Notice; one that does not fit whole is none."""
    given = {"etag": etag, "last_modified": last_modified}
    return {name: value if len(value) <= _LONGEST[name] else "" for name, value in given.items()}


@transaction.atomic
def confirm(source: str, address: str, etag: str = "", last_modified: str = "") -> None:
    """The page has not changed: it is there."""
    notice = find(source, address)
    if notice is not None:
        given = validators(etag, last_modified)
        seen(notice, {name: value for name, value in given.items() if value})


def seen(notice: models.Notice, given: Mapping[str, str]) -> None:
    """The page of the notice answered: it is there (again), `given` are its validators. Inside a
    transaction."""
    changed: dict[str, Any] = {
        name: value for name, value in given.items() if getattr(notice, name) != value
    }
    if notice.gone:
        changed |= {"gone": None}
        _tell(notice, "back", {"gone": _day(notice.gone)}, {})
    if changed:
        models.Notice.objects.filter(pk=notice.pk).update(**changed)


@transaction.atomic
def vanish(source: str, address: str, reason: str, now: dt.datetime) -> bool:
    """The site took the page down; returns whether that is news. `reason`: its answer, Chinese.
    An address that a notice stood at before it was moved says nothing of it."""
    notice = find(source, address)
    if notice is None or notice.gone or notice.address != key(address):
        return False
    models.Notice.objects.filter(pk=notice.pk).update(gone=now)
    _tell(notice, "gone", {}, {"gone": _day(now), "reason": reason})
    return True


def vanished(column: models.Column, night: dt.date) -> int:
    """How many kept notices of the column were found to be gone on that night."""
    return models.Notice.objects.filter(column=column, gone__date=night).count()


def _day(moment: dt.datetime) -> str:
    return timezone.localtime(moment).date().isoformat()


def _tell(notice: models.Notice, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """An event of a family that was decided or printed."""
    decided = models.Review.objects.filter(family=notice.family_id)
    decided = decided.exclude(state=models.ReviewState.NONE)
    if decided.exists() or models.Entry.objects.filter(family=notice.family_id).exists():
        place = {"source": notice.source.name, "address": notice.address}
        models.ReviewEvent.objects.create(
            family_id=notice.family_id,
            who="night",
            at=timezone.now(),
            what=what,
            before=place | before,
            after=place | after,
        )
