"""What the editors decide about a family. No crawl writes here."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from store.lookup import need
from store.models import Family, Review, ReviewEvent, ReviewState


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
    ReviewEvent.objects.create(
        family=family, who=who, at=timezone.now(), what="decided", before=before, after=after
    )
    return True


def _said(review: Review) -> dict[str, Any]:
    return {
        "source": review.notice.source.name,
        "address": review.notice.address,
        "state": str(review.state),
        "section": review.section,
        "title": review.title,
    }
