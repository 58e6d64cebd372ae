"""What the editors decide about a family. No crawl writes here."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from store.lookup import need
from store.models import Entry, Family, Notice, Review, ReviewEvent, ReviewState

DECIDED, PUBLISHED, WITHDRAWN = "decided", "published", "withdrawn"  # events


@transaction.atomic
def decide(
    source: str,
    address: str,
    state: ReviewState | str,
    section: str = "",
    title: str = "",
    who: str = "",
) -> bool:
    """Decide on the family of the kept notice (canonical address): its state, section and the
    editors' title. Writes one ReviewEvent, and nothing when all is decided so already; returns
    whether anything changed.

    Raises LookupError when no such notice is kept, ValueError for a word that is no state."""
    state = ReviewState(state)
    notice = need(source, address)
    family = Family.objects.select_for_update().get(pk=notice.family_id)
    review = Review.objects.filter(family=family).select_related("notice__source").first()
    before = _said(review) if review else {}
    review = review or Review(family=family)
    review.notice, review.state, review.section, review.title = notice, state, section, title
    after = _said(review)
    if before == after:
        return False
    review.save()
    _tell(family.pk, who, DECIDED, before, after)
    return True


def publish(notice: Notice, issue: str, section: str, title: str, who: str) -> bool:
    """The notice's family ran in that issue: from now on it is `published`; returns whether that is
    news. What the editors wrote and chose before stays. Inside a transaction."""
    family = Family.objects.select_for_update().get(pk=notice.family_id)
    review = Review.objects.filter(family=family).select_related("notice__source").first()
    if review and review.state == ReviewState.PUBLISHED:
        return False
    before = _said(review) if review else {}
    review = review or Review(family=family, notice=notice, section=section, title=title)
    review.state = ReviewState.PUBLISHED
    review.save()
    _tell(family.pk, who, PUBLISHED, before, _said(review) | {"issue": issue})
    return True


def withdraw(family: int, issue: str, who: str) -> bool:
    """The family did not run in that issue after all: what `publish` changed is undone, unless
    somebody decided since. Inside a transaction, when its entry is gone; returns whether it was."""
    review = Review.objects.filter(family=family).select_related("notice__source").first()
    if review is None or review.state != ReviewState.PUBLISHED:
        return False
    if Entry.objects.filter(Q(family=family) | Q(family__merged_into=family)).exists():
        return False
    decisions = ReviewEvent.objects.filter(family=family, what__in=(DECIDED, PUBLISHED, WITHDRAWN))
    last = decisions.order_by("pk").last()
    if last is None or last.what != PUBLISHED or last.after.get("issue") != issue:
        return False
    before = _said(review)
    review.state = last.before.get("state", ReviewState.NONE)
    review.save()
    _tell(family, who, WITHDRAWN, before | {"issue": issue}, _said(review))
    return True


def _tell(family: int, who: str, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    ReviewEvent.objects.create(
        family_id=family, who=who, at=timezone.now(), what=what, before=before, after=after
    )


def _said(review: Review) -> dict[str, Any]:
    return {
        "source": review.notice.source.name,
        "address": review.notice.address,
        "state": str(review.state),
        "section": review.section,
        "title": review.title,
    }
