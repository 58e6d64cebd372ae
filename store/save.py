"""Keeping what the crawl found: each function is one transaction, run on the writer thread."""

import datetime as dt
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from crawler.notice import Attachment, Notice, Problem, Retry, content_hash, parts_as_json
from store import citations, families, links, models, problems, statements, tombstones, watch
from store.fit import fit, key, storable
from store.likeness import Face
from store.lookup import find, need
from store.nights import BEIJING, column_of, current
from store.topics import topic_key

ATTACHMENT = "attachment"  # how the codes of problems with files begin


class Saved(StrEnum):
    """What `save` made of a notice."""

    NEW = "new"
    REVISED = "revised"
    SAME = "same"
    FORGOTTEN = "forgotten"  # nothing: an editor had it removed


@transaction.atomic
def save(notice: Notice, night_date: dt.date) -> Saved:
    """Keep the notice: unknown, as a notice with revision 1 in its family; known with another
    content, as a new revision; known with the same, only files that were missing are added. Its
    rows at the source are kept. No editor's decision is touched; a decided family whose notice
    changed gets a ReviewEvent `revised`."""
    families.lock()
    address = key(notice.address)
    place = statements.place_of(night_date, notice.source, notice.column, address)
    if place.forgotten if place else tombstones.stands_at(notice.source, address):
        tombstones.settle_rows(notice.source, [address])
        return Saved.FORGOTTEN
    night = (place and place.night) or current(night_date)
    may_be_kept = place is None or place.kept is not None
    kept = find(notice.source, notice.address) if may_be_kept else None
    digest = notice.content_hash or content_hash(notice)
    if kept is None:
        column = place.column if place else column_of(notice.source, notice.column)
        kept, saved = _begin(notice, column, night), Saved.NEW
        _revise(kept, notice, digest, None, night)
    else:
        newest = kept.revisions.latest("number")
        if newest.content_hash == digest:
            saved = Saved.SAME
            _complete(newest, notice.attachments, night)
        else:
            saved = Saved.REVISED
            _follow(kept, notice)
            _revise(kept, notice, digest, newest, night)
            _reopen(kept, newest.number + 1)
        watch.seen(kept, watch.validators(notice.etag, notice.last_modified))
    _rows_kept(notice.source, notice.address, kept)
    return saved


@transaction.atomic
def save_retry(retry: Retry, night_date: dt.date) -> None:
    """What came of asking for a file again: the file, or one more night without it. LookupError
    when its notice is not kept."""
    notice = need(retry.source, retry.notice_address)
    _complete(notice.revisions.latest("number"), [retry.attachment], current(night_date))


def known(source: str, address: str) -> tuple[str, str, str] | None:
    """(content_hash, reader, record) of the newest revision; None when no notice is kept."""
    notice = statements.notice_at(source, key(address))
    return None if notice is None else statements.newest_of(notice)


@transaction.atomic
def rehash(source: str, address: str, content_hash: str, reader: str) -> None:
    """The newest revision, read again by a newer reader, has this hash: no new revision.

    Raises LookupError when no notice is kept."""
    newest = need(source, address).revisions.latest("number")
    newest.content_hash, newest.reader = content_hash, reader
    newest.save(update_fields=["content_hash", "reader"])


@transaction.atomic
def unchanged(source: str, address: str, etag: str = "", last_modified: str = "") -> None:
    """The page was fetched again and holds what is kept: its rows wait no more. LookupError when
    no notice is kept."""
    notice = need(source, address)
    watch.seen(notice, watch.validators(etag, last_modified))
    _rows_kept(source, address, notice)


def fields_of(notice: Notice) -> dict[str, Any]:
    """The columns of models.Notice that follow its newest revision."""
    period, face = notice.period, _face(notice)
    return fit(
        models.Notice,
        title=notice.title,
        published=_aware(notice.published),
        written=notice.written,
        doc_number=notice.doc_number,
        doc_number_printed=notice.doc_number_printed,
        issuers=list(notice.issuers),
        index_number=notice.index_number,
        opens=period and period.opens,
        opens_time=period and period.opens_time,
        closes=period and period.closes,
        closes_time=period and period.closes_time,
        period_label=period.label if period else "",
        period_sentence=period.sentence if period else "",
        kind=notice.kind,
        section=notice.section,
        topics=list(notice.topics),
        region=notice.region,
        reasons=dict(notice.reasons),
        number_key=face.number_key,
        title_key=face.title_key,
        topic_key=topic_key(notice.title),
    )


def _face(notice: Notice) -> Face:
    return Face(notice.title, notice.doc_number, tuple(notice.issuers), notice.written)


def _begin(notice: Notice, column: models.Column, night: models.Night) -> models.Notice:
    return statements.insert(
        models.Notice(
            source=column.source,
            column=column,
            arrival=notice.arrival,
            night=night,
            family=statements.insert(models.Family()),
            **fit(models.Notice, url=notice.url, address=key(notice.address)),
            **watch.validators(notice.etag, notice.last_modified),
            **fields_of(notice),
        )
    )


def _follow(kept: models.Notice, notice: Notice) -> None:
    if kept.address == key(notice.address):  # else it was asked for where it stood before
        kept.url = fit(models.Notice, url=notice.url)["url"]
    for name, value in fields_of(notice).items():
        setattr(kept, name, value)
    kept.save()


