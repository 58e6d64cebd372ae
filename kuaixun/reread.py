"""`kuaixun reread`: the stored pages read anew by today's readers, and what that changes."""

import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from kuaixun.console import Fault, Running, err, out, print_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from kuaixun.reread_pages import Rereader, Unread
    from store.models import Revision
    from store.reread import Difference

INTERRUPTED = 130
EVERY = 3.0  # seconds between two words on how far it is
WORDS = {  # Why -> its place in the closing line
    "no-source": "来源已不在",
    "no-record": "存档里没有",
    "no-notice": "今天不会收",
    "fault": "读取出错",
}


@dataclass(slots=True)
class Tally:
    """What came of the revisions so far."""

    applied: bool
    total: int
    complete: bool = False  # all revisions were gone through
    read: int = 0
    unchanged: int = 0
    stamped: int = 0  # of the unchanged: only the reader's version or the hash is another
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)

    def count(self, difference: "Difference") -> None:
        self.read += 1
        self.fields.update(change.field for change in difference.changes)
        if difference.changes:
            self.changed += 1
        else:
            self.unchanged += 1
            self.stamped += difference.stamp

    def as_json(self) -> dict[str, Any]:
        return {
            "revisions": self.total,
            "read": self.read,
            "unchanged": self.unchanged,
            "stamped": self.stamped,
            "changed": self.changed,
            "unread": {why: self.unread[why] for why in WORDS},
            "fields": dict(self.fields.most_common()),
            "applied": self.applied,
            "complete": self.complete,
        }

    @property
    def exit_code(self) -> int:
        """1 when a page could not be read; a source that was taken out is meant to be out."""
        return 1 if any(self.unread[why] for why in WORDS if why != "no-source") else 0


@click.command(
    epilog="""\b
Exit codes:
  0  every page was read, whatever it changes; those of sources that were taken out are told
  1  pages could not be read: not in the archive, no notice any more, or a fault in reading
  2  wrong use, or nothing is kept yet, or not of that night or source
  3  --apply while a night is running: nothing was written
  4  the disk is full: what was written so far is whole, the same command goes on
  130  interrupted (Ctrl-C); likewise"""
)
@click.option(
    "--night",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only revisions made on that night.",
)
@click.option("--source", default="", metavar="NAME", help="Only of this source.")
@click.option("--apply", is_flag=True, help="Write it, instead of only telling it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a revision, then the sums.")
def command(night: "dt.datetime | None", source: str, apply: bool, as_json: bool) -> None:
    """Read the archive's pages anew and tell what today's readers make of them.

    Every revision is read from its own page, as it was received, by the clock of its night, by
    today's readers, selectors and rules. Nothing is fetched. Without --apply nothing that is kept
    changes (the tables are brought up to date, as by any command); with it the new reading goes
    into the same revision: no revision is added, no decided notice reopened, and what editors
    wrote or decided stays as it is.

    A newly found attachment is fetched by the next night. One that is not listed any more is put
    by with its file. A notice joins a family as it would when saved; it leaves one, or brings two
    together, only where no editor's decision is undone, else it stays, and a problem on the notice
    says so. Families are told one notice at a time, beside the others as they are kept: what
    --apply writes for one may change what becomes of the next.

    \b
    Examples:
      kuaixun reread                              all, after the readers changed
      kuaixun reread --source mee                 one source, after its selectors changed
      kuaixun reread --night 2026-03-01 --apply   one night, and write it
      kuaixun reread --json | jq 'select(.became == "changed") | .title'
    """
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()  # sets the store up

    import store

    store.migrate()

    from django.conf import settings as kept_in

    from kuaixun.reread_pages import Rereader
    from nightly.lock import OtherNight, only_one
    from pipelines.rules import RulesError
    from store.reread import NothingKept, load, select

    with ExitStack() as held:
        try:
            if apply:
                held.enter_context(only_one(kept_in.DATA))
            keys = select(night.date() if night else None, source)
            reader = held.enter_context(Rereader(settings))
        except OtherNight as other:
            what = f"A night is running in this data folder (process {other.pid or '?'})."
            remedy = "Wait for it, or leave --apply out: only to look is always possible."
            raise Running(what, remedy) from None
        except NothingKept as fault:
            raise Fault(str(fault), fault.remedy) from None
        except RulesError as fault:
            raise Fault(str(fault)) from None
        tally = Tally(apply, len(keys))
        try:
            _all(reader, load(keys), tally, as_json)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        finally:  # what was written is told, whatever stopped it
            if as_json:
                print_json({"summary": tally.as_json()})
            else:
                _sum_up(tally)
    sys.exit(tally.exit_code)


