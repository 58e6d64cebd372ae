"""What a crawl must remember from night to night, and one memory that forgets at the end.

The setting MEMORY names the class that fills the Protocol (`store.memory.Memory` in this
project). All calls are awaited: the real memory answers from the writer thread.
"""

import statistics
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from scrapy.crawler import Crawler

from crawler.clock import night_now
from crawler.notice import FailureKind, Notice, Retry, Row, RowState


@dataclass(frozen=True, slots=True)
class Follow:
    """A later list page that is still to be read: of tonight, or of a night that did not get to
    it. Kept with the rows of the page before it, so that a kill loses nothing."""

    url: str
    page: int  # its number in the list; 1 is the first
    hold: str = ""  # why its rows wait for a person, as those of the page before it
    night: str = ""  # the night that left it (ISO): what stood in the list before is behind the gap
    tries: int = 0  # nights on which it could not be read
    tried: str = ""  # the last of them


@dataclass(slots=True)
class ColumnState:
    """What is remembered of a column before tonight's list is asked for."""

    first_night: bool = True  # never listed before
    etag: str = ""
    last_modified: str = ""
    usual_rows: int | None = None  # median of page 1 over the last listed nights; None: too few
    ids: dict[str, str] = field(default_factory=dict)  # platform ids read from the column page
    follow: list[Follow] = field(default_factory=list)  # later pages that are still to be read


@dataclass(slots=True)
class Listing:
    """One list page as it was read, ready to be written."""

    source: str
    column: str
    url: str
    page: int  # 1 is the first
    rows: list[Row]
    etag: str = ""  # validators: of page 1 only
    last_modified: str = ""
    backfill: bool = False  # asked for by hand: rows that were too old are wanted now
    hold: str = ""  # why the new rows wait for a person, Chinese; "" to fetch them
    asked: str = ""  # the address asked for, when a Follow led to this page
    follow: Follow | None = None  # the page to be read after this one; None when it is the last


@dataclass(slots=True)
class Listed:
    """What the memory made of a Listing."""

    new: list[Row] = field(default_factory=list)  # never seen in this column; to fetch if WAITING
    changed: list[Row] = field(default_factory=list)  # kept, with another title or date now
    moved: list[Row] = field(
        default_factory=list
    )  # a kept notice's title and date at a new address
    known: int = 0  # rows that stood there before
    fresh: set[str] = field(default_factory=set)  # of `new`, where the source has no notice kept


@dataclass(frozen=True, slots=True)
class Watched:
    """A kept page that is asked for again: has it changed, is it still there?"""

    row: Row  # the line that led to it, as the list has it by now
    etag: str = ""  # validators of what is kept; "" when there are none for the row's address
    last_modified: str = ""


class Memory(Protocol):
    """What the spider asks and tells. `source` is a spider's name, `column` a column's name."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self: ...

    async def column(self, source: str, column: str) -> ColumnState:
        """The state before tonight; of an unknown column, a fresh one."""

    async def known(
        self, source: str, column: str, addresses: list[str], before: str = ""
    ) -> set[str]:
        """Which of the canonical addresses are already rows of the column; with `before`, which
        were so before the night of that date (ISO)."""

    async def write_list(self, listing: Listing) -> Listed:
        """Write the rows and, for page 1, the validators in one transaction.

        New rows are written with the state and arrival they carry; one whose notice is already
        kept at the source becomes `kept`. Known rows get the new title and date. In the same
        transaction `follow` is kept (an older one to the same address stays), and what led to this
        page (`asked`) is forgotten."""

    async def remember_ids(self, source: str, column: str, ids: dict[str, str]) -> None:
        """Keep the platform ids that were read from the column's page."""

    async def unfollow(self, source: str, column: str, url: str) -> None:
        """A later list page does not exist: it is not asked for again."""

    async def follow_failed(self, source: str, column: str, url: str, reason: str) -> None:
        """A later list page could not be read: it is asked for on five nights, then given up with
        a stored problem."""

    async def waiting(self, source: str, columns: list[str]) -> list[Row]:
        """Rows of these columns still to fetch (not held), oldest first, each address once."""

    async def retries(self, source: str) -> list[Retry]:
        """Attachments of kept notices that failed within the last five nights."""

    async def failed(
        self, source: str, address: str, reason: str, kind: FailureKind = FailureKind.BROKEN
    ) -> None:
        """A waiting row's page could not be had: it stays waiting, with the reason (Chinese)."""

    async def gone(self, source: str, address: str, reason: str) -> None:
        """The page answers 404 or 410. A list may be published before its pages, so the row waits;
        on the third such night it is `gone`, and its notice, if any, says so."""

    async def watched(self, source: str) -> list[Watched]:
        """Kept pages of candidates and of what was published in the last weeks, each once."""

    async def confirmed(
        self, source: str, address: str, etag: str = "", last_modified: str = ""
    ) -> None:
        """A watched page has not changed (304): it is there, with these validators if any."""

    async def vanished(self, source: str, address: str, reason: str) -> None:
        """A watched page was taken down: its notice says so from now on, until it is back."""

    async def refused(self, source: str, column: str, url: str, reason: str) -> None:
        """An address that was not asked for (host, address guard, robots): a stored problem."""


