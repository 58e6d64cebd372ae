"""Whether one notice is about another, and how plainly: told by the two alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from rapidfuzz import fuzz

from store.citations import as_cited
from store.models import LinkKind
from store.topics import figures, kind_of, unmarked

LEAD = 600  # characters of a text among which it names the document that it is about

_LIKE = 75  # of 100: topics of one document, said in other words
_BEFORE = dt.timedelta(days=730)  # a notice about a document comes so long after it
_AFTER = dt.timedelta(days=60)  # or is out first, with an earlier day on its page
_CLOSE = dt.timedelta(days=90)  # a 图解 with a title of its own comes out with its document
_NO_TIME = dt.timedelta()
_SHOWN = 60  # characters of a title


@dataclass
class Page:
    """A kept notice, as far as links are concerned."""

    pk: int
    title: str
    topic_key: str
    doc_number: str
    issuers: list[str]
    published: dt.datetime | None
    written: dt.date | None
    region: str
    address: str
    source: str
    agency: str

    @cached_property
    def kind(self) -> LinkKind | None:
        return kind_of(self.title)

    @cached_property
    def topic(self) -> str:
        return unmarked(self.topic_key)

    @cached_property
    def day(self) -> dt.date | None:
        return timezone.localtime(self.published).date() if self.published else self.written

    @cached_property
    def issued_by(self) -> list[str]:
        return self.issuers or [self.agency]

    @cached_property
    def is_issuers_own(self) -> bool:
        return any(_same_agency(self.agency, issuer) for issuer in self.issuers)


@dataclass(frozen=True, slots=True)
class Claim:
    """That a notice is about a document."""

    order: tuple[Any, ...]  # the least is the plainest
    reason: str  # Chinese


class About:
    """A notice about a document, and what it says of that.

    `numbers` are those that it cites: the one form -> as printed, in order; `lead` is how its text
    begins."""

    def __init__(self, page: Page, numbers: Mapping[str, str], lead: str) -> None:
        self.page, self.kind, self.topic = page, page.kind, page.topic
        self.numbers = numbers
        self.in_title = {
            number
            for number, printed in numbers.items()
            if printed in page.title and not self._is_own(printed)
        }
        self.in_lead = [number for number, printed in numbers.items() if printed in lead]

    def claim(self, document: Page) -> Claim | None:
        """Whether, and how plainly, it is about that notice."""
        rank, reason = self._reason(document)
        if not reason:
            return None
        gap = self._gap(document)
        order = (
            rank,
            not self._shares_issuer(document),
            gap is None or gap < _NO_TIME,  # what was there before it comes first
            dt.timedelta.max if gap is None else abs(gap),
            not document.is_issuers_own,
            document.source,
            document.address,
        )
        return Claim(order, reason)

    def _reason(self, document: Page) -> tuple[int, str]:
        number = next((x for x in as_cited(document.doc_number) if x in self.numbers), "")
        if number in self.in_title:
            return 0, f"标题写明文号{number}"
        if number in self.in_lead:
            if _agree(self.topic, document.topic):
                return 1, f"正文开头引用文号{number}，标题所指相同"
            if not self.topic and number == self.in_lead[0]:
                return 1, f"标题没有写明文件，正文开头引用文号{number}"
            if self.in_lead == [number] and self._comes_with(document):
                return 1, f"正文开头只引用文号{number}，同一机关同时发布"
        if document.topic and document.topic == self.topic and self._may_be(document):
            return 2, f"标题所指的文件同名（{_shown(document.title)}）"
        return 3, ""

    def _comes_with(self, document: Page) -> bool:
        """Whether it explains, under a title of its own, what its agency brought out just then."""
        gap = self._gap(document)
        close = gap is not None and abs(gap) <= _CLOSE
        return close and self.kind is LinkKind.EXPLAINS and self._shares_issuer(document)

    def _may_be(self, document: Page) -> bool:
        """Whether a document of the name that it tells may be the one: not itself about that, not
        years away, and not of another region."""
        # what one forwards may be explained, but is not what another forwards
        forwarded = document.kind is LinkKind.FORWARDS and self.kind is not LinkKind.FORWARDS
        gap = self._gap(document)
        if not (document.kind is None or forwarded):
            return False
        if gap is not None and not -_AFTER <= gap <= _BEFORE:
            return False
        named = any(issuer and issuer in self.page.title for issuer in document.issued_by)
        here = _binds(document.region, self.page.region)
        return here or named or self._shares_issuer(document)

    def _is_own(self, printed: str) -> bool:
        """Whether a number stands behind the title, where sites put the notice's own: one that
        explains has none, and tells its document's there."""
        behind = self.page.title.rstrip(" )）]】").endswith(printed)
        return behind and self.kind is not LinkKind.EXPLAINS

    def _gap(self, document: Page) -> dt.timedelta | None:
        """How long after the document it came."""
        mine, its = self.page.day, document.day
        return mine - its if mine and its else None

    def _shares_issuer(self, document: Page) -> bool:
        mine = [*self.page.issuers, self.page.agency]
        return any(_same_agency(a, b) for a in mine for b in document.issued_by)


def _same_agency(one: str, other: str) -> bool:
    if one.startswith("办公") or other.startswith("办公"):  # an office of nobody's
        return False
    return bool(one and other) and (one in other or other in one)


def _binds(region: str, below: str) -> bool:
    """Whether a region's documents hold in another, by GB/T 2260: the nation's in all, those of
    370000 in 370100 and in its own."""
    start = region.rstrip("0")
    start += "0" * (len(start) % 2)  # of 500000 it is 50
    return bool(region) and bool(below) and below.startswith(start)


def _agree(one: str, other: str) -> bool:
    """Whether two topics are of one document: the same figures where both have them."""
    if not one or not other:
        return False
    mine, its = figures(one), figures(other)
    if mine and its and mine != its:
        return False
    return fuzz.ratio(one, other) >= _LIKE


def _shown(title: str) -> str:
    return title if len(title) <= _SHOWN else f"{title[: _SHOWN - 1]}…"
