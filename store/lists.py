"""One list page written down: which of its rows are new, changed or moved. Part of the memory."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import asdict

from django.db.models import F

from crawler.memory import Listed, Listing
from crawler.notice import Arrival, Row, RowState
from store import models, tombstones
from store.fit import fit, key

COUNTED_NIGHTS = 30
CHANGED = "列表上的标题或日期变了，重新取一次"

_CUT = re.compile(r"\s*(…+|\.{2,}|⋯+)$")  # how a list shows that a title goes on


def write_list(listing: Listing, place: models.Column, night: models.Night) -> Listed:
    """Inside a transaction: the rows and, for page 1, the validators of the column."""
    rows: dict[str, Row] = {}
    for row in listing.rows:
        rows.setdefault(key(row.address), row)
    olds = {row.address: row for row in place.rows.filter(address__in=rows)}
    listed = Listed()
    forgotten = tombstones.among(place.source_id, rows)
    _add_forgotten({a: rows[a] for a in forgotten if a not in olds}, place, night)
    strange = {a: row for a, row in rows.items() if a not in olds and a not in forgotten}
    _add(strange, rows, listing, place, night, listed)
    listed.known += len(forgotten)
    altered = []
    for address, old in olds.items():
        if address in forgotten:
            continue
        row = rows[address]
        if _asked_back(old, row, listing):
            if old.state == RowState.UNWANTED:
                row.arrival = Arrival.BACKFILL
            old.state, old.arrival = RowState.WAITING, row.arrival
            listed.new.append(row)
            altered.append(old)
            continue
        listed.known += 1
        if listing.hold:
            continue
        before = (old.url, old.title, old.date, old.pinned)
        if _tell(old, row):
            listed.changed.append(row)
        if before != (old.url, old.title, old.date, old.pinned):
            altered.append(old)
    models.Row.objects.bulk_update(
        altered, ["url", "title", "date", "pinned", "state", "arrival", "reason", "tries", "tried"]
    )
    order = list(rows)
    for found in (listed.new, listed.changed, listed.moved):
        found.sort(key=lambda row: order.index(key(row.address)))
    _note_listed(listing, len(rows), place, night)
    return listed


def as_item(row: models.Row) -> Row:
    """The stored row as the crawl knows it; its column is loaded."""
    return Row(
        url=row.url,
        address=row.address,
        title=row.title,
        date=row.date,
        pinned=row.pinned,
        column=row.column.name,
        state=RowState(row.state),
        arrival=Arrival(row.arrival),
    )


def _add(
    strange: dict[str, Row],
    rows: dict[str, Row],
    listing: Listing,
    place: models.Column,
    night: models.Night,
    listed: Listed,
) -> None:
    """Write the rows that the column did not have."""
    at_source = models.Notice.objects.filter(source_id=place.source_id, address__in=strange)
    notices = {notice.address: notice for notice in at_source}
    moves = {}
    if not listing.hold:  # a doubtful list moves nothing before a person has looked at it
        moves = _moves({a: r for a, r in strange.items() if a not in notices}, rows, listing, place)
    made = []
    for address, row in strange.items():
        notice = moves.get(address) or notices.get(address)
        if notice is not None and address not in moves:
            row.state = RowState.KEPT
        if address in moves:
            # no new notice, but the page at the new address may say something else
            moved = fit(models.Notice, url=row.url, address=address)
            models.Notice.objects.filter(pk=moves[address].pk).update(**moved)
        (listed.moved if address in moves else listed.new).append(row)
        held = bool(listing.hold) and row.state is RowState.WAITING
        fields = fit(
            models.Row,
            url=row.url,
            address=address,
            title=row.title,
            reason=listing.hold if held else "",
        )
        made.append(
            models.Row(
                column=place,
                night=night,
                notice=notice,
                date=row.date,
                pinned=row.pinned,
                state=row.state,
                arrival=row.arrival,
                held=held,
                **fields,
            )
        )
    models.Row.objects.bulk_create(made)


def _add_forgotten(rows: dict[str, Row], place: models.Column, night: models.Night) -> None:
    """Rows that lead to what was forgotten: known from now on, never fetched, their titles not
    kept."""
    models.Row.objects.bulk_create(
        models.Row(
            column=place,
            night=night,
            state=RowState.UNWANTED,
            arrival=row.arrival,
            date=row.date,
            **fit(models.Row, url=row.url, address=address),
        )
        for address, row in rows.items()
    )


def _moves(
    strange: dict[str, Row], rows: dict[str, Row], listing: Listing, place: models.Column
) -> dict[str, models.Notice]:
    """New addresses that are a kept notice's title and date, whose own address has left the list.

    It has left when the page shows both older and newer days than its own (on page 1, older ones):
    else it may merely stand on the next page. One sure move vouches for those on the edge."""
    dates = [row.date for row in rows.values() if row.date and not row.pinned]
    wanted = {row.date for row in strange.values() if row.date}
    if not wanted:
        return {}
    kept = place.rows.filter(
        state=RowState.KEPT, notice__address=F("address"), date__in=wanted
    ).exclude(address__in=rows)
    free: dict[tuple[str, dt.date | None], list[models.Notice]] = defaultdict(list)
    for old in kept.select_related("notice").order_by("pk"):
        if old.notice:
            free[_bare(old.title), old.date].append(old.notice)
    moves, sure = {}, False
    for address, row in strange.items():
        same = free.get((_bare(row.title), row.date))
        if same and row.date and row.state is RowState.WAITING:
            moves[address] = same.pop(0)
            inside = min(dates, default=row.date) < row.date
            sure |= inside and (listing.page == 1 or row.date < max(dates))
    return moves if sure else {}


def _asked_back(old: models.Row, row: Row, listing: Listing) -> bool:
    """Whether a row that was left alone is wanted now: too old before a back-fill asked for it, or
    on a host that the source may visit by now."""
    if row.state is not RowState.WAITING:
        return False
    if old.state == RowState.UNWANTED:
        return listing.backfill
    return old.state == RowState.EXTERNAL


def _tell(old: models.Row, row: Row) -> bool:
    """Bring a known row to what the list says now; whether it was kept under another title or date.
    It waits again then, so that its page is fetched even if tonight is killed."""
    same = _bare(old.title) == _bare(row.title) or _goes_on(row.title, old.title)
    same = same or _goes_on(old.title, row.title)
    changed = not same or (old.date and row.date and old.date != row.date)
    if not _goes_on(row.title, old.title):
        old.title = fit(models.Row, title=row.title)["title"]
    old.date = row.date or old.date
    old.url, old.pinned = fit(models.Row, url=row.url)["url"], row.pinned
    row.title, row.date = old.title, old.date
    if not changed or old.state not in (RowState.KEPT, RowState.GONE):
        return False
    old.state, old.reason, old.tries, old.tried = RowState.WAITING, CHANGED, 0, None
    return True


def _goes_on(cut: str, whole: str) -> bool:
    """Whether one title is the other, cut short with dots."""
    stem, dots = _CUT.subn("", cut)
    return bool(dots and stem) and _bare(whole).startswith(_bare(stem))


def _bare(title: str) -> str:
    return "".join(title.split())


def _note_listed(listing: Listing, count: int, place: models.Column, night: models.Night) -> None:
    """Page 1: validators; every page: its count, and which page is to follow."""
    today = night.date.isoformat()
    counts = {entry[0]: entry[1:] for entry in place.row_counts}
    pages = counts.setdefault(today, [])
    pages += [0] * (listing.page - len(pages))
    pages[listing.page - 1] = count
    place.row_counts = [[day, *pages] for day, pages in sorted(counts.items())][-COUNTED_NIGHTS:]
    place.follow = [one for one in place.follow if one["url"] != listing.asked]
    if listing.follow and listing.follow.url not in {one["url"] for one in place.follow}:
        place.follow.append(asdict(listing.follow))
    if listing.page == 1:
        place.url = fit(models.Column, url=listing.url)["url"]
        # a cut validator is never valid
        place.etag = listing.etag if len(listing.etag) <= 500 else ""
        place.last_modified = listing.last_modified if len(listing.last_modified) <= 100 else ""
        place.first_listed = place.first_listed or night.now
        place.last_listed = night.now
    place.save()
