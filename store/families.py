"""Families of notices that are one document, joined inside the transaction that keeps a notice."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from store import statements
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
    if found := _met(notice, own, notice.number_key, notice.title_key):
        notice.family = _merge({*found, notice.family_id})
    elif notice.family.origin_id is None:
        statements.set_origin(notice.family_id, notice.pk)
        return
    _settle(notice.family)


def _met(notice: Notice, own: Face, number_key: str, title_key: str) -> set[int]:
    """The other families of which a member has one of the two keys and is the same document."""
    met = statements.meeting(number_key, title_key, notice.family_id)
    if not met:
        return set()
    others = Notice.objects.filter(pk__in=met).select_related("source")
    return {other.family_id for other in others if alike(own, face(other))}


@dataclass(frozen=True, slots=True)
class Move:
    """What a notice's family becomes when its unchanged page is read otherwise."""

    leaves: bool = False  # it is like no other member any more
    joins: frozenset[int] = frozenset()  # families it is like now
    stays: bool = False  # it is like no other member any more, but editors decided on the family
    apart: frozenset[int] = frozenset()  # families it is like now, but editors decided on several

    def __bool__(self) -> bool:
        return self.leaves or self.stays or bool(self.joins or self.apart)


def foresee(notice: Notice, before: Face, after: Face) -> Move:
    """Where the notice would go when its `before` becomes `after`; writes nothing.

    It joins as a saved notice does. It leaves a family only if nobody decided on it and the old
    reading was what held it there. Two decided families are never brought together, as each may
    have been decided for a reason: a page did not change, only the reader."""
    members = notice.family.notices.exclude(pk=notice.pk).select_related("source")
    others = [face(member) for member in members]
    held = any(alike(before, other) for other in others)
    parted = held and not any(alike(after, other) for other in others)
    met = _met(notice, after, after.number_key, after.title_key)
    if parted and _is_decided(notice.family_id):
        return Move(stays=True)
    staying = set() if parted else {notice.family_id}
    if met and sum(map(_is_decided, met | staying)) > 1:
        return Move(leaves=parted, apart=frozenset(met))
    return Move(leaves=parted, joins=frozenset(met))


def is_at_home(notice: Notice) -> bool:
    """Whether the notice is like another member of its family, if it has any, and like no notice
    of another: what `foresee` was barred from has come about, or has no ground any more."""
    own = face(notice)
    members = notice.family.notices.exclude(pk=notice.pk).select_related("source")
    faces = [face(member) for member in members]
    if faces and not any(alike(own, other) for other in faces):
        return False
    return not _met(notice, own, notice.number_key, notice.title_key)


def rejoin(notice: Notice, before: Face) -> Move:
    """Do what `foresee` says, and settle the origins. Inside the transaction that wrote the new
    reading: `before` is what the notice was."""
    move = foresee(notice, before, face(notice))
    if move.leaves:
        left = notice.family
        notice.family = Family.objects.create(origin=notice)
        Notice.objects.filter(pk=notice.pk).update(family=notice.family)
        _settle(left)
    if move.joins:
        notice.family = _merge({*move.joins, notice.family_id})
    _settle(notice.family)
    return move


def _is_decided(family: int) -> bool:
    """Whether editors decided on the family or on one that was merged into it."""
    merged = Family.objects.filter(merged_into=family).values_list("pk", flat=True)
    here = [family, *merged]
    tables = (Review, ReviewEvent, Entry)
    return any(told.objects.filter(family__in=here).exists() for told in tables)


def _merge(keys: set[int]) -> Family:
    """One family of several: the one that was decided most strongly, else the oldest."""
    families = list(Family.objects.filter(pk__in=keys).order_by("pk"))
    states = dict(Review.objects.filter(family__in=keys).values_list("family_id", "state"))
    winner = max(families, key=lambda f: (STRENGTH.get(states.get(f.pk, ""), -1), -f.pk))
    losers = keys - {winner.pk}
    Notice.objects.filter(family__in=losers).update(family=winner)
    Family.objects.filter(merged_into__in=losers).update(merged_into=winner)
    for loser in losers:
        if _is_decided(loser):
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