def _all(reader: "Rereader", revisions: "Iterator[Revision]", tally: Tally, as_json: bool) -> None:
    from store.links import settle_all
    from store.reread import withdraw_barred

    told = time.monotonic()
    for number, revision in enumerate(revisions):
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            err.print(f"[dim]已重读 {number}/{tally.total} 个版本[/]")
        _one(reader, revision, tally, as_json)
    if tally.applied:
        withdraw_barred()
        settle_all()
    tally.complete = True


def _one(reader: "Rereader", revision: "Revision", tally: Tally, as_json: bool) -> None:
    from kuaixun.reread_pages import Unread
    from store.reread import NothingKept, compare, rewrite

    try:
        notice = reader.read(revision)
    except Unread as unread:
        tally.unread[unread.why] += 1
        _tell_unread(revision, unread, as_json)
        return
    difference = compare(revision, notice)
    if difference and tally.applied:
        try:
            difference = rewrite(revision.pk, notice)
        except NothingKept:
            return  # removed meanwhile, as those that `load` leaves out
    tally.count(difference)
    if difference.changes:
        _tell(revision, difference, as_json)


def _place(revision: "Revision") -> dict[str, Any]:
    notice = revision.notice
    return {
        "source": notice.source.name,
        "column": notice.column.name,
        "title": revision.title,
        "address": notice.address,
        "revision": revision.number,
        "night": revision.night.date.isoformat(),
        "record": revision.record,
    }


def _tell(revision: "Revision", difference: "Difference", as_json: bool) -> None:
    if as_json:
        changes = [{"field": x.field, "old": x.old, "new": x.new} for x in difference.changes]
        print_json({"became": "changed", **_place(revision), "changes": changes})
        return
    from kuaixun.reread_print import told

    _head(revision)
    for change in difference.changes:
        first, *rest = told(change)
        out.print(f"  {first}", soft_wrap=True)
        for line in rest:
            out.print(f"    {line}", soft_wrap=True)


def _tell_unread(revision: "Revision", unread: "Unread", as_json: bool) -> None:
    if as_json:
        print_json({"became": unread.why.value, **_place(revision), "why": unread.words})
        return
    _head(revision)
    out.print(f"  [yellow]没有重读：{escape(unread.words)}[/]", soft_wrap=True)


def _head(revision: "Revision") -> None:
    place = _place(revision)
    out.print(f"[bold]{escape(place['title'])}[/]", soft_wrap=True)
    where = f"{place['source']} {place['column']}  第 {place['revision']} 版（{place['night']}）"
    out.print(f"  [dim]{escape(where)}  {escape(place['address'])}[/]", soft_wrap=True)


def _sum_up(tally: Tally) -> None:
    from kuaixun.reread_print import label

    changed = "已改" if tally.applied else "会变"
    if not tally.complete:
        out.print("[yellow]中途停下，没有全部重读；到此为止：[/]")
    stamped = ""
    if tally.stamped:
        does = "已换" if tally.applied else "会换"
        stamped = f"（其中 {tally.stamped} 个只{does}读取版本的记号）"
    unread = "".join(
        f"，{words} {n} 个" for why, words in WORDS.items() if (n := tally.unread[why])
    )
    out.print(
        f"版本 {tally.total} 个：读了 {tally.read} 个，不变 {tally.unchanged} 个{stamped}，"
        f"{changed} {tally.changed} 个{unread}。",
        soft_wrap=True,
    )
    if tally.fields:
        each = "，".join(f"{label(name)} {n}" for name, n in tally.fields.most_common())
        out.print(f"{changed}的内容：{each}。", soft_wrap=True)
    if tally.changed and not tally.applied:
        if tally.fields["family"]:
            words = "转载家族是逐条按现存的内容试算的；写入时，先写的会影响后写的。"
            out.print(words, soft_wrap=True)
        out.print("什么都没有改；加 --apply 写入。")