class Forgetful:
    """A memory in memory: for `scrapy shell`, benchmarks and tests of single pages."""

    def __init__(self, night: str = "") -> None:
        """`night`: the date of tonight (ISO)."""
        self.night = night
        self.first_seen: dict[tuple[str, str, str], str] = {}  # source, column, address -> night
        self.rows: dict[tuple[str, str], dict[str, Row]] = {}
        self.states: dict[tuple[str, str], ColumnState] = {}
        self.counts: dict[tuple[str, str], list[int]] = {}
        self.notices: dict[tuple[str, str], Notice] = {}
        self.problems: list[tuple[str, str, str]] = []
        self.watch: list[Watched] = []
        self.taken_down: dict[tuple[str, str], str] = {}  # source, address -> why

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(night_now(crawler.settings).date().isoformat())

    async def column(self, source: str, column: str) -> ColumnState:
        state = self._state(source, column)
        counts = self.counts.get((source, column), [])
        usual = int(statistics.median(counts)) if len(counts) >= 3 else None
        return replace(state, usual_rows=usual, follow=list(state.follow))

    def _state(self, source: str, column: str) -> ColumnState:
        return self.states.setdefault((source, column), ColumnState())

    async def known(
        self, source: str, column: str, addresses: list[str], before: str = ""
    ) -> set[str]:
        rows = self.rows.get((source, column), {})
        return {
            address
            for address in addresses
            if address in rows and (not before or self.first_seen[source, column, address] < before)
        }

    async def write_list(self, listing: Listing) -> Listed:
        key = (listing.source, listing.column)
        rows, state, listed = self.rows.setdefault(key, {}), self._state(*key), Listed()
        for row in listing.rows:
            old = rows.get(row.address)
            if old is None:
                rows[row.address] = row
                self.first_seen[*key, row.address] = self.night
                listed.new.append(row)
                continue
            listed.known += 1
            if old.state is RowState.KEPT and (old.title, old.date) != (row.title, row.date):
                listed.changed.append(row)
            old.title, old.date = row.title, row.date
        state.follow = [one for one in state.follow if one.url != listing.asked]
        if listing.follow and listing.follow.url not in {one.url for one in state.follow}:
            state.follow.append(listing.follow)
        if listing.page == 1:
            state.first_night = False
            state.etag, state.last_modified = listing.etag, listing.last_modified
            self.counts.setdefault(key, []).append(len(listing.rows))
        return listed

    async def remember_ids(self, source: str, column: str, ids: dict[str, str]) -> None:
        self._state(source, column).ids = dict(ids)

    async def unfollow(self, source: str, column: str, url: str) -> None:
        state = self._state(source, column)
        state.follow = [one for one in state.follow if one.url != url]

    async def follow_failed(self, source: str, column: str, url: str, reason: str) -> None:
        self.problems.append((source, url, reason))

    async def waiting(self, source: str, columns: list[str]) -> list[Row]:
        found = {
            row.address: row
            for (name, column), rows in self.rows.items()
            if name == source and column in columns
            for row in rows.values()
            if row.state is RowState.WAITING
        }
        return list(found.values())

    async def retries(self, source: str) -> list[Retry]:
        return []

    async def failed(
        self, source: str, address: str, reason: str, kind: FailureKind = FailureKind.BROKEN
    ) -> None:
        self.problems.append((source, address, reason))

    async def gone(self, source: str, address: str, reason: str) -> None:
        self._set(source, address, RowState.GONE)

    async def watched(self, source: str) -> list[Watched]:
        return list(self.watch)

    async def confirmed(
        self, source: str, address: str, etag: str = "", last_modified: str = ""
    ) -> None:
        self.taken_down.pop((source, address), None)

    async def vanished(self, source: str, address: str, reason: str) -> None:
        self.taken_down[source, address] = reason

    async def refused(self, source: str, column: str, url: str, reason: str) -> None:
        self.problems.append((source, url, reason))

    def _set(self, source: str, address: str, state: RowState) -> None:
        for (name, _), rows in self.rows.items():
            if name == source and address in rows:
                rows[address].state = state
