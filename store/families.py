"""Families of notices that are one document, joined inside the transaction that keeps a notice.

A family is all that `likeness.alike` links, one through another, among notices that met under a key
(文号, title, a band of their fingerprints). Neither depends on the order in which notices came, nor
do the origin and the reasons that are kept of each member.
"""

import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from store import minhash, problems, statements
from store.fingerprint import LIKE, agree, of_bytes
from store.likeness import Face, File, Reason, alike
from store.models import (
    Attachment,
    Family,
    Night,
    Notice,
    ReviewEvent,
    ReviewState,
    Revision,
    Strength,
)
from store.statements import Candidate, Decision

# A merge keeps the family with the strongest decision.
STRENGTH: dict[str, int] = {
    ReviewState.NONE: 0,
    ReviewState.REJECTED: 1,
    ReviewState.LATER: 2,
    ReviewState.CANDIDATE: 3,
    ReviewState.PUBLISHED: 4,
}
APART = "family.apart"  # a problem: it is like a notice that an editor has split from its family
MAYBE_HANDLED = "maybe_handled"  # an event: joined by likeness alone, after the decision
ONCE_LIKE = "改版前："  # before the reason of a member that is like no other any more
_UNLIKE = "改版后与家族中其他通知不再相近"
_LOCK = 0x66616D696C79  # any number, the same in all versions
_BATCH = 50  # candidates loaded at a time


def lock() -> None:
    """Begin a transaction that may join: one at a time. Before any row is locked, so that none
    waits for another in a circle. SQLite's transactions take turns by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@dataclass
class Member:
    """A kept notice, as far as its family is concerned."""

    pk: int
    family: int
    title: str
    doc_number: str
    issuers: list[str]
    written: date | None
    source: str
    agency: str
    region: str
    published: datetime | None
    address: str
    joined_by: str
    joined_how: str
    joined_to: int | None
    hashes: bytes  # b"": not signed

    @cached_property
    def face(self) -> Face:
        return Face(
            self.title,
            self.doc_number,
            tuple(self.issuers),
            self.written,
            lambda: statements.text_of(self.pk),
            self.source,
            self.day,
            lambda: _files_of(self.pk),
            self.hashes,
        )

    @cached_property
    def day(self) -> date | None:
        return timezone.localtime(self.published).date() if self.published else None

    @cached_property
    def is_issuers_own(self) -> bool:
        agency = self.agency
        return bool(agency) and any(a and (a in agency or agency in a) for a in self.issuers)

    @cached_property
    def precedence(self) -> tuple[Any, ...]:
        """The issuer's own page first, then the earliest; on one day the nation's before a
        region's."""
        day = self.day or date.max
        regional = self.region != "000000"
        return (not self.is_issuers_own, day, regional, self.source, self.address)


def members(family: int) -> list[Member]:
    """The family's notices, the origin first."""
    return sorted(_load("family_id", [family]), key=lambda member: member.precedence)


def face(notice: Notice) -> Face:
    """What of the kept notice is compared; its text is read when asked for."""
    return member(notice.pk).face


def place_of(notice: Notice) -> dict[str, Any]:
    """What a Face has of where the notice stands, be its text as it may."""
    day = timezone.localtime(notice.published).date() if notice.published else None
    return {
        "source": notice.source.name,
        "published": day,
        "list_files": lambda: _files_of(notice.pk),
    }


def member(notice: int) -> Member:
    """The notice of that key."""
    return _load("id", [notice])[0]


def _load(which: str, keys: Collection[int]) -> list[Member]:
    return [Member(*row) for row in statements.members(which, keys)]


def _files_of(notice: int) -> Sequence[File]:
    newest = Revision.objects.filter(notice=notice).order_by("-number").values("pk")[:1]
    found = Attachment.objects.filter(revision__in=list(newest.values_list("pk", flat=True)))
    return [File(*row) for row in found.values_list("name", "sha256")]


def index(notice: Notice, text: str) -> None:
    """Keep the fingerprint of the notice's newest text, and the keys under which near copies meet
    it. Before `join`, in the same transaction."""
    own = Face(notice.title, notice.doc_number, read=lambda: text)
    keys = sorted(set(own.bands))
    hashes, bands = own.fingerprint.packed, pack(keys)
    kept = statements.signature_of(notice.pk)
    if kept == (hashes, bands):
        return
    statements.sign(notice.pk, hashes, bands)
    if kept is None or kept[1] != bands:
        if kept:
            statements.drop_bands(notice.pk, unpack(kept[1]))
        statements.put_bands(notice.pk, keys)


