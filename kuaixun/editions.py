"""What is kept -> what is printed: the store's answers as the bulletin's plain dataclasses."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bulletin import blocks, candidates, docx
from bulletin.issue import Entry, House, Issue
from crawler.notice import AttachmentKind
from pipelines import rules
from pipelines.regions import name_of
from store import files, queries

BEIJING = ZoneInfo("Asia/Shanghai")
FORMATS = ("xlsx", "csv", "jsonl")


def write_candidates(folder: Path, formats: Sequence[str]) -> tuple[list[Path], int]:
    """Write the candidates as candidates.xlsx, .csv, .jsonl into `folder`, by section in the
    office's order; returns the paths, and how many candidates there are."""
    kept = queries.candidates()
    order = _section_order()
    kept.sort(key=lambda one: (order.get(one.section, len(order)), one.section))
    found = [_candidate(one) for one in kept]
    written = []
    for form in formats:
        path = folder / f"candidates.{form}"
        if form == "xlsx":
            candidates.write_xlsx(found, path, made=_made())
        elif form == "csv":
            candidates.write_csv(found, path)
        else:
            candidates.write_jsonl(found, path)
        written.append(path)
    return written, len(found)


def build_issue(number: str, path: Path) -> docx.Built:
    """Build the issue of that number as DOCX. LookupError when there is none."""
    return docx.build(_issue(queries.issue(number)), path, made=_made())


def _section_order() -> dict[str, int]:
    """A section's place: as the newest issue prints them, then as the rules name them."""
    from store.models import Issue as Kept

    newest = Kept.objects.order_by("-year", "-month", "-running").first()
    printed = newest.house.get("sections", []) if newest else []
    names = [*printed, *(rule.name for rule in rules.load().sections)]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


@lru_cache(maxsize=1)
def _made() -> dt.datetime:
    """The date of the documents' properties: the last night's clock, so that the same state of the
    store gives the same bytes."""
    from store.models import Night

    last = Night.objects.order_by("date").last()
    return last.now if last else dt.datetime.now(BEIJING)


def _candidate(one: queries.Candidate) -> candidates.Candidate:
    told = one.notice
    return candidates.Candidate(
        source=told.source,
        agency=told.agency,
        region=name_of(told.region),
        title=told.title,
        edited_title=one.title if one.title != told.title else "",
        doc_number=told.doc_number,
        issuers=told.issuers,
        published=told.published.astimezone(BEIJING) if told.published else None,
        written=told.written,
        opens=_moment(told.opens, told.opens_time),
        closes=_moment(told.closes, told.closes_time),
        section=one.section,
        kind=told.kind,
        topics=told.topics,
        url=told.url,
        attachments=[f.name for f in told.attachments if f.kind == AttachmentKind.FILE],
        family_size=1 + len(one.also_at),
        problems=told.problems,
        text=told.text,
    )


def _moment(day: dt.date | None, hour: dt.time | None) -> dt.date | dt.datetime | None:
    return dt.datetime.combine(day, hour, BEIJING) if day and hour else day


def _issue(told: queries.IssueTold) -> Issue:
    house: dict[str, Any] = told.house
    return Issue(
        number=told.number,
        year=told.year,
        month=told.month,
        running=told.running,
        house=House(
            firm=house.get("publisher", ""),
            title=house.get("title", "快讯"),
            phone=house.get("phone", ""),
            website=house.get("website", ""),
            running_footer=house.get("running_footer", ""),
            closing=list(house.get("closing", [])),
            sections=list(house.get("sections", [])),
        ),
        entries=[_entry(entry) for entry in told.entries],
    )


def _entry(entry: queries.IssueEntry) -> Entry:
    if entry.printed:
        return _printed(entry)
    told = entry.notice
    assert told, "an entry is of a notice, or was printed"
    number = told.doc_number_printed or told.doc_number
    names = [f.name for f in told.attachments if f.kind == AttachmentKind.FILE]
    images = {}
    for file in told.attachments:
        if file.kind == AttachmentKind.IMAGE and file.sha256:
            with files.open(file.sha256) as stored:
                images[f"attachment:{file.address}"] = stored.read()
    return Entry(
        section=entry.section,
        title=entry.title,
        blocks=blocks.read(
            "" if entry.edited else told.html,
            entry.text,
            titles=[entry.title, told.title],
            doc_number=number,
            attachments=names,
        ),
        doc_number=number,
        attachments=names,
        url=told.url,
        images=images,
    )


def _printed(entry: queries.IssueEntry) -> Entry:
    """An imported entry as it was printed, whatever became of its page since."""
    printed = entry.printed
    names = list(printed.get("attachments") or ())
    number = printed.get("doc_number") or ""
    return Entry(
        section=entry.section,
        title=entry.title,
        blocks=blocks.read(
            "",
            entry.text,
            titles=[entry.title, printed.get("bulletin_title", "")],
            doc_number=number,
            attachments=names,
        ),
        doc_number=number,
        attachments=names,
        url=printed.get("url") or "",
    )
