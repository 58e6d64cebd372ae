"""A notice's revisions: what two of them tell apart, and what the notices of a night changed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from store import models
from store.diff.changes import Diff, State, diff
from store.diff.files import File
from store.diff.matter import Change


class NoRevision(LookupError):
    """The notice has no revision of that number; says which it has."""


@dataclass(frozen=True, slots=True)
class Revised:
    """A kept notice that changed, and how."""

    source: str
    column: str
    title: str
    url: str
    number: int  # of the new revision
    changes: list[Change]  # the weightiest first


def state_of(revision: models.Revision) -> State:
    """What the revision says, as it is compared."""
    files = revision.attachments.all()
    return State(
        title=revision.title,
        text=revision.text,
        facts=revision.facts,
        files=[
            File(file.name, file.address, file.sha256)
            for file in sorted(files, key=lambda file: file.position)
        ],
    )


def between(notice: models.Notice, first: int | None = None, last: int | None = None) -> Diff:
    """What changed from revision `first` (the one before `last`) to `last` (the newest).

    Raises NoRevision, also when there is none before."""
    last_number = last or notice.revisions.latest("number").number
    before = _revision(notice, first or last_number - 1)
    return diff(state_of(before), state_of(_revision(notice, last_number)))


def _revision(notice: models.Notice, number: int) -> models.Revision:
    found = notice.revisions.filter(number=number).prefetch_related("attachments").first()
    if found is None:
        kept = notice.revisions.order_by("number").values_list("number", flat=True)
        had = "、".join(map(str, kept))
        raise NoRevision(f"没有第 {number} 版；这条通知有：第 {had} 版")
    return found


def revised_on(night: dt.date) -> Iterator[Revised]:
    """The notices that were revised on that night, by source and address, with what changed."""
    made = models.Revision.objects.filter(night__date=night, number__gt=1)
    made = made.select_related("notice__source", "notice__column")
    for revision in made.order_by("notice__source__name", "notice__address", "number"):
        notice = revision.notice
        found = between(notice, revision.number - 1, revision.number)
        yield Revised(
            source=notice.source.name,
            column=notice.column.name,
            title=revision.title,
            url=notice.url,
            number=revision.number,
            changes=found.changes,
        )