def facts_of(notice: Notice) -> dict[str, Any]:
    """What a revision keeps of the notice beside title, text and files, as JSON has it."""
    facts = {
        "doc_number": notice.doc_number,
        "doc_number_printed": notice.doc_number_printed,
        "issuers": notice.issuers,
        "index_number": notice.index_number,
        "published": notice.published,
        "written": notice.written,
        "period": asdict(notice.period) if notice.period else None,
        "evidence": notice.evidence,
        "parts": parts_as_json(notice.parts),
        # what the list said that night: a file or a page without a title is read with it again
        "row": {"title": notice.row_title, "date": notice.row_date},
    }
    return storable(facts)  # type: ignore[no-any-return]


def _revise(
    kept: models.Notice,
    notice: Notice,
    digest: str,
    newest: models.Revision | None,
    night: models.Night,
) -> None:
    """A revision after the newest, with its attachments; problems and the family follow it."""
    files, told = notice.attachments, _told(notice)
    if newest:
        files, told = _with_files_of(newest, files, told)
    number = newest.number + 1 if newest else 1
    revision = statements.insert(
        models.Revision(
            notice=kept,
            number=number,
            night=night,
            facts=facts_of(notice),
            **fit(
                models.Revision,
                content_hash=digest,
                reader=notice.reader,
                record=notice.record,
                title=notice.title,
                html=notice.html,
                text=notice.text,
            ),
        )
    )
    if files:
        models.Attachment.objects.bulk_create(
            models.Attachment(
                revision=revision,
                position=position,
                **_file_fields(attachment),
                **({"tries": 1, "tried": night} if attachment.problem else {}),
            )
            for position, attachment in enumerate(files)
        )
    said = {
        problems.note(kept.column, night, p.code, p.detail, url=a.url if a else "", notice=kept)
        for p, a in told
    }
    if number > 1:
        kept.problem_set.exclude(digest__in=said).delete()
    families.index(kept, revision.text)
    families.join(kept, night)
    citations.keep(kept, notice.citations, new=newest is None)
    links.settle(kept)


Told = list[tuple[Problem, Attachment | None]]


def _told(notice: Notice) -> Told:
    """The notice's problems and its missing files, each once, with the file that it is about."""
    missing = [a for a in notice.attachments if a.problem]
    told: Told = []
    for problem in notice.problems:
        about = None
        if problem.code.startswith(ATTACHMENT):
            about = next((a for a in missing if a.problem in problem.detail), None)
        if about:
            missing.remove(about)
        told.append((problem, about))
    told += [(Problem(f"{ATTACHMENT}.missing", f"{a.name}：{a.problem}"), a) for a in missing]
    return told


def _with_files_of(
    newest: models.Revision, files: list[Attachment], told: Told
) -> tuple[list[Attachment], Told]:
    """The same, with the file of the newest revision where one of the same address could not be
    had tonight: an annex is not lost because the page around it changed."""
    had = {kept.address: kept for kept in newest.attachments.exclude(sha256="")}
    found = []
    for file in files:
        kept = had.get(key(file.address))
        if kept and file.problem and not file.sha256:
            words = f"附件“{file.name}”今晚没有取到（{file.problem}），沿用上一版本的文件"
            stale = Problem(f"{ATTACHMENT}.stale", words)
            told = [(stale if about is file else problem, about) for problem, about in told]
            taken = {name: getattr(kept, name) for name in ("sha256", "size", "media_type", "text")}
            file = replace(file, problem="", **taken)
        found.append(file)
    return found, told


def _complete(
    revision: models.Revision, attachments: list[Attachment], night: models.Night
) -> None:
    """Fill in the files that the revision lacked; one that still fails has failed a night more."""
    had = {key(attachment.address): attachment for attachment in attachments}
    for missing in revision.attachments.filter(sha256="").exclude(problem=""):
        now = had.get(missing.address)
        if now is None or not (now.sha256 or now.problem):
            continue
        for name, value in _file_fields(now).items():
            if name not in ("url", "address", "name", "kind"):
                setattr(missing, name, value)
        if now.sha256:
            models.Problem.objects.filter(
                notice=revision.notice_id, code__startswith=ATTACHMENT, url=missing.url
            ).delete()
        elif missing.tried_id != night.pk:
            missing.tries, missing.tried = missing.tries + 1, night
        missing.save()


def _file_fields(attachment: Attachment) -> dict[str, Any]:
    """The columns of models.Attachment that say what it is and what came of it."""
    return fit(
        models.Attachment,
        kind=attachment.kind,
        name=attachment.name,
        url=attachment.url,
        address=key(attachment.address),
        media_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
        text=attachment.text,
        problem=attachment.problem,
    )


def _reopen(notice: models.Notice, number: int) -> None:
    """Say in the family's history that the notice changed after it was decided."""
    decided = models.Review.objects.filter(family=notice.family_id)
    if decided.exclude(state=models.ReviewState.NONE).exists():
        place = {"source": notice.source.name, "address": notice.address}
        models.ReviewEvent.objects.create(
            family=notice.family,
            who="night",
            at=timezone.now(),
            what="revised",
            before={**place, "revision": number - 1},
            after={**place, "revision": number},
        )


def _rows_kept(source: str, address: str, notice: models.Notice) -> None:
    statements.rows_kept(source, key(address), notice.pk)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=BEIJING) if moment and moment.tzinfo is None else moment
