"""All that is known of one kept notice, for whoever looks at it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from store import citations, family_told, links, models, published
from store.diff.matter import Change
from store.family_told import FamilyTold
from store.models import ReviewState
from store.queries import Told, told_of
from store.revisions import between


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What the editors decided."""

    state: ReviewState
    section: str
    title: str  # the editors'; "" for the notice's own
    source: str  # it was decided on this notice
    address: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry of the family's history."""

    at: dt.datetime
    who: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One state of the notice, and what it changed."""

    number: int
    night: dt.date
    record: str  # of the archive: "<file>#<offset>"
    reader: str
    changes: list[Change]  # against the one before


@dataclass(frozen=True, slots=True)
class WholeNotice:
    """The notice with its family, its history and what is linked to it."""

    told: Told
    evidence: dict[str, Any]  # fact -> where it was read
    family: FamilyTold
    review: ReviewLine | None
    events: list[EventLine]  # oldest first
    links: links.Links
    cites: list[citations.Cited]
    cited_by: list[citations.Citing]
    revisions: list[RevisionLine]  # oldest first
    printed: list[published.Ran]  # where the family or a near copy ran, the newest issue first


def whole(notice: models.Notice) -> WholeNotice:
    """All of it; the notice comes with its source."""
    revisions = _revisions(notice)
    newest = notice.revisions.latest("number")
    return WholeNotice(
        told=told_of([notice.pk])[notice.pk],
        evidence=newest.facts.get("evidence") or {},
        family=family_told.family(notice.family_id),
        review=_review(notice),
        events=_events(notice),
        links=links.of(notice),
        cites=citations.of(notice),
        cited_by=citations.citing(notice),
        revisions=revisions,
        printed=published.seen([notice.family_id])[notice.family_id],
    )


def _review(notice: models.Notice) -> ReviewLine | None:
    review = models.Review.objects.filter(family=notice.family_id)
    found = review.select_related("notice__source").first()
    if found is None:
        return None
    return ReviewLine(
        state=ReviewState(found.state),
        section=found.section,
        title=found.title,
        source=found.notice.source.name,
        address=found.notice.address,
    )


def _events(notice: models.Notice) -> list[EventLine]:
    """Of the family and of those that were merged into it."""
    here = Q(family=notice.family_id) | Q(family__merged_into=notice.family_id)
    told = models.ReviewEvent.objects.filter(here).order_by("at", "pk")
    return [EventLine(e.at, e.who, e.what, e.before, e.after) for e in told]


def _revisions(notice: models.Notice) -> list[RevisionLine]:
    return [
        RevisionLine(
            number=revision.number,
            night=revision.night.date,
            record=revision.record,
            reader=revision.reader,
            changes=between(notice, revision.number - 1, revision.number).changes
            if revision.number > 1
            else [],
        )
        for revision in notice.revisions.select_related("night").order_by("number")
    ]
