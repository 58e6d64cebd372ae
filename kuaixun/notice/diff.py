"""`kuaixun notice diff`: what changed between two revisions of a notice."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from kuaixun.changes import ADDED, REMOVED, change_as_json, change_in_words, visible
from kuaixun.console import Fault, out, print_json

if TYPE_CHECKING:
    from store.diff.changes import Diff
    from store.diff.paragraphs import Step
    from store.models import Notice

AROUND = 1  # unchanged paragraphs that are told beside a change


@click.command(epilog="Exit codes: 0 told (no change is well too); 2 no such notice or revision.")
@click.argument("address")
@click.option("--source", default="", metavar="NAME", help="The notice of this source.")
@click.option("--from", "first", type=click.IntRange(1), help="Revision before; default: --to's.")
@click.option("--to", "last", type=click.IntRange(1), help="Revision after; default: the newest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(address: str, source: str, first: int | None, last: int | None, as_json: bool) -> None:
    """Tell what changed between two revisions of the notice at ADDRESS.

    First the changes that matter, by name: deadlines and other dates, sums, counts, telephone
    numbers, attachments, title. Then the text by paragraph, with what changed within each: red for
    what went, green for what came; [-so-] and {+so+} where no colours are shown.

    \b
    Examples:
      kuaixun notice diff https://www.mee.gov.cn/a/1.html
      kuaixun notice diff https://www.mee.gov.cn/a/1.html --from 1 --to 3
      kuaixun notice diff https://www.mee.gov.cn/a/1.html --json | jq '.changes[] | .label'
    """
    import store

    store.migrate()

    from kuaixun.notice.one import one_at
    from store.revisions import NoRevision, between

    notice = one_at(address, source)
    newest = notice.revisions.latest("number").number
    if newest == 1 and first is None:
        if as_json:
            print_json(_head(notice, 1, 1) | {"changes": [], "paragraphs": []})
        else:
            out.print("只有一版，没有变化。")
        return
    last = last or newest
    first = first or last - 1
    try:
        found = between(notice, first, last)
    except NoRevision as fault:
        raise Fault(str(fault)) from None
    if as_json:
        told = {
            "changes": [change_as_json(change) for change in found.changes],
            "paragraphs": [_step_as_json(step) for step in found.steps],
        }
        print_json(_head(notice, first, last) | told)
        return
    _print(out, notice, first, last, found)


def _head(notice: "Notice", first: int, last: int) -> dict[str, Any]:
    return {
        "source": notice.source.name,
        "address": notice.address,
        "title": notice.title,
        "from": first,
        "to": last,
    }


def _step_as_json(step: "Step") -> dict[str, Any]:
    told: dict[str, Any] = {"how": step.how.value, "before": step.before, "after": step.after}
    if step.pieces:
        told["pieces"] = [[piece.before, piece.after] for piece in step.pieces]
    return told


def _print(console: Console, notice: "Notice", first: int, last: int, found: "Diff") -> None:
    console.print(Text(visible(notice.title), style="bold"), soft_wrap=True)
    console.print(Text(f"{notice.source.name}  {notice.address}", style="dim"), soft_wrap=True)
    console.print(f"第 {first} 版 → 第 {last} 版")
    if not found:
        console.print("读者看得到的内容没有变化。")
    for change in found.changes:
        console.print(Text("· ").append_text(change_in_words(change)), soft_wrap=True)
        if change.now or change.was:
            said = change.now or change.was
            console.print(Text(f"    {visible(said)}", style="dim"), soft_wrap=True)
    colours = console.is_terminal and console.color_system is not None
    for line in _text(found.steps, colours):
        console.print(line, soft_wrap=True)


def _text(steps: Iterable["Step"], colours: bool) -> Iterator[Text]:
    """The changed paragraphs, with a little of what stands around them."""
    from store.diff.paragraphs import How

    runs = [(same, list(run)) for same, run in groupby(steps, lambda s: s.how is How.SAME)]
    if all(same for same, _ in runs):
        return
    yield Text("正文", style="bold")
    for at, (same, run) in enumerate(runs):
        if not same:
            # what went before what came, whichever way round they were compared
            for step in sorted(run, key=lambda s: (s.first, s.start, s.before is None)):
                yield _line(step, colours)
            continue
        head = run[:AROUND] if at else []
        tail = run[len(head) :][-AROUND:] if at < len(runs) - 1 else []
        for step in head:
            yield Text(f"  {visible(step.after or '')}", style="dim")
        if left := len(run) - len(head) - len(tail):
            yield Text(f"  …（{left} 段没有变化）", style="dim")
        for step in tail:
            yield Text(f"  {visible(step.after or '')}", style="dim")


def _line(step: "Step", colours: bool) -> Text:
    from store.diff.paragraphs import How

    if step.how is How.CHANGED:
        line = Text("~ ")
        for piece in step.pieces:
            if piece.same:
                line.append(visible(piece.after))
                continue
            for said, style, marks in (
                (piece.before, REMOVED, ("[-", "-]")),
                (piece.after, ADDED, ("{+", "+}")),
            ):
                left, right = ("", "") if colours else marks
                line.append(f"{left}{visible(said)}{right}" if said else "", style=style)
        return line
    gone = step.after is None
    said = visible(step.before or "" if gone else step.after or "")
    moved = "（移走）" if gone else "（移来）"
    mark = "- " if gone else "+ "
    words = f"{mark}{moved if step.how is How.MOVED else ''}{said}"
    return Text(words, style=REMOVED if gone else ADDED)
