"""The corpus of `kuaixun bench store`: notices with what they are copies of and about.

It comes in stories: a document with its reposts and what is about it, or several that are easily
taken for one. Each is a function of seed and number alone, so that any number of them can be made
anywhere."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kuaixun.bench import store_copies as copies
from kuaixun.bench import store_documents as documents
from kuaixun.bench import store_words as words
from kuaixun.bench.store_copies import Copy
from kuaixun.bench.store_documents import Document
from kuaixun.bench.store_words import AGENCIES, NATION, Agency

_MOST = 1000  # documents in a story


@dataclass(frozen=True, slots=True)
class Planted:
    """A notice of the corpus, and the truth about it."""

    copy: Copy
    document: int  # notices of one number are one document
    about: int  # the document that it is about; 0: none
    story: str  # what sort of story it is of
    address: str
    revises: bool = False  # a later text of the page before it


class _Story:
    """Collects the notices of one story."""

    def __init__(self, rng: random.Random, name: str, number: int) -> None:
        self.rng, self.name, self.number = rng, name, number
        self.notices: list[Planted] = []
        self._documents = 0

    def add(self, document: Document, reposts: int = 0, about: int = 0, *, own: bool = True) -> int:
        """The document on its issuer's page, unless that is not read, and on so many others;
        returns its number."""
        self._documents += 1
        number = self.number * _MOST + self._documents
        sites = [one for one in self._sites(reposts + 1) if one is not document.agency][:reposts]
        if own or not sites:
            self._put(copies.own(self.rng, document), number, about)
        for site in sites:
            self._put(copies.repost(self.rng, document, site), number, about)
        return number

    def twice(self, document: Document) -> int:
        """The document in two columns of its issuer's site."""
        number = self.add(document)
        self._put(self.notices[-1].copy, number, 0)
        return number

    def revise(self, text: str) -> None:
        """The page that was added last has another text one day."""
        last = self.notices[-1]
        page = _with_text(last.copy, text)
        self.notices.append(
            Planted(page, last.document, last.about, self.name, last.address, revises=True)
        )

    def _put(self, copy: Copy, number: int, about: int) -> None:
        page = f"{copy.published:%Y%m}/t{self.number}_{len(self.notices)}.html"
        address = f"https://{copy.agency.source.replace('_', '-')}.example.cn/{page}"
        self.notices.append(Planted(copy, number, about, self.name, address))

    def _sites(self, count: int) -> list[Agency]:
        return self.rng.sample(AGENCIES, count)


def _with_text(copy: Copy, text: str) -> Copy:
    facts = {name: getattr(copy, name) for name in Copy.__slots__}
    return Copy(**(facts | {"text": text}))


def stories(seed: int, first: int, after: int) -> Iterator[list[Planted]]:
    """The notices of the stories `first` up to, not including, `after`; documents before what is
    about them."""
    for number in range(first, after):
        rng = random.Random(f"{seed}/{number}")  # noqa: S311
        tell = rng.choices(_TELLERS, _WEIGHTS)[0]
        story = _Story(rng, tell.__name__.strip("_"), number + 1)
        tell(story)
        yield story.notices


def _agency(rng: random.Random) -> Agency:
    return rng.choice(NATION) if rng.random() < 0.2 else rng.choice(AGENCIES)


def _size(rng: random.Random) -> int:
    """Reposts of a document that is reposted: mostly few, up to 29."""
    return min(int(rng.expovariate(0.3)) + 1, 29)


def _lone(story: _Story) -> None:
    rng = story.rng
    make = rng.choice((documents.policy, documents.call, documents.policy, documents.short_text))
    document = make(rng, _agency(rng))
    story.add(document)
    if rng.random() < 0.15:
        more = words.sentence(rng, words.field(rng), document.day.year)
        story.revise(f"{story.notices[-1].copy.text}\n{more}")


def _reposted(story: _Story) -> None:
    rng = story.rng
    agency = rng.choice(NATION) if rng.random() < 0.7 else rng.choice(AGENCIES)
    make = rng.choice((documents.policy, documents.policy, documents.call))
    document = make(rng, agency)
    number = story.add(document, _size(rng), own=rng.random() < 0.8)
    if rng.random() < 0.3:
        story.add(documents.explanation(rng, document), rng.choice((0, 0, 1, 3)), about=number)
    if rng.random() < 0.15:
        story.add(documents.change(rng, document), rng.choice((0, 0, 1, 2)), about=number)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 3))):
        other = rng.choice([x for x in AGENCIES if x.level == "province"])
        letter = documents.forwarding(rng, document, other)
        story.add(letter, rng.choice((0, 0, 0, 1)), about=number)


def _yearly(story: _Story) -> None:
    one = documents.call(story.rng, _agency(story.rng))
    for _ in range(story.rng.randint(2, 4)):
        story.add(one, story.rng.choice((0, 0, 0, 1, 2, 4)))
        one = documents.next_year(story.rng, one)


def _batches(story: _Story) -> None:
    count = story.rng.randint(2, 6)
    for one in documents.batches(story.rng, _agency(story.rng), count):
        story.add(one, story.rng.choice((0, 0, 0, 1, 2)))


def _months(story: _Story) -> None:
    count = story.rng.randint(3, 14)
    for one in documents.months(story.rng, _agency(story.rng), count):
        story.add(one, story.rng.choice((0, 0, 0, 0, 1)))


def _permits(story: _Story) -> None:
    count = story.rng.randint(3, 30)
    for one in documents.permits(story.rng, _agency(story.rng), count):
        story.add(one, story.rng.choice((0, 0, 0, 0, 0, 0, 1)))


def _appointments(story: _Story) -> None:
    count = story.rng.randint(2, 10)
    for one in documents.appointments(story.rng, _agency(story.rng), count):
        story.add(one, story.rng.choice((0, 0, 0, 0, 0, 1)))


def _drafts(story: _Story) -> None:
    draft = documents.policy(story.rng, _agency(story.rng))
    story.add(documents.draft_of(draft), story.rng.choice((0, 0, 1, 2)))
    story.add(documents.final_of(story.rng, draft), story.rng.choice((0, 1, 3)))


def _holidays(story: _Story) -> None:
    rng = story.rng
    year = rng.choice((2018, 2019, 2020))
    feast, month, day = rng.choice(
        (("清明节", 4, 5), ("劳动节", 5, 1), ("端午节", 6, 7), ("中秋节", 9, 13), ("元旦", 1, 1))
    )
    for agency in rng.sample(AGENCIES, rng.randint(2, 8)):
        story.add(documents.holiday(rng, agency, year, feast, dt.date(year, month, day)))


def _columns(story: _Story) -> None:
    make = story.rng.choice((documents.policy, documents.call))
    story.twice(make(story.rng, _agency(story.rng)))


_MIX: dict[Callable[[_Story], None], float] = {
    _lone: 60,
    _reposted: 8,
    _yearly: 4,
    _batches: 2,
    _months: 1.2,
    _permits: 1.6,
    _appointments: 1.2,
    _drafts: 3,
    _holidays: 1,
    _columns: 1.5,
}
_TELLERS, _WEIGHTS = list(_MIX), list(_MIX.values())
