"""Families of notices that are one document, joined inside the transaction that keeps a notice."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from store.likeness import Face, alike
from store.models import Entry, Family, Notice, Review, ReviewEvent, ReviewState, Revision

# A merge keeps the family with the strongest decision.
STRENGTH: dict[str, int] = {
    ReviewState.NONE: 0,
    ReviewState.REJECTED: 1,
    ReviewState.LATER: 2,
    ReviewState.CANDIDATE: 3,
    ReviewState.PUBLISHED: 4,
}
_LOCK = 0x66616D696C79  # any number, the same in all versions


def lock() -> None:
    """Begin a transaction that may join: one at a time. Before any row is locked, so that none
    waits for another in a circle. SQLite's transactions take turns by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def face(notice: Notice) -> Face:
    """What of the notice is compared; its text is read from the newest revision when asked for."""
    return Face(
        notice.title,
        notice.doc_number,
        tuple(notice.issuers),
        notice.written,
        lambda: Revision.objects.filter(notice=notice).latest("number").text,
        notice.source.name,
    )


def join(notice: Notice) -> None:
    """Join the notice's family with those of all kept notices that are the same document, and
    settle its origin. Inside the transaction that wrote the notice, its keys and its revision."""
    own = face(notice)
    meeting = Q(pk__in=[])
    if notice.number_key:
        meeting |= Q(number_key=notice.number_key)
    if notice.title_key:
        meeting |= Q(title_key=notice.title_key)
    apart = Notice.objects.filter(meeting).exclude(family=notice.family_id)
    others = apart.select_related("source")
    found = {other.family_id for other in others if alike(own, face(other))}
    if found:
        notice.family = _merge({*found, notice.family_id})
    elif notice.family.origin_id is None:
        Family.objects.filter(pk=notice.family_id).update(origin=notice)
        return
    _settle(notice.family)


def _merge(keys: set[int]) -> Family:
    """One family of several: the one that was decided most strongly, else the oldest."""
    families = list(Family.objects.filter(pk__in=keys).order_by("pk"))
    states = dict(Review.objects.filter(family__in=keys).values_list("family_id", "state"))
    winner = max(families, key=lambda f: (STRENGTH.get(states.get(f.pk, ""), -1), -f.pk))
    losers = keys - {winner.pk}
    Notice.objects.filter(family__in=losers).update(family=winner)
    Family.objects.filter(merged_into__in=losers).update(merged_into=winner)
    for loser in losers:
        if any(told.objects.filter(family=loser).exists() for told in (Review, ReviewEvent, Entry)):
            # what was decided is kept, to be shown beside the winner's
            Family.objects.filter(pk=loser).update(merged_into=winner, origin=None)
        else:
            Family.objects.filter(pk=loser).delete()
    return winner


def _settle(family: Family) -> None:
    """The origin, and for every other member why it is here."""
    members = sorted(family.notices.select_related("source"), key=_precedence)
    origin = members[0]
    if family.origin_id != origin.pk:
        family.origin = origin
        family.save(update_fields=["origin"])
    faces = {member.pk: face(member) for member in members}
    for member in members:
        why = ""
        if member is not origin:
            near = (faces[x.pk] for x in members if x is not member)
            reasons = (alike(faces[member.pk], other) for other in near)
            # one that was revised away from all others keeps the reason it once had
            why = next(filter(None, reasons), member.joined_by)
        if why != member.joined_by:
            Notice.objects.filter(pk=member.pk).update(joined_by=why)


def _precedence(notice: Notice) -> tuple[Any, ...]:
    """The issuer's own page first, then the earliest; on one day the nation's before a region's."""
    agency = notice.source.agency
    own = bool(agency) and any(a and (a in agency or agency in a) for a in notice.issuers)
    day = timezone.localtime(notice.published).date() if notice.published else date.max
    return (not own, day, notice.source.region != "000000", notice.source.name, notice.address)
