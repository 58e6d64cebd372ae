"""A family as it is shown: its notices with their reasons, and what editors made of it."""

import datetime as dt
from dataclasses import dataclass, field

from store import families, models
from store.models import ReviewState, Strength


@dataclass(frozen=True, slots=True)
class MemberTold:
    """One notice of a family."""

    notice: int
    source: str
    agency: str
    address: str
    title: str
    day: dt.date | None
    reason: str  # why it is in the family, of the origin why it is the origin; Chinese
    strength: str  # what the join rests on, Chinese; "" for the origin
    like: str  # address of the notice it is like; "" for the origin


@dataclass(frozen=True, slots=True)
class ReviewTold:
    """A decision, and the notice it was made on."""

    state: str  # Chinese
    address: str


@dataclass(frozen=True, slots=True)
class FamilyTold:
    """All that is known of a family."""

    family: int
    members: list[MemberTold]  # the origin first
    review: ReviewTold | None
    set_aside: list[ReviewTold] = field(default_factory=list)  # decisions of what merged into it


def family(key: int) -> FamilyTold:
    """The family of that key, or the one it was merged into. LookupError when there is none."""
    kept = models.Family.objects.filter(pk=key).first()
    if kept is None:
        raise LookupError(f"no family {key}")
    root = kept.merged_into_id or kept.pk
    found = families.members(root)
    addresses = {one.pk: one.address for one in found}
    members = [
        MemberTold(
            notice=one.pk,
            source=one.source,
            agency=one.agency,
            address=one.address,
            title=one.title,
            day=one.day,
            reason=one.joined_by if place else families.origin_reason(root),
            strength=Strength(one.joined_how).label if one.joined_how else "",
            like=addresses.get(one.joined_to or 0, ""),
        )
        for place, one in enumerate(found)
    ]
    reviews = models.Review.objects.select_related("notice")
    own = [_told(review) for review in reviews.filter(family=root)]
    aside = reviews.filter(family__merged_into=root).order_by("pk")
    return FamilyTold(root, members, own[0] if own else None, [_told(review) for review in aside])


def _told(review: models.Review) -> ReviewTold:
    return ReviewTold(ReviewState(review.state).label, review.notice.address)
