"""What has run before (已登过): the entries of issues that are the same document as a family.

Known again by the family itself, an address, a 文号, a title, or a near-same text (their bands).
All by indices: an inbox of 200 families is asked in a few statements.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from store import families
from store.fit import key
from store.forget import FORGOTTEN
from store.known_again import How, Printed, Wanted, is_that
from store.likeness import Face
from store.lookup import at
from store.models import Entry, Family, Notice, Row

_CHUNK = 5000  # values a statement
_BY_KEY = {
    "family": How.FAMILY,
    "address": How.ADDRESS,
    "number": How.NUMBER,
    "title": How.TITLE,
    "band": How.TEXT,
}
_FOUND = """
SELECT 'family', COALESCE(f.merged_into_id, f.id), NULL, e.id
FROM store_family f JOIN store_entry e ON e.family_id = f.id
WHERE f.id IN ({families}) OR f.merged_into_id IN ({families})
UNION ALL SELECT 'address', NULL, address, id FROM store_entry
WHERE address IN ({addresses}) AND NOT (address = '')
UNION ALL SELECT 'number', NULL, doc_number, id FROM store_entry
WHERE doc_number IN ({numbers}) AND NOT (doc_number = '')
UNION ALL SELECT 'title', NULL, title_key, id FROM store_entry
WHERE title_key IN ({titles}) AND NOT (title_key = '')
UNION ALL SELECT 'title', NULL, n.title_key, e.id
FROM store_notice n JOIN store_entry e ON e.notice_id = n.id
WHERE n.title_key IN ({titles}) AND NOT (n.title_key = '')
"""
_BY_BANDS = "SELECT key, entry_id FROM store_entryband WHERE key IN ({keys})"
_NOTICES = """
SELECT n.family_id, n.id, n.address, n.title, n.doc_number, n.issuers, n.written, n.title_key,
    s.hashes, s.bands
FROM store_notice n LEFT JOIN store_signature s ON s.notice_id = n.id
WHERE n.family_id IN ({families})
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """An entry that ran."""

    issue: str  # number
    section: str
    position: int
    title: str
    how: How
    here: bool  # in the very issue that is being made


@dataclass
class _Found:
    hits: dict[int, dict[int, How]]  # family -> entry -> how
    entries: dict[int, Printed]  # the newest issue's first


def seen(keys: Iterable[int], making: str = "") -> dict[int, list[Ran]]:
    """Where each of the families ran before, the newest issue first; [] for one that never did.

    `making`: the number of the issue that is being made: its entries are told apart (`Ran.here`).
    A family that was merged into another is answered as that one."""
    asked = list(dict.fromkeys(keys))
    merged = Family.objects.filter(pk__in=asked).exclude(merged_into=None)
    root = dict(merged.values_list("pk", "merged_into_id"))
    roots = {root.get(one) or one for one in asked}
    found = _seen(_notices_of(roots), roots)
    lines = _lines(found, making)
    return {one: lines[root.get(one) or one] for one in asked}


def find(address: str = "", doc_number: str = "", title: str = "") -> list[Ran]:
    """Where a document ran before that is known by its canonical address, its 文号 in the one form
    or its title, also by what is kept of it: the families there."""
    title_key = Face(title).title_key if title else ""
    wanted = Wanted(
        {key(address)} if address else set(), title, doc_number, title_key=title_key, asked=True
    )
    known = {notice.family_id for notice in at(address)} if address else set()
    if doc_number or title_key:
        here = Q(doc_number=doc_number) if doc_number else Q()
        here |= Q(title_key=title_key) if title_key else Q()
        known |= set(Notice.objects.filter(here).values_list("family_id", flat=True))
    subjects = {0: [wanted]}  # no family has that key
    if known:
        subjects |= _notices_of(known)
    best: dict[int, How] = {}
    found = _seen(subjects, known)
    for hits in found.hits.values():
        for entry, how in hits.items():
            best[entry] = min(how, best.get(entry, how), key=lambda one: one.rank)
    found.hits = {0: best}
    return _lines(found, making="")[0]


def _lines(found: _Found, making: str) -> dict[int, list[Ran]]:
    told: dict[int, list[Ran]] = defaultdict(list)
    newest_first = {entry: place for place, entry in enumerate(found.entries)}
    for family, hits in found.hits.items():
        for pk in sorted(hits, key=newest_first.__getitem__):
            entry = found.entries[pk]
            told[family].append(
                Ran(
                    entry.issue,
                    entry.section,
                    entry.position,
                    entry.title,
                    hits[pk],
                    entry.issue == making,
                )
            )
    return told


