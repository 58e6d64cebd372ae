"""What the command, the exports and the bulletin read. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch

from store import models
from store.dump import dump as dump
from store.issues import number_of
from store.models import ReviewState, Verdict

# The verdicts of a night on which the column's list was read.
READ = (Verdict.OK, Verdict.UNCHANGED, Verdict.QUIET, Verdict.DRIFT)
LONG_WAIT = 5  # nights after which a row that is still waiting is shown to an editor

# What `Told` takes from the notice under the same name.
_OWN = (
    *("url", "address", "title", "doc_number", "doc_number_printed", "issuers", "published"),
    *("written", "opens", "opens_time", "closes", "closes_time", "period_label"),
    *("period_sentence", "kind", "section", "topics", "region", "reasons", "arrival", "gone"),
)
_RANK = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A column's outcome in the table of a night."""

    source: str
    agency: str
    column: str
    verdict: Verdict
    why: str  # Chinese
    requests: int
    not_modified: int
    rows: int
    new: int
    revised: int
    problems: int
    watched: int  # of the requests: kept pages asked for again
    vanished: int  # of these: pages that the site has taken down
    seconds: float


@dataclass(frozen=True, slots=True)
class StuckRow:
    """A row whose page could not be had on five nights or more."""

    column: str
    title: str
    url: str
    tries: int  # nights
    reason: str  # Chinese


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment or body image of a notice."""

    name: str
    url: str
    address: str  # canonical
    kind: str  # file or image
    sha256: str  # "" when it could not be had
    media_type: str
    size: int  # bytes
    problem: str  # Chinese; "" when all is well


@dataclass(frozen=True, slots=True)
class Told:
    """A kept notice in its newest state, as exports and the bulletin need it."""

    source: str
    agency: str
    column: str
    url: str
    address: str
    title: str
    doc_number: str
    doc_number_printed: str
    issuers: list[str]
    published: datetime | None
    written: date | None
    opens: date | None
    opens_time: time | None
    closes: date | None
    closes_time: time | None
    period_label: str
    period_sentence: str
    kind: str
    section: str  # suggested
    topics: list[str]
    region: str
    reasons: dict[str, str]
    arrival: str
    night: date  # first kept
    gone: datetime | None
    revision: int  # number of the newest
    html: str
    text: str
    attachments: list[KeptFile]
    problems: list[str]  # Chinese


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family that the editors decided on, by the notice they decided it on."""

    state: ReviewState
    section: str  # the editors', else the suggested one
    title: str  # the editors', else the notice's own
    notice: Told
    also_at: list[str]  # addresses of the family's other notices


@dataclass(frozen=True, slots=True)
class IssueEntry:
    """One entry of an issue with all that a bulletin prints. An imported one has `printed`."""

    section: str
    position: int
    title: str  # the editors'
    text: str  # the editors', else what was printed, else the notice's
    edited: bool  # the text is the editors': `notice.html` no longer says the same
    notice: Told | None  # None: printed, and never collected
    printed: dict[str, Any]  # the entry as its file has it; {} of one that was made here


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue in the list of all."""

    number: str
    entries: int
    imported: bool  # as it was printed; else made here


@dataclass(frozen=True, slots=True)
class IssueTold:
    """An issue with its entries in order."""

    number: str
    year: int
    month: int
    running: int
    house: dict[str, Any]
    entries: list[IssueEntry]


def outcomes(night: date | None = None) -> list[OutcomeLine]:
    """The table of the night (the last one when None), worst first; [] when there was none."""
    found = models.Outcome.objects.select_related("column__source", "night")
    if night is None:
        last = models.Night.objects.order_by("date").last()
        if last is None:
            return []
        night = last.date
    lines = [
        OutcomeLine(
            source=o.column.source.name,
            agency=o.column.source.agency,
            column=o.column.name,
            verdict=Verdict(o.verdict),
            why=o.why,
            requests=o.requests,
            not_modified=o.not_modified,
            rows=o.rows,
            new=o.new,
            revised=o.revised,
            problems=o.problems,
            watched=o.watched,
            vanished=o.vanished,
            seconds=o.seconds,
        )
        for o in found.filter(night__date=night)
    ]
    return sorted(lines, key=lambda line: (_RANK[line.verdict], line.source, line.column))


def candidates(*states: ReviewState) -> list[Candidate]:
    """The families in one of the states (candidates when none is named), by section, then title."""
    wanted = states or (ReviewState.CANDIDATE,)
    reviews = models.Review.objects.filter(state__in=wanted, family__merged_into=None)
    told = told_of(r.notice_id for r in reviews)
    found = []
    for review in reviews:
        notice = told[review.notice_id]
        others = models.Notice.objects.filter(family=review.family_id).exclude(pk=review.notice_id)
        found.append(
            Candidate(
                state=ReviewState(review.state),
                section=review.section or notice.section,
                title=review.title or notice.title,
                notice=notice,
                also_at=sorted(others.values_list("url", flat=True)),
            )
        )
    return sorted(found, key=lambda c: (c.section, c.title, c.notice.address))


def issues() -> list[IssueLine]:
    """All issues, the newest first."""
    imported = models.Entry.objects.filter(issue=OuterRef("pk")).exclude(printed={})
    found = models.Issue.objects.annotate(imported=Exists(imported), many=Count("entries"))
    ordered = found.order_by("-year", "-month", "-running")
    return [IssueLine(one.number, one.many, one.imported) for one in ordered]


def issue(number: str) -> IssueTold:
    """The issue of that number, however it is written. LookupError when there is none."""
    try:
        number = str(number_of(number))
    except ValueError:
        raise LookupError(f"no issue {number}") from None
    kept = models.Issue.objects.filter(number=number).first()
    if kept is None:
        raise LookupError(f"no issue {number}")
    entries = list(kept.entries.order_by("position"))
    told = told_of(entry.notice_id for entry in entries if entry.notice_id)
    return IssueTold(
        number=kept.number,
        year=kept.year,
        month=kept.month,
        running=kept.running,
        house=kept.house,
        entries=[_issue_entry(entry, told.get(entry.notice_id or 0)) for entry in entries],
    )


def _issue_entry(entry: models.Entry, notice: Told | None) -> IssueEntry:
    printed = "\n".join(entry.printed.get("paragraphs") or ())
    return IssueEntry(
        section=entry.section,
        position=entry.position,
        title=entry.title,
        text=entry.text or printed or (notice.text if notice else ""),
        edited=bool(entry.text),
        notice=notice,
        printed=entry.printed,
    )


def told_of(keys: Iterable[int]) -> dict[int, Told]:
    """The notices of these keys, each in its newest state."""
    newest = models.Revision.objects.order_by("-number").prefetch_related(
        Prefetch("attachments", models.Attachment.objects.order_by("position"))
    )
    found = models.Notice.objects.filter(pk__in=list(keys)).select_related(
        "source", "column", "night"
    )
    loaded = found.prefetch_related("problem_set", Prefetch("revisions", newest))
    return {notice.pk: _told(notice) for notice in loaded}


def _told(notice: models.Notice) -> Told:
    newest = notice.revisions.all()[0]
    return Told(
        source=notice.source.name,
        agency=notice.source.agency,
        column=notice.column.name,
        night=notice.night.date,
        revision=newest.number,
        html=newest.html,
        text=newest.text,
        attachments=[
            KeptFile(a.name, a.url, a.address, a.kind, a.sha256, a.media_type, a.size, a.problem)
            for a in newest.attachments.all()
        ],
        problems=sorted(p.detail for p in notice.problem_set.all()),
        **{name: getattr(notice, name) for name in _OWN},
    )
