"""Revisions read again from the archive: what another reading would change, and writing it.

A new reading goes into the same revision: the page did not change, only what we make of it. What
editors wrote or decided (Review, ReviewEvent, Entry) is never written here.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from crawler.notice import Notice, Problem
from store import citations, families, links, models, problems
from store.families import Move
from store.fit import fit, key, storable
from store.likeness import Face
from store.nights import INTAKE
from store.save import ATTACHMENT, facts_of, fields_of

UNLISTED = "unlisted"  # of a revision's facts: files that today's reader does not list any more
BARRED = "family.barred"  # a problem: the notice ought to change its family, editors decided on it
_TO_FETCH = "重读时才读出，下一夜去取"
_TOO_LATE = "重读时才读出，旧版本的附件不再去取"
_BATCH = 200  # revisions loaded at a time
# follow from what is told, by rules that may change alone
_SILENT = ("number_key", "title_key", "topic_key")
_OF_PERIOD = ("opens", "opens_time", "closes", "closes_time", "period_label", "period_sentence")
_OF_FACE = ("title", "doc_number", "issuers", "written")
_PROMISE = ("kind", "name", "url")  # what a page says of a file; the rest came with the file


class NothingKept(LookupError):
    """Nothing is kept of that source or night; says which, and in `remedy` what there is."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Change:
    """One field that another reading changes. Values are as JSON has them: days as ISO strings,
    files and problems as lists of objects."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """What another reading makes of a revision."""

    changes: list[Change] = field(default_factory=list)
    stamp: bool = False  # the reader's version or the hash differ, be the content as it may

    def __bool__(self) -> bool:
        return bool(self.changes) or self.stamp


def select(night: dt.date | None = None, source: str = "") -> list[int]:
    """Keys of the revisions that were made on that night, of that source; of all when left out.
    By source, notice and number. Raises NothingKept."""
    made = Exists(models.Revision.objects.filter(night=OuterRef("pk")))
    newest = models.Night.objects.filter(made).order_by("-date").first()
    if newest is None:
        remedy = "Read the sources first (kuaixun nightly), or name the data folder (KUAIXUN_DATA)."
        raise NothingKept("Nothing is kept yet.", remedy)
    if source and not models.Source.objects.filter(name=source).exists():
        kept = models.Source.objects.filter(notices__isnull=False).distinct().order_by("name")
        names = ", ".join(kept.values_list("name", flat=True))
        raise NothingKept(f"Nothing is kept of a source {source}.", f"There are: {names}")
    if night and not models.Night.objects.filter(date=night).exists():
        last = f"The newest night that kept a page is {newest.date}."
        raise NothingKept(f"There was no night {night}.", last)
    # of what was forgotten there is no page any more
    chosen = models.Revision.objects.exclude(
        Exists(
            models.Tombstone.objects.filter(
                source=OuterRef("notice__source"), address=OuterRef("notice__address")
            )
        )
    )
    if source:
        chosen = chosen.filter(notice__source__name=source)
    if night:
        chosen = chosen.filter(night__date=night)
    return list(
        chosen.order_by("notice__source__name", "notice", "number").values_list("pk", flat=True)
    )


def load(keys: Sequence[int]) -> Iterator[models.Revision]:
    """The revisions of these keys, in this order, with all that a comparison looks at. One that
    was removed meanwhile is left out."""
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        found = {revision.pk: revision for revision in _whole().filter(pk__in=some)}
        yield from (found[pk] for pk in some if pk in found)


def compare(revision: models.Revision, notice: Notice) -> Difference:
    """What `rewrite` would change; writes nothing. `revision` is one of `load`."""
    return _Rewrite(revision, notice).difference


@transaction.atomic
def rewrite(key: int, notice: Notice) -> Difference:
    """Make the revision say what the notice says, read anew from its own page, and, when it is
    the notice's newest, the notice and its family too; returns what changed.

    A file that was not listed before is fetched by the next night; one that is not listed any
    more stays in the facts under `unlisted`, with its hash, and comes back when it is found
    again. No revision is made, no family reopened. Where editors' decisions bar the notice from
    its place, a problem says so. NothingKept when the revision is gone."""
    families.lock()
    revision = _whole().select_for_update(of=("self",)).filter(pk=key).first()
    if revision is None:
        raise NothingKept(f"Revision {key} is not kept any more.")
    made = _Rewrite(revision, notice)
    if made.difference:
        made.write()
    return made.difference


@transaction.atomic
def withdraw_barred() -> None:
    """Take back what was said of families where it holds no more: a notice may be barred from its
    place only until those beside it are read again, too."""
    families.lock()
    noted = models.Problem.objects.filter(code=BARRED).select_related("notice__source")
    for problem in noted:
        if problem.notice and families.is_at_home(problem.notice):
            problem.delete()


def is_newest(revision: models.Revision) -> bool:
    """Whether the revision, one of `load`, is what its notice says now."""
    newest: int = revision.newest  # type: ignore[attr-defined]
    return revision.number == newest


def _whole() -> "QuerySet[models.Revision]":
    siblings = models.Revision.objects.filter(notice=OuterRef("notice")).order_by("-number")
    return (
        models.Revision.objects.annotate(newest=Subquery(siblings.values("number")[:1]))
        .select_related("night", "notice__family", "notice__source", "notice__column__source")
        .prefetch_related(
            # the files' own texts are long, and of use only where a file is put by
            Prefetch("attachments", models.Attachment.objects.order_by("position").defer("text")),
            Prefetch("notice__rows", models.Row.objects.order_by("pk")),
            "notice__problem_set",
        )
    )


class _Rewrite:
    """A revision and what it is to say."""

    def __init__(self, revision: models.Revision, notice: Notice) -> None:
        self.revision, self.kept = revision, revision.notice
        self.newest = is_newest(revision)
        self.page = fit(models.Revision, title=notice.title, text=notice.text, html=notice.html)
        self.stamp = fit(models.Revision, content_hash=notice.content_hash, reader=notice.reader)
        self.facts = facts_of(notice)
        if not self.newest and "row" not in revision.facts:
            del self.facts["row"]  # it is that of today's list, not of then
        self.columns = fields_of(notice) if self.newest else {}
        self.citations = notice.citations
        self.told = [p for p in notice.problems if not p.code.startswith(ATTACHMENT)]
        self.unlisted: list[dict[str, Any]] = []
        self.leftover: list[models.Attachment] = []  # kept, but not listed any more
        self.found: list[models.Attachment] = []  # listed for the first time
        self.had = [_promise(file) for file in revision.attachments.all()]
        self.files = self._files(notice)
        self.before, self.after = self._faces()
        stamped = any(getattr(revision, name) != value for name, value in self.stamp.items())
        silent = any(getattr(self.kept, n) != self.columns[n] for n in _SILENT if self.newest)
        self.difference = Difference(list(self._changes()), stamped or silent)

    def _files(self, notice: Notice) -> list[models.Attachment]:
        """The revision's files as they are to be, kept ones first looked for among those listed,
        then among those that an earlier reading did not list."""
        kept: dict[str, list[models.Attachment]] = {}
        for file in self.revision.attachments.all():
            kept.setdefault(file.address, []).append(file)
        away = {file["address"]: file for file in self.revision.facts.get(UNLISTED, [])}
        files = []
        for position, told in enumerate(notice.attachments):
            address = key(told.address)
            if kept.get(address):
                file = kept[address].pop(0)
            elif address in away:
                file = models.Attachment(revision=self.revision, **away.pop(address))
                self.found.append(file)
            else:
                file = models.Attachment(
                    revision=self.revision, address=address, problem=self._why_missing()
                )
                self.found.append(file)
            says = {name: getattr(told, name) for name in _PROMISE}
            for name, value in fit(models.Attachment, **says).items():
                setattr(file, name, value)
            file.position = position
            files.append(file)
        self.leftover = [file for rest in kept.values() for file in rest]
        self.unlisted = [*away.values(), *map(_put_by, self.leftover)]
        return files

    def _why_missing(self) -> str:
        if self.kept.source.level == INTAKE:
            return ""  # of saved pages no file is fetched
        return _TO_FETCH if self.newest else _TOO_LATE

    def _faces(self) -> tuple[Face, Face]:
        kept, text = self.kept, self.revision.text
        place = families.place_of(kept)
        before = Face(
            kept.title, kept.doc_number, tuple(kept.issuers), kept.written, lambda: text, **place
        )
        if not self.newest:
            return before, before
        told, now = self.columns, self.page["text"]
        after = Face(
            told["title"],
            told["doc_number"],
            tuple(told["issuers"]),
            told["written"],
            lambda: now,
            **place,
        )
        return before, after

    def _changes(self) -> Iterator[Change]:
        told = set()
        for change in [*self._of_revision(), *self._of_notice()]:
            if change.field not in told:  # a fact of the revision before its copy on the notice
                told.add(change.field)
                yield change
        if self._faces_differ() and (words := _words(self.kept, self._foresee())):
            yield Change("family", "", words)

    def _of_revision(self) -> Iterator[Change]:
        for name, new in self.page.items():
            if getattr(self.revision, name) != new:
                yield Change(name, getattr(self.revision, name), new)
        for name, new in self.facts.items():
            old = self.revision.facts.get(name)
            if name != "row" and old != new and (old or new):
                yield Change(name, old, new)
        now = [_promise(file) for file in self.files]
        if now != self.had:
            yield Change("attachments", self.had, now)

    def _of_notice(self) -> Iterator[Change]:
        if not self.newest:
            return
        for name, new in self.columns.items():
            old = getattr(self.kept, name)
            if name not in _SILENT and old != new:
                yield Change("period" if name in _OF_PERIOD else name, _plain(old), _plain(new))
        cited = list(citations.numbers_of(self.kept.pk)), list(citations.rows_of(self.citations))
        if cited[0] != cited[1]:
            yield Change("citations", *cited)
        old, new = _said(self.kept), sorted(map(_pair, self.told))
        if old != new:
            yield Change("problems", _listed(old), _listed(new))

    def _faces_differ(self) -> bool:
        if not self.newest:
            return False
        names = (*_OF_FACE, *_SILENT)
        changed = any(getattr(self.kept, name) != self.columns[name] for name in names)
        return changed or self.revision.text != self.page["text"]

    def _foresee(self) -> Move:
        return families.foresee(self.kept, self.before, self.after)

    def write(self) -> None:
        revision, moves = self.revision, self._faces_differ()
        revision.facts = revision.facts | self.facts
        revision.facts.pop(UNLISTED, None)
        if self.unlisted:
            revision.facts[UNLISTED] = self.unlisted
        for name, value in (self.page | self.stamp).items():
            setattr(revision, name, value)
        revision.save(update_fields=["facts", *self.page, *self.stamp])
        self._write_files()
        if not self.newest:
            return
        models.Notice.objects.filter(pk=self.kept.pk).update(**self.columns)
        for name, value in self.columns.items():
            setattr(self.kept, name, value)
        self._write_problems()
        if moves:
            families.index(self.kept, revision.text)
            self._note_barred(families.rejoin(self.kept, self.before))
        citations.keep(self.kept, self.citations)
        links.settle(self.kept)

    def _write_files(self) -> None:
        if [_promise(file) for file in self.files] == self.had:
            return
        for file in self.leftover:
            file.delete()
        rows = models.Attachment.objects.filter(revision=self.revision)
        # out of the way first: two files of one revision never stand at one position
        for aside, pk in enumerate(rows.values_list("pk", flat=True), start=1_000_000):
            rows.filter(pk=pk).update(position=aside)
        for file in self.files:
            # of a kept one no more than this: a night may be fetching it
            file.save(update_fields=[*_PROMISE, "position"] if file.pk else None)

    def _write_problems(self) -> None:
        """Those of the page become today's; those of its files stay with the files."""
        column, night = self.kept.column, self.revision.night
        said = {problems.note(column, night, p.code, p.detail, notice=self.kept) for p in self.told}
        stored = self.kept.problem_set.all()
        fetched = models.Problem.objects.filter(notice=self.kept, code__startswith=ATTACHMENT)
        models.Problem.objects.filter(
            pk__in=[
                problem.pk
                for problem in stored
                if _is_of_page(problem) and problem.digest not in said
            ]
        ).delete()
        fetched.filter(url__in=[file.url for file in self.leftover]).exclude(url="").delete()
        for file in self.found:
            if file.problem:
                words = f"{file.name}：{file.problem}"
                problems.note(
                    column, night, f"{ATTACHMENT}.missing", words, url=file.url, notice=self.kept
                )

    def _note_barred(self, move: Move) -> None:
        noted = models.Problem.objects.filter(notice=self.kept, code=BARRED)
        said = ""
        if words := _barred(self.kept, move):
            night = self.revision.night
            said = problems.note(self.kept.column, night, BARRED, words, notice=self.kept)
        noted.exclude(digest=said).delete()


