"""Families as an editor corrects them: merged and split by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from store import families, models, statements
from store.families import APART, Member, merge_families, settle
from store.models import Apart, Entry, Family, Notice, Review, ReviewEvent, Strength

MERGED, SPLIT = "merged", "split"  # what an event says was done


class NotMerged(ValueError):
    """There is nothing to merge; says why, Chinese."""


class NotSplit(ValueError):
    """There is nothing to split; says why, Chinese."""


@transaction.atomic
def merge(notices: Sequence[int], who: str) -> int:
    """Make one family of those of the notices; returns its key.

    The stronger decision wins (published, candidate, later, rejected, none); the other is kept, to
    be shown beside it. What was split is no longer apart. The join is marked as made by hand: no
    revision and no other reading undoes it. Raises NotMerged when they are one family already."""
    families.lock()
    keys = _families_of(notices)
    if len(keys) < 2:
        raise NotMerged("这些通知已经是一个转载家族")
    before = [_described(key) for key in keys]
    roots = {key: families.members(key)[0] for key in keys}
    sides = statements.sides(keys)
    family = merge_families(keys, statements.decisions(keys))
    Apart.objects.filter(one__in=sides, other__in=sides).delete()
    models.Problem.objects.filter(notice__in=sides, code=APART).delete()
    root = min(roots.values(), key=lambda member: member.precedence)
    for other in roots.values():
        if other.pk != root.pk:
            words = f"人工合并（{who}）" if who else "人工合并"
            statements.set_joined(other.pk, words, Strength.HAND, root.pk)
    settle(family, sides)
    _tell(family, who, MERGED, {"families": before}, _described(family))
    return family


@transaction.atomic
def split(notices: Sequence[int], who: str) -> int:
    """Take the notices out of their family, into one of their own; returns its key.

    A review, also one that a merge had set aside, stays with the notice it was made on, and so does
    an entry of an issue. Nothing but a person brings the two sides together again. Raises NotSplit
    when the notices are of several families, or all of theirs."""
    families.lock()
    keys = _families_of(notices)
    if len(keys) != 1:
        raise NotSplit("这些通知分属不同的转载家族，一次只能从一个家族里分出")
    (family,) = keys
    found = families.members(family)
    leaving = {one.pk for one in found if one.pk in set(notices)}
    staying = {one.pk for one in found} - leaving
    if not staying:
        raise NotSplit("这是家族里的全部通知，没有可以分开的")
    before = _described(family)
    there, here = _divide(family, leaving, staying)
    Apart.objects.bulk_create(
        (
            Apart(one_id=one, other_id=other)
            for mine, yours in ((leaving, staying), (staying, leaving))
            for one in mine
            for other in yours
        ),
        ignore_conflicts=True,
    )
    for side in (there, here):
        _mend(side)
    for side, other in ((there, here), (here, there)):
        _tell(side, who, SPLIT, before, _described(side) | {"apart": _addresses(other)})
    return there


def _families_of(notices: Iterable[int]) -> list[int]:
    found = Notice.objects.filter(pk__in=list(notices)).values_list("family_id", flat=True)
    return sorted(set(found))


def _divide(family: int, leaving: set[int], staying: set[int]) -> tuple[int, int]:
    """(the family of those that leave, of those that stay). A family goes with its review: the key
    stays on the side of the notice that was decided on, and a decided family that was merged into
    this one stands up again for the notice that it was decided on."""
    held = dict(
        Review.objects.filter(family__merged_into=family).values_list("family_id", "notice_id")
    )
    main = Review.objects.filter(family=family).values_list("notice_id", flat=True).first()
    leaves_with_key = main in leaving
    moving = staying if leaves_with_key else leaving
    risen = _strongest(key for key, notice in held.items() if notice in moving)
    other = risen or Family.objects.create().pk
    Family.objects.filter(pk=other).update(merged_into=None)
    Notice.objects.filter(pk__in=moving).update(family=other)
    aside = [key for key, notice in held.items() if notice in moving and key != other]
    Family.objects.filter(pk__in=aside).update(merged_into=other)
    Entry.objects.filter(family=family, notice__in=moving).update(family=other)
    return (family, other) if leaves_with_key else (other, family)


def _strongest(keys: Iterable[int]) -> int | None:
    states = dict(Review.objects.filter(family__in=list(keys)).values_list("family_id", "state"))
    return max(states, key=lambda key: (families.STRENGTH[states[key]], -key), default=None)


def _mend(family: int) -> None:
    """A side of a split on its own: joins by hand with the other side are no more, what holds it
    together only through the other is kept together by hand."""
    found = families.members(family)
    inside = {one.pk for one in found}
    for one in found:
        if one.joined_how == Strength.HAND and one.joined_to not in inside:
            statements.set_joined(one.pk, "", "", None)
    for one in settle(family)[1:]:
        if one.joined_to is None and one.joined_how != Strength.HAND:
            words = "与原点一起从原家族分出"
            statements.set_joined(one.pk, words, Strength.HAND, found[0].pk)


def _described(family: int) -> dict[str, Any]:
    """What an event keeps of a family, so that what was done to it can be undone."""
    found = families.members(family)
    review = Review.objects.filter(family=family).select_related("notice__source").first()
    return {
        "family": family,
        "origin": _place(found[0]) if found else None,
        "notices": [_place(one) for one in found],
        "review": review
        and {
            "source": review.notice.source.name,
            "address": review.notice.address,
            "state": str(review.state),
        },
    }


def _place(member: Member) -> dict[str, str]:
    return {"source": member.source, "address": member.address}


def _addresses(family: int) -> list[dict[str, str]]:
    return [_place(one) for one in families.members(family)]


def _tell(family: int, who: str, what: str, before: Any, after: Any) -> None:
    ReviewEvent.objects.create(
        family_id=family, who=who, at=timezone.now(), what=what, before=before, after=after
    )