def pack(keys: Sequence[int]) -> bytes:
    """Band keys as `Signature.bands` has them."""
    return struct.pack(f"<{len(keys)}q", *keys)


def unpack(bands: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(bands) // 8}q", bands))


def join(notice: Notice, night: Night | None = None) -> None:
    """Join the notice's family with those of all kept notices that are the same document, and
    settle origin and reasons. Inside the transaction that wrote the notice, its revision and its
    fingerprint; `night` is the one in which that happened."""
    signature = statements.signature_of(notice.pk)
    bands = unpack(signature[1]) if signature else []
    title = Face(notice.title, notice.doc_number).meeting_title
    met = statements.candidates(notice.number_key, title, bands, notice.written, notice.family_id)
    own = member(notice.pk) if met else None
    found = _matches(own, met) if own else {}
    if not found and notice.family.origin_id is None:
        statements.set_origin(notice.family_id, notice.pk)
        return
    before = notice.family_id
    joined, barred = _admitted(before, found)
    if joined:
        known = [own, *(match.member for match in found.values())] if own else []
        _bring_together(notice, joined, known)
    else:
        settle(notice.family_id, {notice.pk: -1})
    if barred:
        _note_apart(notice, [found[family].member for family in barred], night or notice.night)


@dataclass(frozen=True, slots=True)
class _Match:
    """A member of another family that is the same document, and why."""

    member: Member
    reason: Reason

    @property
    def rank(self) -> tuple[Any, ...]:
        return list(Strength).index(self.reason.how), self.member.precedence


def _matches(own: Member, met: Collection[Candidate]) -> dict[int, _Match]:
    """The families of which one met is the same document; of each the first that was found."""
    found: dict[int, _Match] = {}
    order = _likely(own.face, met)
    for start in range(0, len(order), _BATCH):
        some = [c for c in order[start : start + _BATCH] if c.family not in found]
        if not some:
            continue
        loaded = {other.pk: other for other in _load("id", [c.notice for c in some])}
        for candidate in some:
            if candidate.family in found:
                continue
            other = loaded[candidate.notice]
            if reason := alike(own.face, other.face):
                found[candidate.family] = _Match(other, reason)
    return found


def _likely(own: Face, met: Collection[Candidate]) -> list[Candidate]:
    """Those that `alike` would not refuse unseen, the likeliest first."""
    numbered = [c for c in met if c.number_key and c.number_key == own.number_key]
    others = [c for c in met if not (c.number_key and c.number_key == own.number_key)]
    if own.number:
        others = [c for c in others if not c.doc_number or _number(c.doc_number) == own.number]
    near = minhash.likenesses(own.fingerprint.signature, [c.hashes for c in others])
    ranked = sorted(
        ((like, c) for like, c in zip(near, others, strict=True) if like >= LIKE),
        key=lambda pair: (-pair[0], pair[1].notice),
    )
    return numbered + [c for _, c in ranked if agree(own.fingerprint, of_bytes(c.hashes))]


@lru_cache(4096)
def _number(doc_number: str) -> str:
    return Face("", doc_number).number


def _admitted(own: int, found: Mapping[int, _Match]) -> tuple[set[int], list[int]]:
    """Which of the families the own one may join, the best match first, and which it may not, as
    that would bring together what editors have split."""
    if not found:
        return set(), []
    parted = statements.parted([own, *found])
    joined, barred = {own}, []
    for family in sorted(found, key=lambda family: found[family].rank):
        if any((family, other) in parted for other in joined):
            barred.append(family)
        else:
            joined.add(family)
    return joined - {own}, barred


def _bring_together(
    notice: Notice, families: Collection[int], known: Collection[Member] = ()
) -> None:
    """One family of the notice's own and these; a decided one hears of what joined it by likeness
    alone. What is known of some members need not be read again."""
    keys = {*families, notice.family_id}
    sides = statements.sides(keys)
    decided = statements.decisions(keys)
    notice.family_id = merge_families(keys, decided)
    settled = settle(notice.family_id, {**sides, notice.pk: -1}, known)
    if _is_handled(decided[notice.family_id]):
        fresh = [m for m in settled if not decided[sides[m.pk]].is_any]
        _tell_maybe_handled(notice.family_id, [m for m in fresh if m.joined_how == Strength.TEXT])


def _is_handled(decision: Decision) -> bool:
    return decision.published or decision.state not in ("", ReviewState.NONE)


def _tell_maybe_handled(family: int, joined: Sequence[Member]) -> None:
    """One event a newcomer, once."""
    if not joined:
        return
    told = ReviewEvent.objects.filter(family=family, what=MAYBE_HANDLED)
    places = [(x.get("source"), x.get("address")) for x in told.values_list("after", flat=True)]
    for one in joined:
        if (one.source, one.address) not in places:
            place = {"source": one.source, "address": one.address}
            ReviewEvent.objects.create(
                family_id=family,
                who="night",
                at=timezone.now(),
                what=MAYBE_HANDLED,
                after={**place, "title": one.title, "reason": one.joined_by},
            )


def _note_apart(notice: Notice, others: Sequence[Member], night: Night) -> None:
    """Say on the notice that it is like some that editors have split from its family."""
    for other in others:
        words = f"与“{other.title}”（{other.address}）相近，但编辑把两家分开过，没有合并"
        problems.note(notice.column, night, APART, words, notice=notice)


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

    It joins as a saved notice does. It leaves a family only if nobody decided on it or joined it
    by hand, and the old reading was what held it there. Two decided families are never brought
    together, as each may have been decided for a reason: a page did not change, only the reader."""
    others = _others(notice)
    held = any(alike(before, other.face) for other in others)
    parted = held and not any(alike(after, other.face) for other in others)
    if parted and _is_held_by_hand(notice):
        parted = False
    met = _met(notice, after)
    if parted and _is_decided(notice.family_id):
        return Move(stays=True)
    staying = set() if parted else {notice.family_id}
    if met and sum(map(_is_decided, met | staying)) > 1:
        return Move(leaves=parted, apart=frozenset(met))
    return Move(leaves=parted, joins=frozenset(met))


def is_at_home(notice: Notice) -> bool:
    """Whether the notice is like another member of its family, if it has any, and like no notice
    of another: what `foresee` was barred from has come about, or has no ground any more."""
    own, others = face(notice), _others(notice)
    if others and not (_is_held_by_hand(notice) or any(alike(own, x.face) for x in others)):
        return False
    return not _met(notice, own)


def rejoin(notice: Notice, before: Face) -> Move:
    """Do what `foresee` says, and settle origins and reasons. Inside the transaction that wrote
    the new reading and its fingerprint (`index`): `before` is what the notice was."""
    move = foresee(notice, before, face(notice))
    left = None
    if move.leaves:
        left = notice.family_id
        notice.family = Family.objects.create(origin=notice)
        Notice.objects.filter(pk=notice.pk).update(family=notice.family)
        statements.set_joined(notice.pk, "", "", None)
    if move.joins:
        _bring_together(notice, move.joins)
    else:
        settle(notice.family_id, {notice.pk: -1})
    if left:
        settle(left, {notice.pk: -1})
    return move


def _others(notice: Notice) -> list[Member]:
    return [other for other in members(notice.family_id) if other.pk != notice.pk]


def _met(notice: Notice, own: Face) -> set[int]:
    """The other families of which a member is the same document, but for those that editors have
    split from it."""
    met = statements.candidates(
        own.number_key, own.meeting_title, own.bands, own.written, notice.family_id
    )
    if not met:
        return set()
    stand_in = member(notice.pk)
    stand_in.__dict__["face"] = own
    return _admitted(notice.family_id, _matches(stand_in, met))[0]


def _is_held_by_hand(notice: Notice) -> bool:
    by_hand = Notice.objects.filter(family=notice.family_id, joined_how=Strength.HAND)
    return by_hand.filter(pk=notice.pk).exists() or by_hand.filter(joined_to=notice.pk).exists()


def _is_decided(family: int) -> bool:
    """Whether editors decided on the family or on one that was merged into it."""
    found = statements.decisions([family]).get(family)
    return found is not None and found.is_any


def merge_families(keys: Collection[int], decided: Mapping[int, Decision]) -> int:
    """One family of several: the one that was decided most strongly, else the oldest. What was
    decided on another is kept, to be shown beside it."""
    winner = max(keys, key=lambda key: (STRENGTH.get(decided[key].state, -1), -key))
    losers = set(keys) - {winner}
    statements.move_families(losers, winner)
    statements.drop_families([key for key in losers if not decided[key].is_any])
    kept = [key for key in losers if decided[key].is_any]
    if kept:
        Family.objects.filter(pk__in=kept).update(merged_into=winner, origin=None)
    return winner


def settle(
    family: int, sides: Mapping[int, int] | None = None, known: Collection[Member] = ()
) -> list[Member]:
    """The origin, and for every other member why it is here; returns the members as they are now.

    A member's reason is that against the origin if the two are alike, else that against the first
    alike in precedence. `sides` tells which members knew each other before (those of one number)
    and need no comparing again; None: compare all."""
    found = members(family)
    if not found:
        return []
    faces = {member.pk: member.face for member in known}
    for one in found:
        if one.pk in faces:
            one.__dict__["face"] = faces[one.pk]  # with what was read and compared
    _set_root_of_hands(found)
    statements.set_origin(family, found[0].pk)
    for place, one in enumerate(found):
        now = ("", "", None) if place == 0 else _reason(one, found, sides)
        if now != (one.joined_by, one.joined_how, one.joined_to):
            statements.set_joined(one.pk, *now)
            one.joined_by, one.joined_how, one.joined_to = now
    return found


def _reason(
    one: Member, found: Sequence[Member], sides: Mapping[int, int] | None
) -> tuple[str, str, int | None]:
    known = {member.pk: place for place, member in enumerate(found)}
    kept = (one.joined_by, one.joined_how, one.joined_to)
    if one.joined_how == Strength.HAND:
        return kept

    def is_new(other: Member) -> bool:
        if sides is None:
            return True
        mine, yours = sides.get(one.pk, 0), sides.get(other.pk, 0)
        return mine != yours or -1 in (mine, yours)

    target = known.get(one.joined_to or 0)
    holds = target is not None and not is_new(found[target])
    holds = holds and not one.joined_by.startswith(ONCE_LIKE)
    for other in found[:target] if holds else found:
        if other is one or (holds and not is_new(other)):
            continue
        if reason := alike(one.face, other.face):
            return reason.words, reason.how, other.pk
    if holds:
        return kept
    if not one.joined_by or one.joined_by == _UNLIKE:
        return _UNLIKE, one.joined_how, None
    words = ONCE_LIKE + one.joined_by.removeprefix(ONCE_LIKE)
    return words, one.joined_how, one.joined_to if target is not None else None


def _set_root_of_hands(found: Sequence[Member]) -> None:
    """Joins by hand point to what they were made with; the origin points nowhere. When the origin
    becomes one that points, the pointers on its way are turned round: no such join is lost."""
    by_key = {member.pk: member for member in found}
    one = found[0]
    carried: tuple[str, str, int | None] = ("", "", None)
    while one.joined_how == Strength.HAND:
        target = by_key.get(one.joined_to or 0)
        theirs: tuple[str, str, int | None] = (one.joined_by, one.joined_how, one.pk)
        statements.set_joined(one.pk, *carried)
        one.joined_by, one.joined_how, one.joined_to = carried
        if target is None:
            return
        one, carried = target, theirs
    if carried[1]:
        statements.set_joined(one.pk, *carried)
        one.joined_by, one.joined_how, one.joined_to = carried


def origin_reason(family: int) -> str:
    """Why the origin of the family is its origin, in Chinese; "" for a family without notices."""
    found = members(family)
    if not found:
        return ""
    origin, others = found[0], found[1:]
    if not others:
        return "家族中只有这一份"
    if origin.is_issuers_own:
        rivals = [m for m in others if m.is_issuers_own]
        return f"发文机关自己的网站（{origin.agency}）" + _told_apart(
            origin, rivals, "，联合发文中"
        )
    return "没有采到发文机关自己的网站" + _told_apart(origin, others, "，")


def _told_apart(origin: Member, rivals: Sequence[Member], before: str) -> str:
    """By what the origin stands before those that have the same right to it; "" without any."""
    if not rivals:
        return ""
    day = origin.day.isoformat() if origin.day else "日期不明"
    level = [m for m in rivals if m.day == origin.day]
    if not level:
        return f"{before}刊登最早（{day}）"
    if origin.region == "000000" and all(m.region != "000000" for m in level):
        return f"{before}刊登最早的（{day}）里级别最高"
    return f"{before}同日刊登（{day}），按来源名称排在前"
