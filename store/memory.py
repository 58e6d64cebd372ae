"""What the crawl remembers from night to night: `crawler.memory.Memory`, answered by the tables."""

import datetime as dt
import statistics
from typing import Self

from django.db import transaction
from django.db.models import Q, QuerySet
from scrapy.crawler import Crawler

from crawler.memory import ColumnState, Follow, Listed, Listing, Watched
from crawler.notice import Attachment, AttachmentKind, FailureKind, Retry, Row, RowState
from store import lists, models, problems, statements, watch
from store.fit import fit, key
from store.nights import BEIJING, column_of, current
from store.writer import write

RETRY_NIGHTS = 5  # on so many nights a file or a later list page is asked for
GONE_NIGHTS = 3  # a page that was not there on so many nights is gone
USUAL_NIGHTS = 3  # fewer listed nights do not say what is usual


class Memory:
    """Each method is one transaction on the writer thread."""

    def __init__(
        self, now: dt.datetime, agency: str = "", region: str = "", level: str = ""
    ) -> None:
        """`now`: the night's own clock, aware. The rest are facts of the source that is crawled."""
        self.now = now.astimezone(BEIJING)
        self.facts = fit(models.Source, agency=agency, region=region, level=level)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        stated = crawler.settings.get("NIGHT_NOW")
        now = dt.datetime.fromisoformat(stated) if stated else dt.datetime.now(BEIJING)
        if now.tzinfo is None:
            now = now.replace(tzinfo=BEIJING)
        spider = crawler.spidercls
        facts = ("agency", "region", "level")
        return cls(now, **{fact: getattr(spider, fact, "") for fact in facts})

    async def column(self, source: str, column: str) -> ColumnState:
        return await write(self._column, source, column)

    async def known(
        self, source: str, column: str, addresses: list[str], before: str = ""
    ) -> set[str]:
        return await write(self._known, source, column, addresses, before)

    async def write_list(self, listing: Listing) -> Listed:
        return await write(self._write_list, listing)

    async def remember_ids(self, source: str, column: str, ids: dict[str, str]) -> None:
        await write(self._remember_ids, source, column, ids)

    async def unfollow(self, source: str, column: str, url: str) -> None:
        await write(self._unfollow, source, column, url)

    async def follow_failed(self, source: str, column: str, url: str, reason: str) -> None:
        await write(self._follow_failed, source, column, url, reason)

    async def waiting(self, source: str, columns: list[str]) -> list[Row]:
        return await write(self._waiting, source, columns)

    async def retries(self, source: str) -> list[Retry]:
        return await write(self._retries, source)

    async def failed(
        self, source: str, address: str, reason: str, kind: FailureKind = FailureKind.BROKEN
    ) -> None:
        await write(self._failed, source, address, reason, kind)

    async def gone(self, source: str, address: str, reason: str) -> None:
        await write(self._gone, source, address, reason)

    async def watched(self, source: str) -> list[Watched]:
        return await write(watch.watched, source, self.now)

    async def confirmed(
        self, source: str, address: str, etag: str = "", last_modified: str = ""
    ) -> None:
        await write(watch.confirm, source, address, etag, last_modified)

    async def vanished(self, source: str, address: str, reason: str) -> None:
        await write(watch.vanish, source, address, reason, self.now)

    async def refused(self, source: str, column: str, url: str, reason: str) -> None:
        await write(self._refused, source, column, url, reason)

    # --- on the writer thread ---------------------------------------------------------------

    def _night(self) -> models.Night:
        return current(self.now.date(), self.now)

    def _place(self, source: str, column: str) -> models.Column:
        place = column_of(source, column)
        told = {name: value for name, value in self.facts.items() if value}
        if any(getattr(place.source, name) != value for name, value in told.items()):
            models.Source.objects.filter(pk=place.source_id).update(**told)
        return place

    def _column(self, source: str, column: str) -> ColumnState:
        place = models.Column.objects.filter(source__name=source, name=column).first()
        if place is None:
            return ColumnState()
        today = self.now.date().isoformat()
        earlier = [pages[0] for night, *pages in place.row_counts if night < today and pages[0]]
        return ColumnState(
            first_night=place.first_listed is None,
            etag=place.etag,
            last_modified=place.last_modified,
            usual_rows=(int(statistics.median(earlier)) if len(earlier) >= USUAL_NIGHTS else None),
            ids=dict(place.ids),
            follow=[Follow(**one) for one in place.follow],
        )

    def _known(self, source: str, column: str, addresses: list[str], before: str) -> set[str]:
        kept = models.Row.objects.filter(
            column__source__name=source,
            column__name=column,
            address__in=[key(address) for address in addresses],
        )
        if before:
            kept = kept.filter(night__date__lt=before)
        found = set(kept.values_list("address", flat=True))
        return {address for address in addresses if key(address) in found}

    @transaction.atomic
    def _write_list(self, listing: Listing) -> Listed:
        night = self._night()
        place = self._place(listing.source, listing.column)
        listed = lists.write_list(listing, place, night)
        waiting = {x.address: key(x.address) for x in listed.new if x.state is RowState.WAITING}
        kept = statements.kept_at(place.source_id, waiting.values())
        listed.fresh = {address for address, here in waiting.items() if here not in kept}
        return listed

    @transaction.atomic
    def _remember_ids(self, source: str, column: str, ids: dict[str, str]) -> None:
        place = self._place(source, column)
        models.Column.objects.filter(pk=place.pk).update(ids=ids)

    @transaction.atomic
    def _unfollow(self, source: str, column: str, url: str) -> None:
        place = self._place(source, column)
        left = [one for one in place.follow if one["url"] != url]
        models.Column.objects.filter(pk=place.pk).update(follow=left)

    @transaction.atomic
    def _follow_failed(self, source: str, column: str, url: str, reason: str) -> None:
        place, today = self._place(source, column), self.now.date().isoformat()
        left = []
        for one in place.follow:
            if one["url"] == url and one["tried"] != today:
                one |= {"tries": one["tries"] + 1, "tried": today}
            if one["url"] == url and one["tries"] >= RETRY_NIGHTS:
                words = f"列表第 {one['page']} 页连续 {RETRY_NIGHTS} 夜读不到，不再去读：{reason}"
                problems.note(place, self._night(), "list.unread", words, url=url)
            else:
                left.append(one)
        models.Column.objects.filter(pk=place.pk).update(follow=left)

    def _waiting(self, source: str, columns: list[str]) -> list[Row]:
        rows = (
            models.Row.objects.filter(
                column__source__name=source,
                column__name__in=columns,
                state=RowState.WAITING,
                held=False,
            )
            .select_related("column")
            .order_by("night__date", "pk")
        )
        once: dict[str, Row] = {}
        for row in rows:
            once.setdefault(row.address, lists.as_item(row))
        return list(once.values())

    def _retries(self, source: str) -> list[Retry]:
        failed = (
            models.Attachment.objects.filter(
                revision__notice__source__name=source,
                revision__notice__gone=None,
                sha256="",
                tries__lt=RETRY_NIGHTS,
            )
            .exclude(problem="")
            .filter(Q(tried=None) | ~Q(tried__date=self.now.date()))
            .select_related("revision__notice")
            .order_by("revision__notice__address", "position")
        )
        return [
            Retry(source, failure.revision.notice.address, _as_attachment(failure))
            for failure in failed
            if failure.revision.number == failure.revision.notice.revisions.count()
        ]

    @transaction.atomic
    def _failed(self, source: str, address: str, reason: str, kind: FailureKind) -> int:
        """Note it; returns on how many nights the page could not be had."""
        night = self._night()
        tries = 0
        for row in self._rows(source, address).filter(state=RowState.WAITING):
            if FailureKind.MISSING in (kind, row.fault) and kind != row.fault:
                row.tries = (
                    0  # a page is gone when it was missing so often, not when a site was down
                )
            if row.tried_id != night.pk or not row.tries:
                row.tries, row.tried = row.tries + 1, night
            row.reason, row.fault = reason, kind
            row.save(update_fields=["tries", "tried", "reason", "fault"])
            tries = max(tries, row.tries)
        return tries

    @transaction.atomic
    def _gone(self, source: str, address: str, reason: str) -> None:
        if self._failed(source, address, reason, FailureKind.MISSING) < GONE_NIGHTS:
            return
        self._rows(source, address).update(state=RowState.GONE, held=False)
        watch.vanish(source, address, reason, self.now)

    @transaction.atomic
    def _refused(self, source: str, column: str, url: str, reason: str) -> None:
        place = self._place(source, column)
        problems.note(place, self._night(), "refused", reason, url=url)

    def _rows(self, source: str, address: str) -> "QuerySet[models.Row]":
        return models.Row.objects.filter(column__source__name=source, address=key(address))


@transaction.atomic
def release(source: str, column: str) -> int:
    """A person has looked at a drifted list: its held rows may be fetched, and what the list is
    like now is what is usual. Returns how many rows."""
    for place in models.Column.objects.filter(source__name=source, name=column):
        place.row_counts = place.row_counts[-1:]
        place.follow = [one | {"hold": ""} for one in place.follow]
        place.save(update_fields=["row_counts", "follow"])
    return models.Row.objects.filter(
        column__source__name=source, column__name=column, held=True
    ).update(held=False, reason="")


def _as_attachment(kept: models.Attachment) -> Attachment:
    return Attachment(
        url=kept.url,
        address=kept.address,
        name=kept.name,
        kind=AttachmentKind(kept.kind),
        media_type=kept.media_type,
        problem=kept.problem,
    )