def _promise(file: models.Attachment) -> dict[str, str]:
    return {name: str(getattr(file, name)) for name in _PROMISE} | {"address": file.address}


def _put_by(file: models.Attachment) -> dict[str, Any]:
    """All of a file that is needed to list it again."""
    names = ("kind", "name", "url", "address", "media_type", "size", "sha256", "text", "problem")
    return {name: getattr(file, name) for name in (*names, "tries")}


def _pair(problem: Problem) -> tuple[str, str]:
    told = fit(models.Problem, code=problem.code, detail=problem.detail)
    return told["code"], told["detail"]


def _said(kept: models.Notice) -> list[tuple[str, str]]:
    return sorted(
        (problem.code, problem.detail) for problem in kept.problem_set.all() if _is_of_page(problem)
    )


def _is_of_page(problem: models.Problem) -> bool:
    """Whether the page's reading says it, not a download nor what became of the family."""
    return problem.code not in (BARRED, families.APART) and not problem.code.startswith(ATTACHMENT)


def _listed(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "detail": detail} for code, detail in pairs]


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return storable([value])[0]


def _words(notice: models.Notice, move: Move) -> str:
    """What becomes of the notice's family, in Chinese; "" when nothing does."""
    said = []
    if move.leaves:
        said.append(f"离开“{_name(notice.family)}”的转载家族，自成一家")
    said += [f"与{name}的转载家族合为一家" for name in _names(move.joins)]
    if words := _barred(notice, move):
        said.append(words)
    return "；".join(said)


def _barred(notice: models.Notice, move: Move) -> str:
    """What should become of the family but does not, and why; "" when nothing."""
    if move.stays:
        should = f"应当离开“{_name(notice.family)}”的转载家族"
        return f"按新读出的内容{should}，但编辑已经审过，没有移动，请人工核对"
    if move.apart:
        should = f"应与{'、'.join(_names(move.apart))}的转载家族合并"
        return f"按新读出的内容{should}，但编辑已经审过其中不止一家，没有合并，请人工核对"
    return ""


def _names(keys: Collection[int]) -> list[str]:
    found = models.Family.objects.filter(pk__in=keys).order_by("pk")
    return [f"“{_name(family)}”" for family in found]


def _name(family: models.Family) -> str:
    first = family.origin or family.notices.order_by("pk").first()
    return first.title if first else ""
