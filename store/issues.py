"""Issues of the bulletin and their entries."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from store import entry_keys
from store.lookup import need
from store.models import Entry, Issue

_NUMBER = re.compile(r"\(?\s*(\d{4})\s*\)?\s*(\d{2})(\d{2})\s*期?")


class Imported(ValueError):
    """The issue was imported as it was printed: it is not made anew. Says its number."""


@dataclass(slots=True, frozen=True)
class Number:
    """What an issue is called."""

    year: int
    month: int
    running: int  # of the month

    def __str__(self) -> str:
        return f"({self.year}) {self.month:02}{self.running:02} 期"


@dataclass(slots=True, frozen=True)
class Pick:
    """One entry to be."""

    source: str
    address: str  # canonical
    section: str
    title: str = ""  # the editors'; "" for the notice's own


def number_of(said: str) -> Number:
    """The number as it is written, brackets and spaces as they come.

    Raises ValueError for another form, or a month that is none.

    >>> str(number_of("（2019）0902期"))
    '(2019) 0902 期'
    """
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", said).strip())
    number = Number(*map(int, found.groups())) if found else None
    if number is None or not 1 <= number.month <= 12 or not number.running:
        raise ValueError(f"{said!r} is no issue number: write (2019) 0902 期")
    return number


@transaction.atomic
def make(number: str, house: Mapping[str, Any], entries: Sequence[Pick]) -> int:
    """Make the issue `(2019) 0902 期`, or bring it to this house and these entries in this order;
    returns its key. What an editor wrote into an entry stays. The same again changes nothing.

    Raises ValueError for a number of another form or a family picked twice, Imported for an issue
    that was printed elsewhere, LookupError for an entry whose notice is not kept."""
    named = number_of(number)
    issue, _ = Issue.objects.update_or_create(
        number=str(named),
        defaults={
            "year": named.year,
            "month": named.month,
            "running": named.running,
            "house": dict(house),
        },
    )
    before = list(issue.entries.select_related("family").order_by("position"))
    if any(entry.printed for entry in before):
        raise Imported(f"{named} was imported as it was printed")
    wanted = [_entry(issue, place, pick) for place, pick in enumerate(entries, start=1)]
    picked: dict[int | None, Pick] = {}
    for entry, pick in zip(wanted, entries, strict=True):
        twin = picked.setdefault(entry.family_id, pick)
        if twin is not pick:
            raise ValueError(f"{pick.address} and {twin.address} are one family")
    bands = [entry_keys.sign(entry) for entry in wanted]
    if [_said(entry) for entry in before] == [_said(entry) for entry in wanted]:
        return issue.pk
    old = {family_of(entry): entry for entry in before}
    for entry in wanted:
        if entry.family_id in old:
            entry.text = old[entry.family_id].text
    issue.entries.all().delete()
    entry_keys.keep(wanted, bands)
    return issue.pk


def family_of(entry: Entry) -> int | None:
    """The entry's family, or that into which it was merged since."""
    family = entry.family
    return None if family is None else family.merged_into_id or family.pk


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


def _said(entry: Entry) -> tuple[Any, ...]:
    """What an entry is, and by what it is known again."""
    own = (entry.family_id, entry.notice_id, entry.section, entry.position, entry.title)
    keys = (entry.address, entry.doc_number, entry.title_key, bytes(entry.hashes))
    return own + keys