def _notices_of(roots: Collection[int]) -> dict[int, list[Wanted]]:
    """The families' notices, with all addresses that led to them."""
    found: dict[int, list[Wanted]] = {root: [] for root in roots}
    by_key: dict[int, Wanted] = {}
    for row in _rows(_NOTICES, families=list(roots)):
        family, pk, address, title, number, issuers, written, title_key, hashes, bands = row
        by_key[pk] = Wanted(
            {address},
            title,
            number,
            json.loads(issuers) if isinstance(issuers, str) else issuers,
            date.fromisoformat(written) if isinstance(written, str) else written,
            title_key,
            bytes(hashes or b""),
            families.unpack(bytes(bands or b"")),
        )
        found[family].append(by_key[pk])
    for pks in _chunks(list(by_key)):
        moved = Row.objects.filter(notice__in=pks).values_list("notice_id", "address")
        for pk, address in moved:
            by_key[pk or 0].addresses.add(address)
    return found


def _seen(subjects: dict[int, list[Wanted]], roots: Collection[int]) -> _Found:
    """The entries that each subject is; the newest issue's first."""
    holders: dict[str, dict[Any, list[tuple[int, Wanted]]]]
    holders = {name: defaultdict(list) for name in ("address", "number", "title", "band")}
    for family, notices in subjects.items():
        for one in notices:
            for name, values in (
                ("address", one.addresses),
                ("number", [one.doc_number]),
                ("title", [one.title_key]),
                ("band", one.bands),
            ):
                held = holders[name]
                for value in values:
                    if value != "":
                        held[value].append((family, one))
    met: list[tuple[str, int | None, Any, int]] = []
    wanted = {
        "families": sorted(roots),
        "addresses": list(holders["address"]),
        "numbers": list(holders["number"]),
        "titles": list(holders["title"]),
    }
    met += _rows(_FOUND, **wanted)
    bands = _rows(_BY_BANDS, keys=list(holders["band"]))
    met += [("band", None, band, entry) for band, entry in bands]
    entries = _entries({entry for *_, entry in met})
    hits: dict[int, dict[int, How]] = {family: {} for family in subjects}
    tried: set[tuple[int, int, How]] = set()  # of sixteen bands two may have many in common
    for name, root, value, entry in met:
        how = _BY_KEY[name]
        if how is How.FAMILY:
            hits[root or 0][entry] = how
            continue
        for owner, one in holders[name][value]:
            known, pair = hits[owner].get(entry), (id(one), entry, how)
            if pair in tried or (known and known.rank <= how.rank):
                continue
            tried.add(pair)
            if is_that(how, one, entries[entry]):
                hits[owner][entry] = how
    return _Found(hits, entries)


def _entries(keys: Collection[int]) -> dict[int, Printed]:
    """The entries, the newest issue's first."""
    lines: list[Any] = []
    for some in _chunks(sorted(keys)):
        lines += Entry.objects.filter(pk__in=some).values_list(
            *("issue__year", "issue__month", "issue__running", "position"),
            *("pk", "issue__number", "section", "title", "doc_number", "hashes"),
            *("notice__title", "notice__issuers", "notice__written"),
            *("printed__bulletin_title", "printed__issuers", "printed__written"),
        )
    lines.sort(key=lambda line: (*(-part for part in line[:3]), line[3]))
    found: dict[int, Printed] = {}
    for line in lines:
        position, pk, issue, section, title, number, hashes, *of_notice = line[3:]
        its_title, issuers, written, printed_title, printed_by, printed_on = of_notice
        if printed_title:
            its_title, issuers = printed_title, printed_by
            written = date.fromisoformat(printed_on) if printed_on else None
        elif its_title == FORGOTTEN:
            its_title = title
        face = Face(its_title or title, number, tuple(issuers or ()), written, stored=bytes(hashes))
        found[pk] = Printed(issue, section, position, title, face)
    return found


def _rows(statement: str, **values: Sequence[Any]) -> list[Any]:
    """The statement's rows with its lists of values filled in, long lists in parts."""
    names = re.findall(r"\{(\w+)\}", statement)
    rows: list[Any] = []
    for start in range(0, max(map(len, values.values()), default=0), _CHUNK):
        part = {name: list(all_[start : start + _CHUNK]) for name, all_ in values.items()}
        places = {name: ", ".join(["%s"] * len(some)) or "NULL" for name, some in part.items()}
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**places), [v for name in names for v in part[name]])
            rows += cursor.fetchall()
    return rows


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
