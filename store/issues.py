"""Issues of the bulletin and their entries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from store.lookup import need
from store.models import Entry, Issue

_NUMBER = re.compile(r"\(?\s*(\d{4})\s*\)?\s*(\d{2})(\d{2})\s*期?")


@dataclass(slots=True, frozen=True)
class Pick:
    """One entry to be."""

    source: str
    address: str  # canonical
    section: str
    title: str = ""  # the editors'; "" for the notice's own


@transaction.atomic
def make(number: str, house: Mapping[str, Any], entries: Sequence[Pick]) -> int:
    """Make the issue `(2019) 0902 期`, or bring it to this house and these entries in this order;
    returns its key. What an editor wrote into an entry stays. The same again changes nothing.

    Raises ValueError for a number of another form or a family picked twice, LookupError for an
    entry whose notice is not kept."""
    said = _NUMBER.fullmatch(number.strip())
    if not said:
        raise ValueError(f"{number!r} is no issue number: write (2019) 0902 期")
    year, month, running = (int(part) for part in said.groups())
    issue, _ = Issue.objects.update_or_create(
        number=number.strip(),
        defaults={"year": year, "month": month, "running": running, "house": dict(house)},
    )
    wanted = [_entry(issue, place, pick) for place, pick in enumerate(entries, start=1)]
    picked: dict[int, Pick] = {}
    for entry, pick in zip(wanted, entries, strict=True):
        twin = picked.setdefault(entry.family_id, pick)
        if twin is not pick:
            raise ValueError(f"{pick.address} and {twin.address} are one family")
    old = {entry.family_id: entry for entry in issue.entries.order_by("position")}
    if [_said(entry) for entry in old.values()] == [_said(entry) for entry in wanted]:
        return issue.pk
    for entry in wanted:
        if entry.family_id in old:
            entry.text = old[entry.family_id].text
    issue.entries.all().delete()
    Entry.objects.bulk_create(wanted)
    return issue.pk


def _entry(issue: Issue, position: int, pick: Pick) -> Entry:
    notice = need(pick.source, pick.address)
    return Entry(
        issue=issue,
        family_id=notice.family_id,
        notice=notice,
        section=pick.section,
        position=position,
        title=pick.title or notice.title,
    )


def _said(entry: Entry) -> tuple[int, int, str, int, str]:
    return entry.family_id, entry.notice_id, entry.section, entry.position, entry.title
