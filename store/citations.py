"""The 文号 that notices name: kept beside them, and looked up among what is kept."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from crawler import notice as told
from store import models
from store.fit import fit
from store.notice_line import NoticeLine, line_of

# Orders stand under their agency's name with the nation's or without; citations have it without.
_NATION = "中华人民共和国"
_CONTEXT = 80  # characters before a number, among which the document's name may stand
_SENTENCE = re.compile(r"[。；;\n]")
_BATCH = 500

_CITED = """
SELECT c.number, COUNT(DISTINCT n.family_id), COUNT(*)
FROM store_citation c JOIN store_notice n ON n.id = c.notice_id
WHERE NOT EXISTS (
    SELECT 1 FROM store_notice k
    WHERE k.doc_number IN (c.number, %s || c.number) AND NOT (k.doc_number = ''))
GROUP BY c.number HAVING COUNT(DISTINCT n.family_id) >= %s
ORDER BY 2 DESC, 3 DESC, 1
"""
_INSERT = "INSERT INTO store_citation (notice_id, number, printed) VALUES"
_OF = "SELECT number, printed FROM store_citation WHERE notice_id = %s ORDER BY id"
_DELETE = "DELETE FROM store_citation WHERE notice_id = %s"


@dataclass(frozen=True, slots=True)
class Cited:
    """A number that a notice names."""

    number: str  # in the one form
    printed: str
    document: NoticeLine | None  # the kept notice that has it; the origin of its family


@dataclass(frozen=True, slots=True)
class Citing:
    """A notice that names a number."""

    notice: NoticeLine
    printed: str  # the number as it stands there


@dataclass(frozen=True, slots=True)
class Missing:
    """A number that is cited, of which no document is kept."""

    number: str
    families: int  # documents that cite it, reposts counted once
    notices: int
    context: str  # the words around it in one of them: the document's name may be among them
    by: list[Citing]  # by source and address


def keep(notice: models.Notice, citations: Iterable[told.Citation], *, new: bool = False) -> None:
    """Let the notice cite these and no others; `new` says that it cites none yet. Inside the
    transaction that writes its newest text."""
    rows = rows_of(citations)
    if new and not rows:
        return
    with connection.cursor() as cursor:
        if not new:
            cursor.execute(_DELETE, [notice.pk])
        listed = list(rows.items())
        for start in range(0, len(listed), _BATCH):
            some = listed[start : start + _BATCH]
            places = ", ".join(["(%s, %s, %s)"] * len(some))
            values = [x for number, printed in some for x in (notice.pk, number, printed)]
            cursor.execute(f"{_INSERT} {places}", values)


def rows_of(citations: Iterable[told.Citation]) -> dict[str, str]:
    """The citations as they are kept: number -> as printed, in order."""
    rows: dict[str, str] = {}
    for one in citations:
        row = fit(models.Citation, number=one.number, printed=one.printed)
        rows.setdefault(row["number"], row["printed"])
    return rows


def numbers_of(notice: int) -> dict[str, str]:
    """What the notice of that key cites: number -> as printed, in the order of the text."""
    with connection.cursor() as cursor:
        cursor.execute(_OF, [notice])
        return dict(cursor.fetchall())


def as_kept(number: str) -> list[str]:
    """The forms in which a notice may have the cited number for its own."""
    return [number, f"{_NATION}{number}"]


def as_cited(doc_number: str) -> list[str]:
    """The forms in which others may cite a notice's own number; [] without one."""
    if not doc_number:
        return []
    return list(dict.fromkeys([doc_number, doc_number.removeprefix(_NATION)]))


def of(notice: models.Notice) -> list[Cited]:
    """The numbers that the notice cites, in order, each with the document it is of when kept."""
    numbers = numbers_of(notice.pk)
    wanted = {form: number for number in numbers for form in as_kept(number)}
    kept = models.Notice.objects.filter(doc_number__in=list(wanted)).exclude(doc_number="")
    # of several copies the origin of their family, else the oldest
    found: dict[str, models.Notice] = {}
    for one in kept.select_related("source", "family").order_by("pk"):
        number = wanted[one.doc_number]
        if number not in found or one.family.origin_id == one.pk:
            found[number] = one
    return [
        Cited(number, printed, line_of(found[number]) if number in found else None)
        for number, printed in numbers.items()
    ]


def citing(notice: models.Notice) -> list[Citing]:
    """Who cites the notice's document, by its number or those of the family's other notices; its
    own family aside. By source and address."""
    own = notice.family.notices.exclude(doc_number="").values_list("doc_number", flat=True)
    numbers = {form for number in own for form in as_cited(number)}
    return [
        Citing(line_of(one.notice), one.printed)
        for one in _citations(numbers)
        if one.notice.family_id != notice.family_id
    ]


def missing(at_least: int = 1) -> list[Missing]:
    """What at least so many documents cite and no kept notice has for its number, most cited
    first."""
    with connection.cursor() as cursor:
        cursor.execute(_CITED, [_NATION, at_least])
        counted = cursor.fetchall()
    by: dict[str, list[models.Citation]] = {number: [] for number, *_ in counted}
    numbers = list(by)
    for start in range(0, len(numbers), _BATCH):
        for one in _citations(numbers[start : start + _BATCH]):
            by[one.number].append(one)
    return [
        Missing(
            number,
            families,
            notices,
            _context(by[number][0]),
            [Citing(line_of(one.notice), one.printed) for one in by[number]],
        )
        for number, families, notices in counted
    ]


def _citations(numbers: Collection[str]) -> "QuerySet[models.Citation]":
    found = models.Citation.objects.filter(number__in=list(numbers))
    return found.select_related("notice__source").order_by(
        "notice__source__name", "notice__address", "pk"
    )


def _context(citation: models.Citation) -> str:
    """The sentence up to the number, where the text has it, else the title."""
    newest = models.Revision.objects.filter(notice=citation.notice_id).order_by("-number")
    text: str = newest.values_list("text", flat=True).first() or ""
    at = text.find(citation.printed)
    if at < 0:
        return citation.notice.title
    end = at + len(citation.printed)
    before = _SENTENCE.split(text[max(0, at - _CONTEXT) : at])[-1]
    closing = text[end : end + 1] if text[end : end + 1] in "）)］]】" else ""
    return f"{before}{citation.printed}{closing}".strip()
